//! Writing an attempt's output. One writer, from the beginning to the end; there is no going on with an old log.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::index::{HEADER, Record};
use super::{INDEX, LOG, PIECE, Stream, count_newlines};
use crate::{Error, Result};

/// Of two writes closer than this, the second needs no record of its own.
const TIME_GRAIN_MS: u64 = 10;

/// Writes `log` and `log.index`. Bytes arrive masked.
///
/// Memory is bounded by two pieces, however long a line is; a chunk of any size is two or three system calls.
#[derive(Debug)]
pub struct LogWriter {
    pub(super) log: File,
    index: File,
    dir: PathBuf,
    /// Bytes in `log`.
    len: u64,
    /// Number of the line that the next byte will be in, from 1.
    line: u64,
    last: Option<Record>,
    /// The stream whose unfinished line is the end of `log`.
    open: Option<Stream>,
    /// The unfinished line of each stream that is not in `log` yet; `[stdout, stderr]`.
    held: [Vec<u8>; 2],
    records: Vec<u8>,
    /// A write failed: where the files end is not known any more.
    failed: bool,
}

impl LogWriter {
    /// Starts an empty log in an existing folder that has none.
    ///
    /// # Errors
    /// [`Error::Io`] when there is one already, or when the files cannot be written.
    pub fn create(dir: &Path) -> Result<LogWriter> {
        let create = |name| {
            let path = dir.join(name);
            OpenOptions::new().append(true).create_new(true).open(&path).map_err(Error::io("create", &path))
        };
        // The index first: a log never stands without one.
        let mut index = create(INDEX)?;
        index.write_all(&HEADER).map_err(Error::io("write", &dir.join(INDEX)))?;
        Ok(LogWriter {
            log: create(LOG)?,
            index,
            dir: dir.to_owned(),
            len: 0,
            line: 1,
            last: None,
            open: None,
            held: [Vec::new(), Vec::new()],
            records: Vec::new(),
            failed: false,
        })
    }

    /// Takes bytes that arrived at `now_ms` (milliseconds since 1970). Whole lines are in the files on return; the
    /// beginning of an unfinished one may be held back.
    ///
    /// # Errors
    /// [`Error::Io`], such as on a full disk. The log ends there: half a record may be written, so later calls fail too.
    pub fn write(&mut self, stream: Stream, bytes: &[u8], now_ms: u64) -> Result<()> {
        let whole = memchr::memrchr(b'\n', bytes).map_or(0, |newline| newline + 1);
        let (lines, rest) = bytes.split_at(whole);
        if !lines.is_empty() {
            self.release(stream, now_ms)?;
            self.put(stream, lines, now_ms)?;
        }
        if self.held(stream).len() + rest.len() > PIECE {
            self.release(stream, now_ms)?;
            self.put(stream, rest, now_ms)
        } else {
            self.held(stream).extend_from_slice(rest);
            Ok(())
        }
    }

    /// Writes what is held back of unfinished lines: to be called when the streams have been silent for a while, such
    /// as 200 ms, and at the end.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn flush_partial(&mut self, now_ms: u64) -> Result<()> {
        // The stream whose line is open goes first, so that no newline is put in where none is needed.
        let first = self.open.unwrap_or(Stream::Stdout);
        let second = match first {
            Stream::Stdout => Stream::Stderr,
            Stream::Stderr => Stream::Stdout,
        };
        self.release(first, now_ms)?;
        self.release(second, now_ms)
    }

    /// True when [`flush_partial`](LogWriter::flush_partial) would write something.
    pub fn holds_back(&self) -> bool {
        self.held.iter().any(|held| !held.is_empty())
    }

    /// Bytes in `log` so far.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// True while `log` has no bytes.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Makes what was written outlast a power cut; what is held back is not written by this.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn sync(&self) -> Result<()> {
        self.log.sync_all().map_err(Error::io("sync", &self.dir.join(LOG)))?;
        self.index.sync_all().map_err(Error::io("sync", &self.dir.join(INDEX)))
    }

    fn held(&mut self, stream: Stream) -> &mut Vec<u8> {
        match stream {
            Stream::Stdout => &mut self.held[0],
            Stream::Stderr => &mut self.held[1],
        }
    }

    /// Writes what is held back of one stream.
    fn release(&mut self, stream: Stream, now_ms: u64) -> Result<()> {
        let mut held = std::mem::take(self.held(stream));
        let written = if held.is_empty() { Ok(()) } else { self.put(stream, &held, now_ms) };
        held.clear();
        *self.held(stream) = held; // Its memory is used again.
        written
    }

    /// Writes bytes of one stream, behind a newline when the other one left its line unfinished.
    fn put(&mut self, stream: Stream, bytes: &[u8], now_ms: u64) -> Result<()> {
        if self.failed {
            let earlier = io::Error::other("an earlier write to this log failed");
            return Err(Error::io("go on with", &self.dir.join(LOG))(earlier));
        }
        self.failed = true; // Until the end is reached.
        if self.open.is_some_and(|open| open != stream) {
            self.append(b"\n")?;
            self.line += 1;
            self.open = None;
        }
        self.describe(stream, bytes, now_ms)?;
        self.append(bytes)?;
        self.open = bytes.last().filter(|last| **last != b'\n').map(|_| stream);
        self.failed = false;
        Ok(())
    }

    /// Writes the records of bytes that are about to be appended, and counts their lines.
    fn describe(&mut self, stream: Stream, bytes: &[u8], now_ms: u64) -> Result<()> {
        self.records.clear();
        let mut at = 0;
        while at < bytes.len() {
            let offset = self.len + at as u64;
            let covered =
                self.last.filter(|last| last.stream == stream && now_ms.abs_diff(last.time_ms) < TIME_GRAIN_MS);
            let room = covered.map_or(0, |last| (last.offset + PIECE as u64).saturating_sub(offset));
            let room = if room == 0 {
                let record = Record { offset, line: self.line, time_ms: now_ms, stream };
                self.records.extend_from_slice(&record.encode());
                self.last = Some(record);
                PIECE
            } else {
                room as usize
            };
            let end = bytes.len().min(at + room);
            self.line += count_newlines(&bytes[at..end]);
            at = end;
        }
        self.index.write_all(&self.records).map_err(Error::io("write", &self.dir.join(INDEX)))
    }

    fn append(&mut self, bytes: &[u8]) -> Result<()> {
        self.log.write_all(bytes).map_err(Error::io("write", &self.dir.join(LOG)))?;
        self.len += bytes.len() as u64;
        Ok(())
    }
}
