//! Starting a run again: the same plan and facts, with what stands of its results.

use ansflow_core::run::{self, Refusal, Rerun, RetryFrom, Run, RunCreated, RunFacts};
use jiff::Timestamp;

use super::queue::{Queued, Wanted};
use crate::{Error, Files, Store};

/// Why a run is not started again.
#[derive(Debug, thiserror::Error)]
pub enum RelaunchError {
    /// The store could not; [`Error::NotFound`] for the run.
    #[error(transparent)]
    Store(#[from] Error),
    /// A rule forbids it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Its pipeline was deleted.
    #[error("the pipeline of the run was deleted")]
    PipelineDeleted,
    /// Somebody has switched its pipeline off.
    #[error("pipeline `{0}` is disabled")]
    Disabled(String),
    /// Results would be taken over, and the files that belong to them are gone.
    #[error("the working directory of the run was removed, so its results cannot be taken over; retry all of it")]
    WorkspaceGone,
    /// Secrets are named that are not there any more.
    #[error("the secret `{}` is used and does not exist", .0.join("`, `"))]
    MissingSecrets(Vec<String>),
}

impl Store {
    /// Queues a run that repeats one that has ended. It works in a directory of its own; where results are
    /// taken over, its files are a copy of the earlier run's.
    ///
    /// # Errors
    /// [`RelaunchError`]; nothing was stored.
    pub async fn relaunch(
        &self,
        run: &str,
        from: RetryFrom,
        by: &str,
        files: &Files,
        now: Timestamp,
    ) -> Result<Run, RelaunchError> {
        let known = self.runs().listed(run).await?;
        let old = self.runs().replay(run).await?;
        let Rerun { carried, deselected } = run::retry(&old, from)?;
        let RunCreated { plan, facts, concurrency, .. } = old.created();
        if !carried.is_empty() && !tokio::fs::try_exists(files.workspace(run)).await.unwrap_or(false) {
            return Err(RelaunchError::WorkspaceGone);
        }
        let missing = self.missing_secrets(plan, &deselected, &carried).await?;
        if !missing.is_empty() {
            return Err(RelaunchError::MissingSecrets(missing));
        }
        loop {
            self.check_pipeline(&known.pipeline).await?;
            let facts = RunFacts {
                trigger: "retry".to_owned(),
                by: by.to_owned(),
                retry_of: Some(run.to_owned()),
                ..facts.clone()
            };
            let (carried, deselected) = (carried.clone(), deselected.clone());
            let (plan, concurrency) = (plan.clone(), *concurrency);
            let created = RunCreated { run: String::new(), plan, facts, carried, deselected, concurrency };
            let (name, version) = (known.name.clone(), known.version.unwrap_or_default());
            let wanted = Wanted { pipeline: &known.pipeline, name, version, only_if_present: false, key: "" };
            match self.queue(wanted, created, files, now).await? {
                Queued::Made(run) => return Ok(*run),
                Queued::Overtaken => {}
            }
        }
    }

    async fn check_pipeline(&self, id: &str) -> Result<(), RelaunchError> {
        let row: Option<(String, i64)> =
            sqlx::query_as("SELECT name, enabled FROM pipeline WHERE id = $1 AND deleted_at = 0")
                .bind(id)
                .fetch_optional(self.db.read())
                .await
                .map_err(Error::from)?;
        match row {
            None => Err(RelaunchError::PipelineDeleted),
            Some((name, 0)) => Err(RelaunchError::Disabled(name)),
            Some(_) => Ok(()),
        }
    }
}
