//! Why a step did not end well: one sentence each, as a person reads it.

use super::Run;
use super::consequence::CalledOff;
use super::event::StepStatus;
use super::state::Ending;
use crate::duration;
use crate::plan::{Plan, StepIndex};

impl Run {
    /// Why a step was called off.
    pub(super) fn why_called_off(&self, off: CalledOff) -> String {
        let group_of = |i: StepIndex| self.plan().steps[i].group.map_or("", |group| &self.plan().groups[group].name);
        match off {
            CalledOff::Cancelled => match &self.ending {
                Some(Ending::Cancelled { by }) => format!("cancelled by {by}"),
                Some(Ending::TimedOut) | None => "cancelled".to_owned(),
            },
            CalledOff::RunTimedOut => format!("the run took longer than {}", limit(self.plan().timeout_ms)),
            CalledOff::GroupWon(by) => format!("`{}` of group `{}` has succeeded", self.name(by), group_of(by)),
            CalledOff::GroupLost(by) => format!("`{}` of group `{}` has failed", self.name(by), group_of(by)),
            CalledOff::GroupTimedOut(group) => {
                let group = &self.plan().groups[group];
                format!("group `{}` took longer than {}", group.name, limit(group.timeout_ms))
            }
        }
    }

    /// What a step did that keeps others from starting.
    pub(super) fn why_failed(&self, i: StepIndex) -> String {
        let did = match self.steps[i].status() {
            StepStatus::TimedOut => "timed out",
            StepStatus::Cancelled => "was cancelled",
            StepStatus::Failed
            | StepStatus::Success
            | StepStatus::Skipped
            | StepStatus::Pending
            | StepStatus::Waiting
            | StepStatus::Running
            | StepStatus::Retrying => "failed",
        };
        format!("step `{}` {did}", self.name(i))
    }
}

/// Somebody said no.
pub(super) fn rejected(by: &str, comment: Option<&str>) -> String {
    match comment {
        Some(comment) => format!("rejected by {by}: {comment}"),
        None => format!("rejected by {by}"),
    }
}

/// Nobody said anything.
pub(super) fn nobody_approved(plan: &Plan, i: StepIndex) -> String {
    let timeout = plan.steps[i].approval.as_ref().and_then(|approval| approval.timeout_ms);
    format!("not approved within {}", limit(timeout))
}

/// An attempt was too slow.
pub(super) fn took_too_long(plan: &Plan, i: StepIndex) -> String {
    match plan.steps[i].timeout_ms {
        Some(_) => format!("it took longer than {}", limit(plan.steps[i].timeout_ms)),
        None => "it took too long".to_owned(),
    }
}

fn limit(ms: Option<u64>) -> String {
    ms.map_or_else(|| "allowed".to_owned(), duration::print)
}
