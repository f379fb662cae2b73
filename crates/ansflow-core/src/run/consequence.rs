//! The rules of a run: what follows from where it stands. One fact at a time, from the state alone, so that a run that
//! was interrupted between any two facts goes on with the one that was missing.

use jiff::Timestamp;

use super::apply::later;
use super::condition::Verdict;
use super::event::{Fact, Gains, RunStatus, StepFinished, StepStatus, StopReason};
use super::frame::APPROVAL;
use super::state::{Alarm, Asked, Ending, GroupOutcome, Phase};
use super::{Attempt, Run, why};
use crate::plan::StepIndex;

/// Why a step or an attempt is called off before its own end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum CalledOff {
    Cancelled,
    RunTimedOut,
    /// One success was enough for the group.
    GroupWon(StepIndex),
    /// One failure was enough for the group.
    GroupLost(StepIndex),
    GroupTimedOut(usize),
}

impl Run {
    /// The next fact, if the state asks for one. What was looked at and asks for nothing is not looked at again.
    pub(super) fn consequence(&mut self, now: Timestamp) -> Option<Fact> {
        if self.seq == 0 || self.ended.is_some() || (self.started_at.is_none() && self.ending.is_none()) {
            return None;
        }
        while let Some(&i) = self.queue.fresh.first() {
            if let Some(fact) = self.news_of(i, now) {
                return Some(fact);
            }
            self.queue.fresh.remove(&i);
        }
        self.next_called_off(now)
            .or_else(|| self.next_alarm(now))
            .or_else(|| self.next_start(now))
            .or_else(|| self.end(now))
    }

    /// Why a step that has not ended should not go on.
    pub(super) fn called_off(&self, i: StepIndex) -> Option<CalledOff> {
        match self.ending {
            Some(Ending::Cancelled { .. }) => return Some(CalledOff::Cancelled),
            Some(Ending::TimedOut) => return Some(CalledOff::RunTimedOut),
            None => {}
        }
        let group = self.plan().steps[i].group?;
        match self.groups[group].outcome? {
            GroupOutcome::Won(by) => Some(CalledOff::GroupWon(by)),
            GroupOutcome::Lost(by) => Some(CalledOff::GroupLost(by)),
            GroupOutcome::TimedOut => Some(CalledOff::GroupTimedOut(group)),
        }
    }

    /// What follows for a step for which something has changed.
    fn news_of(&mut self, i: StepIndex, now: Timestamp) -> Option<Fact> {
        let step = &self.steps[i];
        match &step.phase {
            Phase::Over { live, report } => return Some(self.after_attempt(live, report, now)),
            Phase::Waiting(Asked { no: Some((by, comment)), .. }) => {
                return Some(self.finish(i, StepStatus::Failed, Some(why::rejected(by, comment.as_deref())), now));
            }
            Phase::Pending | Phase::Approved => {}
            Phase::Waiting(_) | Phase::Live(_) | Phase::Retrying { .. } | Phase::Finished(_) => return None,
        }
        if self.called_off(i).is_some() {
            return None; // `next_called_off` sees to it
        }
        if step.phase == Phase::Pending {
            return self.news_of_pending(i, now);
        }
        if self.plan().steps[i].kind == APPROVAL {
            return Some(self.finish(i, StepStatus::Success, None, now));
        }
        self.queue.ready.insert(i);
        None
    }

    fn news_of_pending(&mut self, i: StepIndex, now: Timestamp) -> Option<Fact> {
        match self.verdict(i) {
            Verdict::Skip(why) => Some(self.finish(i, StepStatus::Skipped, Some(why), now)),
            Verdict::Broken(why) => Some(self.finish(i, StepStatus::Failed, Some(why), now)),
            Verdict::Holds => match &self.plan().steps[i].approval {
                Some(approval) => {
                    Some(Fact::ApprovalOpened { step: i, deadline: approval.timeout_ms.map(|ms| later(now, ms)) })
                }
                None => {
                    self.queue.ready.insert(i);
                    None
                }
            },
        }
    }

    /// What must not go on any longer, one by one.
    fn next_called_off(&self, now: Timestamp) -> Option<Fact> {
        if self.ending.is_some() {
            if let Some(attempt) = self.wanted.first() {
                return Some(self.stop(*attempt));
            }
            return self.idle.first().map(|&i| self.call_off(i, now));
        }
        let group = *self.calling.first()?;
        self.groups[group].callable.first().map(|&i| self.call_off(i, now))
    }

    fn call_off(&self, i: StepIndex, now: Timestamp) -> Fact {
        match (self.steps[i].live(), self.called_off(i)) {
            (Some(live), _) => self.stop(live.attempt),
            (None, off) => self.finish_called_off(i, off.unwrap_or(CalledOff::Cancelled), now),
        }
    }

    fn stop(&self, attempt: Attempt) -> Fact {
        let reason = match self.called_off(attempt.step) {
            Some(CalledOff::Cancelled) => StopReason::Cancelled,
            Some(CalledOff::GroupWon(_) | CalledOff::GroupLost(_)) => StopReason::GroupDecided,
            Some(CalledOff::RunTimedOut | CalledOff::GroupTimedOut(_)) | None => StopReason::TimedOut,
        };
        Fact::AttemptStopping { step: attempt.step, attempt: attempt.number, reason }
    }

    /// The first thing that is overdue. A retry is not: it waits for a slot as well.
    fn next_alarm(&self, now: Timestamp) -> Option<Fact> {
        let (_, alarm) = self.alarms.first().filter(|(at, _)| *at <= now)?;
        Some(match *alarm {
            Alarm::Run => Fact::RunTimedOut,
            Alarm::Group(group) => Fact::GroupTimedOut { group },
            Alarm::Approval(i) => self.finish(i, StepStatus::TimedOut, Some(why::nobody_approved(self.plan(), i)), now),
            Alarm::Attempt(attempt) => self.stop(attempt),
        })
    }

    /// A step that wants a slot, while there is one: first what was started before, then in the order of the plan.
    fn next_start(&self, now: Timestamp) -> Option<Fact> {
        if !self.has_slot() {
            return None;
        }
        let retry = self.retries.first().filter(|(at, _)| *at <= now).map(|(_, i)| *i);
        let i = retry.or_else(|| self.queue.ready.first().copied())?;
        let deadline = self.plan().steps[i].timeout_ms.map(|ms| later(now, ms));
        Some(Fact::AttemptStarted { step: i, attempt: self.steps[i].attempts + 1, deadline })
    }

    fn end(&self, now: Timestamp) -> Option<Fact> {
        let is_over = self.idle.is_empty() && self.live() == 0;
        is_over.then(|| Fact::RunFinished {
            status: self.final_status(),
            duration_ms: self.started_at.map_or(0, |start| milliseconds(start, now)),
        })
    }

    /// How a run ended in which every step has its last word. It timed out, too, when the first failure that counts
    /// was a step's time-out.
    fn final_status(&self) -> RunStatus {
        match &self.ending {
            Some(Ending::TimedOut) => return RunStatus::TimedOut,
            Some(Ending::Cancelled { .. }) if self.cut_off || self.started_at.is_none() => return RunStatus::Cancelled,
            Some(Ending::Cancelled { .. }) | None => {}
        }
        match self.failures.iter().find(|&&i| !self.is_in_won_group(i)).map(|&i| self.steps[i].status()) {
            None => RunStatus::Success,
            // A member that was cancelled before it could fail: its group took too long.
            Some(StepStatus::TimedOut | StepStatus::Cancelled) => RunStatus::TimedOut,
            Some(
                StepStatus::Failed
                | StepStatus::Success
                | StepStatus::Skipped
                | StepStatus::Pending
                | StepStatus::Waiting
                | StepStatus::Running
                | StepStatus::Retrying,
            ) => RunStatus::Failed,
        }
    }

    /// The last word on a step that no attempt has anything to say to.
    pub(super) fn finish_called_off(&self, i: StepIndex, off: CalledOff, now: Timestamp) -> Fact {
        let status = match off {
            CalledOff::GroupWon(_) if self.steps[i].attempts == 0 => StepStatus::Skipped,
            CalledOff::GroupWon(_)
            | CalledOff::GroupLost(_)
            | CalledOff::GroupTimedOut(_)
            | CalledOff::Cancelled
            | CalledOff::RunTimedOut => StepStatus::Cancelled,
        };
        self.finish(i, status, Some(self.why_called_off(off)), now)
    }

    pub(super) fn finish(&self, i: StepIndex, status: StepStatus, why: Option<String>, now: Timestamp) -> Fact {
        let duration_ms = self.steps[i].started_at.map_or(0, |start| milliseconds(start, now));
        Fact::StepFinished(Box::new(StepFinished {
            step: i,
            status,
            why,
            exit_code: None,
            duration_ms,
            gains: Gains::default(),
        }))
    }
}

/// From one moment to a later one; 0 where the clock went back.
fn milliseconds(from: Timestamp, to: Timestamp) -> u64 {
    u64::try_from(to.duration_since(from).as_millis()).unwrap_or(0)
}
