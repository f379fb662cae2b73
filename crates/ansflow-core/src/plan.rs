//! What a run will do, frozen when it is created: every step in the order of the file, its needs as indices.
//!
//! A plan is stored in the run's first event, so its types are a border: they are serialised, and what was once
//! written stays readable. Texts that hold `{{ }}` stay texts; they are resolved when their step starts.

pub mod select;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

/// The place of a step in its plan, from 0.
pub type StepIndex = usize;

/// What a run will do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Name of the pipeline.
    pub pipeline: String,
    /// Where its steps do their work.
    #[serde(default, rename = "type", skip_serializing_if = "PipelineKind::is_local")]
    pub kind: PipelineKind,
    /// The pipeline's variables with what `--var` or the trigger changed and added: data, never looked at for `{{ }}`.
    pub variables: Map<String, Json>,
    /// Variables of the file whose values wait for the run, such as `v{{ build_number }}`; never a name of `variables`,
    /// and never a value that came from outside the file.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub late: Map<String, Json>,
    /// Environment of every step, texts with `{{ }}`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub env: Vec<(String, String)>,
    /// The run ends as timed out after so many milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<u64>,
    /// Parallel groups that steps refer to by index.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<PlannedGroup>,
    /// The steps, in the order in which they are shown. Needs point backwards or forwards, never in a circle.
    pub steps: Vec<PlannedStep>,
}

/// Where the steps of a pipeline do their work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PipelineKind {
    /// On the machine that runs AnsFlow.
    #[default]
    Local,
    /// On another machine.
    Remote,
    /// In Docker containers.
    Docker,
    /// In Kubernetes jobs.
    Kubernetes,
    /// Each step where its type belongs.
    Hybrid,
}

impl PipelineKind {
    /// All of them, in the order in which they are offered.
    pub const ALL: [PipelineKind; 5] = [
        PipelineKind::Local,
        PipelineKind::Remote,
        PipelineKind::Docker,
        PipelineKind::Kubernetes,
        PipelineKind::Hybrid,
    ];

    /// The word of the pipeline file.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            PipelineKind::Local => "local",
            PipelineKind::Remote => "remote",
            PipelineKind::Docker => "docker",
            PipelineKind::Kubernetes => "kubernetes",
            PipelineKind::Hybrid => "hybrid",
        }
    }

    fn is_local(&self) -> bool {
        *self == PipelineKind::Local
    }
}

/// Steps that run together, and when the others are called off.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedGroup {
    /// Its name in the file.
    pub name: String,
    /// What ends it.
    pub policy: GroupPolicy,
    /// Members that still run after so many milliseconds from the group's first start time out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<u64>,
}

/// When a parallel group has ended, and well or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupPolicy {
    /// All members run to their end; one failure fails the group.
    #[default]
    WaitAll,
    /// The first success ends the group well and cancels the others; it fails when all have failed.
    WaitAny,
    /// The first failure cancels the others.
    FailFast,
}

/// One step of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedStep {
    /// Its name, unique in the pipeline.
    pub name: String,
    /// The canonical word of the step catalogue, such as `command`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The stage it stands in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// Steps that end before this one starts, ascending, no repeats.
    pub needs: Vec<StepIndex>,
    /// Index into the plan's groups.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<usize>,
    /// All must hold, else the step is skipped. Without `on_failure` and `always`, success so far is asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
    /// How often it is tried.
    #[serde(default)]
    pub retry: Retry,
    /// An attempt times out after so many milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<u64>,
    /// People who are asked before it starts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<Approval>,
    /// Its failure does not fail the run, nor what follows.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub continue_on_failure: bool,
    /// Environment of this step, texts with `{{ }}`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub env: Vec<(String, String)>,
    /// Directory it works in, relative to the workspace, a text with `{{ }}`; none: where the steps before it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub working_directory: Option<String>,
    /// Files that are kept when it has succeeded, as globs below its directory.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub artifacts: Vec<String>,
    /// Paths that are kept from run to run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cache: Vec<Cache>,
    /// Parameters by canonical name, validated by the catalogue, texts with `{{ }}` unresolved.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub params: Map<String, Json>,
}

/// Paths that are kept from run to run under a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cache {
    /// What they are kept under, a text with `{{ }}`.
    pub key: String,
    /// Which, as globs below the step's directory.
    pub paths: Vec<String>,
}

/// A condition on a step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", content = "value", rename_all = "snake_case")]
pub enum Condition {
    /// The run's git branch is this.
    BranchEquals(String),
    /// The run's git branch matches this glob.
    BranchMatches(String),
    /// The variable `environment` is this.
    EnvironmentEquals(String),
    /// This expression is true.
    Expression(String),
    /// Nothing that this step follows has failed.
    OnSuccess,
    /// Something that this step follows has failed.
    OnFailure,
    /// Whatever happened.
    Always,
}

/// How often a step is tried, and how long we wait in between.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retry {
    /// All tries, the first included; at least 1.
    pub attempts: u32,
    /// Wait before the second try, in milliseconds.
    #[serde(default)]
    pub delay_ms: u64,
    /// How the wait grows.
    #[serde(default)]
    pub backoff: Backoff,
    /// No wait is longer, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_delay_ms: Option<u64>,
    /// What is tried again.
    #[serde(default = "Retry::default_on")]
    pub on: Vec<RetryOn>,
}

impl Retry {
    /// What is tried again where the file does not say: everything but a lost attempt, which may have done its work.
    #[must_use]
    pub fn default_on() -> Vec<RetryOn> {
        vec![RetryOn::Failed, RetryOn::TimedOut, RetryOn::Broken]
    }
}

impl Default for Retry {
    fn default() -> Self {
        Self { attempts: 1, delay_ms: 0, backoff: Backoff::Fixed, max_delay_ms: None, on: Self::default_on() }
    }
}

/// How the wait between tries grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Backoff {
    /// Always `delay`.
    #[default]
    Fixed,
    /// `delay`, twice it, three times it …
    Linear,
    /// `delay`, twice it, four times it …
    Exponential,
}

/// What ended an attempt that may be tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RetryOn {
    /// The user's work said no.
    Failed,
    /// It took too long.
    TimedOut,
    /// Its process was killed from outside.
    Lost,
    /// AnsFlow or the world could not do it.
    Broken,
}

/// People who are asked before a step starts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Who may say yes; empty: anybody who may run the pipeline.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approvers: Vec<String>,
    /// How many of them, at least 1.
    pub required: u32,
    /// The step times out when nobody has decided after so many milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<u64>,
    /// What they are told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}
