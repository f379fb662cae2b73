//! Starting a run of a stored pipeline: what people, hooks and the clock have in common.
//!
//! Everything that can be wrong is found before anything is stored; what is stored is a queued run, whose turn is the
//! engine's to give.

mod again;
mod prepare;
mod queue;

use ansflow_core::diagnostic::Diagnostic;
use ansflow_core::pipeline;
use ansflow_core::planning::Refused;
use ansflow_core::run::{Run, RunCreated, RunFacts};
use jiff::Timestamp;
use serde_json::{Map, Value as Json};

pub use self::again::RelaunchError;
pub(crate) use self::queue::waiting_for;
use self::queue::{Queued, Wanted};
use crate::{Error, Files, Store};

/// A run that is asked for.
#[derive(Debug, Clone, Default)]
pub struct Launch<'l> {
    /// The pipeline's id.
    pub pipeline: &'l str,
    /// Variables from outside the file: data, never looked at for `{{ }}`.
    pub variables: Map<String, Json>,
    /// The branch that it is about, where one is known.
    pub branch: Option<String>,
    /// The commit that it is about, where one is known.
    pub commit: Option<String>,
    /// The repository that was pushed to, as an address; a git step of the same one checks out `commit`.
    pub repository: Option<String>,
    /// What started it: `manual`, `api`, `webhook`, `schedule`.
    pub cause: &'l str,
    /// Who started it.
    pub by: &'l str,
    /// The caller's own key: the same again is the same run.
    pub request_key: Option<&'l str>,
    /// Which steps run.
    pub select: Select<'l>,
    /// At most so many of its steps at once.
    pub concurrency: u32,
}

/// Which steps of a pipeline run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Select<'l> {
    /// All of them.
    #[default]
    All,
    /// This one, what stands after it, and whatever follows it.
    From(&'l str),
    /// This one.
    Only(&'l str),
}

/// A run that was asked for.
#[derive(Debug, Clone)]
pub struct Launched {
    /// As it is now.
    pub run: Run,
    /// Whether this request has made it, not an earlier one with the same key.
    pub is_new: bool,
}

/// Why a run cannot be.
#[derive(Debug, thiserror::Error)]
pub enum LaunchError {
    /// The store could not; [`Error::NotFound`] for the pipeline.
    #[error(transparent)]
    Store(#[from] Error),
    /// Somebody has switched the pipeline off.
    #[error("pipeline `{0}` is disabled")]
    Disabled(String),
    /// The text is not well, or a value that it needs is not known.
    #[error("the pipeline cannot be planned: {}", .0.first().map_or("", |first| &first.message))]
    Invalid(Vec<Diagnostic>),
    /// Some steps cannot run in this version.
    #[error("step `{}` cannot run yet: {}", .0[0].step, .0[0].why)]
    CannotRun(Vec<Refused>),
    /// Secrets are named that are not there.
    #[error("the secret `{}` is used and does not exist", .0.join("`, `"))]
    MissingSecrets(Vec<String>),
    /// A variable has a name of AnsFlow's own.
    #[error("`{0}` is a name of AnsFlow's own and cannot be a variable")]
    ReservedVariable(String),
    /// No step has this name.
    #[error("the pipeline has no step `{name}`")]
    UnknownStep {
        /// What was asked for.
        name: String,
        /// A name that looks like it.
        near: Option<String>,
    },
}

impl Store {
    /// Queues a run of a pipeline's present text.
    ///
    /// # Errors
    /// [`LaunchError`]; nothing was stored.
    pub async fn launch(&self, launch: Launch<'_>, files: &Files, now: Timestamp) -> Result<Launched, LaunchError> {
        if let Some(name) = launch.variables.keys().find(|name| pipeline::RESERVED.contains(&name.as_str())) {
            return Err(LaunchError::ReservedVariable(name.clone()));
        }
        loop {
            if let Some(run) = self.requested(launch.request_key).await? {
                return Ok(Launched { run, is_new: false });
            }
            let text = self.present_text(launch.pipeline).await?;
            if !text.enabled {
                return Err(LaunchError::Disabled(text.name));
            }
            let (name, version) = (text.name.clone(), text.version);
            let (registries, clusters) = (self.registry_names().await?, self.cluster_names().await?);
            let prepared = prepare::prepare(text, &launch, prepare::Names { registries, clusters }).await?;
            let missing = self.missing_secrets(&prepared.plan, &prepared.deselected, &[]).await?;
            if !missing.is_empty() {
                return Err(LaunchError::MissingSecrets(missing));
            }
            let facts = RunFacts {
                trigger: launch.cause.to_owned(),
                by: launch.by.to_owned(),
                git_branch: prepared.facts.git_branch,
                git_commit: prepared.facts.git_commit,
                repository: launch.repository.clone(),
                ..RunFacts::default()
            };
            let created = RunCreated {
                run: String::new(),
                plan: prepared.plan,
                facts,
                carried: Vec::new(),
                deselected: prepared.deselected,
                concurrency: launch.concurrency.max(1),
            };
            let key = launch.request_key.unwrap_or_default();
            let wanted = Wanted { pipeline: launch.pipeline, name, version, only_if_present: true, key };
            match self.queue(wanted, created, files, now).await? {
                Queued::Made(run) => return Ok(Launched { run: *run, is_new: true }),
                // Somebody was faster: the same request, a new text, or the pipeline is no more.
                Queued::Overtaken => {}
            }
        }
    }

    /// The run that an earlier request with the same key has made.
    async fn requested(&self, key: Option<&str>) -> Result<Option<Run>, Error> {
        let Some(key) = key.filter(|key| !key.is_empty()) else { return Ok(None) };
        let query = sqlx::query_scalar("SELECT run FROM run_detail WHERE request_key = $1 AND request_key <> ''");
        let run: Option<String> = query.bind(key).fetch_optional(self.db.read()).await?;
        match run {
            Some(run) => self.runs().replay(&run).await.map(Some),
            None => Ok(None),
        }
    }
}
