//! Who is told of what. Addresses are sealed before they come here; only [`Notification::target`] may be shown.

use crate::db::{Db, bigint, count};
use crate::{Error, Result};

/// Who is told of what, of one store.
#[derive(Debug, Clone, Copy)]
pub struct Notifications<'s> {
    pub(crate) db: &'s Db,
}

/// Somebody who is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// `ntf_` and a UUIDv7.
    pub id: String,
    /// Unique.
    pub name: String,
    /// `email`, `slack`, `dingtalk`, `feishu`, `wecom` or `webhook`.
    pub kind: String,
    /// Whether anything is sent.
    pub enabled: bool,
    /// Of what.
    pub events: Vec<NotificationEvent>,
    /// Ids of the pipelines that it is about; empty: all of them.
    pub pipelines: Vec<String>,
    /// What may be shown of where it goes.
    pub target: String,
    /// Mail addresses, of an `email`.
    pub to: Vec<String>,
    /// Whether requests are signed.
    pub signed: bool,
    /// [`Address`] as JSON, sealed for [`Notification::place`].
    pub sealed: String,
    /// Grows with every change, from 1.
    pub version: u64,
    /// In milliseconds since 1970.
    pub created_at: i64,
    /// In milliseconds since 1970.
    pub updated_at: i64,
    /// The person's name.
    pub updated_by: String,
}

/// What somebody wants to be told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NotificationEvent {
    /// A run ended well.
    Success,
    /// A run ended badly.
    Failure,
    /// A run ended well after one that had not.
    Recovered,
    /// A run was called off.
    Cancelled,
    /// People are asked.
    Approval,
    /// A cluster is not connected any more, or again; no run, and so no pipeline, is concerned.
    Cluster,
}

impl NotificationEvent {
    /// All of them.
    pub const ALL: [NotificationEvent; 6] = [
        NotificationEvent::Success,
        NotificationEvent::Failure,
        NotificationEvent::Recovered,
        NotificationEvent::Cancelled,
        NotificationEvent::Approval,
        NotificationEvent::Cluster,
    ];

    /// The word of the database and of the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            NotificationEvent::Success => "success",
            NotificationEvent::Failure => "failure",
            NotificationEvent::Recovered => "recovered",
            NotificationEvent::Cancelled => "cancelled",
            NotificationEvent::Approval => "approval",
            NotificationEvent::Cluster => "cluster",
        }
    }

    /// What this word means.
    #[must_use]
    pub fn of(word: &str) -> Option<NotificationEvent> {
        NotificationEvent::ALL.into_iter().find(|event| event.as_str() == word)
    }
}

/// What is sealed of a notification.
#[derive(Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Address {
    /// The whole address, token and all; empty for mail.
    pub url: String,
    /// What requests are signed with.
    pub signing_secret: Option<String>,
}

impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Address([hidden])")
    }
}

impl Notification {
    /// What its address is sealed for.
    #[must_use]
    pub fn place(id: &str, version: u64) -> String {
        format!("notification:{id}:{version}")
    }
}

impl Notifications<'_> {
    /// Remembers a new one, as it is given.
    ///
    /// # Errors
    /// [`Error::Taken`] when the name is.
    pub async fn add(&self, new: &Notification) -> Result<()> {
        let mut tx = self.db.write().await?;
        let made = sqlx::query(
            "INSERT INTO notification (id, name, kind, enabled, events, pipelines, target, recipients, signed, sealed,
                 version, created_at, updated_at, updated_by)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT DO NOTHING",
        )
        .bind(&new.id)
        .bind(&new.name)
        .bind(&new.kind)
        .bind(i64::from(new.enabled))
        .bind(words(&new.events))
        .bind(list(&new.pipelines))
        .bind(&new.target)
        .bind(list(&new.to))
        .bind(i64::from(new.signed))
        .bind(&new.sealed)
        .bind(bigint(new.version))
        .bind(new.created_at)
        .bind(new.updated_at)
        .bind(&new.updated_by)
        .execute(&mut *tx)
        .await?;
        if made.rows_affected() == 0 {
            return Err(Error::Taken("name"));
        }
        tx.commit().await?;
        Ok(())
    }

    /// Changes one whose version is one less than what is given; what was created stays.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] when somebody else changed it; [`Error::Taken`].
    pub async fn update(&self, new: &Notification) -> Result<()> {
        let mut tx = self.db.write().await?;
        let taken: Option<i64> = sqlx::query_scalar("SELECT version FROM notification WHERE name = $1 AND id <> $2")
            .bind(&new.name)
            .bind(&new.id)
            .fetch_optional(&mut *tx)
            .await?;
        if taken.is_some() {
            return Err(Error::Taken("name"));
        }
        let moved = sqlx::query(
            "UPDATE notification SET name = $1, kind = $2, enabled = $3, events = $4, pipelines = $5, target = $6,
                 recipients = $7, signed = $8, sealed = $9, version = $10, updated_at = $11, updated_by = $12
             WHERE id = $13 AND version = $14",
        )
        .bind(&new.name)
        .bind(&new.kind)
        .bind(i64::from(new.enabled))
        .bind(words(&new.events))
        .bind(list(&new.pipelines))
        .bind(&new.target)
        .bind(list(&new.to))
        .bind(i64::from(new.signed))
        .bind(&new.sealed)
        .bind(bigint(new.version))
        .bind(new.updated_at)
        .bind(&new.updated_by)
        .bind(&new.id)
        .bind(bigint(new.version.saturating_sub(1)))
        .execute(&mut *tx)
        .await
        .map_err(name_is_taken)?;
        if moved.rows_affected() == 0 {
            let exists: Option<i64> = sqlx::query_scalar("SELECT version FROM notification WHERE id = $1")
                .bind(&new.id)
                .fetch_optional(&mut *tx)
                .await?;
            return Err(if exists.is_some() { Error::Conflict(named(&new.id)) } else { not_found(&new.id) });
        }
        tx.commit().await?;
        Ok(())
    }

    /// One of them.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn get(&self, id: &str) -> Result<Notification> {
        let row: Option<sqlx::any::AnyRow> =
            sqlx::query("SELECT * FROM notification WHERE id = $1").bind(id).fetch_optional(self.db.read()).await?;
        row.ok_or_else(|| not_found(id)).and_then(|row| read(&row))
    }

    /// At most `limit` of them by name, those behind this name.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when one cannot be read.
    pub async fn list(&self, after: &str, limit: u64) -> Result<Vec<Notification>> {
        let rows = sqlx::query("SELECT * FROM notification WHERE name > $1 ORDER BY name LIMIT $2")
            .bind(after)
            .bind(bigint(limit))
            .fetch_all(self.db.read())
            .await?;
        rows.iter().map(read).collect()
    }

    /// Those that are switched on.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when one cannot be read.
    pub async fn enabled(&self) -> Result<Vec<Notification>> {
        let rows =
            sqlx::query("SELECT * FROM notification WHERE enabled = 1 ORDER BY id").fetch_all(self.db.read()).await?;
        rows.iter().map(read).collect()
    }

    /// Forgets one, and its messages.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn remove(&self, id: &str) -> Result<()> {
        let mut tx = self.db.write().await?;
        let gone = sqlx::query("DELETE FROM notification WHERE id = $1").bind(id).execute(&mut *tx).await?;
        if gone.rows_affected() == 0 {
            return Err(not_found(id));
        }
        tx.commit().await?;
        Ok(())
    }

    /// Names of pipelines by id, those that were deleted too.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn pipelines(&self) -> Result<Vec<(String, String)>> {
        Ok(sqlx::query_as("SELECT id, name FROM pipeline ORDER BY id").fetch_all(self.db.read()).await?)
    }
}

fn read(row: &sqlx::any::AnyRow) -> Result<Notification> {
    use sqlx::Row as _;
    let id: String = row.try_get("id")?;
    let corrupt = |what: &str| Error::Corrupt(format!("`{what}` of notification `{id}` cannot be read"));
    let list = |column: &str| -> Result<Vec<String>> {
        serde_json::from_str(row.try_get(column)?).map_err(|_| corrupt(column))
    };
    let events = list("events")?.iter().map(|word| NotificationEvent::of(word)).collect::<Option<_>>();
    Ok(Notification {
        name: row.try_get("name")?,
        kind: row.try_get("kind")?,
        enabled: row.try_get::<i64, _>("enabled")? != 0,
        events: events.ok_or_else(|| corrupt("events"))?,
        pipelines: list("pipelines")?,
        target: row.try_get("target")?,
        to: list("recipients")?,
        signed: row.try_get::<i64, _>("signed")? != 0,
        sealed: row.try_get("sealed")?,
        version: count(row.try_get("version")?),
        created_at: row.try_get("created_at")?,
        updated_at: row.try_get("updated_at")?,
        updated_by: row.try_get("updated_by")?,
        id,
    })
}

fn words(events: &[NotificationEvent]) -> String {
    list(&events.iter().map(|event| event.as_str().to_owned()).collect::<Vec<_>>())
}

fn list(texts: &[String]) -> String {
    serde_json::Value::from(texts).to_string()
}

/// Two who take one name at the same moment.
fn name_is_taken(error: sqlx::Error) -> Error {
    match error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation) {
        true => Error::Taken("name"),
        false => Error::Unavailable(error),
    }
}

fn named(id: &str) -> String {
    format!("notification `{id}`")
}

fn not_found(id: &str) -> Error {
    Error::NotFound(named(id))
}
