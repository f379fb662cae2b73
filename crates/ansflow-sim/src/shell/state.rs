//! What one shell process knows: variables, functions, traps, where its numbers lead. A subshell is a copy of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::ast::Command;
use super::machine::{Fd, Machine, Pipe};
use crate::program::Stream;

/// Why a list of commands ended before its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stop {
    Exit(i32),
    Return(i32),
    Break(u32),
    Continue(u32),
    OutOfMemory,
}

#[derive(Clone)]
pub(super) struct Variable {
    pub(super) value: String,
    pub(super) exported: bool,
}

#[derive(Clone)]
pub(super) struct Shell {
    pub(super) machine: Arc<Machine>,
    pub(super) variables: BTreeMap<String, Variable>,
    pub(super) functions: BTreeMap<String, Arc<Command>>,
    pub(super) traps: BTreeMap<String, String>,
    /// `$0`, then `$1` …
    pub(super) name: String,
    pub(super) arguments: Vec<String>,
    pub(super) folder: String,
    pub(super) status: i32,
    /// How the last `$(…)` of this command ended.
    pub(super) substituted: i32,
    pub(super) numbers: BTreeMap<u8, Fd>,
    pub(super) stdin: Arc<Pipe>,
    pub(super) exit_on_error: bool,
    pub(super) refuse_unset: bool,
    /// Inside conditions, where a failure is an answer.
    pub(super) guarded: u32,
    pub(super) depth: u32,
    /// The process that signals go to; its copies are not.
    pub(super) main: bool,
    /// Background commands: whether they have ended, and how.
    pub(super) jobs: Vec<Arc<std::sync::Mutex<Option<i32>>>>,
}

impl Shell {
    pub(super) fn new(machine: Arc<Machine>, argv: &[String]) -> Shell {
        let start = Arc::clone(&machine.start);
        let mut variables = BTreeMap::new();
        let path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        let given = [
            ("PATH", path),
            ("HOSTNAME", start.hostname.as_str()),
            ("HOME", if root(start.user) { "/root" } else { "/" }),
        ];
        for (name, value) in given {
            variables.insert(name.to_owned(), Variable { value: value.to_owned(), exported: true });
        }
        for (name, value) in &start.env {
            variables.insert(name.clone(), Variable { value: value.clone(), exported: true });
        }
        Shell {
            variables,
            functions: BTreeMap::new(),
            traps: BTreeMap::new(),
            name: argv.first().cloned().unwrap_or_default(),
            arguments: Vec::new(),
            folder: if start.working_dir.is_empty() { "/".to_owned() } else { start.working_dir.clone() },
            status: 0,
            substituted: 0,
            numbers: BTreeMap::from([(1, Fd::Out), (2, Fd::Err)]),
            stdin: Arc::clone(&machine.stdin),
            machine,
            exit_on_error: false,
            refuse_unset: false,
            guarded: 0,
            depth: 0,
            main: true,
            jobs: Vec::new(),
        }
    }

    pub(super) fn copy(&self) -> Shell {
        Shell { main: false, traps: BTreeMap::new(), jobs: Vec::new(), ..self.clone() }
    }

    pub(super) fn get(&self, name: &str) -> Option<String> {
        match name {
            "?" => Some(self.status.to_string()),
            "#" => Some(self.arguments.len().to_string()),
            "$" => Some("1".to_owned()),
            "!" => (!self.jobs.is_empty()).then(|| (self.jobs.len() + 1).to_string()),
            "-" => Some(if self.exit_on_error { "e".to_owned() } else { String::new() }),
            "@" | "*" => (!self.arguments.is_empty()).then(|| self.arguments.join(" ")),
            "0" => Some(self.name.clone()),
            "PWD" => Some(self.folder.clone()),
            digits if digits.starts_with(|c: char| c.is_ascii_digit()) => {
                digits.parse::<usize>().ok().and_then(|n| self.arguments.get(n - 1).cloned())
            }
            name => self.variables.get(name).map(|variable| variable.value.clone()),
        }
    }

    pub(super) fn set(&mut self, name: &str, value: String) -> Result<(), Stop> {
        if value.len() as u64 >= self.machine.memory() {
            return Err(Stop::OutOfMemory);
        }
        match self.variables.get_mut(name) {
            Some(variable) => variable.value = value,
            None => {
                self.variables.insert(name.to_owned(), Variable { value, exported: false });
            }
        }
        Ok(())
    }

    /// A path as seen from the working folder, without `.`, `..` and double slashes.
    pub(super) fn path(&self, path: &str) -> String {
        let whole = if path.starts_with('/') { path.to_owned() } else { format!("{}/{path}", self.folder) };
        let mut parts: Vec<&str> = Vec::new();
        for part in whole.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop();
                }
                part => parts.push(part),
            }
        }
        format!("/{}", parts.join("/"))
    }

    /// Writes to a number; false when nobody reads it any more or it leads nowhere.
    pub(super) async fn write(&self, number: u8, bytes: &[u8]) -> bool {
        match self.numbers.get(&number) {
            None => return false,
            Some(Fd::Null) => {}
            Some(Fd::Out) => self.machine.write(Stream::Out, bytes),
            Some(Fd::Err) => self.machine.write(Stream::Err, bytes),
            Some(Fd::Pipe(pipe)) => {
                self.machine.stir();
                return pipe.push(bytes) && (pipe.len() as u64) < self.machine.memory();
            }
            Some(Fd::File(path)) => {
                let (path, bytes) = (Arc::clone(path), bytes.to_vec());
                let done = self.machine.files(move |files, now| {
                    let mut all = files.read(&path).unwrap_or_default();
                    all.extend(bytes);
                    files.write(&path, &all, now)
                });
                return done.await.is_ok();
            }
        }
        true
    }

    pub(super) async fn say(&self, line: &str) {
        self.write(1, format!("{line}\n").as_bytes()).await;
    }

    /// A complaint, in the words of the command that has it.
    pub(super) async fn complain(&self, line: &str) -> i32 {
        self.write(2, format!("{line}\n").as_bytes()).await;
        1
    }
}

/// Whether a container's user is root, which it is where nobody says otherwise.
pub(super) fn root(user: Option<i64>) -> bool {
    user.unwrap_or(0) == 0
}
