//! A cluster's row.

use sqlx::any::AnyRow;
use sqlx::{Any, Executor, Row as _};

use super::{Auth, Cluster, Count, Counts, Kind, Seen, State};
use crate::db::count;
use crate::{Error, Result};

/// A cluster as it is stored.
#[derive(Debug)]
pub(super) struct Stored {
    pub(super) about: Cluster,
    pub(super) sealed: String,
    pub(super) sealed_version: u64,
}

/// What a credential is sealed for: its server too, so that who can write the database cannot have it sent elsewhere.
pub(super) fn place(id: &str, version: u64, server: &str, verify_tls: bool) -> String {
    let how = if verify_tls { "verified" } else { "anybody" };
    format!("cluster:{id}:{version}:{how}:{server}")
}

pub(super) async fn find<'c>(database: impl Executor<'c, Database = Any>, id: &str) -> Result<Stored> {
    let row = sqlx::query("SELECT * FROM cluster WHERE id = $1").bind(id).fetch_optional(database).await?;
    Stored::read(&row.ok_or_else(|| not_found(id))?)
}

impl Stored {
    pub(super) fn read(row: &AnyRow) -> Result<Stored> {
        let id: String = row.try_get("id")?;
        let corrupt = |what: &str| Error::Corrupt(format!("`{what}` of cluster `{id}` cannot be read"));
        let is = |column: &str| -> Result<bool> { Ok(row.try_get::<i64, _>(column)? != 0) };
        let moment =
            |column: &str| -> Result<Option<i64>> { Ok(Some(row.try_get::<i64, _>(column)?).filter(|at| *at != 0)) };
        let simulated = is("simulated")?;
        let about = Cluster {
            name: row.try_get("name")?,
            description: row.try_get("description")?,
            kind: Kind::of(row.try_get("kind")?).ok_or_else(|| corrupt("kind"))?,
            server: row.try_get("server")?,
            auth: Auth::of(row.try_get("auth")?).ok_or_else(|| corrupt("auth"))?,
            ca: row.try_get("ca")?,
            verify_tls: is("verify_tls")?,
            tls_server_name: row.try_get("tls_server_name")?,
            proxy: row.try_get("proxy")?,
            namespace: row.try_get("namespace")?,
            facts: row.try_get("facts")?,
            simulated,
            state: State::of(row.try_get("state")?).ok_or_else(|| corrupt("state"))?,
            state_since: moment("state_since")?,
            good_at: moment("good_at")?,
            checked_at: moment("checked_at")?,
            check_code: row.try_get("check_code")?,
            check_message: row.try_get("check_message")?,
            seen: seen(row, simulated)?,
            revision: count(row.try_get("revision")?),
            created_at: row.try_get("created_at")?,
            updated_at: row.try_get("updated_at")?,
            updated_by: row.try_get("updated_by")?,
            id,
        };
        let sealed_version = count(row.try_get("sealed_version")?);
        Ok(Stored { about, sealed: row.try_get("sealed")?, sealed_version })
    }

    pub(super) fn place(&self) -> String {
        place(&self.about.id, self.sealed_version, &self.about.server, self.about.verify_tls)
    }
}

/// What was seen of it, where it was ever well.
fn seen(row: &AnyRow, simulated: bool) -> Result<Option<Seen>> {
    let version: String = row.try_get("version")?;
    if version.is_empty() {
        return Ok(None);
    }
    let number = |column: &str| -> Result<Option<u64>> { Ok(u64::try_from(row.try_get::<i64, _>(column)?).ok()) };
    let both = |total: Option<u64>, well: Option<u64>| Some(Count { total: total?, well: well? });
    let counts = Counts {
        nodes: both(number("nodes")?, number("nodes_ready")?),
        pods: both(number("pods")?, number("pods_running")?),
    };
    Ok(Some(Seen { version, simulated, username: row.try_get("username")?, counts }))
}

/// Two who take one name at the same moment.
pub(super) fn is_unique_violation(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}

pub(super) fn named(id: &str) -> String {
    format!("cluster `{id}`")
}

pub(super) fn not_found(id: &str) -> Error {
    Error::NotFound(named(id))
}
