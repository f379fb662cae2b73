//! What may be asked of a run, and what is refused. A refused input changes nothing.

use jiff::Timestamp;

use super::apply::is_at_the_machine;
use super::event::{Event, Fact, Judgement, Report, RunCreated, RunStatus, StepStatus};
use super::frame::Frame;
use super::state::{Ending, Phase};
use super::{Attempt, Run};
use crate::plan::StepIndex;
use crate::verdict::Waiting;

/// No attempt has more notes: they are for people to read.
const MOST_NOTES: u32 = 100;

/// A wish, or news from the world.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// The run is to exist.
    Create(Box<RunCreated>),
    /// It has its turn.
    Start,
    /// Time has passed. Never refused by a run that exists; after its end nothing follows from it.
    Tick,
    /// Somebody says yes.
    Approve {
        /// To which step.
        step: StepIndex,
        /// Who.
        by: String,
        /// How. `yes` and `terminal` are the person at the machine: approvers are not checked and one yes is
        /// enough. A server must not take these words from a client.
        via: String,
        /// What they add.
        comment: Option<String>,
    },
    /// Somebody says no.
    Reject {
        /// To which step.
        step: StepIndex,
        /// Who: an approver, or whoever started the run and could cancel it as well.
        by: String,
        /// What they add.
        comment: Option<String>,
    },
    /// Somebody wants the run to end. A cancelled run starts nothing more, steps with the condition `always`
    /// included: cancel means end. It has ended when the last attempt has reported.
    Cancel {
        /// Who.
        by: String,
    },
    /// An attempt waits for something of a cluster. One that is known already changes nothing, nor does one too many.
    Note {
        /// Which attempt.
        attempt: Attempt,
        /// The number of the note among those of the attempt, from 1.
        number: u32,
        /// What for.
        waiting: Waiting,
        /// The cluster is a simulated one.
        simulated: bool,
    },
    /// An attempt is over.
    Report {
        /// Which.
        attempt: Attempt,
        /// What came of it.
        report: Report,
        /// How its waiting for a cluster ended; none: it waited for none.
        verdict: Option<Box<Judgement>>,
    },
}

/// Why an input is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nothing but creating it can be done to a run that does not exist.
    #[error("the run does not exist yet")]
    NotCreated,
    /// A run is created once.
    #[error("the run `{0}` exists already")]
    AlreadyCreated(String),
    /// There can be no such run.
    #[error("there can be no such run: {0}")]
    Impossible(String),
    /// A run has its turn once.
    #[error("the run has started already")]
    AlreadyStarted,
    /// Nothing follows the end.
    #[error("the run has ended already: {}", .0.as_str())]
    Ended(RunStatus),
    /// The plan has no such step.
    #[error("the run has no step {0}")]
    UnknownStep(StepIndex),
    /// Nobody is asked about this step.
    #[error("step `{step}` is not waiting for an approval, it is {}", .status.as_str())]
    NotWaiting {
        /// Its name.
        step: String,
        /// Where it stands.
        status: StepStatus,
    },
    /// This person is not asked.
    #[error("`{by}` is not an approver of step `{step}`, who are: {}", .approvers.join(", "))]
    NotAnApprover {
        /// Name of the step.
        step: String,
        /// Who.
        by: String,
        /// Who is asked.
        approvers: Vec<String>,
    },
    /// The same person counts once.
    #[error("`{by}` has approved step `{step}` already")]
    AlreadyApproved {
        /// Name of the step.
        step: String,
        /// Who.
        by: String,
    },
    /// No such attempt executes.
    #[error("attempt {} of step `{step}` is not live", .attempt.number)]
    NotLive {
        /// Name of the step.
        step: String,
        /// Which.
        attempt: Attempt,
    },
    /// One cancel is enough.
    #[error("cancelling was requested by {by} already, and the last attempts are ending")]
    AlreadyCancelled {
        /// Who was first.
        by: String,
    },
    /// It ends anyway.
    #[error("the run has timed out already, and the last attempts are ending")]
    AlreadyTimedOut,
    /// What has not ended cannot be repeated.
    #[error("the run has not ended, it is {}", .0.as_str())]
    NotEnded(RunStatus),
    /// There is nothing to repeat.
    #[error("no step of the run has failed; retry all of it, or from a step")]
    NothingFailed,
}

impl Run {
    /// What follows from an input: a copy of the run, advanced.
    ///
    /// # Errors
    /// The rule that forbids it.
    pub fn decide(&self, input: &Input, now: Timestamp) -> Result<Vec<Event>, Refusal> {
        self.clone().advance(input, now)
    }

    /// Whether this input may come now; nothing changes.
    ///
    /// # Errors
    /// The rule that forbids it.
    pub fn allows(&self, input: &Input) -> Result<(), Refusal> {
        self.admit(input).map(drop)
    }

    /// Takes an input: its own fact, then all that follows from it, in order. What is due at `now` is decided with
    /// any input, not only with a tick. Costs what it changes.
    ///
    /// # Errors
    /// The rule that forbids it; the run is as it was.
    pub fn advance(&mut self, input: &Input, now: Timestamp) -> Result<Vec<Event>, Refusal> {
        let mut events = Vec::new();
        let own = match input {
            Input::Create(created) if self.seq == 0 => [Some(self.create(created)?), None],
            _ => self.admit(input)?,
        };
        events.extend(own.into_iter().flatten().map(|fact| self.set(fact, now)));
        while let Some(fact) = self.consequence(now) {
            events.push(self.set(fact, now));
        }
        Ok(events)
    }

    fn set(&mut self, fact: Fact, at: Timestamp) -> Event {
        let event = Event { at, fact };
        self.apply(&event);
        event
    }

    /// Makes a run of nothing. The plan is turned round once, here, and `apply` finds it done.
    fn create(&mut self, created: &RunCreated) -> Result<Fact, Refusal> {
        self.become_created(Frame::new(created.clone()).map_err(Refusal::Impossible)?);
        Ok(Fact::RunCreated(Box::new(created.clone())))
    }

    /// The input's own facts, if it has any and may have them now.
    fn admit(&self, input: &Input) -> Result<[Option<Fact>; 2], Refusal> {
        if let Input::Report { attempt, report, verdict } = input {
            return self.admit_report(*attempt, report, verdict.as_deref());
        }
        Ok([self.admit_one(input)?, None])
    }

    /// How its waiting ended stands before the attempt's end, so that nobody sees the one without the other.
    fn admit_report(
        &self,
        attempt: Attempt,
        report: &Report,
        judgement: Option<&Judgement>,
    ) -> Result<[Option<Fact>; 2], Refusal> {
        self.check_begun()?;
        self.check_live(attempt)?;
        let Attempt { step, number } = attempt;
        let judged = judgement.map(|Judgement { verdict, simulated }| Fact::Judged {
            step,
            attempt: number,
            verdict: Box::new(verdict.clone()),
            simulated: *simulated,
        });
        Ok([judged, Some(Fact::AttemptEnded { step, attempt: number, report: report.clone() })])
    }

    fn check_begun(&self) -> Result<(), Refusal> {
        match self.ended {
            _ if self.seq == 0 => Err(Refusal::NotCreated),
            Some(status) => Err(Refusal::Ended(status)),
            None => Ok(()),
        }
    }

    /// The one fact of every input but a report.
    fn admit_one(&self, input: &Input) -> Result<Option<Fact>, Refusal> {
        match self.check_begun() {
            Err(Refusal::Ended(_)) if *input == Input::Tick => {}
            begun => begun?,
        }
        match input {
            Input::Create(_) => Err(Refusal::AlreadyCreated(self.created().run.clone())),
            Input::Tick => Ok(None),
            Input::Start if self.started_at.is_some() => Err(Refusal::AlreadyStarted),
            Input::Start => Ok(Some(Fact::RunStarted)),
            Input::Approve { step, by, via, comment } => {
                self.check_yes(*step, by, via)?;
                let (by, via, comment) = (by.clone(), via.clone(), comment.clone());
                Ok(Some(Fact::Approved { step: *step, by, via, comment }))
            }
            Input::Reject { step, by, comment } => {
                self.check_waiting(*step)?;
                if *by != self.created().facts.by {
                    self.check_approver(*step, by)?;
                }
                Ok(Some(Fact::Rejected { step: *step, by: by.clone(), comment: comment.clone() }))
            }
            Input::Cancel { by } => match &self.ending {
                None => Ok(Some(Fact::CancelRequested { by: by.clone() })),
                Some(Ending::Cancelled { by }) => Err(Refusal::AlreadyCancelled { by: by.clone() }),
                Some(Ending::TimedOut) => Err(Refusal::AlreadyTimedOut),
            },
            Input::Note { attempt, number, waiting, simulated } => {
                self.check_live(*attempt)?;
                let known = self.steps[attempt.step].live().map_or(0, |live| live.noted);
                let is_news = *number > known && *number <= MOST_NOTES;
                let (step, waiting) = (attempt.step, waiting.clone());
                Ok(is_news.then_some(Fact::Noted {
                    step,
                    attempt: attempt.number,
                    number: *number,
                    waiting,
                    simulated: *simulated,
                }))
            }
            Input::Report { .. } => Ok(None),
        }
    }

    fn check_yes(&self, i: StepIndex, by: &str, via: &str) -> Result<(), Refusal> {
        self.check_waiting(i)?;
        if is_at_the_machine(via) {
            return Ok(());
        }
        self.check_approver(i, by)?;
        let has_said_so = self.steps[i].asked().is_some_and(|asked| asked.yes.iter().any(|yes| yes.by == by));
        if has_said_so {
            return Err(Refusal::AlreadyApproved { step: self.name(i).to_owned(), by: by.to_owned() });
        }
        Ok(())
    }

    fn check_waiting(&self, i: StepIndex) -> Result<(), Refusal> {
        let step = self.steps.get(i).ok_or(Refusal::UnknownStep(i))?;
        match &step.phase {
            Phase::Waiting(_) => Ok(()),
            Phase::Pending
            | Phase::Approved
            | Phase::Live(_)
            | Phase::Over { .. }
            | Phase::Retrying { .. }
            | Phase::Finished(_) => Err(Refusal::NotWaiting { step: self.name(i).to_owned(), status: step.status() }),
        }
    }

    fn check_approver(&self, i: StepIndex, by: &str) -> Result<(), Refusal> {
        let approvers = self.plan().steps[i].approval.as_ref().map_or(&[][..], |approval| &approval.approvers);
        if approvers.is_empty() || approvers.iter().any(|approver| approver == by) {
            return Ok(());
        }
        Err(Refusal::NotAnApprover { step: self.name(i).to_owned(), by: by.to_owned(), approvers: approvers.to_vec() })
    }

    fn check_live(&self, attempt: Attempt) -> Result<(), Refusal> {
        if attempt.step >= self.steps.len() {
            return Err(Refusal::UnknownStep(attempt.step));
        }
        if self.wanted.contains(&attempt) || self.stopping.contains_key(&attempt) {
            return Ok(());
        }
        Err(Refusal::NotLive { step: self.name(attempt.step).to_owned(), attempt })
    }
}
