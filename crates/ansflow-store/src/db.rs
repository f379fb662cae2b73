//! Connections and transactions: the only file that knows which database it is.
//!
//! Everybody else writes one SQL text for both: columns `TEXT` and `BIGINT`, placeholders `$1`, `ON CONFLICT`,
//! `RETURNING`, row values, partial indexes. sqlx's `Any` decodes nothing else on both.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;
use std::str::FromStr;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{Any, AnyConnection, AnyPool, ConnectOptions, Connection as _, Executor};

use crate::Result;

/// A transaction; dropped without a commit, it never was.
pub(crate) type Tx = sqlx::Transaction<'static, Any>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dialect {
    Sqlite,
    Postgres,
}

/// Connections to one database.
#[derive(Debug, Clone)]
pub(crate) struct Db {
    dialect: Dialect,
    writers: AnyPool,
    readers: AnyPool,
}

/// Who has the one lock of a database.
pub(crate) enum Claim {
    /// We, through this connection.
    Taken(AnyConnection),
    /// Another process.
    Anothers,
    /// Nobody needs one: no other process can come.
    Needless,
}

/// SQLite takes one writer at a time; a second connection would only wait in worse ways. Readers never wait for it.
const SQLITE_READERS: u32 = 4;
const POSTGRES_CONNECTIONS: u32 = 8;

/// `FULL`: a commit is on the disk before it is acknowledged, so that pulling the plug loses nothing that somebody
/// acted upon. At a few commits a second, one flush each costs nothing that anybody could measure.
const SQLITE_SETTINGS: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                               PRAGMA foreign_keys = ON;";

impl Db {
    pub(crate) async fn connect(url: &str) -> Result<Db> {
        sqlx::any::install_default_drivers();
        if url.starts_with("sqlite:") { sqlite(url).await } else { postgres(url).await }
    }

    /// For statements that only read.
    pub(crate) fn read(&self) -> &AnyPool {
        &self.readers
    }

    /// Whether other processes, on other machines too, may write to it.
    pub(crate) fn is_shared(&self) -> bool {
        match self.dialect {
            Dialect::Sqlite => false,
            Dialect::Postgres => true,
        }
    }

    /// Begins a transaction that may write. On SQLite it takes the write lock at once (a transaction that wants it
    /// later can fail at that point, and waiting does not help).
    pub(crate) async fn write(&self) -> Result<Tx> {
        Ok(match self.dialect {
            Dialect::Sqlite => self.writers.begin_with("BEGIN IMMEDIATE").await?,
            Dialect::Postgres => self.writers.begin().await?,
        })
    }

    /// Begins a transaction that no other process' migration runs beside.
    pub(crate) async fn write_alone(&self) -> Result<Tx> {
        let mut tx = self.write().await?;
        match self.dialect {
            Dialect::Sqlite => (),
            // "ansflow" in a number: the lock is only known by it. Released by the end of the transaction.
            Dialect::Postgres => {
                tx.execute("SELECT CAST(pg_advisory_xact_lock(27428894961857399) AS TEXT)").await?;
            }
        }
        Ok(tx)
    }

    /// Takes the one lock of this database that lasts for as long as its connection.
    pub(crate) async fn try_claim(&self) -> Result<Claim> {
        if self.dialect == Dialect::Sqlite {
            return Ok(Claim::Needless);
        }
        // Not the pool's any more, so that nothing but its end lets go of the lock.
        let mut connection = self.readers.acquire().await?.detach();
        // "ansf" in a number; and the schema, which is what makes a database of ours.
        let taken: i64 = sqlx::query_scalar(
            "SELECT CAST(CASE WHEN pg_try_advisory_lock(1634628454, hashtext(current_schema())) THEN 1 ELSE 0 END AS BIGINT)",
        )
        .fetch_one(&mut connection)
        .await?;
        if taken == 1 {
            return Ok(Claim::Taken(connection));
        }
        connection.close().await?;
        Ok(Claim::Anothers)
    }

    pub(crate) async fn close(&self) {
        self.readers.close().await;
        self.writers.close().await;
    }
}

/// An empty SQLite database in WAL mode: one page. To turn a fresh file into that costs SQLite half a dozen flushes, a
/// copy one, and a run on a laptop begins with a database of its own.
const EMPTY: &[u8] = include_bytes!("empty.db");

/// Makes an empty SQLite file where there is none.
pub(crate) fn lay_down(path: &Path) -> io::Result<()> {
    if path.exists() {
        return Ok(());
    }
    // Under another name first: a file that is half there is no database, and one that is not there is a new one.
    let draft = path.with_extension(format!("draft-{}", std::process::id()));
    let mut file = File::create(&draft)?;
    file.write_all(EMPTY)?;
    file.sync_all()?;
    fs::rename(&draft, path)
}

async fn sqlite(url: &str) -> Result<Db> {
    let (database, query) = url.split_once('?').unwrap_or((url, ""));
    // Every connection to `:memory:` has a database of its own, so there must be one, and it must live.
    let in_memory = database.trim_start_matches("sqlite:").trim_start_matches("//") == ":memory:";
    let mode = if in_memory || query.contains("mode=") { "" } else { "mode=rwc" };
    let url = format!("{database}?{query}{}{mode}", if query.is_empty() { "" } else { "&" });
    let connect = AnyConnectOptions::from_str(&url)?.disable_statement_logging();
    let pool = |most| {
        AnyPoolOptions::new()
            .max_connections(most)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false) // A file does not hang up.
            .after_connect(|connection, _| Box::pin(async { connection.execute(SQLITE_SETTINGS).await.map(drop) }))
    };
    let writers = pool(1).connect_with(connect.clone()).await?;
    // A run on a laptop never asks for one: opening stays cheap.
    let readers = if in_memory { writers.clone() } else { pool(SQLITE_READERS).connect_lazy_with(connect) };
    Ok(Db { dialect: Dialect::Sqlite, writers, readers })
}

async fn postgres(url: &str) -> Result<Db> {
    let connect = AnyConnectOptions::from_str(url)?.disable_statement_logging();
    let pool = AnyPoolOptions::new().max_connections(POSTGRES_CONNECTIONS).connect_with(connect).await?;
    Ok(Db { dialect: Dialect::Postgres, writers: pool.clone(), readers: pool })
}

/// A count, an offset or a sequence number as a column holds it.
pub(crate) fn bigint(number: u64) -> i64 {
    i64::try_from(number).expect("nothing we count reaches 2^63")
}

/// The same, read back; a negative one was never written.
pub(crate) fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_sqlite_connection_is_durable_and_checks_references() {
        let dir = tempfile::tempdir().unwrap();
        let db = Db::connect(&format!("sqlite://{}/a.db", dir.path().display())).await.unwrap();
        for pool in [&db.writers, &db.readers] {
            let number = async |sql: &'static str| sqlx::query_scalar::<_, i64>(sql).fetch_one(pool).await.unwrap();
            let journal: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(pool).await.unwrap();
            assert_eq!((journal.as_str(), number("PRAGMA synchronous").await), ("wal", 2), "2 is FULL");
            assert_eq!((number("PRAGMA foreign_keys").await, number("PRAGMA busy_timeout").await), (1, 5_000));
        }
    }
}
