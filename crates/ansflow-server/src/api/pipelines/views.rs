//! Pipelines as the API shows them.

use std::collections::BTreeMap;

use ansflow_core::pipeline::Trigger;
use ansflow_store::pipelines::{PipelineRow, RecentRun, Version, VersionText as StoredText};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value as Json;
use utoipa::ToSchema;

use super::meaning::Meaning;
use super::outline::Outline;
use super::permissions::Permissions;
use crate::api::words;
use crate::error::Diagnostic;

/// A pipeline by id and name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PipelineRef {
    pub(crate) id: String,
    pub(crate) name: String,
}

/// A run in a list of pipelines.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct RunBrief {
    id: String,
    number: u64,
    #[schema(value_type = words::RunStatus)]
    status: String,
    created_at: String,
    #[schema(required)]
    duration_ms: Option<u64>,
}

/// A pipeline in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PipelineSummary {
    id: String,
    name: String,
    description: String,
    /// Where its steps do their work: `local`, `remote`, `docker`, `kubernetes`, `hybrid`.
    kind: String,
    version: u64,
    enabled: bool,
    /// Of runs of it that have their turn at once; none: as many as the server takes.
    #[schema(required)]
    max_runs: Option<u64>,
    /// How many steps it has.
    steps: usize,
    /// What starts it.
    #[schema(value_type = Vec<words::TriggerKind>)]
    triggers: Vec<&'static str>,
    created_at: String,
    updated_at: String,
    updated_by: String,
    /// The last ten, newest first.
    recent: Vec<RunBrief>,
    /// What who asks may do with it: `run`, `edit`, `delete`, `clone`, `enable`.
    may: Vec<&'static str>,
    /// Why not, for the rest of them.
    why_not: BTreeMap<&'static str, String>,
}

/// A pipeline with its text.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PipelineView {
    id: String,
    name: String,
    description: String,
    /// Where its steps do their work: `local`, `remote`, `docker`, `kubernetes`, `hybrid`.
    kind: String,
    version: u64,
    enabled: bool,
    /// Of runs of it that have their turn at once; none: as many as the server takes.
    #[schema(required)]
    max_runs: Option<u64>,
    /// How many steps it has.
    steps: usize,
    /// What starts it.
    #[schema(value_type = Vec<words::TriggerKind>)]
    triggers: Vec<&'static str>,
    created_at: String,
    updated_at: String,
    updated_by: String,
    /// The last ten, newest first.
    recent: Vec<RunBrief>,
    /// What who asks may do with it: `run`, `edit`, `delete`, `clone`, `enable`.
    may: Vec<&'static str>,
    /// Why not, for the rest of them.
    why_not: BTreeMap<&'static str, String>,
    /// As its author wrote it.
    text: String,
    variables: Vec<VariableView>,
    outline: Outline,
    /// Warnings.
    diagnostics: Vec<Diagnostic>,
}

/// A variable of the text.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct VariableView {
    name: String,
    #[schema(value_type = Value)]
    value: Json,
}

/// A version without its text.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct VersionView {
    pub(super) version: u64,
    note: String,
    created_at: String,
    created_by: String,
}

/// A version with its text.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct VersionText {
    version: u64,
    note: String,
    created_at: String,
    created_by: String,
    /// As its author wrote it.
    text: String,
}

impl PipelineSummary {
    pub(super) fn of(row: PipelineRow, meaning: &Meaning, recent: Vec<RecentRun>, permissions: Permissions) -> Self {
        PipelineSummary {
            id: row.id,
            name: row.name,
            description: row.description,
            kind: meaning.kind.to_owned(),
            version: row.version,
            enabled: row.enabled,
            max_runs: row.max_runs,
            steps: meaning.outline.steps.len(),
            triggers: triggers(&meaning.triggers),
            created_at: time(row.created_at),
            updated_at: time(row.updated_at),
            updated_by: row.updated_by,
            recent: recent.into_iter().map(RunBrief::from).collect(),
            may: permissions.may,
            why_not: permissions.why_not,
        }
    }

    pub(super) fn with_text(self, text: String, meaning: &Meaning, diagnostics: Vec<Diagnostic>) -> PipelineView {
        let variable = |(name, value): &(String, Json)| VariableView { name: name.clone(), value: value.clone() };
        PipelineView {
            id: self.id,
            name: self.name,
            description: self.description,
            kind: self.kind,
            version: self.version,
            enabled: self.enabled,
            max_runs: self.max_runs,
            steps: self.steps,
            triggers: self.triggers,
            created_at: self.created_at,
            updated_at: self.updated_at,
            updated_by: self.updated_by,
            recent: self.recent,
            may: self.may,
            why_not: self.why_not,
            text,
            variables: meaning.variables.iter().map(variable).collect(),
            outline: meaning.outline.clone(),
            diagnostics,
        }
    }
}

impl From<RecentRun> for RunBrief {
    fn from(run: RecentRun) -> RunBrief {
        RunBrief {
            id: run.id,
            number: run.number,
            status: run.status,
            created_at: time(run.created_at),
            duration_ms: run.duration_ms,
        }
    }
}

impl From<Version> for VersionView {
    fn from(stored: Version) -> VersionView {
        let Version { version, note, created_at, created_by } = stored;
        VersionView { version, note, created_at: time(created_at), created_by }
    }
}

impl From<StoredText> for VersionText {
    fn from(stored: StoredText) -> VersionText {
        let Version { version, note, created_at, created_by } = stored.version;
        VersionText { version, note, created_at: time(created_at), created_by, text: stored.body }
    }
}

/// Each kind once, in the order of the text.
fn triggers(triggers: &[Trigger]) -> Vec<&'static str> {
    let mut words = Vec::new();
    for trigger in triggers {
        let word = match trigger {
            Trigger::Manual => "manual",
            Trigger::Api => "api",
            Trigger::Schedule { .. } => "schedule",
            Trigger::Webhook { .. } => "webhook",
        };
        if !words.contains(&word) {
            words.push(word);
        }
    }
    words
}

/// Milliseconds since 1970 as RFC 3339 in UTC.
pub(crate) fn time(ms: i64) -> String {
    Timestamp::from_millisecond(ms).unwrap_or_default().to_string()
}
