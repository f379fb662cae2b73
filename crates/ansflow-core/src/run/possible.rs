//! Which fact can follow which. Structure only, no policy: how many attempts a step may have, or who may approve, was
//! decided when the event was written.

use super::event::Fact;
use super::frame::is_last;
use super::state::Phase;
use super::{Attempt, Run};
use crate::plan::StepIndex;

impl Run {
    /// Refuses what cannot have happened now, with a sentence.
    pub(super) fn check_possible(&self, fact: &Fact) -> Result<(), String> {
        if self.seq == 0 {
            return Err("the first event does not create the run".to_owned());
        }
        if self.is_ended() {
            return Err("something follows the end of the run".to_owned());
        }
        match fact {
            Fact::RunCreated(_) => Err("the run is created a second time".to_owned()),
            Fact::RunStarted => ensure(self.started_at.is_none(), || "the run starts a second time".to_owned()),
            Fact::ApprovalOpened { step, .. } => {
                self.check_may_start(*step, |phase| matches!(phase, Phase::Pending), "asks for an approval")
            }
            Fact::Approved { step, .. } => self.check_phase(*step, is_waiting, "is approved"),
            Fact::Rejected { step, .. } => self.check_phase(*step, is_waiting, "is rejected"),
            Fact::AttemptStarted { step, attempt, .. } => {
                self.check_may_start(*step, may_start, "starts an attempt")?;
                self.check_next(*step, *attempt)
            }
            Fact::AttemptStopping { step, attempt, .. } => {
                self.check_live_attempt(*step, *attempt)?;
                let is_wanted = self.wanted.contains(&Attempt { step: *step, number: *attempt });
                ensure(is_wanted, || {
                    format!("attempt {attempt} of step `{}` is stopped a second time", self.name(*step))
                })
            }
            Fact::Noted { step, attempt, number, .. } => {
                self.check_live_attempt(*step, *attempt)?;
                let known = self.steps[*step].live().map_or(0, |live| live.noted);
                ensure(*number > known, || format!("note {number} of step `{}` follows note {known}", self.name(*step)))
            }
            Fact::AttemptEnded { step, attempt, .. } | Fact::Judged { step, attempt, .. } => {
                self.check_live_attempt(*step, *attempt)
            }
            Fact::RetryScheduled { step, attempt, .. } => {
                self.check_phase(*step, |phase| matches!(phase, Phase::Over { .. }), "is tried again")?;
                self.check_next(*step, *attempt)
            }
            Fact::StepFinished(finished) => {
                self.check_phase(finished.step, may_finish, "ends")?;
                ensure(is_last(finished.status), || {
                    format!("step `{}` ends as {}, which is no end", self.name(finished.step), finished.status.as_str())
                })
            }
            Fact::CancelRequested { .. } => {
                ensure(self.ending.is_none(), || "the run is cancelled while it ends".to_owned())
            }
            Fact::RunTimedOut => {
                ensure(self.started_at.is_some(), || "the run times out before it starts".to_owned())?;
                ensure(self.ending.is_none(), || "the run times out while it ends".to_owned())
            }
            Fact::GroupTimedOut { group } => {
                ensure(*group < self.groups.len(), || format!("there is no group {group}"))
            }
            Fact::RunFinished { .. } => ensure(self.idle.is_empty() && self.live() == 0, || {
                "the run ends before its steps have ended".to_owned()
            }),
        }
    }

    fn check_phase(&self, i: StepIndex, is_right: fn(&Phase) -> bool, what: &str) -> Result<(), String> {
        let step = self.steps.get(i).ok_or_else(|| format!("there is no step {i}"))?;
        ensure(is_right(&step.phase), || {
            format!("step `{}` {what} while it is {}", self.name(i), step.status().as_str())
        })
    }

    fn check_may_start(&self, i: StepIndex, is_right: fn(&Phase) -> bool, what: &str) -> Result<(), String> {
        self.check_phase(i, is_right, what)?;
        ensure(self.started_at.is_some(), || format!("step `{}` {what} before the run has started", self.name(i)))?;
        ensure(self.steps[i].unmet == 0, || format!("step `{}` {what} before its needs have ended", self.name(i)))
    }

    fn check_next(&self, i: StepIndex, attempt: u32) -> Result<(), String> {
        let made = self.steps[i].attempts;
        ensure(made.checked_add(1) == Some(attempt), || {
            format!("attempt {attempt} of step `{}` follows attempt {made}", self.name(i))
        })
    }

    fn check_live_attempt(&self, i: StepIndex, number: u32) -> Result<(), String> {
        self.check_phase(i, |phase| matches!(phase, Phase::Live(_)), "has an attempt end")?;
        let is_this = self.steps[i].live().is_some_and(|live| live.attempt.number == number);
        ensure(is_this, || format!("attempt {number} of step `{}` is not the live one", self.name(i)))
    }
}

fn is_waiting(phase: &Phase) -> bool {
    matches!(phase, Phase::Waiting(_))
}

fn may_start(phase: &Phase) -> bool {
    matches!(phase, Phase::Pending | Phase::Approved | Phase::Retrying { .. })
}

fn may_finish(phase: &Phase) -> bool {
    !matches!(phase, Phase::Live(_) | Phase::Finished(_))
}

fn ensure(is_so: bool, otherwise: impl FnOnce() -> String) -> Result<(), String> {
    if is_so { Ok(()) } else { Err(otherwise()) }
}
