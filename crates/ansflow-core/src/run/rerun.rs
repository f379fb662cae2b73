//! Once more: what a new run takes over from one that has ended.

use std::collections::BTreeSet;

use super::event::{StepFinished, StepStatus};
use super::{Refusal, Run};
use crate::plan::StepIndex;

/// From where a run is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryFrom {
    /// Everything again.
    All,
    /// This step and what follows it; and whatever did not end well, with what follows that.
    Step(StepIndex),
    /// Whatever did not end well, and what follows it.
    Failed,
}

/// What a new run takes over: the parts of its first fact that a retry decides.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rerun {
    /// Results that stand.
    pub carried: Vec<StepFinished>,
    /// Steps that stay deselected.
    pub deselected: Vec<(StepIndex, String)>,
}

/// What a new run of the same plan takes over from `run`, so that the rest runs again.
///
/// A failure that the plan allows, by `continue_on_failure` or because one success was enough for its group, is a
/// result like any other and stands, unless its step is chosen or follows one that runs again.
///
/// # Errors
/// When the run has not ended, the step does not exist, or nothing has failed.
pub fn retry(run: &Run, from: RetryFrom) -> Result<Rerun, Refusal> {
    if run.seq() == 0 {
        return Err(Refusal::NotCreated);
    }
    if !run.is_ended() {
        return Err(Refusal::NotEnded(run.status()));
    }
    let again = match from {
        RetryFrom::All => (0..run.steps.len()).collect(),
        RetryFrom::Step(i) if i >= run.steps.len() => return Err(Refusal::UnknownStep(i)),
        RetryFrom::Step(i) => followers_of(run, not_well(run).chain([i])),
        RetryFrom::Failed => followers_of(run, not_well(run)),
    };
    if again.is_empty() && !run.steps.is_empty() {
        return Err(Refusal::NothingFailed);
    }
    let carried = (0..run.steps.len()).filter(|i| !again.contains(i)).filter_map(|i| run.steps[i].finished().cloned());
    let stays = |i: &StepIndex| again.contains(i) && from != RetryFrom::Step(*i);
    let deselected = run.created().deselected.iter().filter(|(i, _)| stays(i)).cloned();
    Ok(Rerun { carried: carried.collect(), deselected: deselected.collect() })
}

/// Steps whose result does not stand.
fn not_well(run: &Run) -> impl Iterator<Item = StepIndex> {
    (0..run.steps.len()).filter(|&i| {
        let is_allowed = run.plan().steps[i].continue_on_failure || run.is_in_won_group(i);
        match run.steps[i].status() {
            StepStatus::Success | StepStatus::Skipped => false,
            StepStatus::Failed | StepStatus::TimedOut => !is_allowed,
            StepStatus::Cancelled => !run.is_in_won_group(i),
            StepStatus::Pending | StepStatus::Waiting | StepStatus::Running | StepStatus::Retrying => true,
        }
    })
}

/// These steps and all that follow them.
fn followers_of(run: &Run, steps: impl Iterator<Item = StepIndex>) -> BTreeSet<StepIndex> {
    let mut open: Vec<StepIndex> = steps.collect();
    let mut found: BTreeSet<StepIndex> = open.iter().copied().collect();
    while let Some(i) = open.pop() {
        open.extend(run.frame.followers[i].iter().copied().filter(|&follower| found.insert(follower)));
    }
    found
}
