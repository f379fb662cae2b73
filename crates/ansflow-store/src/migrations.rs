//! Bringing the tables up to date: numbered SQL files, append-only, in the subset of SQL that both databases read.
//!
//! Ours and not sqlx's: one transaction for all, so that a new file costs one flush and a half-made schema cannot be;
//! and a database that a later AnsFlow has changed is refused in words.

use sqlx::Executor;

use crate::db::{Db, bigint, count};
use crate::{Error, Result};

struct Migration {
    number: u64,
    name: &'static str,
    sql: &'static str,
}

const ALL: [Migration; 2] = [
    Migration { number: 1, name: "runs", sql: include_str!("../migrations/0001_runs.sql") },
    Migration { number: 2, name: "artifacts", sql: include_str!("../migrations/0002_artifacts.sql") },
];

/// Applies what is missing; does nothing, and writes nothing, when nothing is.
pub(crate) async fn apply(db: &Db) -> Result<()> {
    let mut tx = db.write_alone().await?;
    tx.execute("CREATE TABLE IF NOT EXISTS migration (number BIGINT PRIMARY KEY, name TEXT NOT NULL)").await?;
    let last: Option<i64> = sqlx::query_scalar("SELECT MAX(number) FROM migration").fetch_one(&mut *tx).await?;
    let last = count(last.unwrap_or_default());
    if let Some(newest) = ALL.last().filter(|newest| newest.number < last) {
        let known = newest.number;
        return Err(Error::Corrupt(format!(
            "the database was changed by a later AnsFlow: it is at migration {last}, this one knows {known}"
        )));
    }
    for migration in ALL.iter().filter(|migration| migration.number > last) {
        tx.execute(sqlx::raw_sql(migration.sql)).await?;
        sqlx::query("INSERT INTO migration (number, name) VALUES ($1, $2)")
            .bind(bigint(migration.number))
            .bind(migration.name)
            .execute(&mut *tx)
            .await?;
    }
    tx.commit().await?;
    Ok(())
}
