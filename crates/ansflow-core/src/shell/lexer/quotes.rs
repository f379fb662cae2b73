//! Single quotes, double quotes, `$'…'`, backslashes.

use super::super::cursor::Atom;
use super::super::edits::Quoting;
use super::super::why::Why;
use super::{Frame, Lexer};

impl Lexer<'_> {
    /// `'…'`, from its first quote to past its last.
    pub(super) fn single(&mut self) {
        self.cursor.bump(1);
        loop {
            let text = self.cursor.run(|byte| byte == b'\'');
            self.add(text);
            match self.cursor.peek() {
                Atom::Hole(hole) => self.hole(hole, Quoting::Single),
                Atom::Byte(_) => return self.cursor.bump(1),
                Atom::End => return,
            }
        }
    }

    /// `$'…'` of bash, from its first quote to past its last. Escapes are left in the word as they are written.
    pub(super) fn ansi_c(&mut self) {
        self.cursor.bump(1);
        loop {
            let text = self.cursor.run(|byte| matches!(byte, b'\'' | b'\\'));
            self.add(text);
            match self.cursor.peek() {
                Atom::Hole(hole) => self.hole(hole, Quoting::AnsiC),
                Atom::Byte(b'\\') => {
                    // What an escape stands for we do not compute, so a word with one is not known.
                    self.opens();
                    self.escape_literally();
                }
                Atom::Byte(_) => return self.cursor.bump(1),
                Atom::End => return,
            }
        }
    }

    /// Inside `"…"`.
    pub(super) fn double(&mut self) {
        let text = self.cursor.run(|byte| matches!(byte, b'"' | b'\\' | b'$' | b'`'));
        self.add(text);
        match self.cursor.peek() {
            Atom::Hole(hole) => self.hole(hole, Quoting::Open),
            Atom::Byte(b'"') => {
                self.cursor.bump(1);
                self.pop();
            }
            Atom::Byte(b'\\') => self.escape_literally(),
            Atom::Byte(b'$') => self.dollar(),
            Atom::Byte(_) => self.open_backtick(),
            Atom::End => {}
        }
    }

    pub(super) fn open_double(&mut self) {
        self.cursor.bump(1);
        self.frames.push(Frame::Double);
    }

    pub(super) fn open_backtick(&mut self) {
        self.opens();
        self.cursor.bump(1);
        self.push_banned(Frame::Backtick, Why::Backtick);
    }

    /// Inside `` `…` ``: up to the next backtick that has no backslash.
    pub(super) fn backtick(&mut self) {
        self.cursor.run(|byte| matches!(byte, b'`' | b'\\'));
        match self.cursor.peek() {
            Atom::Hole(_) => self.refuse_hole(&Why::Backtick),
            Atom::Byte(b'\\') => self.skip_escape(),
            Atom::Byte(_) => {
                self.cursor.bump(1);
                self.pop();
            }
            Atom::End => {}
        }
    }

    /// A backslash where it is literal before most characters. Before a hole it is doubled, so that it stays literal.
    pub(super) fn escape_literally(&mut self) {
        let at = self.cursor.at;
        self.cursor.bump(1);
        match self.cursor.peek() {
            Atom::Hole(_) => {
                self.add("\\");
                self.edits.replace(at..at, "\\");
            }
            Atom::Byte(b'\n') => self.cursor.bump(1),
            Atom::Byte(byte) => {
                if !matches!(byte, b'"' | b'\\' | b'$' | b'`') {
                    self.add("\\");
                }
                let text = self.cursor.bump_char();
                self.add(text);
            }
            Atom::End => {}
        }
    }

    /// A backslash outside quotes.
    pub(super) fn escape(&mut self) {
        if self.cursor.byte(1) == Some(b'\n') {
            return self.cursor.bump(2);
        }
        self.word().bare = false;
        self.cursor.bump(1);
        if matches!(self.cursor.peek(), Atom::Hole(_)) {
            return self.refuse_hole(&Why::Backslash);
        }
        let text = self.cursor.bump_char();
        self.add(text);
    }

    /// A backslash in text that is refused anyway.
    pub(super) fn skip_escape(&mut self) {
        self.cursor.bump(1);
        self.cursor.bump_char();
    }
}
