//! What a server's tables repeat of a run's events, written in the same transaction: when it started and ended, the
//! last word on each step, and what somebody may want to be told. The truth is in the events.

use std::collections::{HashMap, VecDeque};
use std::fmt::Write as _;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use ansflow_core::plan::StepIndex;
use ansflow_core::run::event::{Event, Fact, RunStatus, StepFinished};

use super::history;
use crate::db::{Tx, bigint};
use crate::{Error, Result};

/// The row of `run_detail` when a run begins.
#[derive(Debug, Clone, Default)]
pub(crate) struct Detail {
    pub(crate) run: String,
    pub(crate) name: String,
    pub(crate) version: u64,
    pub(crate) cause: String,
    pub(crate) started_by: String,
    pub(crate) branch: String,
    pub(crate) commit: String,
    pub(crate) retry_of: String,
    pub(crate) request_key: String,
    pub(crate) created_at: i64,
}

impl Detail {
    /// As far as the first event knows it.
    pub(crate) fn of(run: &str, first: &Event) -> Detail {
        let known = Detail { run: run.to_owned(), created_at: first.at.as_millisecond(), ..Detail::default() };
        let Fact::RunCreated(created) = &first.fact else { return known };
        let facts = created.facts.clone();
        // They come from outside, and PostgreSQL knows no text with a zero byte.
        let text = |text: Option<String>| text.unwrap_or_default().replace('\0', "");
        Detail {
            name: created.plan.pipeline.clone(),
            cause: facts.trigger,
            started_by: facts.by,
            branch: text(facts.git_branch),
            commit: text(facts.git_commit),
            retry_of: facts.retry_of.unwrap_or_default(),
            ..known
        }
    }
}

/// Remembers what a server knows of a new run besides its events; false where the request made one already.
pub(crate) async fn insert_detail(tx: &mut Tx, detail: &Detail) -> Result<bool> {
    let made = sqlx::query(
        "INSERT INTO run_detail (run, name, version, cause, started_by, branch, commit_id, retry_of, request_key,
                                 created_at, started_at, ended_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 0)
         ON CONFLICT (request_key) WHERE request_key <> '' DO NOTHING",
    )
    .bind(&detail.run)
    .bind(&detail.name)
    .bind(bigint(detail.version))
    .bind(&detail.cause)
    .bind(&detail.started_by)
    .bind(&detail.branch)
    .bind(&detail.commit)
    .bind(&detail.retry_of)
    .bind(&detail.request_key)
    .bind(detail.created_at)
    .execute(&mut **tx)
    .await?;
    Ok(made.rows_affected() == 1)
}

/// Repeats what the events behind number `seq`, which are stored already, say.
pub(super) async fn record(tx: &mut Tx, names: &StepNames, run: &str, seq: u64, events: &[Event]) -> Result<()> {
    let mut finished = Vec::new();
    for (event, seq) in events.iter().zip(seq + 1..) {
        match &event.fact {
            Fact::RunStarted => started(tx, run, event).await?,
            Fact::ApprovalOpened { .. } => notice(tx, run, seq, "approval", event).await?,
            Fact::StepFinished(last) => finished.push((event, &**last)),
            Fact::RunFinished { status, .. } => {
                ended(tx, run, event).await?;
                notice(tx, run, seq, outcome(*status), event).await?;
            }
            Fact::RunCreated(_)
            | Fact::Approved { .. }
            | Fact::Rejected { .. }
            | Fact::AttemptStarted { .. }
            | Fact::AttemptStopping { .. }
            | Fact::Noted { .. }
            | Fact::Judged { .. }
            | Fact::AttemptEnded { .. }
            | Fact::RetryScheduled { .. }
            | Fact::CancelRequested { .. }
            | Fact::RunTimedOut
            | Fact::GroupTimedOut { .. } => {}
        }
    }
    if finished.is_empty() {
        return Ok(());
    }
    let attempts = attempts(tx, run, events, &finished).await?;
    let named = names.of(tx, run).await?;
    results(tx, &named, run, &attempts, &finished).await
}

async fn started(tx: &mut Tx, run: &str, event: &Event) -> Result<()> {
    let query = sqlx::query("UPDATE run_detail SET started_at = $1 WHERE run = $2");
    query.bind(event.at.as_millisecond()).bind(run).execute(&mut **tx).await?;
    Ok(())
}

async fn ended(tx: &mut Tx, run: &str, event: &Event) -> Result<()> {
    let query = sqlx::query("UPDATE run_detail SET ended_at = $1 WHERE run = $2");
    query.bind(event.at.as_millisecond()).bind(run).execute(&mut **tx).await?;
    Ok(())
}

async fn notice(tx: &mut Tx, run: &str, seq: u64, word: &str, event: &Event) -> Result<()> {
    let query = sqlx::query("INSERT INTO notice (run, seq, event, at) VALUES ($1, $2, $3, $4)");
    query.bind(run).bind(bigint(seq)).bind(word).bind(event.at.as_millisecond()).execute(&mut **tx).await?;
    Ok(())
}

/// How people are told of a run's end.
fn outcome(status: RunStatus) -> &'static str {
    match status {
        RunStatus::Success => "success",
        RunStatus::Cancelled => "cancelled",
        // The last three are no last words; a log that has them is refused when it is read.
        RunStatus::Failed | RunStatus::TimedOut | RunStatus::Queued | RunStatus::Running | RunStatus::Waiting => {
            "failure"
        }
    }
}

type Finished<'e> = (&'e Event, &'e StepFinished);

/// How many attempts each of these steps had. The last one mostly ended in the same decision; of a step that was called
/// off between two attempts the history knows.
async fn attempts(
    tx: &mut Tx,
    run: &str,
    events: &[Event],
    finished: &[Finished<'_>],
) -> Result<HashMap<StepIndex, u32>> {
    let mut made = HashMap::new();
    count(&mut made, events);
    if finished.iter().any(|(_, last)| last.duration_ms > 0 && !made.contains_key(&last.step)) {
        let bodies: Vec<String> =
            sqlx::query_scalar("SELECT body FROM run_event WHERE run = $1 AND kind = 'attempt_ended' ORDER BY seq")
                .bind(run)
                .fetch_all(&mut **tx)
                .await?;
        let read = |body: String| history::read(&body).map_err(|why| unreadable(run, &why));
        count(&mut made, &bodies.into_iter().map(read).collect::<Result<Vec<_>>>()?);
    }
    Ok(made)
}

fn count(made: &mut HashMap<StepIndex, u32>, events: &[Event]) {
    for event in events {
        if let Fact::AttemptEnded { step, attempt, .. } = &event.fact {
            made.insert(*step, *attempt);
        }
    }
}

/// Rows that go into one statement.
const BATCH: usize = 64;

static ONE_ROW: LazyLock<String> = LazyLock::new(|| statement(1));
static BATCH_OF_ROWS: LazyLock<String> = LazyLock::new(|| statement(BATCH));

/// One run, one pipeline and, for each row, seven values.
fn statement(rows: usize) -> String {
    let mut sql =
        "INSERT INTO step_result (run, pipeline, step, name, kind, status, attempts, duration_ms, ended_at) VALUES "
            .to_owned();
    for row in 0..rows {
        let comma = if row == 0 { "" } else { ", " };
        write!(sql, "{comma}($1, $2").expect("a String takes any text");
        (0..7).for_each(|at| write!(sql, ", ${}", 3 + row * 7 + at).expect("a String takes any text"));
        sql.push(')');
    }
    sql
}

async fn results(
    tx: &mut Tx,
    named: &Named,
    run: &str,
    attempts: &HashMap<StepIndex, u32>,
    finished: &[Finished<'_>],
) -> Result<()> {
    let rest = finished.chunks_exact(BATCH).remainder();
    let batches = finished.chunks_exact(BATCH).map(|rows| (BATCH_OF_ROWS.as_str(), rows));
    for (sql, rows) in batches.chain(rest.chunks(1).map(|row| (ONE_ROW.as_str(), row))) {
        let mut query = sqlx::query(sql).bind(run).bind(&named.pipeline);
        for (event, last) in rows {
            let (name, kind) = named.steps.get(last.step).ok_or_else(|| unreadable(run, "a step is not there"))?;
            query = query
                .bind(bigint(last.step as u64))
                .bind(name)
                .bind(kind)
                .bind(last.status.as_str())
                .bind(i64::from(attempts.get(&last.step).copied().unwrap_or_default()))
                .bind(bigint(last.duration_ms))
                .bind(event.at.as_millisecond());
        }
        query.execute(&mut **tx).await?;
    }
    Ok(())
}

fn unreadable(run: &str, why: &str) -> Error {
    Error::Corrupt(format!("the history of run `{run}`: {why}"))
}

/// What the steps of a run are called. It never changes, so it is read once while a run goes on.
#[derive(Debug)]
struct Named {
    /// As in `run.pipeline`.
    pipeline: String,
    /// Name and type of each.
    steps: Vec<(String, String)>,
}

/// Of so many runs the names are kept.
const KEPT: usize = 64;

/// Names of the steps of runs that go on. Clones share them.
#[derive(Debug, Clone, Default)]
pub(crate) struct StepNames(Arc<Mutex<Kept>>);

/// By run, the newest last.
type Kept = VecDeque<(String, Arc<Named>)>;

impl StepNames {
    async fn of(&self, tx: &mut Tx, run: &str) -> Result<Arc<Named>> {
        let known = |known: &Kept| known.iter().find(|(id, _)| id == run).map(|(_, named)| Arc::clone(named));
        if let Some(named) = known(&self.0.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(named);
        }
        let (pipeline, body): (String, String) = sqlx::query_as(
            "SELECT run.pipeline, run_event.body FROM run JOIN run_event ON run_event.run = run.id
             WHERE run.id = $1 AND run_event.seq = 1",
        )
        .bind(run)
        .fetch_one(&mut **tx)
        .await?;
        let first = history::read(&body).map_err(|why| unreadable(run, &why))?;
        let Fact::RunCreated(created) = first.fact else { return Err(unreadable(run, "it has no beginning")) };
        let steps = created.plan.steps.into_iter().map(|step| (step.name, step.kind)).collect();
        let named = Arc::new(Named { pipeline, steps });
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() == KEPT {
            kept.pop_front();
        }
        kept.push_back((run.to_owned(), Arc::clone(&named)));
        Ok(named)
    }
}
