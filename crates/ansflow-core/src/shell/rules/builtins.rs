//! Builtins of the shell that evaluate names, numbers or whole words.

use super::super::command::Word;
use super::super::why::Why;
use super::Judge;

/// Variables whose value the shell runs, or hands to another shell.
const RUN: [&str; 21] = [
    "PS0",
    "PS1",
    "PS2",
    "PS3",
    "PS4",
    "PROMPT_COMMAND",
    "BASH_ENV",
    "ENV",
    "GIT_SSH_COMMAND",
    "GIT_EDITOR",
    "GIT_SEQUENCE_EDITOR",
    "GIT_PAGER",
    "GIT_EXTERNAL_DIFF",
    "GIT_PROXY_COMMAND",
    "PAGER",
    "MANPAGER",
    "EDITOR",
    "VISUAL",
    "LESSOPEN",
    "LESSCLOSE",
    "PERL5DB",
];
/// Variables of bash that compute what they are given.
const COMPUTE: [&str; 9] =
    ["RANDOM", "SRANDOM", "SECONDS", "OPTIND", "HISTCMD", "LINENO", "BASHPID", "EPOCHSECONDS", "EPOCHREALTIME"];

impl Judge<'_, '_, '_> {
    /// `NAME=…`, before a command, as its argument, or alone.
    pub(super) fn assignment(&mut self, word: &Word) {
        let Some(name) = word.assigned().or_else(|| word.text.split_once('=').map(|(name, _)| name)) else { return };
        if word.array {
            self.rules.arrays.insert(name.to_owned());
        }
        if !word.hole {
            return;
        }
        if RUN.contains(&name) || name.starts_with("BASH_FUNC_") {
            self.refuse_range(word.range.clone(), &Why::Variable(name.to_owned()));
        } else if COMPUTE.contains(&name) || self.rules.numbers.contains(name) {
            self.refuse_range(word.range.clone(), &Why::Arithmetic);
        }
    }

    /// `export`, `readonly`, `declare`, `local`, `typeset`
    pub(super) fn declare(&mut self, at: usize, command: &str) {
        let words = self.words;
        let options = || words[at + 1..].iter().filter(|word| word.text.starts_with(['-', '+']));
        let has = |letter| options().any(|word| word.text.contains(letter));
        let (number, reference, array) = (has('i'), has('n') && command != "export", has('a') || has('A'));
        for word in &words[at + 1..] {
            let name = word.text.split(['=', '+', '[']).next().unwrap_or_default();
            if number {
                self.rules.numbers.insert(name.to_owned());
            }
            if array || word.array {
                self.rules.arrays.insert(name.to_owned());
            }
            self.assignment(word);
            if !word.hole {
                continue;
            }
            let why = if number {
                Why::Arithmetic
            } else if reference || !word.text.contains('=') {
                Why::Name(command.to_owned())
            } else if !word.array && self.rules.arrays.contains(name) {
                Why::Array(name.to_owned())
            } else {
                continue;
            };
            self.refuse_range(word.range.clone(), &why);
        }
    }

    /// `read`, `unset`, `mapfile`, `getopts`, `wait`: a name may hold a subscript, and that is computed. Options of
    /// the letters in `valued` take data; `*` marks commands that have data among their operands.
    pub(super) fn names(&mut self, at: usize, command: &str, valued: &str) {
        let words = self.words;
        let why = Why::Name(command.to_owned());
        if valued == "*" {
            // `getopts letters NAME data…`, `wait -p NAME id…`
            let name = if command == "getopts" {
                Some(at + 2)
            } else {
                words[at..].iter().position(|word| word.is("-p")).map(|p| at + p + 1)
            };
            return name.map_or((), |name| self.refuse(name, &why));
        }
        let mut data = false;
        for index in at + 1..words.len() {
            let word = &words[index];
            let letter = word.text.get(1..).and_then(|letters| letters.find(|c| valued.contains(c)));
            let option = word.is_option();
            let carries_data = option && letter.is_some();
            if !data && !carries_data {
                self.refuse(index, &why);
            }
            if matches!(command, "mapfile" | "readarray") || (option && word.text.contains('a')) {
                let next = words.get(index + 1).unwrap_or(word);
                self.rules.arrays.insert(next.text.clone());
            }
            // The value is the rest of the word, or the next word.
            data = !data && option && !word.open && letter.is_some_and(|letter| letter + 2 == word.text.len());
        }
    }

    /// `test -v NAME` computes a subscript in the name; a hole as the operator may say `-v`.
    pub(super) fn test(&mut self, at: usize) {
        for index in at + 1..self.words.len() {
            let word = &self.words[index];
            let operator = word.hole && word.text.is_empty();
            if word.is("-v") || word.is("-R") || (operator && self.words.get(index + 1).is_some_and(|next| next.hole)) {
                self.refuse(index + 1, &Why::Subscript);
            }
        }
    }

    /// `[[ a -eq b ]]` computes both sides.
    pub(super) fn condition(&mut self, at: usize) {
        self.test(at);
        for index in at + 1..self.words.len() {
            if matches!(self.words[index].text.as_str(), "-eq" | "-ne" | "-lt" | "-le" | "-gt" | "-ge") {
                self.refuse(index - 1, &Why::Arithmetic);
                self.refuse(index + 1, &Why::Arithmetic);
            }
        }
    }

    /// `printf -v NAME`, and `%n`, which sets a variable that an argument names.
    pub(super) fn printf(&mut self, at: usize) {
        let name = Why::Name("printf -v".to_owned());
        let mut format = at + 1;
        if self.words.get(format).is_some_and(|word| word.text.starts_with("-v")) {
            let glued = self.words[format].text.len() > 2 || self.words[format].open;
            self.refuse(format, &name);
            if !glued {
                self.refuse(format + 1, &name);
            }
            format += if glued { 1 } else { 2 };
        }
        format += usize::from(self.words.get(format).is_some_and(|word| word.is("--")));
        let Some(word) = self.words.get(format) else { return };
        if word.text.contains("%n") {
            self.refuse_all(format + 1, &name);
        }
        if word.hole && self.words[format + 1..].iter().any(|word| word.hole) {
            self.refuse(format, &Why::Format);
        }
    }

    /// `. FILE`: a path is data.
    pub(super) fn source(&mut self, at: usize, name: &str) {
        self.code_file(at + 1, name);
    }
}
