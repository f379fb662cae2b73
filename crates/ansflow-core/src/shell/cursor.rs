//! Reads the text with its holes as atoms: what is written inside a hole is never mistaken for shell.

use std::ops::Range;

/// What stands at the cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Atom {
    Byte(u8),
    Hole(usize),
    End,
}

/// A place in the text, never beyond `limit`.
#[derive(Clone)]
pub(super) struct Cursor<'t> {
    pub(super) text: &'t str,
    pub(super) holes: &'t [Range<usize>],
    pub(super) at: usize,
    /// Where reading ends for now: the end of the text or of a here-document's body.
    pub(super) limit: usize,
    /// The first hole at or after `at`.
    next: usize,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str, holes: &'t [Range<usize>]) -> Self {
        Self { text, holes, at: 0, limit: text.len(), next: 0 }
    }

    pub(super) fn peek(&self) -> Atom {
        if self.at >= self.limit {
            Atom::End
        } else if self.at == self.hole_start() {
            Atom::Hole(self.next)
        } else {
            Atom::Byte(self.text.as_bytes()[self.at])
        }
    }

    /// The byte `ahead` of the cursor, unless a hole or the end comes first.
    pub(super) fn byte(&self, ahead: usize) -> Option<u8> {
        let at = self.at + ahead;
        (at < self.limit && at < self.hole_start()).then(|| self.text.as_bytes()[at])
    }

    pub(super) fn starts(&self, with: &str) -> bool {
        self.text.as_bytes()[self.at..self.plain_end()].starts_with(with.as_bytes())
    }

    /// Steps over `bytes` bytes that hold no hole.
    pub(super) fn bump(&mut self, bytes: usize) {
        self.at = (self.at + bytes).min(self.limit);
    }

    /// Steps over one character, or nothing where a hole or the end is.
    pub(super) fn bump_char(&mut self) -> &'t str {
        let start = self.at;
        let length = self.text[start..self.plain_end()].chars().next().map_or(0, char::len_utf8);
        self.at += length;
        &self.text[start..self.at]
    }

    /// Steps over the hole at the cursor.
    pub(super) fn bump_hole(&mut self) {
        self.at = self.holes[self.next].end;
        self.next += 1;
    }

    /// Steps over bytes up to one of `stops`, a hole or the end. The stops are ASCII, so the run is whole characters.
    pub(super) fn run(&mut self, stops: impl Fn(u8) -> bool) -> &'t str {
        let plain = &self.text[self.at..self.plain_end()];
        let length = plain.bytes().position(stops).unwrap_or(plain.len());
        self.at += length;
        &plain[..length]
    }

    /// Goes forward to a place that is not inside a hole.
    pub(super) fn jump(&mut self, to: usize) {
        self.at = to;
        while self.hole_start() < to {
            self.next += 1;
        }
    }

    /// Goes to the end of the line, before its line feed.
    pub(super) fn skip_line(&mut self, mut on_hole: impl FnMut(usize, usize)) {
        loop {
            self.run(|byte| byte == b'\n');
            let Atom::Hole(hole) = self.peek() else { return };
            on_hole(self.at, hole);
            self.bump_hole();
        }
    }

    fn plain_end(&self) -> usize {
        self.limit.min(self.hole_start())
    }

    fn hole_start(&self) -> usize {
        self.holes.get(self.next).map_or(usize::MAX, |hole| hole.start)
    }
}
