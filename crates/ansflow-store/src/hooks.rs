//! The hooks of pipelines: an address that nobody can guess, and what deliveries to it are signed with.

use jiff::Timestamp;
use zeroize::Zeroizing;

use crate::db::{Db, bigint, count};
use crate::{Error, Keyring, Result, Store};

/// Hooks of one store.
#[derive(Debug, Clone, Copy)]
pub struct Hooks<'s> {
    db: &'s Db,
}

/// The hook of a pipeline.
#[derive(Debug, Clone)]
pub struct Hook {
    /// The pipeline's id.
    pub pipeline: String,
    /// The last part of its address.
    pub token: String,
    /// When it was made or renewed, in milliseconds since 1970.
    pub updated_at: i64,
    sealed: String,
    version: u64,
}

/// A pipeline that may have a `webhook` trigger, with its present text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Its id.
    pub pipeline: String,
    /// Its name.
    pub name: String,
    /// Its text.
    pub body: String,
}

impl Store {
    /// Hooks of pipelines.
    pub fn hooks(&self) -> Hooks<'_> {
        Hooks { db: &self.db }
    }
}

impl Hook {
    /// What its deliveries are signed with.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when it was sealed by another key, or for another hook.
    pub fn secret(&self, keyring: &Keyring) -> Result<Zeroizing<String>> {
        keyring.open_sealed(&place(&self.pipeline, self.version), &self.sealed)
    }
}

impl Hooks<'_> {
    /// The hook of a pipeline, if it has one.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn of(&self, pipeline: &str) -> Result<Option<Hook>> {
        let row: Option<Columns> =
            sqlx::query_as("SELECT pipeline, token, sealed, version, updated_at FROM hook WHERE pipeline = $1")
                .bind(pipeline)
                .fetch_optional(self.db.read())
                .await?;
        Ok(row.map(Hook::from))
    }

    /// The hook with this token, of a pipeline that was not deleted.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn by_token(&self, token: &str) -> Result<Option<Hook>> {
        let row: Option<Columns> = sqlx::query_as(
            "SELECT hook.pipeline, hook.token, hook.sealed, hook.version, hook.updated_at
             FROM hook JOIN pipeline ON pipeline.id = hook.pipeline
             WHERE hook.token = $1 AND pipeline.deleted_at = 0",
        )
        .bind(token)
        .fetch_optional(self.db.read())
        .await?;
        Ok(row.map(Hook::from))
    }

    /// Makes a pipeline's hook, or gives it a new token and secret: what it had is worth nothing from then on.
    ///
    /// # Errors
    /// [`Error::NotFound`] for the pipeline; [`Error::Unavailable`].
    pub async fn renew(
        &self,
        keyring: &Keyring,
        pipeline: &str,
        token: &str,
        secret: &str,
        now: Timestamp,
    ) -> Result<()> {
        let mut tx = self.db.write().await?;
        let known: Option<i64> = sqlx::query_scalar(
            "SELECT COALESCE((SELECT hook.version FROM hook WHERE hook.pipeline = pipeline.id), 0)
             FROM pipeline WHERE id = $1 AND deleted_at = 0",
        )
        .bind(pipeline)
        .fetch_optional(&mut *tx)
        .await?;
        let version = count(known.ok_or_else(|| Error::NotFound(format!("pipeline `{pipeline}`")))?) + 1;
        sqlx::query(
            "INSERT INTO hook (pipeline, token, sealed, version, updated_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (pipeline) DO UPDATE SET token = excluded.token, sealed = excluded.sealed,
               version = excluded.version, updated_at = excluded.updated_at",
        )
        .bind(pipeline)
        .bind(token)
        .bind(keyring.seal(&place(pipeline, version), secret))
        .bind(bigint(version))
        .bind(now.as_millisecond())
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Removes a pipeline's hook, and says whether there was one.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn remove(&self, pipeline: &str) -> Result<bool> {
        let mut tx = self.db.write().await?;
        let removed = sqlx::query("DELETE FROM hook WHERE pipeline = $1").bind(pipeline).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(removed.rows_affected() > 0)
    }

    /// At most `limit` pipelines in whose texts the word `webhook` stands, by id, behind this one; the first: `""`.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn candidates(&self, behind: &str, limit: u64) -> Result<Vec<Candidate>> {
        let rows: Vec<(String, String, String)> = sqlx::query_as(
            "SELECT pipeline.id, pipeline.name, pipeline_version.body
             FROM pipeline JOIN pipeline_version
               ON pipeline_version.pipeline = pipeline.id AND pipeline_version.version = pipeline.version
             WHERE pipeline.deleted_at = 0 AND pipeline.id > $1 AND pipeline_version.body LIKE '%webhook%'
             ORDER BY pipeline.id LIMIT $2",
        )
        .bind(behind)
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(self.db.read())
        .await?;
        Ok(rows.into_iter().map(|(pipeline, name, body)| Candidate { pipeline, name, body }).collect())
    }
}

type Columns = (String, String, String, i64, i64);

impl From<Columns> for Hook {
    fn from((pipeline, token, sealed, version, updated_at): Columns) -> Hook {
        Hook { pipeline, token, updated_at, sealed, version: count(version) }
    }
}

fn place(pipeline: &str, version: u64) -> String {
    format!("hook:{pipeline}:{version}")
}
