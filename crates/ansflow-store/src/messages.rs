//! Messages on their way. Who makes one writes it here and says so; the engine sends it, and writes what came of it.

mod outbox;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::db::{Db, bigint, count};
use crate::notifications::NotificationEvent;
use crate::{Changes, Error, Result};

pub(crate) use self::outbox::tell_of_cluster;
pub use self::outbox::{NewMessage, Notice};

/// Messages, of one store.
#[derive(Debug, Clone, Copy)]
pub struct Messages<'s> {
    pub(crate) db: &'s Db,
    pub(crate) changes: &'s Changes,
}

/// A message.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// `msg_` and a UUIDv7.
    pub id: String,
    /// The notification's id.
    pub notification: String,
    /// What it is about; none: it is a test.
    pub event: Option<NotificationEvent>,
    /// The run's id; empty for a test, and where it is about no run.
    pub run: String,
    /// What it says.
    pub body: Body,
    /// Where it stands.
    pub status: MessageStatus,
    /// How often sending was tried.
    pub attempts: u32,
    /// When it is tried next, in milliseconds since 1970; 0: never.
    pub next_at: i64,
    /// Why the last try failed.
    pub error: String,
    /// In milliseconds since 1970.
    pub created_at: i64,
    /// In milliseconds since 1970; 0: it was not.
    pub sent_at: i64,
}

/// Where a message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageStatus {
    /// To be sent, perhaps again.
    Pending,
    /// Taken by whoever it was for.
    Sent,
    /// Given up.
    Failed,
}

/// What a message says, before it has words. Stored as JSON: what was once written stays readable.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Body {
    /// The pipeline's name.
    pub pipeline: String,
    /// The run's number.
    pub number: u64,
    /// The run's status as a word, `failed`; the cluster's, `disconnected`.
    pub status: String,
    /// Who started the run, or who asked for the test.
    pub by: String,
    /// Branch that the run was about.
    pub branch: Option<String>,
    /// Commit that the run was about.
    pub commit: Option<String>,
    /// From the run's start to its end; how long the cluster was what it was before.
    pub duration_ms: Option<u64>,
    /// The step that failed first, or that people are asked about.
    pub step: Option<String>,
    /// Exit code of that step.
    pub exit_code: Option<i32>,
    /// Why it failed, or the run was cancelled: one sentence.
    pub why: Option<String>,
    /// What the people are told who are asked.
    pub question: Option<String>,
    /// Who is asked; empty: anybody.
    pub approvers: Vec<String>,
    /// Nobody decided until then: timed out.
    pub deadline: Option<Timestamp>,
    /// Where the run is seen.
    pub link: Option<String>,
    /// The cluster's name, where it is about one and about no run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cluster: Option<String>,
}

impl MessageStatus {
    /// The word of the database and of the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            MessageStatus::Pending => "pending",
            MessageStatus::Sent => "sent",
            MessageStatus::Failed => "failed",
        }
    }

    fn of(word: &str) -> Option<MessageStatus> {
        let all = [MessageStatus::Pending, MessageStatus::Sent, MessageStatus::Failed];
        all.into_iter().find(|status| status.as_str() == word)
    }
}

/// In the place of an event.
const TEST: &str = "test";

impl Message {
    /// The word of its event, or `test`.
    #[must_use]
    pub fn about(&self) -> &'static str {
        about(self.event)
    }

    /// The id of a new one.
    #[must_use]
    pub fn new_id() -> String {
        format!("msg_{}", uuid::Uuid::now_v7().simple())
    }
}

fn about(event: Option<NotificationEvent>) -> &'static str {
    event.map_or(TEST, NotificationEvent::as_str)
}

impl Messages<'_> {
    /// A message that says nothing but that the address is right, to be sent now; and says so to who sends.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such notification.
    pub async fn test(&self, notification: &str, by: &str, now: Timestamp) -> Result<Message> {
        let body = Body { by: by.to_owned(), ..Body::default() };
        let (id, run) = (Message::new_id(), String::new());
        let new = NewMessage { id, notification: notification.to_owned(), event: None, run, body };
        let mut tx = self.db.write().await?;
        if !outbox::insert(&mut tx, &new, now).await? {
            return Err(Error::NotFound(format!("notification `{notification}`")));
        }
        tx.commit().await?;
        self.changes.tell_all();
        self.get(notification, &new.id).await
    }

    /// Sends one again, now, and with all the patience that a new one has.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] when it was sent.
    pub async fn retry(&self, notification: &str, id: &str, now: Timestamp) -> Result<Message> {
        let mut tx = self.db.write().await?;
        let again = sqlx::query(
            "UPDATE message SET status = 'pending', attempts = 0, next_at = $1
             WHERE id = $2 AND notification = $3 AND status <> 'sent'",
        )
        .bind(now.as_millisecond())
        .bind(id)
        .bind(notification)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        let message = self.get(notification, id).await?;
        if again.rows_affected() == 0 {
            return Err(Error::Conflict(format!("message `{id}`")));
        }
        self.changes.tell_all();
        Ok(message)
    }

    /// One message of a notification.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn get(&self, notification: &str, id: &str) -> Result<Message> {
        let row = sqlx::query("SELECT * FROM message WHERE id = $1 AND notification = $2")
            .bind(id)
            .bind(notification)
            .fetch_optional(self.db.read())
            .await?;
        row.as_ref().map(read).ok_or_else(|| Error::NotFound(format!("message `{id}`")))?
    }

    /// At most `limit` messages of a notification, newest first, older than `before` or from the newest on.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when one cannot be read.
    pub async fn list(&self, notification: &str, before: Option<&str>, limit: u64) -> Result<Vec<Message>> {
        let rows = sqlx::query(
            "SELECT * FROM message WHERE notification = $1
               AND ($2 IS NULL OR (created_at, id) < (SELECT created_at, id FROM message WHERE id = $2))
             ORDER BY created_at DESC, id DESC LIMIT $3",
        )
        .bind(notification)
        .bind(before)
        .bind(bigint(limit))
        .fetch_all(self.db.read())
        .await?;
        rows.iter().map(read).collect()
    }

    /// The newest message of each notification that has one.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when one cannot be read.
    pub async fn newest(&self) -> Result<Vec<Message>> {
        let rows = sqlx::query("SELECT * FROM message WHERE id IN (SELECT MAX(id) FROM message GROUP BY notification)")
            .fetch_all(self.db.read())
            .await?;
        rows.iter().map(read).collect()
    }
}

fn read(row: &sqlx::any::AnyRow) -> Result<Message> {
    use sqlx::Row as _;
    let id: String = row.try_get("id")?;
    let corrupt = |what: &str| Error::Corrupt(format!("`{what}` of message `{id}` cannot be read"));
    let event: String = row.try_get("event")?;
    let event = (event != TEST).then(|| NotificationEvent::of(&event).ok_or_else(|| corrupt("event")));
    Ok(Message {
        notification: row.try_get("notification")?,
        event: event.transpose()?,
        run: row.try_get("run")?,
        body: serde_json::from_str(row.try_get("body")?).map_err(|_| corrupt("body"))?,
        status: MessageStatus::of(row.try_get("status")?).ok_or_else(|| corrupt("status"))?,
        attempts: u32::try_from(count(row.try_get("attempts")?)).unwrap_or(u32::MAX),
        next_at: row.try_get("next_at")?,
        error: row.try_get("error")?,
        created_at: row.try_get("created_at")?,
        sent_at: row.try_get("sent_at")?,
        id,
    })
}
