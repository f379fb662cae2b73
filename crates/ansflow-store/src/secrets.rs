//! `secrets.NAME`: sealed values that steps may use. What is read back from here goes to the engine and nowhere else;
//! people see names.

mod usage;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

pub use usage::UsedBy;

use crate::db::{Db, Tx, bigint};
use crate::error::Invalid;
use crate::{Error, Keyring, Result, Store};

/// The longest name.
const NAME_MAX: usize = 100;
/// The longest value, in bytes.
const VALUE_MAX: usize = 64 * 1024;

/// Sealed values, of one store.
#[derive(Debug, Clone, Copy)]
pub struct Secrets<'s> {
    db: &'s Db,
    keyring: &'s Keyring,
}

/// What may be told of a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secret {
    /// `NAME` in `secrets.NAME`.
    pub name: String,
    /// What people say it is for.
    pub description: String,
    /// In milliseconds since 1970.
    pub created_at: i64,
    /// In milliseconds since 1970.
    pub updated_at: i64,
    /// Who set it last.
    pub updated_by: String,
}

/// A secret that was set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Set {
    /// As it is now.
    pub secret: Secret,
    /// Whether there was none of this name.
    pub is_new: bool,
}

type Row = (String, String, i64, i64, String);

/// Whether a secret may be called this.
///
/// # Errors
/// What is wrong with it.
pub fn check_name(name: &str) -> std::result::Result<(), Invalid> {
    let begins_well = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if begins_well && name.len() <= NAME_MAX && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return Ok(());
    }
    let why = format!("a secret's name has letters, digits and `_`, begins with no digit, and has at most {NAME_MAX}");
    Err(Invalid::new("name", why))
}

/// Whether a secret may hold this.
///
/// # Errors
/// What is wrong with it; never quotes it.
pub fn check_value(field: &'static str, value: &str) -> std::result::Result<(), Invalid> {
    match value.len() {
        0 => Err(Invalid::new(field, format!("`{field}` must not be empty"))),
        1..=VALUE_MAX => Ok(()),
        _ => Err(Invalid::new(field, format!("`{field}` may have at most 64 KiB"))),
    }
}

impl Store {
    /// Values that steps may use, sealed by this key.
    pub fn secrets<'s>(&'s self, keyring: &'s Keyring) -> Secrets<'s> {
        Secrets { db: &self.db, keyring }
    }
}

impl Secrets<'_> {
    /// Every value by its name, for the engine.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when one was sealed by another key; [`Error::Unavailable`].
    pub async fn values(&self) -> Result<BTreeMap<String, String>> {
        let rows: Vec<(String, String, i64)> =
            sqlx::query_as("SELECT name, sealed, version FROM secret").fetch_all(self.db.read()).await?;
        rows.into_iter()
            .map(|(name, sealed, version)| {
                let value = self.keyring.open_sealed(&place(&name, version), &sealed)?;
                Ok((name, value.as_str().to_owned()))
            })
            .collect()
    }

    /// Which there are.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn names(&self) -> Result<BTreeSet<String>> {
        let names: Vec<String> = sqlx::query_scalar("SELECT name FROM secret").fetch_all(self.db.read()).await?;
        Ok(names.into_iter().collect())
    }

    /// At most so many of them by name, after this name.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn list(&self, after: &str, limit: u64) -> Result<Vec<Secret>> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT name, description, created_at, updated_at, updated_by FROM secret
             WHERE name > $1 ORDER BY name LIMIT $2",
        )
        .bind(after)
        .bind(bigint(limit))
        .fetch_all(self.db.read())
        .await?;
        Ok(rows.into_iter().map(Secret::from).collect())
    }

    /// Makes a secret, or changes it; without a value, it keeps the one that it has.
    ///
    /// # Errors
    /// [`Error::NotFound`] without a value for a new one; [`Error::Unavailable`].
    pub async fn set(
        &self,
        name: &str,
        value: Option<&str>,
        description: &str,
        by: &str,
        now: Timestamp,
    ) -> Result<Set> {
        let mut tx = self.db.write().await?;
        let before: Option<(i64, String)> = sqlx::query_as("SELECT version, sealed FROM secret WHERE name = $1")
            .bind(name)
            .fetch_optional(&mut *tx)
            .await?;
        let (version, sealed) = match (&before, value) {
            (None, None) => return Err(Error::NotFound(format!("secret `{name}`"))),
            (None, Some(value)) => (1, self.keyring.seal(&place(name, 1), value)),
            (Some((version, _)), Some(value)) => (version + 1, self.keyring.seal(&place(name, version + 1), value)),
            (Some((version, sealed)), None) => (*version, sealed.clone()),
        };
        let row: Row = sqlx::query_as(
            "INSERT INTO secret (name, description, sealed, version, created_at, updated_at, updated_by)
             VALUES ($1, $2, $3, $4, $5, $5, $6)
             ON CONFLICT (name) DO UPDATE SET description = excluded.description, sealed = excluded.sealed,
               version = excluded.version, updated_at = excluded.updated_at, updated_by = excluded.updated_by
             RETURNING name, description, created_at, updated_at, updated_by",
        )
        .bind(name)
        .bind(description)
        .bind(sealed)
        .bind(version)
        .bind(now.as_millisecond())
        .bind(by)
        .fetch_one(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(Set { secret: row.into(), is_new: before.is_none() })
    }

    /// Forgets a secret.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Unavailable`].
    pub async fn remove(&self, name: &str) -> Result<()> {
        let mut tx = self.db.write().await?;
        remove(&mut tx, name).await?;
        tx.commit().await?;
        Ok(())
    }
}

async fn remove(tx: &mut Tx, name: &str) -> Result<()> {
    let gone = sqlx::query("DELETE FROM secret WHERE name = $1").bind(name).execute(&mut **tx).await?;
    if gone.rows_affected() == 0 { Err(Error::NotFound(format!("secret `{name}`"))) } else { Ok(()) }
}

fn place(name: &str, version: i64) -> String {
    format!("secret:{name}:{version}")
}

impl From<Row> for Secret {
    fn from((name, description, created_at, updated_at, updated_by): Row) -> Secret {
        Secret { name, description, created_at, updated_at, updated_by }
    }
}
