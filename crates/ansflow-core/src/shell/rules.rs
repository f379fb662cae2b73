//! Which words of a command are code.
//!
//! A command is judged by the name of its program, quotes and folders removed, also behind programs that start others
//! (`sudo`, `env`, `docker exec`). Where it is not known which word is the program, every word that may be it is
//! judged: refusing too much costs its author a line, refusing too little runs a stranger's code.

mod builtins;
mod interpreters;
mod programs;
mod remote;
mod table;
mod wrappers;

use std::collections::HashSet;
use std::ops::Range;

use self::table::Rule;
use super::command::Word;
use super::findings::Findings;
use super::why::Why;

/// So many words of one command may be programs. More is no command that a person wrote, and would take squared time.
const MOST_PROGRAMS: usize = 64;

/// What is remembered from one command to the next.
#[derive(Default)]
pub(super) struct Rules {
    /// Variables that `declare -i` made numbers: what is given to them is computed.
    numbers: HashSet<String>,
    /// Variables that are arrays: `declare` reads what is given to them as shell.
    arrays: HashSet<String>,
}

impl Rules {
    /// Refuses the holes in one command's words that stand in code. Returns a reason when the command runs what it
    /// reads on its standard input.
    pub(super) fn judge(&mut self, text: &str, words: &[Word], findings: &mut Findings<'_>) -> Option<Why> {
        let assignments = words.iter().take_while(|word| word.assigns.is_some()).count();
        let mut judge = Judge::new(self, text, words, findings);
        for word in &words[..assignments] {
            judge.assignment(word);
        }
        judge.candidate(assignments);
        let mut judged = 0;
        while let Some(at) = judge.open.pop() {
            if judged == MOST_PROGRAMS {
                judge.refuse_all(0, &Why::Tangle);
                break;
            }
            judge.program(at);
            judged += 1;
        }
        judge.fed
    }
}

/// One command before the rules.
struct Judge<'c, 'f, 't> {
    rules: &'c mut Rules,
    text: &'c str,
    words: &'c [Word],
    findings: &'f mut Findings<'t>,
    /// Places of words that may be a program, still to be judged, and which were already.
    open: Vec<usize>,
    seen: Vec<bool>,
    fed: Option<Why>,
}

impl<'c, 'f, 't> Judge<'c, 'f, 't> {
    fn new(rules: &'c mut Rules, text: &'c str, words: &'c [Word], findings: &'f mut Findings<'t>) -> Self {
        let seen = vec![false; words.len()];
        Self { rules, text, words, findings, open: Vec::new(), seen, fed: None }
    }

    /// The word at this place may be a program.
    fn candidate(&mut self, at: usize) {
        if let Some(seen) = self.seen.get_mut(at).filter(|seen| !**seen) {
            *seen = true;
            self.open.push(at);
        }
    }

    /// Judges the words from this place on as a program and its arguments.
    fn program(&mut self, at: usize) {
        let words = self.words;
        let Some(name) = words[at].program() else { return self.unknown_program(at) };
        match table::rule(name) {
            Rule::Data => {}
            Rule::Other => self.find_shells(at + 1),
            Rule::Code => self.refuse_all(at + 1, &Why::Code(name.to_owned())),
            Rule::CodeAndInput => {
                self.refuse_all(at + 1, &Why::Code(name.to_owned()));
                self.feeds(name);
            }
            Rule::Input => self.feeds(name),
            Rule::Let => self.refuse_all(at + 1, &Why::Arithmetic),
            Rule::Names(valued) => self.names(at, name, valued),
            Rule::Declare => self.declare(at, name),
            Rule::Test => self.test(at),
            Rule::Condition => self.condition(at),
            Rule::Printf => self.printf(at),
            Rule::Source => self.source(at, name),
            Rule::Shell => self.shell(at, name),
            Rule::Interpreter(spec) => self.interpreter(at, name, spec),
            Rule::PowerShell => self.powershell(at, name),
            Rule::Flags(flags) => self.flags(at, name, flags),
            Rule::Awk => self.awk(at, name),
            Rule::Sed => self.sed(at, name),
            Rule::Sqlite => self.sqlite(at, name),
            Rule::Ssh => self.ssh(at, name),
            Rule::Find => self.find(at),
            Rule::Xargs => self.xargs(at, name),
            Rule::Container => self.container(at),
            Rule::Wrapper(operands) => self.wrapper(at, name, operands),
        }
    }

    /// Only the shell knows what the program is: it may be a shell, and it may start another.
    fn unknown_program(&mut self, at: usize) {
        let written: String = self.text[self.words[at].range.clone()].chars().take(80).collect();
        let written = written.trim_matches('"');
        self.find_code_flag(at + 1, written);
        if ["SHELL", "BASH", "which", "command -v", "type -p"].iter().any(|sign| written.contains(sign)) {
            self.feeds(written);
        }
        if self.words[at].splits {
            self.start_others(at, 0, 1);
        } else {
            self.find_shells(at + 1);
        }
    }

    /// Refuses what follows `-c` anywhere from this place on.
    fn find_code_flag(&mut self, from: usize, command: &str) {
        for at in from..self.words.len() {
            if interpreters::is_code_flag(&self.words[at]) {
                self.refuse(at + 1, &Why::Code(command.to_owned()));
            }
        }
    }

    /// Of a program we do not know: shells among its words that have options are judged, whoever starts them.
    fn find_shells(&mut self, from: usize) {
        for at in from..self.words.len().saturating_sub(1) {
            let runs_code = |name| matches!(table::rule(name), Rule::Shell | Rule::Interpreter(_));
            if self.words[at + 1].is_option() && self.words[at].program().is_some_and(runs_code) {
                self.candidate(at);
            }
        }
    }

    fn refuse(&mut self, at: usize, why: &Why) {
        if let Some(word) = self.words.get(at).filter(|word| word.hole) {
            self.findings.refuse(word.range.clone(), why);
        }
    }

    fn refuse_all(&mut self, from: usize, why: &Why) {
        if let (Some(first), Some(last)) = (self.words.get(from), self.words.last()) {
            self.findings.refuse(first.range.start..last.range.end, why);
        }
    }

    /// The program runs what it reads.
    fn feeds(&mut self, name: &str) {
        self.fed.get_or_insert_with(|| Why::Fed(name.to_owned()));
    }

    /// A file of code that is named by the word: a process substitution is no data, and some files are the input.
    fn code_file(&mut self, at: usize, name: &str) {
        let Some(word) = self.words.get(at) else { return };
        if let Some(feeds) = &word.feeds {
            self.refuse_range(feeds.clone(), &Why::Fed(name.to_owned()));
        }
        let input = ["-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"];
        if input.iter().any(|file| word.is(file)) || word.text.starts_with("/dev/fd/") {
            self.feeds(name);
        }
    }

    fn refuse_range(&mut self, range: Range<usize>, why: &Why) {
        self.findings.refuse(range, why);
    }
}
