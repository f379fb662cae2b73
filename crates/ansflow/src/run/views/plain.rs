//! Plain lines: output of steps on standard output, each with the name of its step; progress on standard error.

use std::io::{self, Write};

use ansflow_core::preview;
use ansflow_core::run::Run;
use ansflow_core::run::event::{Event, Fact};

use super::words::{mark, span};
use super::{Line, summary};
use crate::terminal::paint::Paint;
use crate::terminal::{clean::clean_bytes, err, table::pad};

/// Lines are collected up to this size before they are written.
const BUFFER: usize = 64 * 1024;

/// Shows a run as lines.
#[derive(Debug)]
pub(crate) struct PlainView {
    buffer: Vec<u8>,
    names: Names,
}

/// Step names as wide as the widest, up to a limit, so that output stands in a column.
#[derive(Debug, Default)]
pub(crate) struct Names {
    width: usize,
}

impl Names {
    const WIDEST: usize = 24;

    /// Learns the names of a run.
    pub(crate) fn learn(&mut self, run: &Run) {
        let widths = run.plan().steps.iter().map(|step| unicode_width::UnicodeWidthStr::width(step.name.as_str()));
        self.width = widths.max().unwrap_or(0).min(Self::WIDEST);
    }

    /// The name, filled up.
    pub(crate) fn pad(&self, name: &str) -> String {
        pad(name, self.width)
    }
}

impl PlainView {
    pub(crate) fn new() -> Self {
        Self { buffer: Vec::new(), names: Names::default() }
    }

    pub(crate) fn event(&mut self, event: &Event, run: &Run) -> io::Result<()> {
        self.names.learn_once(run);
        self.flush()?;
        if let Some(progress) = progress(event, run, Paint::stderr()) {
            err(&progress);
        }
        if let Fact::RunFinished { duration_ms, .. } = event.fact {
            crate::terminal::out(&summary::summary(run, duration_ms, Paint::stdout()))?;
        }
        Ok(())
    }

    pub(crate) fn line(&mut self, line: Line<'_>) -> io::Result<()> {
        write_line(&mut self.buffer, &self.names, line, Paint::stdout());
        if self.buffer.len() >= BUFFER { self.flush() } else { Ok(()) }
    }

    pub(crate) fn flush(&mut self) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        stdout.write_all(&self.buffer)?;
        self.buffer.clear();
        stdout.flush()
    }
}

impl Names {
    fn learn_once(&mut self, run: &Run) {
        if self.width == 0 {
            self.learn(run);
        }
    }
}

/// `build │ text`, and `build ┆ text` for standard error.
pub(crate) fn write_line(to: &mut Vec<u8>, names: &Names, line: Line<'_>, paint: Paint) {
    let bar = if line.is_error { paint.yellow("┆") } else { paint.dim("│") };
    to.extend_from_slice(names.pad(line.step).as_bytes());
    to.push(b' ');
    to.extend_from_slice(bar.as_bytes());
    to.push(b' ');
    clean_bytes(line.text, to);
    to.push(b'\n');
}

/// What an event means to somebody who watches; none for what only the engine cares about.
pub(crate) fn progress(event: &Event, run: &Run, paint: Paint) -> Option<String> {
    let name = |step: usize| paint.bold(&run.plan().steps[step].name);
    match &event.fact {
        Fact::RunCreated(_) | Fact::AttemptEnded { .. } | Fact::AttemptStopping { .. } => None,
        // The step's log says both, in its place.
        Fact::Noted { .. } | Fact::Judged { .. } => None,
        Fact::RunStarted => {
            let created = run.created();
            let title = paint.bold(&run.plan().pipeline);
            Some(format!("{title} #{} ({})\n", created.facts.build_number, paint.dim(&created.run)))
        }
        Fact::ApprovalOpened { step, .. } => {
            let message = preview::message(run, *step).unwrap_or_else(|| "waits for approval".to_owned());
            Some(format!("{} {}: {message}\n", paint.yellow("?"), name(*step)))
        }
        Fact::Approved { step, by, via, .. } => {
            Some(format!("{} {} approved by {by} (via {via})\n", paint.green("✓"), name(*step)))
        }
        Fact::Rejected { step, by, .. } => Some(format!("{} {} rejected by {by}\n", paint.red("✗"), name(*step))),
        Fact::AttemptStarted { step, attempt, .. } => {
            let again = if *attempt > 1 { format!(" (attempt {attempt})") } else { String::new() };
            Some(format!("{} {}{again}\n", paint.cyan("▶"), name(*step)))
        }
        Fact::RetryScheduled { step, attempt, not_before } => {
            let wait = not_before.as_millisecond().saturating_sub(event.at.as_millisecond()).unsigned_abs();
            let mark = paint.yellow("↻");
            Some(format!("{mark} {} will be tried again in {} (attempt {attempt})\n", name(*step), span(wait)))
        }
        Fact::StepFinished(finished) => {
            let mark = mark(finished.status, paint);
            let why = finished.why.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
            let took =
                if finished.duration_ms > 0 { format!(" in {}", span(finished.duration_ms)) } else { String::new() };
            Some(format!("{mark} {} {}{took}{why}\n", name(finished.step), finished.status.as_str().replace('_', " ")))
        }
        Fact::CancelRequested { by } => Some(format!("{} cancelled by {by}\n", paint.yellow("■"))),
        Fact::RunTimedOut => Some(format!("{} the run took too long\n", paint.red("⏱"))),
        Fact::GroupTimedOut { group } => {
            Some(format!("{} group {} took too long\n", paint.red("⏱"), run.plan().groups[*group].name))
        }
        Fact::RunFinished { status, duration_ms } => {
            Some(format!("{} in {}\n", status.as_str().replace('_', " "), span(*duration_ms)))
        }
    }
}
