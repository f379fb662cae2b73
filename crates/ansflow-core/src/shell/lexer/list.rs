//! Commands: words, operators, comments, parentheses.

use super::super::command::{Case, Close, Kind, Redirect};
use super::super::cursor::Atom;
use super::super::edits::Quoting;
use super::super::why::Why;
use super::commands::Next;
use super::{Frame, Lexer};
use crate::spec::Dialect;

impl Lexer<'_> {
    /// One step in a list of commands.
    pub(super) fn list(&mut self) {
        let byte = match self.cursor.peek() {
            Atom::Hole(hole) => {
                self.word();
                return self.hole(hole, Quoting::Bare);
            }
            Atom::Byte(byte) => byte,
            Atom::End => return,
        };
        match byte {
            b' ' | b'\t' => {
                self.end_word();
                self.cursor.bump(1);
            }
            b'\n' => self.newline(),
            b'#' if self.innermost().command.word.is_none() => self.comment(),
            b';' => self.semicolon(),
            b'&' => self.ampersand(),
            b'|' => self.bar(),
            b'<' | b'>' => self.redirection(byte),
            b'(' => self.open_paren(),
            b')' => self.close_paren(),
            b'[' if self.begins_subscript() => {
                self.cursor.bump(1);
                self.add("[");
                self.push_banned(Frame::Bracket { depth: 0 }, Why::Subscript);
            }
            _ => self.piece(byte),
        }
    }

    /// One step in `NAME=( … )`.
    pub(super) fn array(&mut self) {
        let Some(Frame::Array { fresh }) = self.frames.last_mut() else { return };
        let was_fresh = std::mem::replace(fresh, false);
        match self.cursor.peek() {
            Atom::Hole(hole) => self.hole(hole, Quoting::Bare),
            Atom::Byte(b' ' | b'\t' | b'\n') => {
                *fresh = true;
                self.cursor.bump(1);
            }
            Atom::Byte(b'#') if was_fresh => self.comment(),
            Atom::Byte(b'[') if was_fresh => {
                self.cursor.bump(1);
                self.push_banned(Frame::Bracket { depth: 0 }, Why::Subscript);
            }
            Atom::Byte(b')') => {
                self.cursor.bump(1);
                self.pop();
            }
            Atom::Byte(b'<' | b'>') if self.cursor.byte(1) == Some(b'(') => {
                self.cursor.bump(2);
                self.open_list(Close::Process);
            }
            Atom::Byte(b';' | b'&' | b'|' | b'<' | b'>' | b'(') => self.cursor.bump(1),
            Atom::Byte(byte) => self.piece(byte),
            Atom::End => {}
        }
    }

    /// A piece of a word.
    fn piece(&mut self, byte: u8) {
        let quotes = matches!(byte, b'\'' | b'"');
        if byte == b'\\' {
            return self.escape();
        }
        let word = self.word();
        word.bare &= !quotes;
        match byte {
            b'\'' => self.single(),
            b'"' => self.open_double(),
            b'`' => self.open_backtick(),
            b'$' => self.dollar(),
            _ => {
                let stops = b" \t\n;&|<>()'\"`$\\[";
                let text = self.cursor.run(|byte| stops.contains(&byte));
                // A bracket that opens no subscript is a character like others.
                let text = if text.is_empty() { self.cursor.bump_char() } else { text };
                self.add_bare(text);
            }
        }
    }

    fn add_bare(&mut self, text: &str) {
        let word = self.word();
        if word.open {
            return;
        }
        let before = word.text.len();
        word.text.push_str(text);
        if let (true, false, Some(equals)) = (word.bare, word.settled, text.find('=')) {
            word.settled = true;
            word.assigns = name_length(&word.text[..before + equals]);
        }
    }

    /// Whether a `[` here begins the subscript of an assignment, `a[…]=`.
    fn begins_subscript(&mut self) -> bool {
        let list = self.innermost();
        let command = &list.command;
        let at_start = command.words.is_empty() && command.kind == Kind::Simple && command.redirect.is_none();
        let name = |text: &str| name_length(text) == Some(text.len());
        at_start
            && list.case == Case::Body
            && command.word.as_ref().is_some_and(|word| word.bare && !word.open && name(&word.text))
    }

    /// A `#` at the beginning of a word.
    fn comment(&mut self) {
        let edits = &mut self.edits;
        self.cursor.skip_line(|start, hole| edits.hole(start, hole, Quoting::Open));
    }

    fn newline(&mut self) {
        self.end_word();
        self.cursor.bump(1);
        let bash = self.dialect == Dialect::Bash;
        let list = self.innermost();
        let condition = list.command.kind == Kind::Condition;
        let piped = list.command.piped && list.command.is_empty();
        let goes_on = (condition && bash) || list.case != Case::Body || piped;
        if !goes_on {
            self.end_command(Next::Separate);
        }
        if self.waiting() > 0 {
            self.begin_bodies();
        }
    }

    fn semicolon(&mut self) {
        self.end_word();
        let case = self.cursor.starts(";;") || self.cursor.starts(";&");
        let length = if self.cursor.starts(";;&") { 3 } else { 1 + usize::from(case) };
        self.cursor.bump(length);
        self.end_command(Next::Separate);
        let list = self.innermost();
        if case && list.close == Close::Esac && list.case == Case::Body {
            list.case = Case::Pattern;
        }
    }

    fn ampersand(&mut self) {
        self.end_word();
        if self.cursor.starts("&>") {
            self.cursor.bump(2 + usize::from(self.cursor.starts("&>>")));
            return self.redirect(Redirect::Other);
        }
        self.cursor.bump(1 + usize::from(self.cursor.starts("&&")));
        if self.innermost().command.kind != Kind::Condition {
            self.end_command(Next::Separate);
        }
    }

    fn bar(&mut self) {
        self.end_word();
        let or = self.cursor.starts("||");
        self.cursor.bump(if or || self.cursor.starts("|&") { 2 } else { 1 });
        let list = self.innermost();
        if list.command.kind != Kind::Condition && list.case == Case::Body {
            self.end_command(if or { Next::Separate } else { Next::Pipe });
        }
    }

    fn redirection(&mut self, byte: u8) {
        self.begin_command();
        if self.cursor.byte(1) == Some(b'(') {
            self.word().bare = false;
            self.opens();
            self.cursor.bump(2);
            return self.open_list(Close::Process);
        }
        if self.innermost().command.kind == Kind::Condition {
            self.end_word();
            return self.cursor.bump(1);
        }
        // `2>` and `{fd}>` are one operator.
        let command = &mut self.innermost().command;
        let descriptor = |text: &str| {
            text.bytes().all(|byte| byte.is_ascii_digit())
                || (text.starts_with('{') && text.ends_with('}') && !text.contains([',', '.']))
        };
        if command.word.as_ref().is_some_and(|word| word.bare && !word.open && descriptor(&word.text)) {
            command.word = None;
        }
        self.end_word();
        for (operator, kind) in [("<<<", Redirect::HereString), ("<<-", Redirect::Other), ("<<", Redirect::Other)] {
            if self.cursor.starts(operator) {
                self.cursor.bump(operator.len());
                return if operator == "<<<" { self.redirect(kind) } else { self.open_heredoc(operator == "<<-") };
            }
        }
        let long = matches!(self.cursor.byte(1), Some(b'&' | b'>' | b'|'));
        let from = byte == b'<' && self.cursor.byte(1) != Some(b'>');
        self.cursor.bump(1 + usize::from(long));
        self.redirect(if from { Redirect::From } else { Redirect::Other });
    }

    fn redirect(&mut self, kind: Redirect) {
        let command = &mut self.innermost().command;
        command.redirect = Some(kind);
        command.redirected |= kind != Redirect::Other;
    }

    fn open_paren(&mut self) {
        self.begin_command();
        let list = self.innermost();
        let (case, command) = (list.case, &mut list.command);
        let fresh = command.words.is_empty() && command.word.is_none() && !command.compound;
        let is_array =
            |word: &super::Word| word.bare && !word.open && word.assigns.is_some() && word.text.ends_with('=');
        if command.kind == Kind::Condition || case == Case::Pattern {
            // The parenthesis before a pattern is no pair: the `)` after the pattern ends it.
            let grouping = command.kind == Kind::Condition || !fresh;
            command.depth += usize::from(grouping);
            self.end_word();
            return self.cursor.bump(1);
        }
        if let Some(word) = command.word.as_mut().filter(|word| is_array(word)) {
            word.array = true;
            word.open = true;
            self.cursor.bump(1);
            return self.frames.push(Frame::Array { fresh: true });
        }
        if (fresh || command.kind == Kind::Header) && self.cursor.starts("((") {
            self.cursor.bump(2);
            return self.push_banned(Frame::Arithmetic { depth: 0, otherwise: Close::Paren }, Why::Arithmetic);
        }
        self.end_word();
        self.cursor.bump(1);
        let names_function =
            self.innermost().command.words.len() == 1 || self.innermost().command.kind == Kind::Function;
        if names_function {
            let blanks = self.cursor.clone().run(|byte| !matches!(byte, b' ' | b'\t')).len();
            if self.cursor.byte(blanks) == Some(b')') {
                self.cursor.bump(blanks + 1);
                let start = self.cursor.at;
                self.innermost().command = super::Command { start, ..Default::default() };
                return;
            }
        }
        self.open_list(Close::Paren);
    }

    fn close_paren(&mut self) {
        self.end_word();
        let list = self.innermost();
        if list.command.depth > 0 {
            list.command.depth -= 1;
            return self.cursor.bump(1);
        }
        if list.case == Case::Pattern {
            self.cursor.bump(1);
            return self.begin_branch();
        }
        if list.parens == 0 {
            // Nothing to close: the shell will say so.
            self.cursor.bump(1);
            return self.end_command(Next::Separate);
        }
        while !self.innermost().close.is_paren() {
            self.pop();
        }
        self.end_command(Next::Separate);
        self.cursor.bump(1);
        self.pop();
    }
}

/// How long the name in `NAME`, `NAME+` or `NAME[…]` is, if it is one.
fn name_length(text: &str) -> Option<usize> {
    let text = text.strip_suffix('+').unwrap_or(text);
    let length = text.bytes().position(|byte| byte != b'_' && !byte.is_ascii_alphanumeric()).unwrap_or(text.len());
    let rest = &text[length..];
    let begins = text.bytes().next().is_some_and(|byte| !byte.is_ascii_digit());
    (begins && length > 0 && (rest.is_empty() || rest.starts_with('[') && rest.ends_with(']'))).then_some(length)
}
