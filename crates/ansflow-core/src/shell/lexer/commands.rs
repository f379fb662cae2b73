//! Where words and commands end, and what is handed to the rules.

use super::super::command::{Case, Close, Command, Kind, Redirect};
use super::Lexer;

/// What follows a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// `|`
    Pipe,
    /// Anything else.
    Separate,
}

impl Lexer<'_> {
    /// The word being read is complete, if there is one.
    pub(super) fn end_word(&mut self) {
        let end = self.cursor.at;
        let list = self.innermost();
        let Some(mut word) = list.command.word.take() else { return };
        word.range.end = end;
        let target = list.command.redirect.take();
        word.hole = self.findings.any_in(&word.range);
        let list = self.innermost();
        if let Some(kind) = target {
            match kind {
                // What a process substitution prints is what is read; a path is only a path.
                Redirect::From => list.command.input.extend(word.feeds),
                Redirect::HereString => list.command.input.push(word.range),
                Redirect::Other => {}
            }
            return;
        }
        match (list.close, list.case) {
            (Close::Esac, Case::Subject) => {
                if word.is("in") && word.bare && !list.command.words.is_empty() {
                    self.begin_pattern();
                } else {
                    list.command.words.push(word);
                }
            }
            (Close::Esac, Case::Pattern) => {
                if word.is("esac") && word.bare && list.command.words.is_empty() {
                    self.innermost().case = Case::Body;
                    self.pop();
                } else {
                    list.command.words.push(word);
                }
            }
            _ => {
                if !self.reserved(&word) {
                    self.innermost().command.words.push(word);
                }
            }
        }
    }

    /// The command being read is complete: the rules judge it, and what it reads and runs is refused.
    pub(super) fn end_command(&mut self, next: Next) {
        self.end_word();
        let at = self.cursor.at;
        let list = self.innermost();
        let command = std::mem::take(&mut list.command);
        let (pipeline, waiting) = (list.pipeline, list.waiting);
        let judged = list.case == Case::Body && matches!(command.kind, Kind::Simple | Kind::Condition);
        let fed = if judged { self.rules.judge(self.cursor.text, &command.words, &mut self.findings) } else { None };
        if let Some(why) = fed.or_else(|| command.fed.clone()) {
            for range in &command.input {
                self.findings.refuse(range.clone(), &why);
            }
            self.ban_pending(command.heredocs.iter().copied(), &why);
            if command.redirected {
                // What it reads is its own.
            } else if command.piped {
                self.findings.refuse(pipeline..command.start, &why);
                let first = if waiting.lines == self.lines { waiting.count } else { 0 };
                self.ban_pending(first..self.waiting(), &why);
            } else {
                self.innermost().fed.get_or_insert(why);
            }
        }
        let waiting = self.place();
        let list = self.innermost();
        list.command = Command { start: at, piped: next == Next::Pipe, ..Command::default() };
        if next == Next::Separate {
            (list.pipeline, list.waiting) = (at, waiting);
        }
    }

    pub(super) fn begin_pattern(&mut self) {
        self.restart(Case::Pattern);
    }

    pub(super) fn begin_branch(&mut self) {
        self.restart(Case::Body);
    }

    fn restart(&mut self, case: Case) {
        let (start, waiting) = (self.cursor.at, self.place());
        let list = self.innermost();
        list.case = case;
        list.command = Command { start, ..Command::default() };
        (list.pipeline, list.waiting) = (start, waiting);
    }
}
