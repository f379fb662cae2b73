//! What each fact changes. A setter for every event: nothing here decides anything, so that next year's rules cannot
//! rewrite last year's runs.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::event::{Event, Fact, Report, RunCreated, StepFinished, StepStatus, StopReason};
use super::frame::Frame;
use super::inherit::Sources;
use super::state::{Alarm, Asked, Ending, GroupOutcome, GroupState, Live, Phase, StepState, Stop, Yes};
use super::{Attempt, Run};
use crate::plan::{GroupPolicy, StepIndex};

/// Ways of approving that only the person at the machine has: approvers are not checked, and one yes is enough.
const AT_THE_MACHINE: [&str; 2] = ["yes", "terminal"];

/// Whether an approval came from the person at the machine. A server must let nobody say so from afar.
pub(super) fn is_at_the_machine(via: &str) -> bool {
    AT_THE_MACHINE.contains(&via)
}

/// So many milliseconds later; the end of time where that is later still.
pub(super) fn later(at: Timestamp, ms: u64) -> Timestamp {
    let wait = SignedDuration::from_millis(i64::try_from(ms).unwrap_or(i64::MAX));
    at.checked_add(wait).unwrap_or(Timestamp::MAX)
}

impl Run {
    /// Takes over one fact. It must be possible now: `decide` makes only such facts, `replay` checks them.
    pub(super) fn apply(&mut self, event: &Event) {
        self.seq += 1;
        let at = event.at;
        match &event.fact {
            Fact::RunCreated(_) => {} // `become_created` did it: the frame was made when the fact was checked
            Fact::RunStarted => self.set_started(at),
            Fact::ApprovalOpened { step, deadline } => self.set_asked(*step, *deadline),
            Fact::Approved { step, by, via, comment } => {
                let yes = Yes { by: by.clone(), at, comment: comment.clone() };
                self.set_approved(*step, yes, is_at_the_machine(via));
            }
            Fact::Rejected { step, by, comment } => {
                if let Phase::Waiting(asked) = &mut self.steps[*step].phase {
                    asked.no = Some((by.clone(), comment.clone()));
                }
                self.queue.fresh.insert(*step);
            }
            Fact::AttemptStarted { step, attempt, deadline } => {
                self.set_live(Attempt { step: *step, number: *attempt }, *deadline, at);
            }
            Fact::AttemptStopping { step, attempt, reason } => {
                self.set_stopping(Attempt { step: *step, number: *attempt }, *reason, at);
            }
            Fact::Noted { step, number, .. } => {
                if let Phase::Live(live) = &mut self.steps[*step].phase {
                    live.noted = *number;
                }
            }
            Fact::Judged { .. } => {} // it is for people; what follows is decided by the report
            Fact::AttemptEnded { step, attempt, report } => {
                self.set_over(Attempt { step: *step, number: *attempt }, report);
            }
            Fact::RetryScheduled { step, not_before, .. } => {
                self.steps[*step].phase = Phase::Retrying { not_before: *not_before };
                self.queue.remove(*step);
                self.retries.insert((*not_before, *step));
            }
            Fact::StepFinished(finished) => self.set_finished(finished),
            Fact::CancelRequested { by } => self.set_ending(Ending::Cancelled { by: by.clone() }),
            Fact::RunTimedOut => self.set_ending(Ending::TimedOut),
            Fact::GroupTimedOut { group } => self.set_group_outcome(*group, GroupOutcome::TimedOut),
            Fact::RunFinished { status, .. } => {
                self.ended = Some(*status);
                self.alarms.clear();
            }
        }
    }

    /// The state of a run whose first fact was checked.
    pub(super) fn become_created(&mut self, frame: Frame) {
        let frame = Arc::new(frame);
        self.frame = Arc::clone(&frame);
        let RunCreated { plan, carried, .. } = &frame.created;
        self.steps = plan.steps.iter().map(|step| pending(step.needs.len())).collect();
        self.groups = frame.members.iter().map(|members| undecided(members)).collect();
        self.idle = (0..plan.steps.len()).collect();
        for i in 0..plan.steps.len() {
            if self.steps[i].unmet == 0 {
                self.arrive(i);
                self.queue.fresh.insert(i);
            }
        }
        let mut carried: Vec<&StepFinished> = carried.iter().collect();
        carried.sort_by_key(|result| frame.rank[result.step]);
        for result in carried {
            self.set_finished(result);
        }
    }

    fn set_started(&mut self, at: Timestamp) {
        self.started_at = Some(at);
        if let Some(ms) = self.plan().timeout_ms {
            self.alarms.insert((later(at, ms), Alarm::Run));
        }
    }

    fn set_asked(&mut self, i: StepIndex, deadline: Option<Timestamp>) {
        self.steps[i].phase = Phase::Waiting(Asked { deadline, yes: Vec::new(), no: None });
        self.queue.remove(i);
        self.asked.insert(i);
        self.alarms.extend(deadline.map(|at| (at, Alarm::Approval(i))));
    }

    fn set_approved(&mut self, i: StepIndex, yes: Yes, is_enough: bool) {
        let required = self.plan().steps[i].approval.as_ref().map_or(1, |approval| approval.required as usize);
        let Phase::Waiting(asked) = &mut self.steps[i].phase else { return };
        asked.yes.push(yes);
        if is_enough || asked.yes.len() >= required {
            self.stop_asking(i);
            self.steps[i].phase = Phase::Approved;
            self.queue.fresh.insert(i);
        }
    }

    fn stop_asking(&mut self, i: StepIndex) {
        self.asked.remove(&i);
        if let Some(at) = self.steps[i].asked().and_then(|asked| asked.deadline) {
            self.alarms.remove(&(at, Alarm::Approval(i)));
        }
    }

    fn set_live(&mut self, attempt: Attempt, deadline: Option<Timestamp>, at: Timestamp) {
        let i = attempt.step;
        self.leave_phase(i);
        let step = &mut self.steps[i];
        step.attempts = attempt.number;
        step.started_at.get_or_insert(at);
        step.phase = Phase::Live(Live { attempt, deadline, stop: None, noted: 0 });
        self.idle.remove(&i);
        self.wanted.insert(attempt);
        self.alarms.extend(deadline.map(|at| (at, Alarm::Attempt(attempt))));
        if let Some(group) = self.plan().steps[i].group {
            self.start_group_clock(group, at);
        }
    }

    fn start_group_clock(&mut self, group: usize, at: Timestamp) {
        let timeout = self.plan().groups[group].timeout_ms;
        let state = &mut self.groups[group];
        if let (Some(ms), None, None) = (timeout, state.deadline, state.outcome) {
            let deadline = later(at, ms);
            state.deadline = Some(deadline);
            self.alarms.insert((deadline, Alarm::Group(group)));
        }
    }

    fn set_stopping(&mut self, attempt: Attempt, reason: StopReason, at: Timestamp) {
        self.stop_attempt_clock(attempt);
        if let Phase::Live(live) = &mut self.steps[attempt.step].phase {
            let own = reason == StopReason::TimedOut && live.deadline.is_some_and(|deadline| deadline <= at);
            live.stop = Some(Stop { reason, own });
        }
        self.wanted.remove(&attempt);
        self.stopping.insert(attempt, reason);
        self.set_callable(attempt.step, false);
    }

    fn set_over(&mut self, attempt: Attempt, report: &Report) {
        let i = attempt.step;
        self.stop_attempt_clock(attempt);
        if let Phase::Live(live) = &self.steps[i].phase {
            let live = live.clone();
            self.steps[i].phase = Phase::Over { live, report: report.clone() };
        }
        self.wanted.remove(&attempt);
        self.stopping.remove(&attempt);
        self.idle.insert(i);
        self.queue.fresh.insert(i);
        self.set_callable(i, true);
    }

    fn stop_attempt_clock(&mut self, attempt: Attempt) {
        if let Some(at) = self.steps[attempt.step].live().and_then(|live| live.deadline) {
            self.alarms.remove(&(at, Alarm::Attempt(attempt)));
        }
    }

    fn set_finished(&mut self, finished: &StepFinished) {
        let i = finished.step;
        self.cut_off |= self.is_cut_off(finished);
        self.leave_phase(i);
        self.idle.remove(&i);
        self.steps[i].phase = Phase::Finished(Box::new(finished.clone()));
        self.set_member_finished(i, finished.status);
        self.set_passes(i, finished.status);
        let frame = Arc::clone(&self.frame);
        for &follower in &frame.followers[i] {
            self.steps[follower].unmet -= 1;
            if self.steps[follower].unmet == 0 && self.steps[follower].finished().is_none() {
                self.arrive(follower);
                self.queue.fresh.insert(follower);
            }
        }
    }

    /// Whether this last word is there because somebody cancelled the run.
    fn is_cut_off(&self, finished: &StepFinished) -> bool {
        let stop = match &self.steps[finished.step].phase {
            Phase::Over { live, .. } => live.stop.map(|stop| stop.reason),
            Phase::Pending | Phase::Waiting(_) | Phase::Approved => None,
            Phase::Live(_) | Phase::Retrying { .. } | Phase::Finished(_) => None,
        };
        finished.status == StepStatus::Cancelled
            && matches!(self.ending, Some(Ending::Cancelled { .. }))
            && stop != Some(StopReason::GroupDecided)
    }

    /// What follows a step feels of it; and the run, where the failure is the step's own.
    fn set_passes(&mut self, i: StepIndex, status: StepStatus) {
        let step = &self.plan().steps[i];
        let came = self.steps[i].came;
        let outcome = step.group.and_then(|group| self.groups[group].outcome);
        let cause = match (status, outcome) {
            _ if step.continue_on_failure => None,
            (StepStatus::Failed | StepStatus::TimedOut, _) => Some(i),
            (StepStatus::Cancelled, Some(GroupOutcome::Lost(by))) => Some(by),
            (StepStatus::Cancelled, Some(GroupOutcome::Won(_))) => None,
            (StepStatus::Cancelled, Some(GroupOutcome::TimedOut) | None) => Some(i),
            (StepStatus::Success | StepStatus::Skipped, _) => None,
            (StepStatus::Pending | StepStatus::Waiting | StepStatus::Running | StepStatus::Retrying, _) => None,
        };
        let is_deselected = status == StepStatus::Skipped && self.frame.deselected.contains_key(&i);
        self.steps[i].passes = if is_deselected { None } else { came.or(cause) };
        if cause == Some(i) {
            self.failures.push(i);
        }
    }

    fn set_member_finished(&mut self, i: StepIndex, status: StepStatus) {
        let step = &self.plan().steps[i];
        let Some(group) = step.group else { return };
        let is_failure = matches!(status, StepStatus::Failed | StepStatus::TimedOut) && !step.continue_on_failure;
        let outcome = match self.plan().groups[group].policy {
            GroupPolicy::WaitAny if status == StepStatus::Success => Some(GroupOutcome::Won(i)),
            GroupPolicy::FailFast if is_failure => Some(GroupOutcome::Lost(i)),
            GroupPolicy::WaitAny | GroupPolicy::FailFast | GroupPolicy::WaitAll => None,
        };
        self.groups[group].unfinished -= 1;
        self.set_callable(i, false);
        if let Some(outcome) = outcome {
            self.set_group_outcome(group, outcome);
        }
        if self.groups[group].unfinished == 0 {
            self.stop_group_clock(group);
        }
    }

    fn set_group_outcome(&mut self, group: usize, outcome: GroupOutcome) {
        self.groups[group].outcome.get_or_insert(outcome);
        self.stop_group_clock(group);
        self.note_calling(group);
    }

    fn stop_group_clock(&mut self, group: usize) {
        if let Some(at) = self.groups[group].deadline {
            self.alarms.remove(&(at, Alarm::Group(group)));
        }
    }

    fn set_callable(&mut self, i: StepIndex, is_callable: bool) {
        let Some(group) = self.plan().steps[i].group else { return };
        let callable = &mut self.groups[group].callable;
        if is_callable {
            callable.insert(i)
        } else {
            callable.remove(&i)
        };
        self.note_calling(group);
    }

    fn note_calling(&mut self, group: usize) {
        let state = &self.groups[group];
        let is_calling = state.outcome.is_some() && !state.callable.is_empty();
        if is_calling {
            self.calling.insert(group)
        } else {
            self.calling.remove(&group)
        };
    }

    fn set_ending(&mut self, ending: Ending) {
        self.ending = Some(ending);
        self.alarms.retain(|(_, alarm)| *alarm != Alarm::Run);
    }

    /// Takes a step off the indices of the phase it is in.
    fn leave_phase(&mut self, i: StepIndex) {
        self.queue.remove(i);
        self.stop_asking(i);
        if let Phase::Retrying { not_before } = self.steps[i].phase {
            self.retries.remove(&(not_before, i));
        }
    }
}

fn pending(unmet: usize) -> StepState {
    StepState {
        phase: Phase::Pending,
        attempts: 0,
        started_at: None,
        unmet,
        came: None,
        passes: None,
        directory: None,
        sources: Sources::default(),
    }
}

fn undecided(members: &[StepIndex]) -> GroupState {
    GroupState { outcome: None, deadline: None, callable: members.iter().copied().collect(), unfinished: members.len() }
}
