//! Knows at every byte of a shell text where we are: quotes, substitutions, here-documents, commands.
//!
//! A stack of frames instead of recursion, so that hostile depth costs no stack. Each frame reads its own kind of
//! text and steps forward or leaves; commands are handed to the rules when they end. It must never fail: text that no
//! shell could read is read somehow.

mod commands;
mod expansion;
mod heredoc;
mod list;
mod quotes;
mod reserved;

use std::ops::Range;

use self::heredoc::{Body, Pending};
use super::command::{Case, Close, Command, List, Waiting, Word};
use super::cursor::{Atom, Cursor};
use super::edits::{Edits, Quoting};
use super::findings::Findings;
use super::rules::Rules;
use super::why::Why;
use crate::spec::Dialect;

/// What the cursor is inside of, innermost last.
enum Frame {
    /// Commands; the details are in `lists`.
    List,
    /// `"…"`
    Double,
    /// `${…}`; whether a single quote quotes in it.
    Parameter { quotes: bool },
    /// `$(( … ))` and `(( … ))`, with the parentheses open inside and the list it is if it is no arithmetic.
    Arithmetic { depth: usize, otherwise: Close },
    /// `$[ … ]` and the subscript of an assignment, with the brackets open inside.
    Bracket { depth: usize },
    /// `` `…` ``
    Backtick,
    /// `NAME=( … )`; whether an element may begin here.
    Array { fresh: bool },
    /// The body of a here-document.
    Heredoc,
}

/// Reads one text.
pub(super) struct Lexer<'t> {
    cursor: Cursor<'t>,
    dialect: Dialect,
    frames: Vec<Frame>,
    /// The lists among the frames.
    lists: Vec<List>,
    /// Why holes are refused here, outermost first: one for each frame that is code.
    bans: Vec<Why>,
    /// Here-documents that wait for the end of their line: for the text itself and each open substitution.
    pending: Vec<Vec<Pending>>,
    /// The bodies being read, one in another.
    bodies: Vec<Body>,
    edits: Edits,
    findings: Findings<'t>,
    /// How often bodies of here-documents have begun.
    lines: usize,
    rules: Rules,
}

impl<'t> Lexer<'t> {
    pub(super) fn new(text: &'t str, holes: &'t [Range<usize>], dialect: Dialect) -> Self {
        Self {
            cursor: Cursor::new(text, holes),
            dialect,
            frames: Vec::new(),
            lists: Vec::new(),
            bans: Vec::new(),
            pending: vec![Vec::new()],
            bodies: Vec::new(),
            edits: Edits::default(),
            findings: Findings::new(holes),
            lines: 0,
            rules: Rules::default(),
        }
    }

    /// Reads it all.
    pub(super) fn read(mut self) -> (Edits, Findings<'t>) {
        self.open_list(Close::End);
        loop {
            if self.cursor.peek() == Atom::End {
                if self.leave_body() {
                    continue;
                }
                break;
            }
            match self.frames.last_mut() {
                Some(Frame::List) | None => self.list(),
                Some(Frame::Double) => self.double(),
                Some(Frame::Parameter { .. }) => self.parameter(),
                Some(Frame::Arithmetic { .. }) => self.arithmetic(),
                Some(Frame::Bracket { .. }) => self.bracket(),
                Some(Frame::Backtick) => self.backtick(),
                Some(Frame::Array { .. }) => self.array(),
                Some(Frame::Heredoc) => self.heredoc(),
            }
        }
        while !self.frames.is_empty() {
            self.pop();
        }
        (self.edits, self.findings)
    }

    /// Enters a list of commands.
    fn open_list(&mut self, close: Close) {
        if close.is_substitution() {
            self.pending.push(Vec::new());
        }
        let below = match self.frames.last() {
            Some(Frame::List) => self.lists.last().map_or(0, |list| list.parens),
            _ => 0,
        };
        let start = self.cursor.at;
        self.frames.push(Frame::List);
        self.lists.push(List {
            close,
            start,
            command: Command { start, ..Command::default() },
            pipeline: start,
            waiting: self.place(),
            fed: None,
            parens: below + usize::from(close.is_paren()),
            case: if close == Close::Esac { Case::Subject } else { Case::Body },
        });
    }

    /// Enters a frame in which every hole is refused.
    fn push_banned(&mut self, frame: Frame, why: Why) {
        self.bans.push(why);
        self.frames.push(frame);
    }

    /// Leaves the innermost frame, ended or not.
    fn pop(&mut self) {
        match self.frames.last() {
            Some(Frame::List) => {
                self.end_command(commands::Next::Separate);
                self.frames.pop();
                self.close_list();
            }
            Some(Frame::Parameter { .. } | Frame::Arithmetic { .. } | Frame::Bracket { .. } | Frame::Backtick) => {
                self.bans.pop();
                self.frames.pop();
            }
            Some(Frame::Double | Frame::Array { .. }) => {
                self.frames.pop();
            }
            Some(Frame::Heredoc) => {
                self.frames.pop();
                self.end_body();
            }
            None => {}
        }
    }

    fn close_list(&mut self) {
        let Some(list) = self.lists.pop() else { return };
        let end = self.cursor.at;
        if list.close.is_substitution() {
            self.hand_on_pending();
        }
        if let (Close::Process, Some(why), Some(outer)) = (list.close, &list.fed, self.lists.last()) {
            // `echo {{ x }} > >(sh)`: what is written beside it is what it reads.
            self.findings.refuse(outer.pipeline..end, why);
            self.ban_pending(0..self.waiting(), why);
        }
        let Some(outer) = self.lists.last_mut() else { return };
        if outer.command.fed.is_none() {
            outer.command.fed = list.fed;
        }
        match list.close {
            Close::Process => {
                if let Some(word) = &mut outer.command.word {
                    let start = word.feeds.as_ref().map_or(list.start, |feeds| feeds.start);
                    word.feeds = Some(start..end);
                }
            }
            Close::Substitution | Close::End => {}
            Close::Paren | Close::Brace | Close::Fi | Close::Done | Close::Esac => outer.command.compound = true,
        }
    }

    /// How many here-documents wait for their bodies.
    fn waiting(&self) -> usize {
        self.pending.last().map_or(0, Vec::len)
    }

    fn place(&self) -> Waiting {
        Waiting { count: self.waiting(), lines: self.lines }
    }

    /// The hole at the cursor.
    fn hole(&mut self, hole: usize, quoting: Quoting) {
        let start = self.cursor.at;
        self.cursor.bump_hole();
        match self.bans.first() {
            Some(why) => self.findings.refuse(start..self.cursor.at, why),
            None => self.edits.hole(start, hole, quoting),
        }
        self.opens();
    }

    fn refuse_hole(&mut self, why: &Why) {
        let start = self.cursor.at;
        self.cursor.bump_hole();
        let why = self.bans.first().unwrap_or(why);
        self.findings.refuse(start..self.cursor.at, why);
        self.opens();
    }

    /// The innermost list; one is there from the first byte to the last.
    fn innermost(&mut self) -> &mut List {
        self.lists.last_mut().expect("the list of the whole text is left last")
    }

    /// The word at the cursor, begun where none is.
    fn word(&mut self) -> &mut Word {
        let start = self.cursor.at;
        self.begin_command();
        self.innermost().command.word.get_or_insert_with(|| Word { range: start..start, bare: true, ..Word::default() })
    }

    /// What was read of the command since the operator before it was only blanks, line feeds and bodies.
    fn begin_command(&mut self) {
        let start = self.cursor.at;
        let list = self.innermost();
        if list.command.is_empty() {
            list.command.start = start;
            if !list.command.piped {
                list.pipeline = start;
            }
        }
    }

    /// Adds to the known beginning of the word being read, if any.
    fn add(&mut self, text: &str) {
        if let Some(word) = self.innermost().command.word.as_mut().filter(|word| !word.open) {
            word.text.push_str(text);
        }
    }

    /// From here on only the shell knows what the word being read is.
    fn opens(&mut self) {
        if let Some(word) = self.innermost().command.word.as_mut() {
            word.open = true;
        }
    }
}
