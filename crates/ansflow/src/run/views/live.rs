//! The live view on a terminal: output scrolls above, at the bottom stands what runs now and for how long.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal};
use std::time::Duration;

use ansflow_core::plan::StepIndex;
use ansflow_core::run::Run;
use ansflow_core::run::event::{Event, Fact};
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::plain::{Names, progress, write_line};
use super::{Line, summary};
use crate::terminal::clean::clean;
use crate::terminal::paint::Paint;

/// More running steps than this are not shown at once.
const SHOWN: usize = 12;

/// Shows a run on a terminal.
#[derive(Debug)]
pub(crate) struct LiveView {
    screen: MultiProgress,
    bars: BTreeMap<StepIndex, ProgressBar>,
    pending: Vec<u8>,
    names: Names,
    paint: Paint,
}

impl LiveView {
    /// On standard error, where that is a terminal; output of steps goes there, too.
    pub(crate) fn new() -> Option<Self> {
        let both = io::stderr().is_terminal() && io::stdout().is_terminal();
        both.then(|| Self {
            screen: MultiProgress::with_draw_target(ProgressDrawTarget::stderr_with_hz(12)),
            bars: BTreeMap::new(),
            pending: Vec::new(),
            names: Names::default(),
            paint: Paint::stderr(),
        })
    }

    pub(crate) fn event(&mut self, event: &Event, run: &Run) -> io::Result<()> {
        self.flush()?;
        match &event.fact {
            Fact::RunStarted => self.names.learn(run),
            Fact::AttemptStarted { step, .. } => self.begin(*step, &run.plan().steps[*step].name),
            Fact::AttemptEnded { step, .. } => self.end(*step),
            Fact::RunCreated(_)
            | Fact::ApprovalOpened { .. }
            | Fact::Approved { .. }
            | Fact::Rejected { .. }
            | Fact::AttemptStopping { .. }
            | Fact::Noted { .. }
            | Fact::Judged { .. }
            | Fact::RetryScheduled { .. }
            | Fact::StepFinished(_)
            | Fact::CancelRequested { .. }
            | Fact::RunTimedOut
            | Fact::GroupTimedOut { .. }
            | Fact::RunFinished { .. } => (),
        }
        // That a step begins is shown by its own line at the bottom; what scrolls by is output and results.
        let shown_below = matches!(event.fact, Fact::AttemptStarted { .. } | Fact::RunFinished { .. });
        if let Some(text) = progress(event, run, self.paint).filter(|_| !shown_below) {
            self.screen.println(clean(text.trim_end()))?;
        }
        if let Fact::RunFinished { duration_ms, .. } = event.fact {
            self.screen.clear()?;
            crate::terminal::out(&summary::summary(run, duration_ms, self.paint))?;
        }
        Ok(())
    }

    pub(crate) fn line(&mut self, line: Line<'_>) -> io::Result<()> {
        write_line(&mut self.pending, &self.names, line, self.paint);
        if self.pending.len() >= 16 * 1024 { self.flush() } else { Ok(()) }
    }

    pub(crate) fn flush(&mut self) -> io::Result<()> {
        if self.pending.is_empty() {
            return Ok(());
        }
        let text = String::from_utf8_lossy(&self.pending).into_owned();
        self.pending.clear();
        self.screen.suspend(|| io::Write::write_all(&mut io::stderr(), text.as_bytes()))
    }

    pub(crate) fn notice(&mut self, text: &str) {
        // A notice that cannot be shown is no reason to stop the run.
        let _ = self.screen.println(clean(text));
    }

    fn begin(&mut self, step: StepIndex, name: &str) {
        if self.bars.len() >= SHOWN {
            return;
        }
        let bar = self.screen.add(ProgressBar::new_spinner());
        let style = ProgressStyle::with_template("{spinner:.cyan} {msg} {elapsed:.dim}")
            .expect("the template is a constant that the tests have seen")
            .tick_chars("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏ ");
        bar.set_style(style);
        bar.set_message(name.to_owned());
        bar.enable_steady_tick(Duration::from_millis(100));
        self.bars.insert(step, bar);
    }

    fn end(&mut self, step: StepIndex) {
        if let Some(bar) = self.bars.remove(&step) {
            bar.finish_and_clear();
            self.screen.remove(&bar);
        }
    }
}
