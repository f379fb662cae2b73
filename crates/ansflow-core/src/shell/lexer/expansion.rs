//! What begins with `$`, and the other places that a shell evaluates.

use super::super::command::Close;
use super::super::cursor::Atom;
use super::super::why::Why;
use super::{Frame, Lexer};
use crate::spec::Dialect;

impl Lexer<'_> {
    /// A `$`, where an expansion may begin.
    pub(super) fn dollar(&mut self) {
        let quoted = match self.frames.last() {
            Some(Frame::List | Frame::Array { .. } | Frame::Bracket { .. }) | None => false,
            Some(Frame::Parameter { quotes }) => !quotes,
            Some(Frame::Double | Frame::Arithmetic { .. } | Frame::Backtick | Frame::Heredoc) => true,
        };
        if !quoted && self.cursor.byte(1) == Some(b'\'') && self.dialect == Dialect::Bash {
            self.cursor.bump(1);
            return self.ansi_c();
        }
        let at = self.cursor.at;
        self.cursor.bump(1);
        match self.cursor.peek() {
            Atom::Hole(_) => return self.refuse_hole(&Why::Dollar),
            Atom::Byte(byte) => match byte {
                b'(' if self.cursor.starts("((") => {
                    self.expands(quoted);
                    self.cursor.bump(2);
                    self.push_banned(Frame::Arithmetic { depth: 0, otherwise: Close::Substitution }, Why::Arithmetic);
                }
                b'(' => {
                    self.expands(quoted);
                    self.cursor.bump(1);
                    self.open_list(Close::Substitution);
                }
                b'{' => {
                    self.expands(quoted);
                    self.open_parameter(quoted);
                }
                b'[' => {
                    self.expands(quoted);
                    self.cursor.bump(1);
                    self.push_banned(Frame::Bracket { depth: 0 }, Why::Arithmetic);
                }
                b'_' | b'A'..=b'Z' | b'a'..=b'z' => {
                    self.expands(quoted);
                    self.cursor.run(|byte| byte != b'_' && !byte.is_ascii_alphanumeric());
                }
                b'@' | b'*' | b'#' | b'?' | b'-' | b'$' | b'!' | b'0'..=b'9' => {
                    self.expands(quoted);
                    self.cursor.bump(1);
                }
                _ => self.add("$"),
            },
            Atom::End => self.add("$"),
        }
        debug_assert!(self.cursor.at > at, "a `$` is always stepped over");
    }

    /// The word being read goes on with an expansion.
    fn expands(&mut self, quoted: bool) {
        if let Some(word) = self.innermost().command.word.as_mut() {
            word.splits |= !quoted && !word.open && word.text.is_empty() && word.bare;
            word.open = true;
        }
    }

    /// `${`. In double quotes a single quote is an ordinary character except in a pattern, and bash wants it paired.
    fn open_parameter(&mut self, quoted: bool) {
        self.cursor.bump(1);
        self.cursor.bump(usize::from(matches!(self.cursor.byte(0), Some(b'#' | b'!'))));
        self.cursor.run(|byte| byte != b'_' && !byte.is_ascii_alphanumeric());
        let pattern = matches!(self.cursor.byte(0), Some(b'#' | b'%' | b'/' | b'^' | b','));
        let quotes = !quoted || pattern || self.dialect == Dialect::Bash;
        self.push_banned(Frame::Parameter { quotes }, Why::Expansion);
    }

    /// Inside `${…}`.
    pub(super) fn parameter(&mut self) {
        self.cursor.run(|byte| matches!(byte, b'}' | b'\'' | b'"' | b'\\' | b'$' | b'`'));
        let quotes = matches!(self.frames.last(), Some(Frame::Parameter { quotes: true }));
        self.evaluated(b'}', quotes);
    }

    /// Inside `$(( … ))` or `(( … ))`.
    pub(super) fn arithmetic(&mut self) {
        self.cursor.run(|byte| matches!(byte, b'(' | b')' | b'\'' | b'"' | b'\\' | b'$' | b'`'));
        let byte = self.cursor.byte(0);
        let Some(Frame::Arithmetic { depth, otherwise }) = self.frames.last_mut() else { return };
        match byte {
            Some(b'(') => {
                *depth += 1;
                self.cursor.bump(1);
            }
            Some(b')') if *depth > 0 => {
                *depth -= 1;
                self.cursor.bump(1);
            }
            Some(b')') => {
                let otherwise = *otherwise;
                let ended = self.cursor.byte(1) == Some(b')');
                self.cursor.bump(1 + usize::from(ended));
                self.pop();
                if !ended {
                    // It was `$( (…) …)`, written without the space; its first subshell has just ended.
                    self.open_list(otherwise);
                    self.innermost().command.compound = true;
                }
            }
            _ => self.evaluated(b')', true),
        }
    }

    /// Inside `$[ … ]` or the `[…]` of an assignment.
    pub(super) fn bracket(&mut self) {
        let text = self.cursor.run(|byte| matches!(byte, b'[' | b']' | b'\n' | b'\'' | b'"' | b'\\' | b'$' | b'`'));
        self.add(text);
        let byte = self.cursor.byte(0);
        let Some(Frame::Bracket { depth }) = self.frames.last_mut() else { return };
        match byte {
            Some(b'[') => {
                *depth += 1;
                self.cursor.bump(1);
                self.add("[");
            }
            Some(b']') if *depth > 0 => {
                *depth -= 1;
                self.cursor.bump(1);
                self.add("]");
            }
            // No subscript goes over a line: it was something else.
            Some(b'\n') => self.pop(),
            _ => {
                self.add(if byte == Some(b']') { "]" } else { "" });
                self.evaluated(b']', true);
            }
        }
    }

    /// What stands at a stop inside a frame in which holes are refused.
    fn evaluated(&mut self, close: u8, quotes: bool) {
        match self.cursor.peek() {
            Atom::Hole(_) => self.refuse_hole(&Why::Expansion),
            Atom::Byte(b'\'') if quotes => self.single(),
            Atom::Byte(b'"') => self.open_double(),
            Atom::Byte(b'\\') => self.skip_escape(),
            Atom::Byte(b'$') => self.dollar(),
            Atom::Byte(b'`') => self.open_backtick(),
            Atom::Byte(byte) => {
                self.cursor.bump(1);
                if byte == close {
                    self.pop();
                }
            }
            Atom::End => {}
        }
    }
}
