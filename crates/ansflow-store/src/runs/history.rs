//! Rows of `run_event`: how an event is written down.
//!
//! The body is the event's JSON with `"v":1` in front. A later version gets a reader of its own beside this one; what
//! was once written stays readable.

use std::fmt::Write as _;
use std::sync::LazyLock;

use ansflow_core::run::event::Event;
use serde::Deserialize;
use sqlx::Any;
use sqlx::any::AnyArguments;
use sqlx::query::Query;

use crate::db::{Tx, bigint};
use crate::{Error, Result};

const VERSION: u64 = 1;

/// Rows that go into one statement: a history of ten thousand is then some hundred statements, of two prepared texts.
const BATCH: usize = 64;

static ONE_ROW: LazyLock<String> = LazyLock::new(|| statement(1));
static BATCH_OF_ROWS: LazyLock<String> = LazyLock::new(|| statement(BATCH));

/// Adds events behind number `seq`.
pub(super) async fn insert(tx: &mut Tx, run: &str, mut seq: u64, events: &[Event]) -> Result<()> {
    let mut batches = events.chunks_exact(BATCH);
    for batch in &mut batches {
        let mut query = sqlx::query(BATCH_OF_ROWS.as_str()).bind(run);
        for event in batch {
            seq += 1;
            query = bind(query, seq, event)?;
        }
        query.execute(&mut **tx).await?;
    }
    for event in batches.remainder() {
        seq += 1;
        bind(sqlx::query(ONE_ROW.as_str()).bind(run), seq, event)?.execute(&mut **tx).await?;
    }
    Ok(())
}

/// The event in a body, or what is wrong with it.
pub(crate) fn read(body: &str) -> std::result::Result<Event, String> {
    let unreadable = |error: serde_json::Error| format!("cannot be read: {error}");
    match serde_json::from_str(body).map_err(unreadable)? {
        Version { v: VERSION } => serde_json::from_str(body).map_err(unreadable),
        Version { v } => Err(format!("has the unknown version {v}: a later AnsFlow wrote it")),
    }
}

#[derive(Deserialize)]
struct Version {
    v: u64,
}

#[derive(Deserialize)]
struct Kind<'b> {
    kind: &'b str,
}

type Insert<'q> = Query<'q, Any, AnyArguments>;

/// One run and, for each row, four values.
fn statement(rows: usize) -> String {
    let mut sql = "INSERT INTO run_event (run, seq, at, kind, body) VALUES ".to_owned();
    for row in 0..rows {
        let first = 2 + row * 4;
        let comma = if row == 0 { "" } else { ", " };
        write!(sql, "{comma}($1, ${}, ${}, ${}, ${})", first, first + 1, first + 2, first + 3)
            .expect("a String takes any text");
    }
    sql
}

fn bind<'q>(query: Insert<'q>, seq: u64, event: &Event) -> Result<Insert<'q>> {
    let unwritable = |error: serde_json::Error| Error::Corrupt(format!("an event cannot be written: {error}"));
    let json = serde_json::to_string(event).map_err(unwritable)?;
    let Kind { kind } = serde_json::from_str(&json).map_err(unwritable)?;
    // An event is an object with fields: the version goes behind its brace.
    let body = format!("{{\"v\":{VERSION},{}", &json[1..]);
    Ok(query.bind(bigint(seq)).bind(event.at.as_millisecond()).bind(kind.to_owned()).bind(body))
}
