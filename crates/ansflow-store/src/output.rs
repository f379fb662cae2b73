//! An attempt's output: plain files in a folder, written by one process and read by any number at the same time.
//!
//! Synchronous, and without a database: it works inside the attempt's process. Nothing here masks secrets or
//! interprets bytes; the writer's caller passes bytes that are already masked.
//!
//! # The files
//!
//! `log` holds the bytes as a person would read them, standard output and standard error in the order of arrival. A
//! line belongs to one stream: the unfinished line of a stream is held back until its newline, 64 KiB or
//! [`LogWriter::flush_partial`]. Where the streams change behind an unfinished line that was flushed, a newline is put
//! between them; it is the only byte in `log` that nobody wrote.
//!
//! `log.index` says which stream, when and which line: a header of 16 bytes (`ANSFLIDX`, then the format's version, 1,
//! and the record's size, 32, as little-endian `u32`s), then records of 32 bytes, little-endian, in rising order of
//! `offset`, no two of them more than 64 KiB apart:
//!
//! | bytes | field | meaning |
//! |---|---|---|
//! | 0–7 | `offset` | place in `log` from which the record holds, up to the next record's |
//! | 8–15 | `line` | number of the line that the byte at `offset` is in, from 1 |
//! | 16–23 | `time_ms` | when it was written, in milliseconds since 1970, to a hundredth of a second |
//! | 24 | `stream` | 0 standard output, 1 standard error |
//! | 25–27 | | zero |
//! | 28–31 | `check` | FNV-1a of bytes 0–27 |
//!
//! A record is written *before* the bytes it describes, so that who sees bytes sees whose they are. A record at or
//! behind the end of `log`, or with a wrong `check`, therefore means that the writer or the machine died there: it is
//! ignored, together with whatever follows, and lines are counted by scanning from the last good one.

mod index;
mod reader;
mod search;
mod writer;

pub use reader::{LogEnd, LogLine, LogLineRef, LogReader};
pub use search::{Hit, LetterCase};
pub use writer::LogWriter;

/// Longer lines are written, and read, in pieces of at most this many bytes.
pub const PIECE: usize = 64 * 1024;

/// Name of the file with the text.
pub const LOG: &str = "log";
const INDEX: &str = "log.index";

/// Where bytes came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

impl Stream {
    /// The word for it: `stdout`, `stderr`.
    pub fn as_str(self) -> &'static str {
        match self {
            Stream::Stdout => "stdout",
            Stream::Stderr => "stderr",
        }
    }
}

fn count_newlines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

#[cfg(test)]
mod tests;
