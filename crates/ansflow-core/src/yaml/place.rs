//! Where the n-th character of a text is, in bytes, lines and columns.
//!
//! The YAML scanner counts characters; diagnostics need bytes as well. A table makes both cheap even where all the text
//! is one line.

use crate::diagnostic::Position;

/// One entry of the table for so many characters.
const STRIDE: usize = 64;

#[derive(Debug)]
pub(super) struct Places {
    /// The byte of every [`STRIDE`]-th character; empty where all is ASCII.
    bytes: Vec<usize>,
    /// Byte and character of the start of every line.
    lines: Vec<(usize, usize)>,
    /// Length of the text in bytes and characters.
    length: (usize, usize),
    /// Bytes of the file before the text: its byte order mark.
    before: usize,
}

impl Places {
    pub(super) fn of(text: &str, before: usize) -> Places {
        let ascii = text.is_ascii();
        let mut bytes = Vec::new();
        let mut lines = vec![(0, 0)];
        let mut count = 0;
        let mut previous = '\0';
        for (byte, c) in text.char_indices() {
            if previous == '\n' || (previous == '\r' && c != '\n') {
                lines.push((byte, count));
            }
            if !ascii && count % STRIDE == 0 {
                bytes.push(byte);
            }
            previous = c;
            count += 1;
        }
        if matches!(previous, '\n' | '\r') {
            lines.push((text.len(), count));
        }
        Places { bytes, lines, length: (text.len(), count), before }
    }

    /// The byte of `text` at which its n-th character starts; at most its length.
    pub(super) fn byte(&self, text: &str, nth: usize) -> usize {
        if nth >= self.length.1 {
            return self.length.0;
        }
        match self.bytes.get(nth / STRIDE) {
            None => nth,
            Some(&near) => near + text[near..].chars().take(nth % STRIDE).map(char::len_utf8).sum::<usize>(),
        }
    }

    /// The place of a byte of `text`, which must be a character's first or the end.
    pub(super) fn position(&self, text: &str, byte: usize) -> Position {
        let nth = if self.bytes.is_empty() {
            byte
        } else {
            let block = self.bytes.partition_point(|&start| start <= byte).saturating_sub(1);
            block * STRIDE + text[self.bytes[block]..byte].chars().count()
        };
        let line = self.lines.partition_point(|&(start, _)| start <= byte).saturating_sub(1);
        let column = nth - self.lines[line].1;
        Position { line: narrow(line + 1), column: narrow(column + 1), offset: byte + self.before }
    }
}

/// The place one arrives at by reading `text` from `start` on.
pub(super) fn after(start: Position, text: &str) -> Position {
    let mut at = Position { offset: start.offset + text.len(), ..start };
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' | '\r' => (at.line, at.column) = (at.line + 1, 1),
            '\u{feff}' if at.line == 1 && at.column == 1 => {}
            _ => at.column += 1,
        }
    }
    at
}

fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
