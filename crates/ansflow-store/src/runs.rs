//! Runs and their histories.
//!
//! A run is its events; the row beside them repeats what lists need. Both change in one transaction, under the number
//! of the last event that the writer knew, so that one of two who decide at the same time starts again.

mod history;
pub mod list;
mod mirror;
mod remove;
mod turns;

use ansflow_core::run::event::{Event, RunStatus};
use ansflow_core::run::{CorruptLog, Input, Refusal, Run};
use jiff::Timestamp;

use crate::db::{Db, Tx, bigint, count};
use crate::{Changes, Error, Result};

pub(crate) use self::mirror::{Detail, StepNames, insert_detail};
pub use self::remove::RemoveError;
pub use self::turns::Turn;

/// Runs and their histories, of one store.
#[derive(Debug, Clone, Copy)]
pub struct Runs<'s> {
    pub(crate) db: &'s Db,
    pub(crate) changes: &'s Changes,
    /// Whether there are tables for statistics and notices, to be filled with the events.
    pub(crate) for_server: bool,
    pub(crate) names: &'s StepNames,
}

/// A run that is to be.
#[derive(Debug, Clone, Copy)]
pub struct NewRun<'r> {
    /// Its id: `run_` and a UUIDv7.
    pub id: &'r str,
    /// Name of its pipeline.
    pub pipeline: &'r str,
    /// Its number among the pipeline's runs, from 1.
    pub number: u64,
    /// Where it stands after its first events.
    pub status: RunStatus,
}

/// What lists show of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunRow {
    /// Its id.
    pub id: String,
    /// Name of its pipeline.
    pub pipeline: String,
    /// Its number among the pipeline's runs, from 1.
    pub number: u64,
    /// Where it stands.
    pub status: RunStatus,
    /// Number of its last event, from 1.
    pub seq: u64,
    /// Time of its first event, in milliseconds since 1970.
    pub created_at: i64,
    /// Time of its last event, in milliseconds since 1970.
    pub updated_at: i64,
}

/// Why nothing was decided.
#[derive(Debug, thiserror::Error)]
pub enum DecideError {
    /// A rule forbids it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The store could not.
    #[error(transparent)]
    Store(#[from] Error),
}

impl Runs<'_> {
    /// Remembers a new run with its first events, numbered from 1, and says the last one's number.
    ///
    /// # Errors
    /// [`Error::Taken`] when the id or the pipeline's build number exists, [`Error::Refused`] without an event.
    pub async fn create(&self, run: NewRun<'_>, events: &[Event]) -> Result<u64> {
        let mut tx = self.db.write().await?;
        insert(&mut tx, run, events).await?;
        if self.for_server {
            insert_detail(&mut tx, &Detail::of(run.id, &events[0])).await?;
            mirror::record(&mut tx, self.names, run.id, 0, events).await?;
        }
        tx.commit().await?;
        self.changes.tell(run.id, events.len() as u64);
        Ok(events.len() as u64)
    }

    /// Appends what was decided by somebody who knew the run's first `expected_seq` events, and says the new last
    /// one's number. To be waited for: dropped while it commits, it may have happened without anybody being told.
    ///
    /// # Errors
    /// [`Error::Conflict`] when there are more by now: nothing was written, load and decide again.
    /// [`Error::NotFound`].
    pub async fn append(&self, run: &str, expected_seq: u64, events: &[Event], status: RunStatus) -> Result<u64> {
        let Some(last) = events.last() else { return Ok(expected_seq) };
        let seq_after = expected_seq + events.len() as u64;
        let mut tx = self.db.write().await?;
        let moved = sqlx::query("UPDATE run SET seq = $1, status = $2, updated_at = $3 WHERE id = $4 AND seq = $5")
            .bind(bigint(seq_after))
            .bind(status.as_str())
            .bind(last.at.as_millisecond())
            .bind(run)
            .bind(bigint(expected_seq))
            .execute(&mut *tx)
            .await?;
        if moved.rows_affected() == 0 {
            let exists = seq(&mut tx, run).await?.is_some();
            return Err(if exists { Error::Conflict(format!("run `{run}`")) } else { not_found(run) });
        }
        history::insert(&mut tx, run, expected_seq, events).await?;
        if self.for_server {
            mirror::record(&mut tx, self.names, run, expected_seq, events).await?;
        }
        tx.commit().await?;
        self.changes.tell(run, seq_after);
        Ok(seq_after)
    }

    /// Loads, decides, appends, and again where somebody was faster: how anybody but the engine has a word in a run.
    /// The run as it is then.
    ///
    /// # Errors
    /// [`DecideError`].
    pub async fn decide(&self, run: &str, input: &Input, now: Timestamp) -> std::result::Result<Run, DecideError> {
        loop {
            let mut known = self.replay(run).await?;
            let seq = known.seq();
            let events = known.advance(input, now)?;
            match self.append(run, seq, &events, known.status()).await {
                Ok(_) => return Ok(known),
                Err(Error::Conflict(_)) => (),
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// The run that the stored events make.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Corrupt`].
    pub async fn replay(&self, run: &str) -> Result<Run> {
        Run::replay(&self.load(run).await?).map_err(|error: CorruptLog| Error::Corrupt(error.to_string()))
    }

    /// The whole history of a run.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Corrupt`] when an event is missing or cannot be read.
    pub async fn load(&self, run: &str) -> Result<Vec<Event>> {
        let events = self.after(run, 0, u64::MAX).await?;
        if events.is_empty() {
            return Err(not_found(run));
        }
        Ok(events.into_iter().map(|(_, event)| event).collect())
    }

    /// At most `limit` events behind number `seq`, with their numbers; none when there is no news, or no such run.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when an event is missing or cannot be read.
    pub async fn after(&self, run: &str, seq: u64, limit: u64) -> Result<Vec<(u64, Event)>> {
        let rows: Vec<(i64, String)> =
            sqlx::query_as("SELECT seq, body FROM run_event WHERE run = $1 AND seq > $2 ORDER BY seq LIMIT $3")
                .bind(run)
                .bind(bigint(seq))
                .bind(i64::try_from(limit).unwrap_or(i64::MAX))
                .fetch_all(self.db.read())
                .await?;
        let numbered = rows.into_iter().zip(seq + 1..);
        numbered
            .map(|((stored, text), seq)| {
                if count(stored) != seq {
                    return Err(Error::Corrupt(format!("event {seq} of run `{run}` is missing")));
                }
                let event =
                    history::read(&text).map_err(|why| Error::Corrupt(format!("event {seq} of run `{run}` {why}")))?;
                Ok((seq, event))
            })
            .collect()
    }

    /// What lists show of one run.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn get(&self, run: &str) -> Result<RunRow> {
        let row: Option<Columns> =
            sqlx::query_as("SELECT id, pipeline, number, status, seq, created_at, updated_at FROM run WHERE id = $1")
                .bind(run)
                .fetch_optional(self.db.read())
                .await?;
        row.ok_or_else(|| not_found(run)).and_then(RunRow::try_from)
    }

    /// At most `limit` runs, newest first: of one pipeline or all, older than the run `before` or from the newest on.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn list(&self, pipeline: Option<&str>, before: Option<&str>, limit: u64) -> Result<Vec<RunRow>> {
        let rows: Vec<Columns> = sqlx::query_as(
            "SELECT id, pipeline, number, status, seq, created_at, updated_at FROM run
             WHERE ($1 IS NULL OR pipeline = $1)
               AND ($2 IS NULL OR (created_at, id) < (SELECT created_at, id FROM run WHERE id = $2))
             ORDER BY created_at DESC, id DESC LIMIT $3",
        )
        .bind(pipeline)
        .bind(before)
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(self.db.read())
        .await?;
        rows.into_iter().map(RunRow::try_from).collect()
    }

    /// Runs that have not ended, oldest first.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn unfinished(&self) -> Result<Vec<RunRow>> {
        let rows: Vec<Columns> = sqlx::query_as(
            "SELECT id, pipeline, number, status, seq, created_at, updated_at FROM run
             WHERE status IN ('queued', 'running', 'waiting') ORDER BY created_at, id",
        )
        .fetch_all(self.db.read())
        .await?;
        rows.into_iter().map(RunRow::try_from).collect()
    }
}

/// The row and the first events of a new run.
pub(crate) async fn insert(tx: &mut Tx, run: NewRun<'_>, events: &[Event]) -> Result<()> {
    let (Some(first), Some(last)) = (events.first(), events.last()) else {
        return Err(Error::Refused(format!("run `{}` cannot begin without an event", run.id)));
    };
    let made = sqlx::query(
        "INSERT INTO run (id, pipeline, number, status, seq, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
    )
    .bind(run.id)
    .bind(run.pipeline)
    .bind(bigint(run.number))
    .bind(run.status.as_str())
    .bind(bigint(events.len() as u64))
    .bind(first.at.as_millisecond())
    .bind(last.at.as_millisecond())
    .execute(&mut **tx)
    .await?;
    if made.rows_affected() == 0 {
        let same_id = seq(tx, run.id).await?.is_some();
        return Err(Error::Taken(if same_id { "run id" } else { "build number" }));
    }
    history::insert(tx, run.id, 0, events).await
}

type Columns = (String, String, i64, String, i64, i64, i64);

impl TryFrom<Columns> for RunRow {
    type Error = Error;

    fn try_from((id, pipeline, number, status, seq, created_at, updated_at): Columns) -> Result<RunRow> {
        let status = status_of(&id, &status)?;
        Ok(RunRow { id, pipeline, number: count(number), status, seq: count(seq), created_at, updated_at })
    }
}

/// The status that a row holds.
fn status_of(run: &str, stored: &str) -> Result<RunStatus> {
    let known = STATUSES.into_iter().find(|known| known.as_str() == stored);
    known.ok_or_else(|| Error::Corrupt(format!("run `{run}` has the unknown status `{stored}`")))
}

const STATUSES: [RunStatus; 7] = [
    RunStatus::Queued,
    RunStatus::Running,
    RunStatus::Waiting,
    RunStatus::Success,
    RunStatus::Failed,
    RunStatus::Cancelled,
    RunStatus::TimedOut,
];

async fn seq(tx: &mut Tx, run: &str) -> Result<Option<i64>> {
    Ok(sqlx::query_scalar("SELECT seq FROM run WHERE id = $1").bind(run).fetch_optional(&mut **tx).await?)
}

fn not_found(run: &str) -> Error {
    Error::NotFound(format!("run `{run}`"))
}
