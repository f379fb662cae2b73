//! Browsers that signed in. A session is known by the SHA-256 of what its cookie holds.

use jiff::Timestamp;

use super::{People, Person};
use crate::db::bigint;
use crate::{Error, Result};

/// A session that nobody uses for so long is over, in milliseconds: 7 days.
pub const IDLE_MS: i64 = 7 * 24 * 3_600_000;
/// Using it is written down at most this often, in milliseconds.
pub(super) const SEEN_EVERY_MS: i64 = 60_000;

/// A session that begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewSession<'n> {
    /// SHA-256 of what the cookie holds, hexadecimal.
    pub id: &'n str,
    /// Whose it is.
    pub person: &'n str,
    /// Over then at the latest, in milliseconds since 1970.
    pub expires_at: i64,
}

/// A session that goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of what the cookie holds, hexadecimal.
    pub id: String,
    /// In milliseconds since 1970.
    pub created_at: i64,
    /// In milliseconds since 1970, to the minute.
    pub seen_at: i64,
    /// When it is over if nobody uses it, in milliseconds since 1970.
    pub expires_at: i64,
}

type Row = (String, i64, i64, i64);

impl People<'_> {
    /// Begins a session, and forgets those that are over and the one that the browser had.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn begin_session(&self, session: &NewSession<'_>, instead: Option<&str>, now: Timestamp) -> Result<()> {
        let now = now.as_millisecond();
        let mut tx = self.db.write().await?;
        sqlx::query("DELETE FROM session WHERE expires_at <= $1 OR seen_at <= $2 OR id = $3")
            .bind(now)
            .bind(now - IDLE_MS)
            .bind(instead.unwrap_or_default())
            .execute(&mut *tx)
            .await?;
        sqlx::query("INSERT INTO session (id, person, created_at, seen_at, expires_at) VALUES ($1, $2, $3, $3, $4)")
            .bind(session.id)
            .bind(session.person)
            .bind(now)
            .bind(session.expires_at)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Whose session this is; none: nobody's, or it is over. It is in use from now on.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn by_session(&self, id: &str, now: Timestamp) -> Result<Option<Person>> {
        let now = now.as_millisecond();
        let row: Option<(String, String, String, String, i64)> = sqlx::query_as(
            "SELECT person.id, person.name, person.password, person.role, session.seen_at
             FROM session JOIN person ON person.id = session.person
             WHERE session.id = $1 AND session.expires_at > $2 AND session.seen_at > $3 AND person.disabled_at = 0",
        )
        .bind(id)
        .bind(now)
        .bind(now - IDLE_MS)
        .fetch_optional(self.db.read())
        .await?;
        let Some((person, name, password, role, seen_at)) = row else { return Ok(None) };
        if seen_at <= now - SEEN_EVERY_MS {
            let mut tx = self.db.write().await?;
            sqlx::query("UPDATE session SET seen_at = $2 WHERE id = $1").bind(id).bind(now).execute(&mut *tx).await?;
            tx.commit().await?;
        }
        Ok(Some(Person { id: person, name, password, role }))
    }

    /// At most so many of somebody's sessions, the newest first, begun before this one (none: from the newest).
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn sessions(
        &self,
        person: &str,
        before: Option<(i64, &str)>,
        limit: u64,
        now: Timestamp,
    ) -> Result<Vec<Session>> {
        let now = now.as_millisecond();
        let (created_at, id) = before.unwrap_or((i64::MAX, ""));
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT id, created_at, seen_at, expires_at FROM session
             WHERE person = $1 AND expires_at > $2 AND seen_at > $3 AND (created_at, id) < ($4, $5)
             ORDER BY created_at DESC, id DESC LIMIT $6",
        )
        .bind(person)
        .bind(now)
        .bind(now - IDLE_MS)
        .bind(created_at)
        .bind(id)
        .bind(bigint(limit))
        .fetch_all(self.db.read())
        .await?;
        Ok(rows.into_iter().map(Session::from).collect())
    }

    /// Ends one of somebody's sessions.
    ///
    /// # Errors
    /// [`Error::NotFound`] when they have no such session; [`Error::Unavailable`].
    pub async fn end_session(&self, person: &str, id: &str) -> Result<()> {
        let mut tx = self.db.write().await?;
        let gone = sqlx::query("DELETE FROM session WHERE id = $1 AND person = $2")
            .bind(id)
            .bind(person)
            .execute(&mut *tx)
            .await?;
        if gone.rows_affected() == 0 {
            return Err(Error::NotFound(format!("session `{id}`")));
        }
        tx.commit().await?;
        Ok(())
    }
}

impl From<Row> for Session {
    fn from((id, created_at, seen_at, expires_at): Row) -> Session {
        Session { id, created_at, seen_at, expires_at: expires_at.min(seen_at + IDLE_MS) }
    }
}
