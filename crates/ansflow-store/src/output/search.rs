//! Finding bytes in an attempt's output, window by window.

use memchr::memmem::Finder;

use super::reader::WINDOW;
use super::{LogReader, count_newlines};
use crate::Result;

/// A hit's text is cut to so many bytes before and behind the match.
const AROUND: u64 = 1024;

/// Whether `A` is `a`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LetterCase {
    /// It is not.
    Exact,
    /// It is; letters of other alphabets than ASCII are compared exactly.
    Ignored,
}

/// A place where the pattern was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Number of the line, from 1.
    pub line: u64,
    /// Place of the match's first byte.
    pub offset: u64,
    /// Place of the text's first byte, in the same line.
    pub text_offset: u64,
    /// The line, or up to a kilobyte of it on both sides of the match.
    pub text: Vec<u8>,
}

impl LogReader {
    /// Finds `pattern` from the place `from` on: every match that does not overlap another, at most `most` of them.
    /// To go on, search again from the last hit's `offset` plus the pattern's length. An empty pattern is nowhere.
    ///
    /// # Errors
    /// [`Error::Io`](crate::Error::Io).
    pub fn search(&self, pattern: &[u8], case: LetterCase, most: usize, from: u64) -> Result<Vec<Hit>> {
        Ok(self.search_while(pattern, case, most, from, || true)?.0)
    }

    /// The same while `go_on` says so, which is asked every few hundred kilobytes; and whether all of the log was
    /// looked at.
    ///
    /// # Errors
    /// [`Error::Io`](crate::Error::Io).
    pub fn search_while(
        &self,
        pattern: &[u8],
        case: LetterCase,
        most: usize,
        from: u64,
        mut go_on: impl FnMut() -> bool,
    ) -> Result<(Vec<Hit>, bool)> {
        let len = self.len()?;
        let mut hits = Vec::new();
        if pattern.is_empty() || most == 0 || from >= len {
            return Ok((hits, true));
        }
        let folded = fold(pattern, case);
        let finder = Finder::new(&folded);
        let mut line = self.line_at(&self.index(len)?, from)?;
        let mut window = Vec::new();
        let mut at = from;
        while at + pattern.len() as u64 <= len {
            if !go_on() {
                return Ok((hits, false));
            }
            self.fill_with(WINDOW + pattern.len(), &mut window, at, len)?;
            if case == LetterCase::Ignored {
                window.make_ascii_lowercase();
            }
            let mut used = 0;
            for place in finder.find_iter(&window) {
                line += count_newlines(&window[used..place]);
                hits.push(self.hit(at + place as u64, pattern.len(), line)?);
                if hits.len() == most {
                    return Ok((hits, false));
                }
                line += count_newlines(&window[place..place + pattern.len()]);
                used = place + pattern.len();
            }
            // The window's end may be the beginning of a match: it is the beginning of the next window.
            let next = used.max(window.len() + 1 - pattern.len());
            line += count_newlines(&window[used..next]);
            at += next as u64;
        }
        Ok((hits, true))
    }

    fn hit(&self, offset: u64, length: usize, line: u64) -> Result<Hit> {
        let start = offset.saturating_sub(AROUND);
        let around = self.byte_range(start..offset + length as u64 + AROUND)?;
        let place = (offset - start) as usize;
        let first = memchr::memrchr(b'\n', &around[..place]).map_or(0, |newline| newline + 1);
        let last = memchr::memchr(b'\n', &around[place..]).map_or(around.len(), |newline| place + newline);
        Ok(Hit { line, offset, text_offset: start + first as u64, text: around[first..last.max(first)].to_vec() })
    }
}

fn fold(pattern: &[u8], case: LetterCase) -> Vec<u8> {
    match case {
        LetterCase::Exact => pattern.to_vec(),
        LetterCase::Ignored => pattern.to_ascii_lowercase(),
    }
}
