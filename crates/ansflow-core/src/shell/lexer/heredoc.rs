//! Here-documents: their delimiters, where their bodies end, and quoted ones with holes.

use super::super::cursor::Atom;
use super::super::edits::Quoting;
use super::super::why::Why;
use super::{Frame, Lexer};
use crate::spec::Dialect;

/// How deep here-documents in `$( )` in here-documents are followed: each level reads the inner ones again.
const DEEPEST: usize = 8;

/// How many here-documents are remembered that a substitution left behind; each level hands on the inner ones.
const MOST_LOST: usize = 16;

/// A here-document whose body has not begun.
pub(super) struct Pending {
    /// What ends it, quotes removed.
    delimiter: String,
    /// The delimiter as it stands in the text, to be written without quotes if the body has holes.
    written: std::ops::Range<usize>,
    quoted: bool,
    /// `<<-`
    tabs: bool,
    /// Why holes in it are refused.
    pub(super) ban: Option<Why>,
}

/// A body that is being read, and what comes after it.
pub(super) struct Body {
    /// Past the line of the delimiter.
    resume: usize,
    /// The limit outside of it.
    limit: usize,
    banned: bool,
    /// Those that began on the same line, the next one last.
    rest: Vec<Pending>,
}

impl Lexer<'_> {
    /// The delimiter after `<<` or `<<-`, and the word is done.
    pub(super) fn open_heredoc(&mut self, tabs: bool) {
        self.cursor.run(|byte| !matches!(byte, b' ' | b'\t'));
        let start = self.cursor.at;
        let mut pending = Pending { delimiter: String::new(), written: start..start, quoted: false, tabs, ban: None };
        let mut quote = None;
        loop {
            match (self.cursor.peek(), quote) {
                (Atom::End, _) => break,
                (Atom::Hole(_), _) => {
                    let written = self.cursor.at;
                    self.refuse_hole(&Why::Delimiter);
                    pending.delimiter.push_str(&self.cursor.text[written..self.cursor.at]);
                    pending.ban = Some(Why::Delimiter);
                }
                (Atom::Byte(byte), Some(open)) if byte == open => {
                    quote = None;
                    self.cursor.bump(1);
                }
                (Atom::Byte(b'$'), None)
                    if self.dialect == Dialect::Bash && matches!(self.cursor.byte(1), Some(b'\'' | b'"')) =>
                {
                    self.cursor.bump(1);
                }
                (Atom::Byte(byte @ (b'\'' | b'"')), None) => {
                    pending.quoted = true;
                    quote = Some(byte);
                    self.cursor.bump(1);
                }
                (Atom::Byte(b'\\'), None) => {
                    pending.quoted = true;
                    self.cursor.bump(1);
                    pending.delimiter.push_str(self.cursor.bump_char());
                }
                (Atom::Byte(b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b'<' | b'>' | b'(' | b')'), None) => break,
                (Atom::Byte(_), _) => pending.delimiter.push_str(self.cursor.bump_char()),
            }
        }
        pending.written.end = self.cursor.at;
        let index = self.waiting();
        self.waiting_mut().push(pending);
        let command = &mut self.innermost().command;
        command.heredocs.push(index);
        command.redirected = true;
    }

    /// Refuses the holes of here-documents that have not begun.
    pub(super) fn ban_pending(&mut self, which: impl Iterator<Item = usize>, why: &Why) {
        let waiting = self.waiting_mut();
        for index in which {
            if let Some(pending) = waiting.get_mut(index) {
                pending.ban.get_or_insert_with(|| why.clone());
            }
        }
    }

    /// A substitution ends before its here-documents began. Shells differ in what follows.
    pub(super) fn hand_on_pending(&mut self) {
        let mut lost = self.pending.pop().unwrap_or_default();
        lost.truncate(MOST_LOST);
        self.waiting_mut().extend(lost.into_iter().map(|pending| Pending { ban: Some(Why::LostBody), ..pending }));
    }

    /// After the line feed of a command line: the bodies that wait for it.
    pub(super) fn begin_bodies(&mut self) {
        self.lines += 1;
        let mut rest = std::mem::take(self.waiting_mut());
        rest.reverse();
        self.begin_body(rest);
    }

    /// Inside the body of a here-document with an unquoted delimiter.
    pub(super) fn heredoc(&mut self) {
        self.cursor.run(|byte| matches!(byte, b'\\' | b'$' | b'`'));
        match self.cursor.peek() {
            Atom::Hole(hole) => self.hole(hole, Quoting::Open),
            Atom::Byte(b'\\') => self.escape_literally(),
            Atom::Byte(b'$') => self.dollar(),
            Atom::Byte(_) => self.open_backtick(),
            Atom::End => {}
        }
    }

    /// At the limit: leaves the body that ends here, with all that is open in it. False at the end of the text.
    pub(super) fn leave_body(&mut self) -> bool {
        let inside = !self.bodies.is_empty();
        let mut left = !inside;
        while !left {
            left = matches!(self.frames.last(), Some(Frame::Heredoc));
            self.pop();
        }
        inside
    }

    /// After its frame has gone.
    pub(super) fn end_body(&mut self) {
        let Some(body) = self.bodies.pop() else { return };
        if body.banned {
            self.bans.pop();
        }
        self.cursor.limit = body.limit;
        self.cursor.jump(body.resume);
        self.begin_body(body.rest);
    }

    fn begin_body(&mut self, mut rest: Vec<Pending>) {
        while let Some(pending) = rest.pop() {
            let start = self.cursor.at;
            // Without its end, shells differ in where they look for it, and the rest of the text may be code.
            let (end, resume, ended) = match self.find_end(&pending) {
                Some((end, resume)) => (end, resume, true),
                None => (self.cursor.limit, self.cursor.limit, false),
            };
            let holes = self.findings.any_in(&(start..end));
            let deep = self.bodies.len() >= DEEPEST;
            let odd = pending.quoted && !is_plain(&pending.delimiter);
            let lost = (deep || !ended).then_some(Why::LostBody).or(odd.then_some(Why::OddDelimiter));
            let ban = self.bans.first().cloned().or(pending.ban).or(lost);
            if let (true, Some(ban)) = (holes, &ban) {
                self.findings.refuse(start..end, ban);
            }
            if pending.quoted || deep {
                if holes && ban.is_none() {
                    self.edits.replace(pending.written, pending.delimiter);
                    self.unquote_body(end);
                }
                self.cursor.jump(resume);
                continue;
            }
            let banned = ban.is_some();
            self.bans.extend(ban);
            self.bodies.push(Body { resume, limit: self.cursor.limit, banned, rest });
            self.cursor.limit = end;
            return self.frames.push(Frame::Heredoc);
        }
    }

    /// Rewrites a literal body for a delimiter without quotes.
    fn unquote_body(&mut self, end: usize) {
        let limit = std::mem::replace(&mut self.cursor.limit, end);
        loop {
            self.cursor.run(|byte| matches!(byte, b'\\' | b'$' | b'`'));
            match self.cursor.peek() {
                Atom::Hole(hole) => self.hole(hole, Quoting::Open),
                Atom::Byte(_) => {
                    let at = self.cursor.at;
                    self.edits.replace(at..at, "\\");
                    self.cursor.bump(1);
                }
                Atom::End => break,
            }
        }
        self.cursor.limit = limit;
    }

    /// Where the body that begins at the cursor ends, and where the text goes on.
    fn find_end(&self, pending: &Pending) -> Option<(usize, usize)> {
        let mut cursor = self.cursor.clone();
        let mut joined = false;
        while cursor.peek() != Atom::End {
            let start = cursor.at;
            let mut holes = false;
            cursor.skip_line(|_, _| holes = true);
            let line = &cursor.text[start..cursor.at];
            let ended = cursor.at;
            cursor.bump(1);
            let bare = if pending.tabs { line.trim_start_matches('\t') } else { line };
            if bare == pending.delimiter && !holes && !joined {
                return Some((start, cursor.at));
            }
            // A backslash joins the next line to this one, which is then no delimiter.
            let slashes = line.len() - line.trim_end_matches('\\').len();
            joined = !pending.quoted && slashes % 2 == 1 && ended < cursor.limit;
        }
        None
    }

    fn waiting_mut(&mut self) -> &mut Vec<Pending> {
        self.pending.last_mut().expect("the one of the text itself is never taken away")
    }
}

/// Whether a delimiter means the same with and without quotes.
fn is_plain(delimiter: &str) -> bool {
    let plain =
        |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ',' | ':' | '@' | '%' | '+' | '/' | '\r');
    !delimiter.is_empty() && delimiter.chars().all(plain)
}
