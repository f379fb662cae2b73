//! A registry's row.

use ansflow_core::image::Address;
use sqlx::any::AnyRow;
use sqlx::{Any, Executor, Row as _};

use super::{Check, Kind, Registry};
use crate::db::count;
use crate::{Error, Result};

/// A registry as it is stored.
#[derive(Debug)]
pub(super) struct Stored {
    pub(super) about: Registry,
    pub(super) sealed: String,
    pub(super) sealed_version: u64,
}

/// What a password is sealed for: its host too, so that who can write the database cannot have it sent elsewhere.
pub(super) fn place(id: &str, version: u64, address: &Address) -> String {
    let scheme = if address.is_insecure() { "http" } else { "https" };
    format!("registry:{id}:{version}:{scheme}://{}", address.host())
}

pub(super) async fn find<'c>(database: impl Executor<'c, Database = Any>, id: &str) -> Result<Stored> {
    let row = sqlx::query("SELECT * FROM registry WHERE id = $1").bind(id).fetch_optional(database).await?;
    Stored::read(&row.ok_or_else(|| not_found(id))?)
}

impl Stored {
    pub(super) fn read(row: &AnyRow) -> Result<Stored> {
        let id: String = row.try_get("id")?;
        let corrupt = |what: &str| Error::Corrupt(format!("`{what}` of registry `{id}` cannot be read"));
        let is = |column: &str| -> Result<bool> { Ok(row.try_get::<i64, _>(column)? != 0) };
        let address = Address::parse(row.try_get("address")?).map_err(|_| corrupt("address"))?;
        let sealed: String = row.try_get("sealed")?;
        let at: i64 = row.try_get("checked_at")?;
        let last_check = match at {
            0 => None,
            at => Some(Check { at, ok: is("check_ok")?, message: row.try_get("check_message")? }),
        };
        let about = Registry {
            name: row.try_get("name")?,
            kind: Kind::of(row.try_get("kind")?).ok_or_else(|| corrupt("kind"))?,
            address: address.insecure(is("insecure")?),
            username: row.try_get("username")?,
            has_password: !sealed.is_empty(),
            is_default: is("is_default")?,
            revision: count(row.try_get("revision")?),
            last_check,
            created_at: row.try_get("created_at")?,
            updated_at: row.try_get("updated_at")?,
            updated_by: row.try_get("updated_by")?,
            id,
        };
        Ok(Stored { about, sealed, sealed_version: count(row.try_get("sealed_version")?) })
    }

    pub(super) fn place(&self) -> String {
        place(&self.about.id, self.sealed_version, &self.about.address)
    }
}

/// Two who take one name, or are made the default, at the same moment.
pub(super) fn is_unique_violation(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}

pub(super) fn named(id: &str) -> String {
    format!("registry `{id}`")
}

pub(super) fn not_found(id: &str) -> Error {
    Error::NotFound(named(id))
}
