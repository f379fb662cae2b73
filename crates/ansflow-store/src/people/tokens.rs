//! API tokens: programs that may act for somebody. A token is known by its SHA-256.

use jiff::Timestamp;

use super::sessions::SEEN_EVERY_MS;
use super::{People, Person};
use crate::db::bigint;
use crate::{Error, Result};

/// An API token as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewToken<'t> {
    /// `tok_` and a UUIDv7.
    pub id: &'t str,
    /// Whose it is.
    pub person: &'t str,
    /// What its owner calls it.
    pub name: &'t str,
    /// SHA-256 of the token, hexadecimal.
    pub hash: &'t str,
    /// The token's first characters.
    pub hint: &'t str,
    /// It may look and nothing else.
    pub read_only: bool,
    /// In milliseconds since 1970; none: never.
    pub expires_at: Option<i64>,
}

/// What may be told of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// `tok_` and a UUIDv7.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// The token's first characters.
    pub hint: String,
    /// It may look and nothing else.
    pub read_only: bool,
    /// In milliseconds since 1970.
    pub created_at: i64,
    /// In milliseconds since 1970, to the minute; none: never used.
    pub used_at: Option<i64>,
    /// In milliseconds since 1970; none: never.
    pub expires_at: Option<i64>,
}

/// Who came with a token, and what it may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenUse {
    /// Whose token it is.
    pub person: Person,
    /// The token's id.
    pub id: String,
    /// It may look and nothing else.
    pub read_only: bool,
    /// In milliseconds since 1970; none: never.
    pub expires_at: Option<i64>,
}

type Row = (String, String, String, i64, i64, i64, i64);

/// The person's id, name, password and role; the token's id, `read_only`, `used_at` and `expires_at`.
type UseRow = (String, String, String, String, String, i64, i64, i64);

impl People<'_> {
    /// Remembers an API token.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn add_token(&self, token: &NewToken<'_>, now: Timestamp) -> Result<()> {
        let mut tx = self.db.write().await?;
        sqlx::query(
            "INSERT INTO api_token (id, person, name, hash, hint, read_only, created_at, used_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8)",
        )
        .bind(token.id)
        .bind(token.person)
        .bind(token.name)
        .bind(token.hash)
        .bind(token.hint)
        .bind(i64::from(token.read_only))
        .bind(now.as_millisecond())
        .bind(token.expires_at.unwrap_or_default())
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Whose token this is, and what it may; none: nobody's, or it has expired. It was used now.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn by_token(&self, hash: &str, now: Timestamp) -> Result<Option<TokenUse>> {
        let now = now.as_millisecond();
        let row: Option<UseRow> = sqlx::query_as(
            "SELECT person.id, person.name, person.password, person.role,
               api_token.id, api_token.read_only, api_token.used_at, api_token.expires_at
             FROM api_token JOIN person ON person.id = api_token.person
             WHERE api_token.hash = $1 AND (api_token.expires_at = 0 OR api_token.expires_at > $2)
               AND person.disabled_at = 0",
        )
        .bind(hash)
        .bind(now)
        .fetch_optional(self.db.read())
        .await?;
        let Some((person, name, password, role, id, read_only, used_at, expires_at)) = row else { return Ok(None) };
        if used_at <= now - SEEN_EVERY_MS {
            let mut tx = self.db.write().await?;
            sqlx::query("UPDATE api_token SET used_at = $2 WHERE id = $1")
                .bind(&id)
                .bind(now)
                .execute(&mut *tx)
                .await?;
            tx.commit().await?;
        }
        let person = Person { id: person, name, password, role };
        Ok(Some(TokenUse { person, id, read_only: read_only != 0, expires_at: some(expires_at) }))
    }

    /// At most so many of somebody's tokens, the newest first, made before this one (empty: from the newest).
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn tokens(&self, person: &str, before: &str, limit: u64) -> Result<Vec<Token>> {
        // Ids rise with time.
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT id, name, hint, read_only, created_at, used_at, expires_at FROM api_token
             WHERE person = $1 AND ($2 = '' OR id < $2) ORDER BY id DESC LIMIT $3",
        )
        .bind(person)
        .bind(before)
        .bind(bigint(limit))
        .fetch_all(self.db.read())
        .await?;
        Ok(rows.into_iter().map(Token::from).collect())
    }

    /// Forgets one of somebody's tokens.
    ///
    /// # Errors
    /// [`Error::NotFound`] when they have no such token; [`Error::Unavailable`].
    pub async fn remove_token(&self, person: &str, id: &str) -> Result<()> {
        let mut tx = self.db.write().await?;
        let gone = sqlx::query("DELETE FROM api_token WHERE id = $1 AND person = $2")
            .bind(id)
            .bind(person)
            .execute(&mut *tx)
            .await?;
        if gone.rows_affected() == 0 {
            return Err(Error::NotFound(format!("token `{id}`")));
        }
        tx.commit().await?;
        Ok(())
    }
}

impl From<Row> for Token {
    fn from((id, name, hint, read_only, created_at, used_at, expires_at): Row) -> Token {
        let (used_at, expires_at) = (some(used_at), some(expires_at));
        Token { id, name, hint, read_only: read_only != 0, created_at, used_at, expires_at }
    }
}

fn some(at: i64) -> Option<i64> {
    Some(at).filter(|at| *at != 0)
}
