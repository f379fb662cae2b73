//! Reserved words: they open and close lists, and are no commands.

use super::super::command::{Close, Kind, Word};
use super::Lexer;
use super::commands::Next;

impl Lexer<'_> {
    /// Whether the word is reserved where it stands; then it is dealt with.
    pub(super) fn reserved(&mut self, word: &Word) -> bool {
        let list = self.innermost();
        let (close, command) = (list.close, &mut list.command);
        if !word.bare || word.open {
            return false;
        }
        match command.kind {
            Kind::Condition => {
                if word.text == "]]" {
                    command.kind = Kind::Simple;
                }
                return false;
            }
            // `for x do`, without a list.
            Kind::Header if word.text != "do" || command.words.len() != 1 => return false,
            Kind::Function if command.words.is_empty() => return false,
            Kind::Function => self.end_command(Next::Separate),
            Kind::Simple if !command.words.is_empty() => return false,
            Kind::Header | Kind::Simple => {}
        }
        if matches!(word.text.as_str(), "then" | "do" | "else" | "elif") {
            self.end_command(Next::Separate);
            return true;
        }
        match word.text.as_str() {
            "{" => self.open_list(Close::Brace),
            "if" => self.open_list(Close::Fi),
            "while" | "until" => self.open_list(Close::Done),
            "case" => self.open_list(Close::Esac),
            "for" | "select" => {
                self.open_list(Close::Done);
                self.innermost().command.kind = Kind::Header;
            }
            "}" => return self.close(close, Close::Brace),
            "fi" => return self.close(close, Close::Fi),
            "done" => return self.close(close, Close::Done),
            "esac" => return self.close(close, Close::Esac),
            // `time -p` is no option of the command.
            "!" | "time" | "-p" | "coproc" => {}
            "function" => command_kind(self, Kind::Function),
            "[[" => {
                command_kind(self, Kind::Condition);
                return false;
            }
            _ => return false,
        }
        true
    }

    fn close(&mut self, open: Close, by: Close) -> bool {
        if open == by {
            self.pop();
        }
        open == by
    }
}

fn command_kind(lexer: &mut Lexer<'_>, kind: Kind) {
    lexer.innermost().command.kind = kind;
}
