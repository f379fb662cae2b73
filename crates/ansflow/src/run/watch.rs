//! Watches a run on behalf of the person who started it: shows it, and answers what it asks.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use ansflow_core::plan::StepIndex;
use ansflow_core::run::event::{Event, Fact, StepStatus};
use ansflow_core::run::{Attempt, Input, Run};
use ansflow_engine::Observer;
use ansflow_store::output::{LogLineRef, Stream};
use tokio::sync::mpsc;

use super::people::{Answers, read_answer, user};
use super::views::{Line, View};

/// Shows a run and answers its questions.
#[derive(Debug)]
pub(crate) struct Watcher {
    view: View,
    /// Nobody reads what we show any more, such as in `ansflow run … | head`. The run goes on.
    unread: bool,
    answers: Answers,
    inbox: mpsc::Sender<Input>,
    questions: VecDeque<StepIndex>,
    /// The step that the terminal is being asked about.
    asked: Arc<Mutex<Option<StepIndex>>>,
    reader_runs: bool,
}

impl Watcher {
    pub(crate) fn new(view: View, answers: Answers, inbox: mpsc::Sender<Input>) -> Self {
        Self {
            view,
            unread: false,
            answers,
            inbox,
            questions: VecDeque::new(),
            asked: Arc::default(),
            reader_runs: false,
        }
    }

    fn show(&mut self, shown: io::Result<()>) -> io::Result<()> {
        match shown {
            Err(gone) if gone.kind() == io::ErrorKind::BrokenPipe => {
                self.unread = true;
                Ok(())
            }
            other => other,
        }
    }

    /// A step asks for approval now, not in a history that is shown again.
    fn opened(&mut self, step: StepIndex, run: &Run) {
        if run.step(step).status() != StepStatus::Waiting {
            return;
        }
        match self.answers {
            Answers::Yes => self.send(Input::Approve { step, by: user(), via: "yes".to_owned(), comment: None }),
            Answers::Terminal => {
                self.questions.push_back(step);
                self.ask_next(run);
            }
            // The plan was looked at before: nobody is asked who is not there.
            Answers::Nobody => (),
        }
    }

    fn answered(&mut self, step: StepIndex, run: &Run) {
        self.questions.retain(|waiting| *waiting != step);
        let mut asked = lock(&self.asked);
        if *asked == Some(step) {
            *asked = None;
        }
        drop(asked);
        self.ask_next(run);
    }

    fn ask_next(&mut self, run: &Run) {
        let Some(step) = self.questions.front().copied() else { return };
        if lock(&self.asked).replace(step).is_some_and(|before| before == step) {
            return;
        }
        let name = &run.plan().steps[step].name;
        self.view.notice(&format!("approve `{name}`? y or n, and a comment if you like:"));
        if !std::mem::replace(&mut self.reader_runs, true) {
            let (asked, inbox) = (Arc::clone(&self.asked), self.inbox.clone());
            // Reading a terminal cannot be called off, so the thread is left behind when the run ends before.
            std::thread::spawn(move || read_answers(&asked, &inbox));
        }
    }

    fn send(&self, input: Input) {
        // The inbox is full or closed when the run has ended: then nobody asks any more.
        let _ = self.inbox.try_send(input);
    }
}

impl Observer for Watcher {
    fn event(&mut self, seq: u64, event: &Event, run: &Run) -> io::Result<()> {
        if !self.unread {
            let shown = self.view.event(seq, event, run);
            self.show(shown)?;
        }
        match &event.fact {
            Fact::ApprovalOpened { step, .. } => self.opened(*step, run),
            Fact::StepFinished(finished) => self.answered(finished.step, run),
            Fact::AttemptStarted { step, .. } => self.answered(*step, run),
            Fact::RunCreated(_)
            | Fact::RunStarted
            | Fact::Approved { .. }
            | Fact::Rejected { .. }
            | Fact::AttemptStopping { .. }
            | Fact::Noted { .. }
            | Fact::Judged { .. }
            | Fact::AttemptEnded { .. }
            | Fact::RetryScheduled { .. }
            | Fact::CancelRequested { .. }
            | Fact::RunTimedOut
            | Fact::GroupTimedOut { .. }
            | Fact::RunFinished { .. } => (),
        }
        Ok(())
    }

    fn line(&mut self, attempt: Attempt, line: LogLineRef<'_>, run: &Run) -> io::Result<()> {
        if self.unread {
            return Ok(());
        }
        let shown = self.view.line(Line {
            step: &run.plan().steps[attempt.step].name,
            is_error: line.stream == Stream::Stderr,
            at_ms: line.at_ms,
            offset: line.offset,
            text: line.bytes,
        });
        self.show(shown)
    }

    fn flush(&mut self) -> io::Result<()> {
        let shown = self.view.flush();
        self.show(shown)
    }
}

/// Reads the terminal until it ends; an answer is for the step that is being asked about then.
fn read_answers(asked: &Mutex<Option<StepIndex>>, inbox: &mpsc::Sender<Input>) {
    let mut unclear = 0;
    while unclear < 100 {
        let Some(answer) = read_answer() else {
            unclear += 1;
            continue;
        };
        let Some(step) = lock(asked).take() else { continue };
        let (by, comment) = (user(), answer.comment);
        let input = match answer.approved {
            true => Input::Approve { step, by, via: "terminal".to_owned(), comment },
            false => Input::Reject { step, by, comment },
        };
        if inbox.blocking_send(input).is_err() {
            return;
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
