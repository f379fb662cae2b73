//! A run and its steps, as the API shows them.

use std::collections::BTreeMap;

use ansflow_core::run::event::{RunStatus, StepStatus};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value as Json};
use utoipa::ToSchema;

use crate::api::pipelines::PipelineRef;
use crate::api::words;

use super::waiting::{VerdictView, WaitingView};

/// What lists show of a run.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct RunSummary {
    pub(crate) id: String,
    /// Among the runs of its pipeline, from 1.
    pub(crate) number: u64,
    /// By the name that it had when the run was made.
    pub(crate) pipeline: PipelineRef,
    #[schema(value_type = words::RunStatus)]
    pub(crate) status: RunStatus,
    /// `manual`, `api`, `webhook`, `schedule`, `retry`.
    pub(crate) trigger: String,
    pub(crate) by: String,
    #[schema(required)]
    pub(crate) branch: Option<String>,
    #[schema(required)]
    pub(crate) commit: Option<String>,
    /// Of the pipeline's text.
    #[schema(required)]
    pub(crate) version: Option<u64>,
    /// The run that it repeats.
    #[schema(required)]
    pub(crate) retry_of: Option<String>,
    pub(crate) created_at: String,
    #[schema(required)]
    pub(crate) started_at: Option<String>,
    #[schema(required)]
    pub(crate) finished_at: Option<String>,
    /// From its start to its end.
    #[schema(required)]
    pub(crate) duration_ms: Option<u64>,
    /// What who asks may do: `cancel`, `retry`, `retry_failed`, `delete`.
    pub(crate) may: Vec<&'static str>,
    /// Why not the others.
    pub(crate) why_not: BTreeMap<&'static str, String>,
}

/// A run with its steps.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct RunView {
    #[serde(flatten)]
    pub(crate) summary: RunSummary,
    /// Number of its last event; the `ETag` too.
    pub(crate) seq: u64,
    #[schema(value_type = std::collections::HashMap<String, Json>)]
    pub(crate) variables: Map<String, Json>,
    pub(crate) steps: Vec<StepView>,
    /// Place in the queue, from 1, while it is queued.
    #[schema(required)]
    pub(crate) queue_position: Option<u64>,
    /// Whether the directory that it worked in is still there.
    pub(crate) workspace_kept: bool,
}

/// A step of a run.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct StepView {
    /// Its place in the plan, from 0.
    pub(crate) index: usize,
    pub(crate) name: String,
    pub(crate) r#type: String,
    /// Its id.
    pub(crate) step_run: String,
    #[schema(required)]
    pub(crate) stage: Option<String>,
    #[schema(required)]
    pub(crate) group: Option<String>,
    /// Indices of the steps that it follows.
    pub(crate) needs: Vec<usize>,
    #[schema(value_type = words::StepStatus)]
    pub(crate) status: StepStatus,
    pub(crate) attempts: Vec<AttemptView>,
    /// Its conditions, as people read them.
    #[schema(required)]
    pub(crate) when: Option<String>,
    #[schema(required)]
    pub(crate) started_at: Option<String>,
    #[schema(required)]
    pub(crate) finished_at: Option<String>,
    #[schema(required)]
    pub(crate) duration_ms: Option<u64>,
    #[schema(required)]
    pub(crate) exit_code: Option<i32>,
    /// Why it was skipped, failed or cancelled.
    #[schema(required)]
    pub(crate) why: Option<String>,
    #[schema(value_type = std::collections::HashMap<String, Json>)]
    pub(crate) outputs: Map<String, Json>,
    /// Names of outputs that held a secret.
    pub(crate) masked_outputs: Vec<String>,
    #[schema(required)]
    pub(crate) approval: Option<ApprovalView>,
    /// How many it left behind.
    pub(crate) artifacts: u64,
    pub(crate) continue_on_failure: bool,
    /// What it waits for on its cluster, while it does.
    #[schema(required)]
    pub(crate) waiting: Option<WaitingView>,
    /// How its last waiting on a cluster ended.
    #[schema(required)]
    pub(crate) verdict: Option<VerdictView>,
    /// What who asks may do: `retry` (from here), `approve`, `reject`.
    pub(crate) may: Vec<&'static str>,
    /// Why not the others.
    pub(crate) why_not: BTreeMap<&'static str, String>,
}

/// One try of a step.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct AttemptView {
    /// From 1.
    pub(crate) number: u32,
    pub(crate) started_at: String,
    #[schema(required)]
    pub(crate) ended_at: Option<String>,
    #[schema(required, value_type = Option<words::AttemptOutcome>)]
    pub(crate) outcome: Option<&'static str>,
    #[schema(required)]
    pub(crate) message: Option<String>,
    /// When the next one may start.
    #[schema(required)]
    pub(crate) retry_at: Option<String>,
}

/// People who are asked before a step starts.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ApprovalView {
    /// Empty: anybody who may run the pipeline.
    pub(crate) approvers: Vec<String>,
    pub(crate) required: u32,
    #[schema(required)]
    pub(crate) message: Option<String>,
    /// When they were asked.
    #[schema(required)]
    pub(crate) opened_at: Option<String>,
    /// Until when they can answer.
    #[schema(required)]
    pub(crate) deadline: Option<String>,
    pub(crate) decisions: Vec<DecisionView>,
}

/// What one of them said.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct DecisionView {
    pub(crate) by: String,
    pub(crate) at: String,
    pub(crate) approved: bool,
    #[schema(required)]
    pub(crate) comment: Option<String>,
    /// `web`, `api`.
    #[schema(required)]
    pub(crate) via: Option<String>,
}

/// A stored time, as the API writes times.
pub(crate) fn time(ms: i64) -> String {
    Timestamp::from_millisecond(ms).unwrap_or_default().to_string()
}
