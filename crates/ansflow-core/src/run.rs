//! A run is a fold over its events: load, decide, append.
//!
//! Read in this order: [`event`] (what may happen), `decide` (what is asked of a run, and what is refused),
//! `consequence` (the rules: what follows), `apply` (what a fact changes). Pure: no clock, no files, no randomness.
//!
//! What a decision costs is what it changes: a run keeps indices of what is due, so that a graph of 10,000 steps is
//! decided in time that grows with its steps and needs.

mod apply;
mod attempt;
mod condition;
mod consequence;
mod decide;
pub mod event;
mod frame;
mod inherit;
mod lookup;
mod possible;
mod replay;
mod rerun;
mod state;
pub mod told;
mod why;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

pub use self::decide::{Input, Refusal};
pub use self::event::{
    Event, Fact, Gains, Judgement, Report, RunCreated, RunFacts, RunStatus, StepFinished, StepStatus, StopReason,
};
pub use self::replay::CorruptLog;
pub use self::rerun::{Rerun, RetryFrom, retry};
pub use self::state::{Asked, StepState, Yes};

pub(crate) use self::condition::Verdict;

use self::frame::Frame;
use self::state::{Alarm, Ending, GroupState, Queue};
use crate::plan::{Plan, StepIndex};

/// One try of one step. Its name in the world is made of these facts, so starting it twice is attaching to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Attempt {
    /// Which step.
    pub step: StepIndex,
    /// Its number, from 1.
    pub number: u32,
}

/// A run, as its events so far have made it.
///
/// After loading one, send it a [`Input::Tick`]: what should have followed when the last process died follows then.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// What never changes, and what follows from it.
    frame: Arc<Frame>,
    seq: u64,
    started_at: Option<Timestamp>,
    ending: Option<Ending>,
    /// Whether a cancel kept some step from its end.
    cut_off: bool,
    ended: Option<RunStatus>,
    steps: Vec<StepState>,
    groups: Vec<GroupState>,
    /// Steps whose own failure counts against the run, in the order in which they ended.
    failures: Vec<StepIndex>,
    // Indices: each says in less time what `steps` and `groups` say.
    wanted: BTreeSet<Attempt>,
    stopping: BTreeMap<Attempt, StopReason>,
    /// Steps without a last word and without a live attempt.
    idle: BTreeSet<StepIndex>,
    /// Steps that people are being asked about.
    asked: BTreeSet<StepIndex>,
    /// Steps that wait to be tried again, the first to come first.
    retries: BTreeSet<(Timestamp, StepIndex)>,
    /// Everything else that a clock decides.
    alarms: BTreeSet<(Timestamp, Alarm)>,
    /// Groups that are decided while some of their members are still to be called off.
    calling: BTreeSet<usize>,
    queue: Queue,
}

impl Run {
    /// A run before its first event; only [`Input::Create`] makes something of it. Its plan is empty until then.
    #[must_use]
    pub fn new() -> Run {
        Run {
            frame: Arc::default(),
            seq: 0,
            started_at: None,
            ending: None,
            cut_off: false,
            ended: None,
            steps: Vec::new(),
            groups: Vec::new(),
            failures: Vec::new(),
            wanted: BTreeSet::new(),
            stopping: BTreeMap::new(),
            idle: BTreeSet::new(),
            asked: BTreeSet::new(),
            retries: BTreeSet::new(),
            alarms: BTreeSet::new(),
            calling: BTreeSet::new(),
            queue: Queue::default(),
        }
    }

    /// Attempts that should be executing now; nothing else may be.
    #[must_use]
    pub fn wanted(&self) -> &BTreeSet<Attempt> {
        &self.wanted
    }

    /// Attempts that are to stop and still owe their report, with the reason.
    pub fn stopping(&self) -> impl Iterator<Item = (Attempt, StopReason)> {
        self.stopping.iter().map(|(attempt, reason)| (*attempt, *reason))
    }

    /// When a [`Input::Tick`] will next have something to say, if no other input comes first.
    #[must_use]
    pub fn wake_at(&self) -> Option<Timestamp> {
        let alarm = self.alarms.first().map(|(at, _)| *at);
        // Without a free slot a retry waits for a report, not for the clock.
        let retry = self.retries.first().filter(|_| self.has_slot()).map(|(at, _)| *at);
        alarm.into_iter().chain(retry).min()
    }

    /// Where the run stands; computed, never stored.
    #[must_use]
    pub fn status(&self) -> RunStatus {
        if let Some(status) = self.ended {
            return status;
        }
        if self.started_at.is_none() {
            return RunStatus::Queued;
        }
        let moving = self.live() > 0 || !self.retries.is_empty();
        if moving || self.asked.is_empty() { RunStatus::Running } else { RunStatus::Waiting }
    }

    /// Whether the run has its last word.
    #[must_use]
    pub fn is_ended(&self) -> bool {
        self.ended.is_some()
    }

    /// How many events made this run; the sequence number under which the next one is appended.
    #[must_use]
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// The run's first fact.
    #[must_use]
    pub fn created(&self) -> &RunCreated {
        &self.frame.created
    }

    /// What the run does.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.frame.created.plan
    }

    /// When it had its turn.
    #[must_use]
    pub fn started_at(&self) -> Option<Timestamp> {
        self.started_at
    }

    /// Where a step stands.
    ///
    /// # Panics
    /// When the plan has no such step.
    #[must_use]
    pub fn step(&self, i: StepIndex) -> &StepState {
        &self.steps[i]
    }

    /// Steps that people are being asked about, in plan order.
    pub fn asked(&self) -> impl Iterator<Item = (StepIndex, &Asked)> {
        self.asked.iter().filter_map(|&i| Some((i, self.steps[i].asked()?)))
    }

    /// Whether a step has no last word and no live attempt: more attempts may be to come.
    #[must_use]
    pub fn has_more(&self) -> bool {
        !self.idle.is_empty()
    }

    /// Attempts that are executing, the stopping ones included.
    fn live(&self) -> usize {
        self.wanted.len() + self.stopping.len()
    }

    fn has_slot(&self) -> bool {
        self.live() < self.created().concurrency as usize
    }

    fn name(&self, i: StepIndex) -> &str {
        &self.plan().steps[i].name
    }
}

impl Default for Run {
    fn default() -> Self {
        Self::new()
    }
}
