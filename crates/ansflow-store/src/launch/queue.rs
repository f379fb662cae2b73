//! The one transaction that makes a run: its number, its first event, its rows.

use ansflow_core::run::{Input, Run, RunCreated};
use jiff::Timestamp;

use crate::db::{Tx, bigint, count};
use crate::runs::{self, Detail, NewRun, insert_detail};
use crate::{Error, Files, Store};

/// What the rows of a new run say besides its first event.
#[derive(Debug)]
pub(super) struct Wanted<'w> {
    pub(super) pipeline: &'w str,
    pub(super) name: String,
    pub(super) version: u64,
    /// Only while this version is the pipeline's present one.
    pub(super) only_if_present: bool,
    /// The caller's key, or empty.
    pub(super) key: &'w str,
}

/// What came of it.
#[derive(Debug)]
pub(super) enum Queued {
    Made(Box<Run>),
    /// What was looked at is no more so: look again.
    Overtaken,
}

impl Store {
    /// Gives a run its id and its number, and a workspace of its own where it has none, and stores it.
    pub(super) async fn queue(
        &self,
        wanted: Wanted<'_>,
        mut created: RunCreated,
        files: &Files,
        now: Timestamp,
    ) -> Result<Queued, Error> {
        let mut tx = self.db.write().await?;
        // From here on nobody else starts a run of this pipeline before we are done.
        let Some(number) = next_number(&mut tx, &wanted).await? else { return Ok(Queued::Overtaken) };
        let id = format!("run_{}", uuid::Uuid::now_v7().simple());
        created.run.clone_from(&id);
        created.facts.build_number = number;
        created.facts.workspace = files.workspace(&id).to_string_lossy().into_owned();
        let mut run = Run::new();
        let made = run.advance(&Input::Create(Box::new(created)), now);
        let events = made.map_err(|refusal| Error::Refused(refusal.to_string()))?;
        let row = NewRun { id: &id, pipeline: wanted.pipeline, number, status: run.status() };
        runs::insert(&mut tx, row, &events).await?;
        let known = Detail::of(&id, &events[0]);
        let detail = Detail { name: wanted.name, version: wanted.version, request_key: wanted.key.to_owned(), ..known };
        if !insert_detail(&mut tx, &detail).await? {
            return Ok(Queued::Overtaken);
        }
        tx.commit().await?;
        self.changes().tell(&id, run.seq());
        Ok(Queued::Made(Box::new(run)))
    }
}

async fn next_number(tx: &mut Tx, wanted: &Wanted<'_>) -> Result<Option<u64>, Error> {
    let builds: Option<i64> = sqlx::query_scalar(
        "UPDATE pipeline SET builds = builds + 1
         WHERE id = $1 AND deleted_at = 0 AND enabled = 1 AND ($2 = 0 OR version = $3) RETURNING builds",
    )
    .bind(wanted.pipeline)
    .bind(i64::from(wanted.only_if_present))
    .bind(bigint(wanted.version))
    .fetch_optional(&mut **tx)
    .await?;
    Ok(builds.map(count))
}

/// A run that is to take over the files of this one and has not had its turn.
pub(crate) async fn waiting_for(tx: &mut Tx, run: &str) -> Result<Option<String>, Error> {
    Ok(sqlx::query_scalar(
        "SELECT run.id FROM run JOIN run_detail ON run_detail.run = run.id
         WHERE run_detail.retry_of = $1 AND run.status = 'queued' ORDER BY run.id LIMIT 1",
    )
    .bind(run)
    .fetch_optional(&mut **tx)
    .await?)
}
