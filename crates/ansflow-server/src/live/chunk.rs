//! A piece of output as it is sent to all who follow it: whole lines, encoded once.

use std::ops::ControlFlow;
use std::path::Path;

use ansflow_store::output::{LogEnd, LogLineRef, LogReader};
use ansflow_store::{Error, Result};
use bytes::Bytes;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::words;
use crate::sse;

/// About so many bytes of output are one chunk; a single line may be longer.
const BUDGET: u64 = 16 * 1024;

/// A line of output, or a piece of one that is longer than 64 KiB; pieces of one line share its number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct LogLine {
    /// From 1.
    pub(crate) number: u64,
    /// Place of its first byte.
    pub(crate) offset: u64,
    pub(crate) at: String,
    #[schema(value_type = words::OutputStream)]
    pub(crate) stream: &'static str,
    /// As it was written, with the terminal's control sequences; bytes that are no text are �.
    pub(crate) text: String,
}

/// Lines of a stream of output; its id is `next`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct LogChunk {
    pub(crate) attempt: u32,
    /// Where to go on.
    pub(crate) next: u64,
    pub(crate) lines: Vec<LogLine>,
}

/// A chunk, encoded.
#[derive(Debug, Clone)]
pub(super) struct Chunk {
    pub(super) next: u64,
    pub(super) frame: Bytes,
}

/// Makes lines of what was read; many of them share a time.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    at: Option<(u64, String)>,
}

impl Lines {
    pub(crate) fn line(&mut self, line: &LogLineRef<'_>) -> LogLine {
        let known = self.at.take().filter(|(ms, _)| *ms == line.at_ms);
        let (ms, at) = known.unwrap_or_else(|| {
            let at = i64::try_from(line.at_ms).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
            (line.at_ms, at.unwrap_or_default().to_string())
        });
        self.at = Some((ms, at.clone()));
        let (number, offset, text) = (line.number, line.offset, line.text().into_owned());
        LogLine { number, offset, at, stream: line.stream.as_str(), text }
    }
}

/// The chunk that begins at `from`; none where there is no whole line yet.
pub(super) fn read(folder: &Path, attempt: u32, from: u64, end: LogEnd) -> Result<Option<Chunk>> {
    let reader = match LogReader::open(folder) {
        Err(Error::NotFound(_)) => return Ok(None),
        opened => opened?,
    };
    let (mut made, mut lines) = (Lines::default(), Vec::new());
    let next = reader.for_each_line(from, end, |line| {
        lines.push(made.line(&line));
        if line.next - from < BUDGET { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    if lines.is_empty() {
        return Ok(None);
    }
    Ok(Some(Chunk { next, frame: frame("lines", LogChunk { attempt, next, lines }) }))
}

/// What follows the last line.
pub(super) fn end(attempt: u32, next: u64) -> Bytes {
    frame("end", LogChunk { attempt, next, lines: Vec::new() })
}

#[expect(clippy::needless_pass_by_value, reason = "nobody needs the chunk again, and it can be large")]
fn frame(event: &str, chunk: LogChunk) -> Bytes {
    let data = serde_json::to_vec(&chunk).expect("texts and numbers are JSON");
    sse::frame(Some(event), chunk.next, &data).into()
}
