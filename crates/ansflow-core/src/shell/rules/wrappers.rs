//! Programs that start the command in their words: `sudo`, `timeout 5`, `docker exec`, `find -exec`, `xargs`.

use super::super::why::Why;
use super::Judge;
use super::table::{self, Rule};

/// After so many options without a known meaning we stop wondering which words are their values.
const MOST_OPTIONS: usize = 40;

impl Judge<'_, '_, '_> {
    /// A wrapper with so many words of its own before the command.
    pub(super) fn wrapper(&mut self, at: usize, name: &str, operands: usize) {
        let started = self.start_others(at, operands, 0);
        if name == "env" {
            let split = |text: &str| {
                text.starts_with("--split-string")
                    || (text.starts_with('-') && !text.starts_with("--") && text.contains('S'))
            };
            for index in at + 1..self.words.len() {
                if split(&self.words[index].text) {
                    self.refuse(index, &Why::Code(name.to_owned()));
                    self.refuse(index + 1, &Why::Code(name.to_owned()));
                    break;
                }
            }
        }
        if !started && matches!(name, "sudo" | "doas" | "chroot" | "nsenter" | "unshare") {
            self.feeds(name);
        }
    }

    /// Makes candidates of the words that may be the command. An option may or may not take the next word, so with n
    /// options before it any of n + 1 words may be the one. True when there was one.
    pub(super) fn start_others(&mut self, at: usize, operands: usize, spare: usize) -> bool {
        let mut options = spare;
        let mut own = 0;
        let mut started = false;
        for index in at + 1..self.words.len() {
            let word = &self.words[index];
            let assigns = word.text.find('=').is_some_and(|equals| equals > 0) && !word.text.starts_with('-');
            if word.is("--") && own >= operands {
                self.candidate(index + 1);
                return true;
            } else if word.text.starts_with('-') {
                options = (options + usize::from(!word.text.contains('='))).min(MOST_OPTIONS);
            } else if assigns && own <= operands {
                self.assignment(word);
            } else {
                if own >= operands {
                    self.candidate(index);
                    started = true;
                }
                if own >= operands + options {
                    return true;
                }
                // What may be no word, or an option, may leave its place to the next.
                options = (options + usize::from(word.splits)).min(MOST_OPTIONS);
                own += 1;
            }
        }
        started
    }

    /// `find … -exec COMMAND ;`
    pub(super) fn find(&mut self, at: usize) {
        for index in at + 1..self.words.len() {
            if matches!(self.words[index].text.as_str(), "-exec" | "-execdir" | "-ok" | "-okdir") {
                self.candidate(index + 1);
            }
        }
    }

    /// What it reads becomes words of the command, and with `-I` part of them.
    pub(super) fn xargs(&mut self, at: usize, name: &str) {
        self.start_others(at, 0, 0);
        let replaces = |text: &str| ["-I", "-i", "-J", "--replace"].iter().any(|option| text.starts_with(option));
        let mut replace = false;
        for word in &self.words[at + 1..] {
            replace |= replaces(&word.text);
            let runs = match word.program().map(table::rule) {
                Some(Rule::Ssh | Rule::Code | Rule::CodeAndInput) => true,
                Some(Rule::Shell | Rule::Interpreter(_) | Rule::Awk | Rule::Sed | Rule::PowerShell) => replace,
                _ => false,
            };
            if runs {
                return self.feeds(name);
            }
        }
    }

    /// `docker exec NAME COMMAND`, `docker run IMAGE COMMAND`, `kubectl exec NAME -- COMMAND`
    pub(super) fn container(&mut self, at: usize) {
        let words = self.words;
        let starts = |word: &super::Word| ["exec", "run", "debug", "create", "rsh"].iter().any(|verb| word.is(verb));
        if !words[at + 1..].iter().any(starts) {
            return self.find_shells(at + 1);
        }
        self.start_others(at, 2, 1);
        // With an entry point that is a shell, its options follow the image.
        if !words[at].is("kubectl") && !words[at].is("oc") {
            self.find_code_flag(at + 1, &words[at].text);
        }
    }
}
