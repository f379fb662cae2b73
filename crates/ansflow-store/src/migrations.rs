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
    scope: Scope,
    sql: &'static str,
}

/// What a database is for. A run on a laptop begins with a database of its own, and pays for every table in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Runs and nothing else; every database has them.
    Runs,
    /// All that a server remembers.
    Server,
}

const ALL: [Migration; 10] = [
    Migration { number: 1, name: "runs", scope: Scope::Runs, sql: include_str!("../migrations/0001_runs.sql") },
    Migration {
        number: 2,
        name: "artifacts",
        scope: Scope::Runs,
        sql: include_str!("../migrations/0002_artifacts.sql"),
    },
    Migration {
        number: 3,
        name: "pipelines",
        scope: Scope::Server,
        sql: include_str!("../migrations/0003_pipelines.sql"),
    },
    Migration { number: 4, name: "people", scope: Scope::Server, sql: include_str!("../migrations/0004_people.sql") },
    Migration { number: 5, name: "sealed", scope: Scope::Server, sql: include_str!("../migrations/0005_sealed.sql") },
    Migration {
        number: 6,
        name: "triggers",
        scope: Scope::Server,
        sql: include_str!("../migrations/0006_triggers.sql"),
    },
    Migration {
        number: 7,
        name: "notifications",
        scope: Scope::Server,
        sql: include_str!("../migrations/0007_notifications.sql"),
    },
    Migration {
        number: 8,
        name: "registries",
        scope: Scope::Server,
        sql: include_str!("../migrations/0008_registries.sql"),
    },
    Migration {
        number: 9,
        name: "clusters",
        scope: Scope::Server,
        sql: include_str!("../migrations/0009_clusters.sql"),
    },
    Migration { number: 10, name: "audit", scope: Scope::Server, sql: include_str!("../migrations/0010_audit.sql") },
];

/// Applies what is missing; does nothing, and writes nothing, when nothing is.
pub(crate) async fn apply(db: &Db, scope: Scope) -> Result<()> {
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
    let wanted = |migration: &&Migration| scope == Scope::Server || migration.scope == Scope::Runs;
    for migration in ALL.iter().filter(wanted) {
        let done: Option<i64> = sqlx::query_scalar("SELECT number FROM migration WHERE number = $1")
            .bind(bigint(migration.number))
            .fetch_optional(&mut *tx)
            .await?;
        if done.is_some() {
            continue;
        }
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
