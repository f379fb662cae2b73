//! A run with what its state does not keep: when things happened, every attempt, every decision.

use ansflow_core::plan::StepIndex;
use ansflow_core::run::event::{Event, Fact, Report};
use ansflow_core::run::{CorruptLog, Judgement, Run};
use ansflow_core::verdict::Waiting;
use jiff::Timestamp;

/// A run, and how it became so.
#[derive(Debug, Clone, Default)]
pub(crate) struct History {
    pub(crate) run: Run,
    pub(crate) finished_at: Option<Timestamp>,
    /// By index.
    pub(crate) steps: Vec<StepHistory>,
}

/// What happened to a step.
#[derive(Debug, Clone, Default)]
pub(crate) struct StepHistory {
    pub(crate) tries: Vec<Try>,
    /// When people were asked, and until when they may answer.
    pub(crate) opened_at: Option<Timestamp>,
    pub(crate) deadline: Option<Timestamp>,
    pub(crate) decisions: Vec<Decision>,
    pub(crate) finished_at: Option<Timestamp>,
    /// What it waits for, of a step on a cluster; none once that is over.
    pub(crate) waiting: Option<Waiting>,
    /// How its last waiting ended.
    pub(crate) verdict: Option<Box<Judgement>>,
}

/// An attempt.
#[derive(Debug, Clone)]
pub(crate) struct Try {
    pub(crate) number: u32,
    pub(crate) started_at: Timestamp,
    pub(crate) ended: Option<Ended>,
    /// The next one starts then, or later.
    pub(crate) retry_at: Option<Timestamp>,
}

/// How an attempt ended.
#[derive(Debug, Clone)]
pub(crate) struct Ended {
    pub(crate) at: Timestamp,
    pub(crate) outcome: &'static str,
    pub(crate) message: Option<String>,
}

/// What somebody said who was asked.
#[derive(Debug, Clone)]
pub(crate) struct Decision {
    pub(crate) by: String,
    pub(crate) at: Timestamp,
    pub(crate) approved: bool,
    pub(crate) comment: Option<String>,
    pub(crate) via: Option<String>,
}

impl History {
    /// Comes one event further.
    ///
    /// # Errors
    /// It cannot have followed.
    pub(crate) fn follow(&mut self, event: &Event) -> Result<(), CorruptLog> {
        self.run.follow(event)?;
        let at = event.at;
        match &event.fact {
            Fact::RunCreated(created) => self.steps = vec![StepHistory::default(); created.plan.steps.len()],
            Fact::ApprovalOpened { step, deadline } => {
                let step = &mut self.steps[*step];
                (step.opened_at, step.deadline) = (Some(at), *deadline);
            }
            Fact::Approved { step, by, via, comment } => {
                let (by, comment, via) = (by.clone(), comment.clone(), Some(via.clone()));
                self.steps[*step].decisions.push(Decision { by, at, approved: true, comment, via });
            }
            Fact::Rejected { step, by, comment } => {
                let (by, comment) = (by.clone(), comment.clone());
                self.steps[*step].decisions.push(Decision { by, at, approved: false, comment, via: None });
            }
            Fact::AttemptStarted { step, attempt, .. } => {
                let made = Try { number: *attempt, started_at: at, ended: None, retry_at: None };
                let step = &mut self.steps[*step];
                step.tries.push(made);
                (step.waiting, step.verdict) = (None, None);
            }
            Fact::Noted { step, waiting, .. } => self.steps[*step].waiting = Some(waiting.clone()),
            Fact::Judged { step, verdict, simulated, .. } => {
                let judgement = Judgement { verdict: (**verdict).clone(), simulated: *simulated };
                self.steps[*step].verdict = Some(Box::new(judgement));
            }
            Fact::AttemptEnded { step, report, .. } => {
                self.steps[*step].waiting = None;
                if let Some(last) = self.steps[*step].tries.last_mut() {
                    let (outcome, message) = outcome(report);
                    last.ended = Some(Ended { at, outcome, message: message.map(str::to_owned) });
                }
            }
            Fact::RetryScheduled { step, not_before, .. } => {
                if let Some(last) = self.steps[*step].tries.last_mut() {
                    last.retry_at = Some(*not_before);
                }
            }
            Fact::StepFinished(finished) => self.steps[finished.step].finished_at = Some(at),
            Fact::RunFinished { .. } => self.finished_at = Some(at),
            Fact::RunStarted
            | Fact::AttemptStopping { .. }
            | Fact::CancelRequested { .. }
            | Fact::RunTimedOut
            | Fact::GroupTimedOut { .. } => {}
        }
        Ok(())
    }

    /// The place of a step in the plan.
    pub(crate) fn index(&self, name: &str) -> Option<StepIndex> {
        self.run.plan().steps.iter().position(|step| step.name == name)
    }
}

fn outcome(report: &Report) -> (&'static str, Option<&str>) {
    match report {
        Report::Succeeded(_) => ("succeeded", None),
        Report::Failed { message, .. } => ("failed", Some(message)),
        Report::Broken { message } => ("broken", Some(message)),
        Report::TimedOut => ("timed_out", None),
        Report::Stopped => ("stopped", None),
        Report::Lost { message } => ("lost", Some(message)),
    }
}
