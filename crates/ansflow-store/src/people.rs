//! Who may sign in, and programs that may act for them. Nothing here knows a password or a token: hashes come in.

mod sessions;
mod tokens;

use jiff::Timestamp;

use crate::db::{Db, Tx};
use crate::{Error, Result, Store};

pub use sessions::{IDLE_MS, NewSession, Session};
pub use tokens::{NewToken, Token, TokenUse};

/// People, sessions and API tokens, of one store.
#[derive(Debug, Clone, Copy)]
pub struct People<'s> {
    pub(crate) db: &'s Db,
}

/// Somebody who may sign in.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// `usr_` and a UUIDv7.
    pub id: String,
    /// The name that approvals and runs show, unique.
    pub name: String,
    /// An Argon2id hash in PHC form.
    pub password: String,
    /// `admin`, until there are roles.
    pub role: String,
}

impl Store {
    /// People, sessions and API tokens.
    pub fn people(&self) -> People<'_> {
        People { db: &self.db }
    }
}

impl People<'_> {
    /// Whether nobody was ever added.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn is_empty(&self) -> Result<bool> {
        let one: Option<String> =
            sqlx::query_scalar("SELECT id FROM person LIMIT 1").fetch_optional(self.db.read()).await?;
        Ok(one.is_none())
    }

    /// Remembers somebody.
    ///
    /// # Errors
    /// [`Error::Taken`] when the name is.
    pub async fn add(&self, person: &Person, now: Timestamp) -> Result<()> {
        let mut tx = self.db.write().await?;
        insert(&mut tx, person, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Remembers the first person that there is; false: somebody else is, and nothing was done.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn add_first(&self, person: &Person, now: Timestamp) -> Result<bool> {
        // Alone: two who are first at once would both see an empty table otherwise.
        let mut tx = self.db.write_alone().await?;
        let one: Option<String> = sqlx::query_scalar("SELECT id FROM person LIMIT 1").fetch_optional(&mut *tx).await?;
        if one.is_some() {
            return Ok(false);
        }
        insert(&mut tx, person, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Who has this name and may sign in.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn by_name(&self, name: &str) -> Result<Option<Person>> {
        // PostgreSQL would stumble over the question.
        if name.contains('\0') {
            return Ok(None);
        }
        let row: Option<(String, String, String, String)> =
            sqlx::query_as("SELECT id, name, password, role FROM person WHERE name = $1 AND disabled_at = 0")
                .bind(name)
                .fetch_optional(self.db.read())
                .await?;
        Ok(row.map(|(id, name, password, role)| Person { id, name, password, role }))
    }

    /// Gives somebody another password, and ends every session of theirs but this one.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Unavailable`].
    pub async fn set_password(&self, person: &str, hash: &str, stay: Option<&str>) -> Result<()> {
        let mut tx = self.db.write().await?;
        let set = sqlx::query("UPDATE person SET password = $2 WHERE id = $1")
            .bind(person)
            .bind(hash)
            .execute(&mut *tx)
            .await?;
        if set.rows_affected() == 0 {
            return Err(Error::NotFound(format!("person `{person}`")));
        }
        sqlx::query("DELETE FROM session WHERE person = $1 AND id <> $2")
            .bind(person)
            .bind(stay.unwrap_or_default())
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }
}

async fn insert(tx: &mut Tx, person: &Person, now: Timestamp) -> Result<()> {
    let made = sqlx::query(
        "INSERT INTO person (id, name, password, role, created_at, disabled_at) VALUES ($1, $2, $3, $4, $5, 0)
         ON CONFLICT DO NOTHING",
    )
    .bind(&person.id)
    .bind(&person.name)
    .bind(&person.password)
    .bind(&person.role)
    .bind(now.as_millisecond())
    .execute(&mut **tx)
    .await?;
    if made.rows_affected() == 0 { Err(Error::Taken("name")) } else { Ok(()) }
}

impl std::fmt::Debug for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Person").field("id", &self.id).field("name", &self.name).finish_non_exhaustive()
    }
}
