//! Reading an attempt's output, while it is written or later.
//!
//! Nothing is kept between calls and no file is read as a whole: memory is bounded by a few windows, whatever the
//! log's size and however long its lines.

use std::borrow::Cow;
use std::fs::File;
use std::io;
use std::ops::{ControlFlow, Range};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use super::index::{Cursor, HEADER, Index, Record};
use super::{INDEX, LOG, PIECE, Stream, count_newlines};
use crate::{Error, Result};

/// How much is read at once; a piece that is cut at a window's end is read again, so it is a few pieces.
pub(super) const WINDOW: usize = 4 * PIECE;

/// Reads `log` by place, by line number or by content.
#[derive(Debug)]
pub struct LogReader {
    pub(super) log: File,
    index: Option<File>,
    pub(super) path: PathBuf,
}

/// A line, or a piece of one that is longer than [`PIECE`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// Place of its first byte.
    pub offset: u64,
    /// Where to read on.
    pub next: u64,
    /// Number of the line, from 1; pieces of one line share it.
    pub number: u64,
    /// Who wrote it.
    pub stream: Stream,
    /// When its first byte was written, in milliseconds since 1970.
    pub at_ms: u64,
    /// Its bytes without the newline.
    pub bytes: Vec<u8>,
}

/// A [`LogLine`] that borrows its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogLineRef<'b> {
    /// Place of its first byte.
    pub offset: u64,
    /// Where to read on.
    pub next: u64,
    /// Number of the line, from 1; pieces of one line share it.
    pub number: u64,
    /// Who wrote it.
    pub stream: Stream,
    /// When its first byte was written, in milliseconds since 1970.
    pub at_ms: u64,
    /// Its bytes without the newline.
    pub bytes: &'b [u8],
}

/// Whether more can come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogEnd {
    /// Somebody may still write: an unfinished last line is left for later.
    Growing,
    /// Nobody writes any more: an unfinished last line is a line.
    Final,
}

impl LogReader {
    /// Opens the log in an attempt's folder. Without an index everything is standard output of unknown time.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no log (yet), [`Error::Corrupt`] when a later AnsFlow wrote its index,
    /// [`Error::Io`].
    pub fn open(dir: &Path) -> Result<LogReader> {
        let path = dir.join(LOG);
        let log = File::open(&path).map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => Error::NotFound(format!("the output `{}`", path.display())),
            _ => Error::io("open", &path)(source),
        })?;
        Ok(LogReader { log, index: open_index(&dir.join(INDEX))?, path })
    }

    /// Bytes in the log now.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn len(&self) -> Result<u64> {
        Ok(self.log.metadata().map_err(self.failed())?.len())
    }

    /// True while the log has no bytes.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn is_empty(&self) -> Result<bool> {
        Ok(self.len()? == 0)
    }

    /// Lines in the log now, an unfinished last one included. Cheap: what lies behind the index's last record is read.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn line_count(&self) -> Result<u64> {
        let len = self.len()?;
        if len == 0 {
            return Ok(0);
        }
        let number = self.line_at(&self.index(len)?, len)?;
        let ended = self.byte_range(len - 1..len)? == b"\n";
        Ok(if ended { number - 1 } else { number })
    }

    /// Visits the lines from `from` on, without copying: the place of a line's first byte, or the `next` of what was
    /// read last. Goes on until the log's present end or the visitor's `Break`, and says where to read on.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn for_each_line(
        &self,
        from: u64,
        end: LogEnd,
        mut visit: impl FnMut(LogLineRef<'_>) -> ControlFlow<()>,
    ) -> Result<u64> {
        let len = self.len()?; // Before the index: its records are there by then.
        if from >= len {
            return Ok(from);
        }
        let mut cursor = Cursor::at(self.index(len)?, from).map_err(self.failed())?;
        let mut number = self.line_from(cursor.current(), from)?;
        let mut window = Vec::new();
        let mut at = from;
        while at < len {
            self.fill(&mut window, at, len)?;
            let base = at;
            let mut rest = &window[..];
            while let Some((bytes, newline)) = first_line(rest, base + window.len() as u64 == len, end) {
                let Record { stream, time_ms: at_ms, .. } = cursor.advance(at).map_err(self.failed())?;
                let taken = bytes.len() + usize::from(newline);
                let line = LogLineRef { offset: at, next: at + taken as u64, number, stream, at_ms, bytes };
                (at, rest, number) = (line.next, &rest[taken..], number + u64::from(newline));
                if visit(line).is_break() {
                    return Ok(at);
                }
            }
            if at == base {
                break; // An unfinished line.
            }
        }
        Ok(at)
    }

    /// The lines from `from` on, about `budget` bytes of them, but at least one where there is one.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn read_lines(&self, from: u64, budget: usize, end: LogEnd) -> Result<Vec<LogLine>> {
        let mut lines = Vec::new();
        self.for_each_line(from, end, |line| {
            lines.push(LogLine::from(line));
            if line.next - from < budget as u64 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        Ok(lines)
    }

    /// `count` lines from line number `first` (from 1) on, an unfinished last one included; at most about `budget`
    /// bytes, but at least one line where there is one.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn line_range(&self, first: u64, count: u64, budget: usize) -> Result<Vec<LogLine>> {
        let mut lines = Vec::new();
        let behind = first.saturating_add(count);
        let Some(from) = self.line_start(first)?.filter(|_| count > 0) else { return Ok(lines) };
        self.for_each_line(from, LogEnd::Final, |line| {
            if line.number >= behind {
                return ControlFlow::Break(());
            }
            lines.push(LogLine::from(line));
            if line.next - from < budget as u64 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        Ok(lines)
    }

    /// Where line number `number` (from 1) begins; `None` behind the last line.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn line_start(&self, number: u64) -> Result<Option<u64>> {
        let len = self.len()?;
        if number <= 1 {
            return Ok((number == 1 && len > 0).then_some(0));
        }
        let before = self.index(len)?.last(|record| record.line < number).map_err(self.failed())?;
        let Record { mut offset, mut line, .. } = before.map_or(Record::START, |(_, record)| record);
        let mut window = Vec::new();
        while offset < len {
            self.fill(&mut window, offset, len)?;
            for newline in memchr::memchr_iter(b'\n', &window) {
                line += 1;
                if line == number {
                    return Ok(Some(offset + newline as u64 + 1).filter(|start| *start < len));
                }
            }
            offset += window.len() as u64;
        }
        Ok(None)
    }

    /// Bytes by place, fewer where the log ends. The caller bounds the range: all of it is held in memory.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn byte_range(&self, range: Range<u64>) -> Result<Vec<u8>> {
        let end = range.end.min(self.len()?);
        let mut bytes = vec![0; end.saturating_sub(range.start) as usize];
        self.log.read_exact_at(&mut bytes, range.start).map_err(self.failed())?;
        Ok(bytes)
    }

    /// The index for the first `log_len` bytes.
    pub(super) fn index(&self, log_len: u64) -> Result<Index<'_>> {
        Index::of(self.index.as_ref(), log_len).map_err(self.failed())
    }

    /// Number of the line that the byte at `offset` is in.
    pub(super) fn line_at(&self, index: &Index<'_>, offset: u64) -> Result<u64> {
        let found = index.last(|record| record.offset <= offset).map_err(self.failed())?;
        self.line_from(found.map_or(Record::START, |(_, record)| record), offset)
    }

    /// The same, from a record before it: the scan that makes up for missing records.
    fn line_from(&self, record: Record, offset: u64) -> Result<u64> {
        let (mut at, mut line) = (record.offset, record.line);
        let mut window = Vec::new();
        while at < offset {
            self.fill(&mut window, at, offset)?;
            line += count_newlines(&window);
            at += window.len() as u64;
        }
        Ok(line)
    }

    /// Fills the window with the bytes from `at` on, up to `end` at most.
    fn fill(&self, window: &mut Vec<u8>, at: u64, end: u64) -> Result<()> {
        self.fill_with(WINDOW, window, at, end)
    }

    /// The same with a window of another size.
    pub(super) fn fill_with(&self, size: usize, window: &mut Vec<u8>, at: u64, end: u64) -> Result<()> {
        window.resize((end - at).min(size as u64) as usize, 0);
        self.log.read_exact_at(window, at).map_err(self.failed())
    }

    pub(super) fn failed(&self) -> impl FnOnce(io::Error) -> Error {
        Error::io("read", &self.path)
    }
}

impl LogLine {
    /// Its text; bytes that are not UTF-8 are shown as �.
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.bytes)
    }
}

impl LogLineRef<'_> {
    /// Its text; bytes that are not UTF-8 are shown as �.
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(self.bytes)
    }
}

impl From<LogLineRef<'_>> for LogLine {
    fn from(line: LogLineRef<'_>) -> LogLine {
        let LogLineRef { offset, next, number, stream, at_ms, bytes } = line;
        LogLine { offset, next, number, stream, at_ms, bytes: bytes.to_vec() }
    }
}

fn open_index(path: &Path) -> Result<Option<File>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::io("open", path)(error)),
    };
    let mut header = [0; HEADER.len()];
    match file.read_exact_at(&mut header, 0) {
        Ok(()) if header == HEADER => Ok(Some(file)),
        Ok(()) if header.starts_with(b"ANSFLIDX") => {
            Err(Error::Corrupt(format!("the log index `{}` has an unknown format", path.display())))
        }
        // The machine died before it was written.
        Ok(()) => Ok(None),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(Error::io("read", path)(error)),
    }
}

/// The first line of a window, or a full piece of it, and whether a newline follows; `None` when more must be read
/// (`at_end`: there is no more).
fn first_line(window: &[u8], at_end: bool, end: LogEnd) -> Option<(&[u8], bool)> {
    // A line of exactly one piece ends with it.
    if let Some(newline) = memchr::memchr(b'\n', &window[..window.len().min(PIECE + 1)]) {
        return Some((&window[..newline], true));
    }
    if window.len() > PIECE {
        return Some((&window[..character_end(window, PIECE)], false));
    }
    (at_end && end == LogEnd::Final && !window.is_empty()).then_some((window, false))
}

/// `cut`, or a little before it where a UTF-8 character would be cut in two.
fn character_end(bytes: &[u8], cut: usize) -> usize {
    let is_inside = |at: &usize| bytes[*at] & 0b1100_0000 == 0b1000_0000;
    (cut - 3..=cut).rev().find(|at| !is_inside(at)).unwrap_or(cut)
}
