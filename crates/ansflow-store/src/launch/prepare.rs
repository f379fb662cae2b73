//! From a pipeline's present text to the plan of a run: everything that can be wrong is found here.

use std::collections::BTreeSet;

use ansflow_core::pipeline::{self, Source};
use ansflow_core::plan::select::Selection;
use ansflow_core::plan::{Plan, StepIndex};
use ansflow_core::planning::{self, PlanFacts};
use ansflow_core::preview;
use ansflow_core::run::StepFinished;
use serde_json::Value as Json;

use super::{Launch, LaunchError, Select};
use crate::db::count;
use crate::{Error, Store};

/// A pipeline's present text.
#[derive(Debug)]
pub(super) struct PresentText {
    pub(super) name: String,
    pub(super) enabled: bool,
    pub(super) version: u64,
    body: String,
}

/// What steps may name, as it is now.
pub(super) struct Names {
    pub(super) registries: BTreeSet<String>,
    pub(super) clusters: BTreeSet<String>,
}

/// What a run will do.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) plan: Plan,
    pub(super) facts: PlanFacts,
    pub(super) deselected: Vec<(StepIndex, String)>,
}

/// Plans a text, beside the threads that answer requests: a long one takes its time.
pub(super) async fn prepare(text: PresentText, launch: &Launch<'_>, names: Names) -> Result<Prepared, LaunchError> {
    // A variable stands in where no branch is known, and wins where one is.
    let said = |name: &str| launch.variables.get(name).and_then(Json::as_str).map(str::to_owned);
    let facts = PlanFacts {
        variables: launch.variables.clone(),
        git_branch: said("git_branch").or_else(|| launch.branch.clone()),
        git_commit: said("git_commit").or_else(|| launch.commit.clone()),
        registries: Some(names.registries),
        clusters: Some(names.clusters),
    };
    let planning = tokio::task::spawn_blocking(move || plan(&text, &facts).map(|plan| (plan, facts)));
    let (plan, facts) = planning.await.map_err(|panic| {
        let (doing, path) = ("plan", std::path::PathBuf::from("a pipeline"));
        Error::Io { doing, path, source: std::io::Error::other(panic) }
    })??;
    let selection = match launch.select {
        Select::All => Selection::All,
        Select::From(step) => Selection::From(step),
        Select::Only(step) => Selection::Only(step),
    };
    let unknown = |unknown: ansflow_core::plan::select::UnknownStep| LaunchError::UnknownStep {
        name: unknown.name,
        near: unknown.near,
    };
    let deselected = selection.deselected(&plan).map_err(unknown)?;
    let left_out: BTreeSet<&str> = deselected.iter().map(|(step, _)| plan.steps[*step].name.as_str()).collect();
    let mut refused = planning::cannot_run(&plan, &facts);
    refused.retain(|one| !left_out.contains(one.step.as_str()));
    if refused.is_empty() { Ok(Prepared { plan, facts, deselected }) } else { Err(LaunchError::CannotRun(refused)) }
}

fn plan(text: &PresentText, facts: &PlanFacts) -> Result<Plan, LaunchError> {
    let source = Source { text: text.body.as_bytes(), file_stem: &text.name, variables: &facts.variables };
    match pipeline::parse(&source) {
        (Some(pipeline), _) => planning::plan(&pipeline, facts).map_err(LaunchError::Invalid),
        (None, problems) => Err(LaunchError::Invalid(problems)),
    }
}

impl Store {
    /// What a pipeline says now.
    pub(super) async fn present_text(&self, id: &str) -> Result<PresentText, Error> {
        let row: Option<(String, i64, i64, String)> = sqlx::query_as(
            "SELECT pipeline.name, pipeline.enabled, pipeline.version, pipeline_version.body
             FROM pipeline JOIN pipeline_version
               ON pipeline_version.pipeline = pipeline.id AND pipeline_version.version = pipeline.version
             WHERE pipeline.id = $1 AND pipeline.deleted_at = 0",
        )
        .bind(id)
        .fetch_optional(self.db.read())
        .await?;
        let (name, enabled, version, body) = row.ok_or_else(|| Error::NotFound(format!("pipeline `{id}`")))?;
        Ok(PresentText { name, enabled: enabled != 0, version: count(version), body })
    }

    /// Secrets that are not there and that steps name which will run.
    pub(super) async fn missing_secrets(
        &self,
        plan: &Plan,
        deselected: &[(StepIndex, String)],
        carried: &[StepFinished],
    ) -> Result<Vec<String>, Error> {
        let idle: BTreeSet<StepIndex> =
            deselected.iter().map(|(step, _)| *step).chain(carried.iter().map(|result| result.step)).collect();
        let named = preview::secrets(plan, (0..plan.steps.len()).filter(|step| !idle.contains(step)));
        Ok(self.pipelines().missing_secrets(&named).await?.into_iter().collect())
    }
}
