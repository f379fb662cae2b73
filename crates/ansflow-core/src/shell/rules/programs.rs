//! Programs with a small language of their own as an operand: awk, sed, sqlite3.

use super::super::why::Why;
use super::Judge;

/// What an option does to the search for the program text.
enum Effect {
    /// A flag.
    Flag,
    /// Takes the next word as data.
    Value,
    /// Names a file of code: no operand is code any more.
    File { next: bool },
    /// Is code, here or in the next word.
    Code { next: bool },
}

impl Judge<'_, '_, '_> {
    pub(super) fn awk(&mut self, at: usize, name: &str) {
        self.program_text(at, name, |text, open| {
            if let Some(long) = text.strip_prefix("--") {
                let next = !long.contains('=');
                return match long.split('=').next().unwrap_or_default() {
                    "source" => Effect::Code { next },
                    "file" | "exec" => Effect::File { next },
                    "assign" | "field-separator" | "include" | "load" if next => Effect::Value,
                    _ => Effect::Flag,
                };
            }
            let next = text.len() == 2 && !open;
            match text.as_bytes()[1] {
                b'e' => Effect::Code { next },
                b'f' | b'E' => Effect::File { next },
                b'v' | b'F' | b'i' | b'l' | b'm' | b'W' if next => Effect::Value,
                _ => Effect::Flag,
            }
        });
    }

    pub(super) fn sed(&mut self, at: usize, name: &str) {
        self.program_text(at, name, |text, open| {
            if let Some(long) = text.strip_prefix("--") {
                let next = !long.contains('=');
                return match long.split('=').next().unwrap_or_default() {
                    "expression" => Effect::Code { next },
                    "file" => Effect::File { next },
                    "line-length" if next => Effect::Value,
                    _ => Effect::Flag,
                };
            }
            for (index, letter) in text.bytes().enumerate().skip(1) {
                let next = index + 1 == text.len() && !open;
                match letter {
                    b'e' => return Effect::Code { next },
                    b'f' => return Effect::File { next },
                    b'l' if next => return Effect::Value,
                    // The rest is the suffix of the copy.
                    b'i' => return Effect::Flag,
                    _ => {}
                }
            }
            Effect::Flag
        });
    }

    /// The first operand is the program, unless options gave one.
    fn program_text(&mut self, at: usize, name: &str, option: impl Fn(&str, bool) -> Effect) {
        let why = Why::Code(name.to_owned());
        let words = self.words;
        let mut given = false;
        let mut operands = false;
        let mut found = false;
        let mut at = at + 1;
        while let Some(word) = words.get(at) {
            if word.is("--") && !operands {
                operands = true;
            } else if word.is_option() && !operands {
                match option(&word.text, word.open) {
                    Effect::Flag => {}
                    Effect::Value => at += 1,
                    Effect::File { next } => {
                        given = true;
                        at += usize::from(next);
                        self.code_file(at, name);
                    }
                    Effect::Code { next } => {
                        given = true;
                        self.refuse(at, &why);
                        at += usize::from(next);
                        self.refuse(at, &why);
                    }
                }
            } else if !found && !given {
                self.refuse(at, &why);
                // `-i ''` of BSD, and words that may be options or nothing.
                found = !word.splits && !word.is("");
            }
            at += 1;
        }
    }

    /// `sqlite3 FILE SQL…`: SQL may start programs there.
    pub(super) fn sqlite(&mut self, at: usize, name: &str) {
        let why = Why::Code(name.to_owned());
        let operand = |index: &usize| !self.words[*index].is_option();
        if let Some(file) = (at + 1..self.words.len()).find(operand) {
            self.refuse_all(file + 1, &why);
        }
        if let Some(option) = (at + 1..self.words.len()).find(|index| self.words[*index].is("-cmd")) {
            self.refuse(option + 1, &why);
        }
        self.feeds(name);
    }
}
