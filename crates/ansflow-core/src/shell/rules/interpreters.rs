//! Shells and languages: `sh -c CODE`, `python -c CODE`, `pwsh -Command CODE`, and what they read when nothing is given.

use super::super::command::Word;
use super::super::why::Why;
use super::Judge;
use super::table::{Flags, Interpreter};

impl Judge<'_, '_, '_> {
    /// A shell. The first operand is code after `-c`, else a file of code.
    pub(super) fn shell(&mut self, at: usize, name: &str) {
        let mut code = false;
        let mut stdin = false;
        let mut at = at + 1;
        while let Some(word) = self.words.get(at) {
            let flag = word.text.as_str();
            if word.splits {
                // It may be options.
                at += 1;
            } else if word.is("--") || word.is("-") {
                at += 1;
                break;
            } else if flag.len() > 1 && (flag.starts_with('-') || flag.starts_with('+')) {
                let short = !flag.starts_with("--");
                code |= is_code_flag(word);
                stdin |= short && flag.contains('s');
                // Glued code is what csh takes, and what a `-c{{ x }}` may mean to others.
                if short && flag.contains('c') {
                    self.refuse(at, &Why::Code(name.to_owned()));
                }
                let valued = short && flag.ends_with(['o', 'O']) || matches!(flag, "--rcfile" | "--init-file");
                at += 1 + usize::from(valued);
            } else {
                break;
            }
        }
        if code {
            if at >= self.words.len() {
                self.feeds(name);
            }
            // An empty word, or one that may be none, could leave its place to the next.
            while self.words.get(at).is_some_and(|word| word.splits && !word.hole) {
                at += 1;
            }
            self.refuse(at, &Why::Code(name.to_owned()));
        } else if stdin || at >= self.words.len() {
            self.feeds(name);
        } else {
            self.code_file(at, name);
        }
    }

    /// A language with options of code.
    pub(super) fn interpreter(&mut self, at: usize, name: &str, spec: &Interpreter) {
        let why = Why::Code(name.to_owned());
        let words = self.words;
        let mut given = false;
        // Whether the next word may be the value of an option that we do not know.
        let mut unsure = false;
        let mut at = at + 1;
        // `bun run`, `deno eval`
        while let Some(word) = words.get(at) {
            if word.splits {
                unsure = true;
            } else if word.is("--") {
                at += 1;
                break;
            } else if word.text.starts_with("--") {
                let long = spec.long.iter().find(|long| word.text.starts_with(**long));
                if let Some(long) = long {
                    given = true;
                    self.refuse(at, &why);
                    if word.is(long) {
                        at += 1;
                        self.refuse(at, &why);
                    }
                }
                unsure = long.is_none() && !word.text.contains('=');
            } else if word.is_option() {
                unsure = false;
                match short(word, spec) {
                    Short::Code { next } => {
                        given = true;
                        self.refuse(at, &why);
                        if next {
                            at += 1;
                            self.refuse(at, &why);
                        }
                    }
                    Short::Value { next } => at += usize::from(next),
                    Short::Module => return,
                    Short::Plain => {}
                }
            } else if unsure {
                unsure = false;
            } else {
                break;
            }
            at += 1;
        }
        if given {
            return;
        }
        if at >= words.len() { self.feeds(name) } else { self.code_file(at, name) }
    }

    /// All is code except the arguments of a script file.
    pub(super) fn powershell(&mut self, at: usize, name: &str) {
        let is_file = |word: &Word| matches!(word.text.to_ascii_lowercase().as_str(), "-f" | "-file");
        let end = self.words[at..].iter().position(is_file).map_or(self.words.len(), |file| at + file);
        for word in at + 1..end {
            self.refuse(word, &Why::Code(name.to_owned()));
        }
        self.code_file(end + 1, name);
        if end == self.words.len() {
            self.feeds(name);
        }
    }

    /// A program with options of code in any order.
    pub(super) fn flags(&mut self, at: usize, name: &str, flags: &Flags) {
        let why = Why::Code(name.to_owned());
        for index in at + 1..self.words.len() {
            let word = &self.words[index];
            if let Some(long) = flags.long.iter().find(|long| word.text.starts_with(**long)) {
                self.refuse(index + usize::from(word.is(long)), &why);
            } else if let Some(letter) = code_letter(word, flags.short) {
                self.refuse(index, &why);
                if letter + 1 == word.text.len() && !word.open {
                    self.refuse(index + 1, &why);
                }
            }
        }
        if flags.input {
            self.feeds(name);
        }
        if let Some(operands) = flags.starts {
            self.start_others(at, operands, 0);
        }
    }
}

/// `-c`, `-ec`, `-lc`, `-c{{ x }}`
pub(super) fn is_code_flag(word: &Word) -> bool {
    let letters = word.text.strip_prefix('-').unwrap_or("");
    letters.contains('c') && letters.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// Where one of the letters stands in an option, behind two others at most: further on it is part of a value.
fn code_letter(word: &Word, letters: &str) -> Option<usize> {
    let cluster = word.text.strip_prefix('-')?;
    let place = cluster.find(|c| letters.contains(c)).filter(|place| *place <= 2)?;
    cluster[..place].bytes().all(|byte| byte.is_ascii_alphabetic()).then_some(place + 1)
}

enum Short {
    Code { next: bool },
    Value { next: bool },
    Module,
    Plain,
}

/// What letters written together mean: the first that takes a value takes the rest.
fn short(word: &Word, spec: &Interpreter) -> Short {
    let letters = &word.text[1..];
    for (index, letter) in letters.char_indices() {
        let next = index + letter.len_utf8() == letters.len() && !word.open;
        if spec.code.contains(letter) {
            return Short::Code { next };
        } else if spec.value.contains(letter) {
            return Short::Value { next };
        } else if spec.module.contains(letter) {
            return Short::Module;
        } else if matches!(letter, '0' | 'l') && spec.glued.contains(letter) {
            // `-0777ne`, `-lane`: digits, if anything.
        } else if matches!(letter, 'M' | 'm') && spec.glued.contains(letter) && word.hole {
            return Short::Code { next: false };
        } else if spec.glued.contains(letter) {
            return Short::Plain;
        }
    }
    Short::Plain
}
