//! The facts of a run, in the order in which they became true. Stored as JSON: a border.
//!
//! Events record decisions, `apply` makes none: a retry is an event, not something that replay works out, so that
//! next year's rules cannot rewrite last year's runs. What was once written stays readable (golden files).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::plan::{Plan, StepIndex};
use crate::verdict::{Verdict, Waiting};

/// One fact, and when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// When it was decided.
    pub at: Timestamp,
    /// What.
    #[serde(flatten)]
    pub fact: Fact,
}

/// What happened to a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Fact {
    /// The run exists, and waits for its turn.
    RunCreated(Box<RunCreated>),
    /// It has its turn.
    RunStarted,
    /// People are asked before a step starts.
    ApprovalOpened {
        /// Which.
        step: StepIndex,
        /// Nobody decided until then: timed out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        deadline: Option<Timestamp>,
    },
    /// One of them said yes.
    Approved {
        /// To what.
        step: StepIndex,
        /// Who.
        by: String,
        /// How, such as `terminal` or `yes`.
        via: String,
        /// What they added.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<String>,
    },
    /// One of them said no.
    Rejected {
        /// To what.
        step: StepIndex,
        /// Who.
        by: String,
        /// What they added.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<String>,
    },
    /// The attempt is wanted from now on.
    AttemptStarted {
        /// Of which step.
        step: StepIndex,
        /// Its number, from 1.
        attempt: u32,
        /// It times out then.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        deadline: Option<Timestamp>,
    },
    /// The attempt is no longer wanted; its report is still owed.
    AttemptStopping {
        /// Of which step.
        step: StepIndex,
        /// Its number.
        attempt: u32,
        /// Why.
        reason: StopReason,
    },
    /// The attempt waits for something of a cluster.
    Noted {
        /// Of which step.
        step: StepIndex,
        /// Its number.
        attempt: u32,
        /// The number of the note among those of the attempt, rising.
        number: u32,
        /// What for.
        waiting: Waiting,
        /// The cluster is a simulated one.
        #[serde(default, skip_serializing_if = "is_false")]
        simulated: bool,
    },
    /// The waiting of an attempt is over, and why; its end follows at once.
    Judged {
        /// Of which step.
        step: StepIndex,
        /// Its number.
        attempt: u32,
        /// How it ended.
        verdict: Box<Verdict>,
        /// The cluster is a simulated one.
        #[serde(default, skip_serializing_if = "is_false")]
        simulated: bool,
    },
    /// The attempt is over.
    AttemptEnded {
        /// Of which step.
        step: StepIndex,
        /// Its number.
        attempt: u32,
        /// What came of it.
        report: Report,
    },
    /// The step will be tried again.
    RetryScheduled {
        /// Which.
        step: StepIndex,
        /// The number of the next attempt.
        attempt: u32,
        /// Not before.
        not_before: Timestamp,
    },
    /// The step has its last word.
    StepFinished(Box<StepFinished>),
    /// Somebody wants the run to end.
    CancelRequested {
        /// Who.
        by: String,
    },
    /// The run took too long.
    RunTimedOut,
    /// A parallel group took too long.
    GroupTimedOut {
        /// Index into the plan's groups.
        group: usize,
    },
    /// The run has its last word.
    RunFinished {
        /// Which.
        status: RunStatus,
        /// From its start, in milliseconds.
        duration_ms: u64,
    },
}

/// The first fact of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunCreated {
    /// The run's id.
    pub run: String,
    /// What it will do.
    pub plan: Plan,
    /// What is known of the world at its start.
    pub facts: RunFacts,
    /// Results taken over from an earlier run, for a retry from a step.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub carried: Vec<StepFinished>,
    /// Steps that were deselected, by index, with the reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deselected: Vec<(StepIndex, String)>,
    /// At most so many attempts at once; at least 1.
    pub concurrency: u32,
}

/// What is known of the world when a run starts.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct RunFacts {
    /// Number of this run among those of its pipeline, from 1.
    pub build_number: u64,
    /// What started it: `manual`, `api`, `webhook`, `schedule`, `retry`.
    pub trigger: String,
    /// Who started it.
    pub by: String,
    /// Absolute path of the directory that its steps work in.
    pub workspace: String,
    /// The workspace's git branch, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub git_branch: Option<String>,
    /// The workspace's git commit, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub git_commit: Option<String>,
    /// The repository that was pushed to, as an address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    /// The run that this one repeats.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_of: Option<String>,
}

/// Why an attempt is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopReason {
    /// Somebody cancelled the run.
    Cancelled,
    /// The attempt, its group or the run took too long.
    TimedOut,
    /// Its parallel group is decided without it.
    GroupDecided,
}

/// What came of an attempt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Report {
    /// It did its work.
    Succeeded(Gains),
    /// The user's work said no.
    Failed {
        /// Of the process, where there was one; 128 + n for signal n.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        exit_code: Option<i32>,
        /// One sentence.
        message: String,
    },
    /// AnsFlow or the world could not do it.
    Broken {
        /// One sentence.
        message: String,
    },
    /// It took too long.
    TimedOut,
    /// It was asked to stop, and did.
    Stopped,
    /// Its process was killed from outside; whether its work was done nobody knows.
    Lost {
        /// One sentence.
        message: String,
    },
}

/// How the waiting of an attempt ended, as the attempt tells it with its report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// How.
    pub verdict: Verdict,
    /// The cluster is a simulated one.
    #[serde(default, skip_serializing_if = "is_false")]
    pub simulated: bool,
}

/// What later steps may use of a step that succeeded.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Gains {
    /// Outputs by name, secrets masked.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub outputs: Map<String, Json>,
    /// Names of outputs that held a secret.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub masked: Vec<String>,
    /// Directory in which its shell ended, relative to the workspace; none: as it began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub directory: Option<String>,
    /// Commit of a git checkout.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub git_commit: Option<String>,
    /// Branch of a git checkout.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub git_branch: Option<String>,
}

/// The last word on a step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepFinished {
    /// Which.
    pub step: StepIndex,
    /// One of the ended statuses.
    pub status: StepStatus,
    /// Why it was skipped, failed or cancelled: one sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// Exit code of its last attempt's process.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<i32>,
    /// From its first attempt's start, in milliseconds; 0 for a step that never started.
    #[serde(default)]
    pub duration_ms: u64,
    /// What later steps may use.
    #[serde(default)]
    pub gains: Gains,
}

/// Where a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepStatus {
    /// Its turn has not come.
    Pending,
    /// People are asked.
    Waiting,
    /// An attempt runs.
    Running,
    /// It waits to be tried again.
    Retrying,
    /// Ended well.
    Success,
    /// Ended badly.
    Failed,
    /// Was not needed, or not allowed.
    Skipped,
    /// Was called off.
    Cancelled,
    /// Took too long.
    TimedOut,
}

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunStatus {
    /// Its turn has not come.
    Queued,
    /// Something runs, or will.
    Running,
    /// Nothing runs, and people are asked.
    Waiting,
    /// Ended well.
    Success,
    /// Ended badly.
    Failed,
    /// Was called off.
    Cancelled,
    /// Took too long.
    TimedOut,
}

/// What a flag that is not set is written as: nothing.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
fn is_false(flag: &bool) -> bool {
    !*flag
}

impl StepStatus {
    /// The word of the JSON output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            StepStatus::Pending => "pending",
            StepStatus::Waiting => "waiting",
            StepStatus::Running => "running",
            StepStatus::Retrying => "retrying",
            StepStatus::Success => "success",
            StepStatus::Failed => "failed",
            StepStatus::Skipped => "skipped",
            StepStatus::Cancelled => "cancelled",
            StepStatus::TimedOut => "timed_out",
        }
    }
}

impl RunStatus {
    /// The word of the JSON output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            RunStatus::Queued => "queued",
            RunStatus::Running => "running",
            RunStatus::Waiting => "waiting",
            RunStatus::Success => "success",
            RunStatus::Failed => "failed",
            RunStatus::Cancelled => "cancelled",
            RunStatus::TimedOut => "timed_out",
        }
    }
}
