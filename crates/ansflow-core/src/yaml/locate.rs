//! From a byte of a scalar's value back to the byte of the file that put it there.
//!
//! Walks value and source side by side. Where the two part ways (they should not) the walk ends, and what follows is
//! said to stand at the scalar's end.

use super::place::after;
use super::scalar::Style;
use crate::diagnostic::Span;
use std::ops::Range;

pub(super) fn locate(span: Span, style: Style, value: &str, source: &str, range: Range<usize>) -> Span {
    let Some(written) = source.get(span.start.offset..span.end.offset) else { return span };
    if style == Style::None {
        return span;
    }
    let range = range.start.min(value.len())..range.end.max(range.start).min(value.len());
    let indent = span.start.column.saturating_sub(1) as usize;
    let mut walk = Walk { written, value, at: 0, said: 0, inline_until: 0 };
    let mut bounds = None::<Range<usize>>;
    if matches!(style, Style::Single | Style::Double) {
        walk.at = 1;
    }
    loop {
        let before = (walk.said, walk.at);
        if before.0 >= range.end && (bounds.is_some() || range.is_empty()) {
            break;
        }
        let moved = match style {
            Style::Plain => walk.flow_step(None),
            Style::Single => walk.flow_step(Some('\'')),
            Style::Double => walk.flow_step(Some('"')),
            Style::Literal | Style::Folded => walk.block_step(indent),
            Style::None => false,
        };
        if !moved {
            break;
        }
        // A step that says nothing, such as an escaped line break, belongs to no byte of the value.
        if walk.said > range.start && walk.said > before.0 && before.0 < range.end {
            bounds = Some(bounds.map_or(before.1, |bounds| bounds.start)..walk.at);
        }
    }
    let found = bounds.unwrap_or(walk.at..walk.at);
    let start = after(span.start, &written[..found.start]);
    Span { start, end: after(start, &written[found]) }
}

/// Both positions stand on character boundaries, always.
struct Walk<'t> {
    written: &'t str,
    value: &'t str,
    at: usize,
    said: usize,
    /// Blanks before here are known not to end their line: looking again at each would cost the square of their number.
    inline_until: usize,
}

impl Walk<'_> {
    /// One character, escape or fold of a plain or quoted scalar. Says whether anything moved.
    fn flow_step(&mut self, quote: Option<char>) -> bool {
        let rest = &self.written[self.at..];
        let Some(c) = rest.chars().next() else { return false };
        if self.at >= self.inline_until {
            let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
            if line_break(&rest[blank..]) > 0 {
                return self.fold();
            }
            self.inline_until = self.at + blank;
        }
        match (quote, c) {
            (Some('\''), '\'') if rest.starts_with("''") => self.step(2, 1),
            (Some('"'), '\\') => self.escape(),
            (Some(quote), c) if c == quote => false,
            _ => self.step(c.len_utf8(), c.len_utf8()),
        }
    }

    /// Blanks, line breaks, empty lines and indentation: one space, or a line break for every empty line.
    fn fold(&mut self) -> bool {
        let rest = &self.written[self.at..];
        let width = rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
        let breaks = count_breaks(&rest[..width]);
        let said = match breaks {
            0 | 1 => usize::from(self.value[self.said..].starts_with(' ')),
            more => self.line_feeds(more - 1),
        };
        self.step(width, said)
    }

    fn escape(&mut self) -> bool {
        let rest = &self.written[self.at + 1..];
        let Some(c) = rest.chars().next() else { return false };
        let line = line_break(rest);
        if line > 0 {
            let indentation = rest[line..].len() - rest[line..].trim_start_matches([' ', '\t']).len();
            return self.step(1 + line + indentation, 0);
        }
        let digits = match c {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        let said = self.value[self.said..].chars().next().map_or(0, char::len_utf8);
        self.step(1 + c.len_utf8() + digits, said)
    }

    /// One character, or the end of one line and the indentation of the next, of a block scalar.
    fn block_step(&mut self, indent: usize) -> bool {
        let rest = &self.written[self.at..];
        if self.at == 0 && self.said == 0 {
            // Empty lines between the header and the first line with content stand before the span.
            let leading = self.line_feeds(usize::MAX);
            if leading > 0 {
                self.said = leading;
                return true;
            }
        }
        let Some(c) = rest.chars().next() else { return false };
        if line_break(rest) == 0 {
            return self.step(c.len_utf8(), c.len_utf8());
        }
        let (mut width, mut breaks) = (0, 0);
        loop {
            let line = line_break(&rest[width..]);
            if line == 0 {
                break;
            }
            width += line;
            breaks += 1;
            width += rest[width..].bytes().take(indent).take_while(|b| *b == b' ').count();
        }
        let kept = self.line_feeds(breaks);
        let said = if kept > 0 { kept } else { usize::from(self.value[self.said..].starts_with(' ')) };
        self.step(width, said)
    }

    /// How many of the next bytes of the value are line feeds, up to `most`.
    fn line_feeds(&self, most: usize) -> usize {
        self.value.as_bytes()[self.said..].iter().take(most).take_while(|b| **b == b'\n').count()
    }

    /// Moves on, if both sides have that much left.
    fn step(&mut self, written: usize, said: usize) -> bool {
        let fits = self.written.is_char_boundary(self.at + written) && self.value.is_char_boundary(self.said + said);
        if fits {
            self.at += written;
            self.said += said;
        }
        fits && written + said > 0
    }
}

/// Bytes of the line break that the text starts with.
fn line_break(text: &str) -> usize {
    match text.as_bytes() {
        [b'\r', b'\n', ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        _ => 0,
    }
}

fn count_breaks(text: &str) -> usize {
    let bytes = text.as_bytes();
    (0..bytes.len()).filter(|&i| bytes[i] == b'\n' || (bytes[i] == b'\r' && bytes.get(i + 1) != Some(&b'\n'))).count()
}
