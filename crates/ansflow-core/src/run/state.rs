//! What a run remembers of its steps and groups. Data; the rules are in `consequence`.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::Attempt;
use super::event::{Report, StepFinished, StepStatus, StopReason};
use super::inherit::Sources;
use crate::plan::StepIndex;

/// Where one step stands.
#[derive(Debug, Clone, PartialEq)]
pub struct StepState {
    pub(super) phase: Phase,
    /// Attempts that were started.
    pub(super) attempts: u32,
    pub(super) started_at: Option<Timestamp>,
    /// Needs without a last word.
    pub(super) unmet: usize,
    /// The step whose failure came in with the needs: the root cause, however far back.
    pub(super) came: Option<StepIndex>,
    /// The step whose failure is felt by what follows this one.
    pub(super) passes: Option<StepIndex>,
    /// Where it starts, relative to the workspace; known when its needs have ended.
    pub(super) directory: Option<String>,
    /// Which earlier steps say what the git branch is, and so on.
    pub(super) sources: Sources,
}

impl StepState {
    /// Its status, as a word.
    #[must_use]
    pub fn status(&self) -> StepStatus {
        match &self.phase {
            Phase::Pending | Phase::Approved => StepStatus::Pending,
            Phase::Waiting(_) => StepStatus::Waiting,
            Phase::Live(_) | Phase::Over { .. } => StepStatus::Running,
            Phase::Retrying { .. } => StepStatus::Retrying,
            Phase::Finished(finished) => finished.status,
        }
    }

    /// The last word, where it has been said.
    #[must_use]
    pub fn finished(&self) -> Option<&StepFinished> {
        match &self.phase {
            Phase::Finished(finished) => Some(finished),
            Phase::Pending
            | Phase::Waiting(_)
            | Phase::Approved
            | Phase::Live(_)
            | Phase::Over { .. }
            | Phase::Retrying { .. } => None,
        }
    }

    /// The question, while people are being asked.
    #[must_use]
    pub fn asked(&self) -> Option<&Asked> {
        match &self.phase {
            Phase::Waiting(asked) => Some(asked),
            Phase::Pending
            | Phase::Approved
            | Phase::Live(_)
            | Phase::Over { .. }
            | Phase::Retrying { .. }
            | Phase::Finished(_) => None,
        }
    }

    /// How many attempts were started.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// When its first attempt started.
    #[must_use]
    pub fn started_at(&self) -> Option<Timestamp> {
        self.started_at
    }

    pub(super) fn live(&self) -> Option<&Live> {
        match &self.phase {
            Phase::Live(live) => Some(live),
            Phase::Pending
            | Phase::Waiting(_)
            | Phase::Approved
            | Phase::Over { .. }
            | Phase::Retrying { .. }
            | Phase::Finished(_) => None,
        }
    }
}

/// The way of a step.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Phase {
    /// Its turn has not come, or it has no slot yet.
    Pending,
    /// People are asked.
    Waiting(Asked),
    /// They said yes; it has no slot yet.
    Approved,
    /// An attempt executes.
    Live(Live),
    /// An attempt is over, and what follows is not decided.
    Over { live: Live, report: Report },
    /// It waits to be tried again.
    Retrying { not_before: Timestamp },
    /// It has its last word.
    Finished(Box<StepFinished>),
}

/// An attempt that executes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Live {
    pub(super) attempt: Attempt,
    pub(super) deadline: Option<Timestamp>,
    pub(super) stop: Option<Stop>,
    /// The number of its last note; 0: it has none.
    pub(super) noted: u32,
}

/// The wish that an attempt stops.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Stop {
    pub(super) reason: StopReason,
    /// Whether its own deadline had passed, not only its group's or the run's.
    pub(super) own: bool,
}

/// A question to people, and what they said so far.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// Nobody decided until then: timed out.
    pub deadline: Option<Timestamp>,
    /// Who said yes, each person once.
    pub yes: Vec<Yes>,
    /// Who said no, and what they added.
    pub(super) no: Option<(String, Option<String>)>,
}

/// Somebody's yes.
#[derive(Debug, Clone, PartialEq)]
pub struct Yes {
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// What they added.
    pub comment: Option<String>,
}

/// Where a parallel group stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct GroupState {
    /// What decided it, where something has.
    pub(super) outcome: Option<GroupOutcome>,
    /// When it times out; known from its first attempt on.
    pub(super) deadline: Option<Timestamp>,
    /// Members without a last word that were not asked to stop.
    pub(super) callable: BTreeSet<StepIndex>,
    /// How many members have no last word.
    pub(super) unfinished: usize,
}

/// What decided a group before all its members had ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum GroupOutcome {
    /// `wait_any`: this member succeeded.
    Won(StepIndex),
    /// `fail_fast`: this member failed.
    Lost(StepIndex),
    /// It took too long.
    TimedOut,
}

/// Why a run ends before its time.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Ending {
    /// Somebody asked for it.
    Cancelled { by: String },
    /// It took too long.
    TimedOut,
}

/// Something that a clock decides. In this order where two are due at the same moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Alarm {
    /// The run took too long.
    Run,
    /// The group did.
    Group(usize),
    /// Nobody decided.
    Approval(StepIndex),
    /// The attempt took too long.
    Attempt(Attempt),
}

/// Steps with something to decide.
#[derive(Debug, Clone, Default)]
pub(super) struct Queue {
    /// Not looked at since something changed for them.
    pub(super) fresh: BTreeSet<StepIndex>,
    /// Looked at: they only want a slot.
    pub(super) ready: BTreeSet<StepIndex>,
}

impl Queue {
    pub(super) fn remove(&mut self, i: StepIndex) {
        self.fresh.remove(&i);
        self.ready.remove(&i);
    }
}

/// Whether a step was looked at already is no part of what a run is: looking again finds the same.
impl PartialEq for Queue {
    fn eq(&self, other: &Self) -> bool {
        self.fresh.union(&self.ready).eq(other.fresh.union(&other.ready))
    }
}
