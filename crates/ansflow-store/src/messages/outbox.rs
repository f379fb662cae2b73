//! The engine's side: what happened becomes messages, messages become sent.

use jiff::Timestamp;

use super::{Body, Message, Messages, about, read};
use crate::Result;
use crate::db::{Tx, bigint, count};
use crate::notifications::NotificationEvent;

/// What happened that somebody may want to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The run's id.
    pub run: String,
    /// Number of the event that says it.
    pub seq: u64,
    /// `success`, `failure`, `cancelled` or `approval`.
    pub event: String,
}

/// A message that is to be sent.
#[derive(Debug, Clone)]
pub struct NewMessage {
    /// See [`Message::new_id`].
    pub id: String,
    /// The notification's id.
    pub notification: String,
    /// What it is about; none: it is a test.
    pub event: Option<NotificationEvent>,
    /// The run's id; empty for a test, and where it is about no run.
    pub run: String,
    /// What it says.
    pub body: Body,
}

impl Messages<'_> {
    /// Remembers that something happened, once: for events that were appended without being noticed.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`], also when there is no such run.
    pub async fn note(&self, notice: &Notice, at: Timestamp) -> Result<()> {
        let mut tx = self.db.write().await?;
        sqlx::query("INSERT INTO notice (run, seq, event, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING")
            .bind(&notice.run)
            .bind(bigint(notice.seq))
            .bind(&notice.event)
            .bind(at.as_millisecond())
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        self.changes.tell_all();
        Ok(())
    }

    /// At most `limit` notices that nobody has taken, the oldest first.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`].
    pub async fn notices(&self, limit: u64) -> Result<Vec<Notice>> {
        let rows: Vec<(String, i64, String)> =
            sqlx::query_as("SELECT run, seq, event FROM notice ORDER BY at, run, seq LIMIT $1")
                .bind(bigint(limit))
                .fetch_all(self.db.read())
                .await?;
        Ok(rows.into_iter().map(|(run, seq, event)| Notice { run, seq: count(seq), event }).collect())
    }

    /// Takes a notice and writes the messages that it comes to, all of it or nothing; a notice that somebody else has
    /// taken comes to none, and so does a message to a notification that is gone.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`].
    pub async fn take(&self, notice: &Notice, messages: &[NewMessage], now: Timestamp) -> Result<()> {
        let mut tx = self.db.write().await?;
        let taken = sqlx::query("DELETE FROM notice WHERE run = $1 AND seq = $2")
            .bind(&notice.run)
            .bind(bigint(notice.seq))
            .execute(&mut *tx)
            .await?;
        if taken.rows_affected() == 0 {
            return Ok(());
        }
        for message in messages {
            insert(&mut tx, message, now).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// How the run before this one of the same pipeline ended, as a word; runs that were called off say nothing.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`].
    pub async fn ended_before(&self, pipeline: &str, number: u64) -> Result<Option<String>> {
        Ok(sqlx::query_scalar(
            "SELECT status FROM run WHERE pipeline = $1 AND number < $2 AND status IN ('success', 'failed', 'timed_out')
             ORDER BY number DESC LIMIT 1",
        )
        .bind(pipeline)
        .bind(bigint(number))
        .fetch_optional(self.db.read())
        .await?)
    }

    /// The oldest message of each notification that is to be sent by now, those first that have waited longest.
    ///
    /// # Errors
    /// [`crate::Error::Corrupt`] when one cannot be read.
    pub async fn due(&self, now: Timestamp) -> Result<Vec<Message>> {
        let rows = sqlx::query(
            "SELECT * FROM message WHERE id IN
                 (SELECT MIN(id) FROM message WHERE status = 'pending' AND next_at <= $1 GROUP BY notification)
             ORDER BY next_at, id",
        )
        .bind(now.as_millisecond())
        .fetch_all(self.db.read())
        .await?;
        rows.iter().map(read).collect()
    }

    /// When the next message is to be sent that is not to be sent yet, in milliseconds since 1970.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`].
    pub async fn next_due(&self, now: Timestamp) -> Result<Option<i64>> {
        Ok(sqlx::query_scalar("SELECT MIN(next_at) FROM message WHERE status = 'pending' AND next_at > $1")
            .bind(now.as_millisecond())
            .fetch_one(self.db.read())
            .await?)
    }

    /// It was sent.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`].
    pub async fn sent(&self, id: &str, now: Timestamp) -> Result<()> {
        let mut tx = self.db.write().await?;
        sqlx::query(
            "UPDATE message SET status = 'sent', attempts = attempts + 1, next_at = 0, error = '', sent_at = $1
             WHERE id = $2",
        )
        .bind(now.as_millisecond())
        .bind(id)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// It could not be sent, and is tried again then, or not at all.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`].
    pub async fn failed(&self, id: &str, error: &str, again_at: Option<Timestamp>) -> Result<()> {
        let mut tx = self.db.write().await?;
        sqlx::query(
            "UPDATE message SET status = $1, attempts = attempts + 1, next_at = $2, error = $3
             WHERE id = $4 AND status = 'pending'",
        )
        .bind(if again_at.is_some() { "pending" } else { "failed" })
        .bind(again_at.map_or(0, Timestamp::as_millisecond))
        .bind(error)
        .bind(id)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Forgets messages from before that time that are not to be sent any more: how many.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`].
    pub async fn prune(&self, before: Timestamp) -> Result<u64> {
        let mut tx = self.db.write().await?;
        let gone = sqlx::query("DELETE FROM message WHERE created_at < $1 AND status <> 'pending'")
            .bind(before.as_millisecond())
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(gone.rows_affected())
    }
}

/// Writes the messages that the change of a cluster comes to, in the transaction of that change: whether there is one.
pub(crate) async fn tell_of_cluster(tx: &mut Tx, body: &Body, at: i64) -> Result<bool> {
    let event = NotificationEvent::Cluster;
    let wanted: Vec<String> = sqlx::query_scalar("SELECT id FROM notification WHERE enabled = 1 AND events LIKE $1")
        .bind(format!("%\"{}\"%", event.as_str()))
        .fetch_all(&mut **tx)
        .await?;
    let now = Timestamp::from_millisecond(at).unwrap_or_default();
    let mut is_told = false;
    for notification in wanted {
        let (id, run, body) = (Message::new_id(), String::new(), body.clone());
        is_told |= insert(tx, &NewMessage { id, notification, event: Some(event), run, body }, now).await?;
    }
    Ok(is_told)
}

/// Whether there is a notification to write it for.
pub(super) async fn insert(tx: &mut Tx, new: &NewMessage, now: Timestamp) -> Result<bool> {
    let body = serde_json::to_string(&new.body).expect("a body is plain data");
    let made = sqlx::query(
        "INSERT INTO message
             (id, notification, event, run, body, status, attempts, next_at, error, created_at, sent_at)
         SELECT $1, id, $2, $3, $4, 'pending', 0, $5, '', $5, 0 FROM notification WHERE id = $6",
    )
    .bind(&new.id)
    .bind(about(new.event))
    .bind(&new.run)
    .bind(body)
    .bind(now.as_millisecond())
    .bind(&new.notification)
    .execute(&mut **tx)
    .await?;
    Ok(made.rows_affected() > 0)
}
