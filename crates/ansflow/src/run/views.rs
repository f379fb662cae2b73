//! Three ways to watch a run: JSON events for programs, plain lines, and a live view on a terminal.

pub(crate) mod json;
pub(crate) mod live;
pub(crate) mod plain;
pub(crate) mod summary;
pub(crate) mod words;

use std::io;

use ansflow_core::run::Run;
use ansflow_core::run::event::Event;

use json::JsonView;
use live::LiveView;
use plain::PlainView;

/// A line of a step's output.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line<'a> {
    /// Name of the step.
    pub(crate) step: &'a str,
    /// Whether it came from standard error.
    pub(crate) is_error: bool,
    /// When, in milliseconds since 1970.
    pub(crate) at_ms: u64,
    /// Where it begins in the step's log, in bytes.
    pub(crate) offset: u64,
    /// The line without its newline.
    pub(crate) text: &'a [u8],
}

/// How a run is shown.
#[derive(Debug)]
pub(crate) enum View {
    /// One JSON object a line, on standard output.
    Json(JsonView),
    /// Plain lines: output of steps on standard output, progress on standard error.
    Plain(PlainView),
    /// The same with a few lines at the bottom that say what runs now.
    Live(LiveView),
}

impl View {
    /// Shows a stored event; `run` is the state after it.
    pub(crate) fn event(&mut self, seq: u64, event: &Event, run: &Run) -> io::Result<()> {
        match self {
            View::Json(view) => view.event(seq, event, run),
            View::Plain(view) => view.event(event, run),
            View::Live(view) => view.event(event, run),
        }
    }

    /// Shows a line of a step's output.
    pub(crate) fn line(&mut self, line: Line<'_>) -> io::Result<()> {
        match self {
            View::Json(view) => view.line(line),
            View::Plain(view) => view.line(line),
            View::Live(view) => view.line(line),
        }
    }

    /// What was shown so far must have left the program.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        match self {
            View::Json(view) => view.flush(),
            View::Plain(view) => view.flush(),
            View::Live(view) => view.flush(),
        }
    }

    /// Something that is no event, such as a warning.
    pub(crate) fn notice(&mut self, text: &str) {
        match self {
            View::Json(_) | View::Plain(_) => crate::terminal::err(&format!("{text}\n")),
            View::Live(view) => view.notice(text),
        }
    }
}
