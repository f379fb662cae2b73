//! JSON events, the language of `interfaces.md`: one object a line, each with `event`, `at`, `run` and `seq`.

use std::io::{self, Write};

use ansflow_core::run::event::Event;
use ansflow_core::run::{Run, told};
use jiff::Timestamp;

use super::Line;

/// Lines are collected up to this size before they are written; `flush` writes what is there.
const BUFFER: usize = 256 * 1024;

/// Writes events to standard output.
#[derive(Debug)]
pub(crate) struct JsonView<W: Write = io::Stdout> {
    run: String,
    buffer: Vec<u8>,
    out: W,
    /// `at` of log lines, as text: many lines share a millisecond.
    at: (u64, String),
}

impl<W: Write> JsonView<W> {
    /// Events of one run, to `out`.
    pub(crate) fn new(run: &str, out: W) -> Self {
        Self { run: run.to_owned(), buffer: Vec::with_capacity(BUFFER), out, at: (u64::MAX, String::new()) }
    }

    pub(crate) fn event(&mut self, seq: u64, event: &Event, run: &Run) -> io::Result<()> {
        if let Some(told) = told::tell(seq, event, run) {
            serde_json::to_writer(&mut self.buffer, &told.object)?;
            self.buffer.push(b'\n');
        }
        self.flush()
    }

    pub(crate) fn line(&mut self, line: Line<'_>) -> io::Result<()> {
        if self.at.0 != line.at_ms {
            let at =
                i64::try_from(line.at_ms).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok()).unwrap_or_default();
            self.at = (line.at_ms, at.to_string());
        }
        let stream = if line.is_error { "stderr" } else { "stdout" };
        write!(self.buffer, r#"{{"event":"log","at":"{}","run":"{}","seq":null,"step":"#, self.at.1, self.run)?;
        serde_json::to_writer(&mut self.buffer, line.step)?;
        write!(self.buffer, r#","stream":"{stream}","offset":{},"line":"#, line.offset)?;
        serde_json::to_writer(&mut self.buffer, &*String::from_utf8_lossy(line.text))?;
        self.buffer.extend_from_slice(b"}\n");
        if self.buffer.len() >= BUFFER { self.flush() } else { Ok(()) }
    }

    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.out.write_all(&self.buffer)?;
        self.buffer.clear();
        self.out.flush()
    }
}
