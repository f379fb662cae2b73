//! The door of these tests: a folder with a workspace and a place for run data, and the real binary.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value as Json;
use tempfile::TempDir;

/// A machine with nothing on it.
pub(crate) struct World {
    dir: TempDir,
}

/// How a command ended and what it said.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl World {
    pub(crate) fn new() -> Self {
        let world = Self { dir: tempfile::Builder::new().prefix("ansflow-it-").tempdir().unwrap() };
        std::fs::create_dir(world.workspace()).unwrap();
        world
    }

    /// Where pipelines work.
    pub(crate) fn workspace(&self) -> PathBuf {
        self.dir.path().join("workspace")
    }

    /// Where run data goes.
    pub(crate) fn state(&self) -> PathBuf {
        self.dir.path().join("state")
    }

    /// A file in the workspace.
    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.workspace().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    /// What a file in the workspace holds.
    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.workspace().join(name)).unwrap_or_default()
    }

    /// The binary with its words, in the workspace.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ansflow"));
        command.args(words).current_dir(self.workspace()).stdin(Stdio::null());
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("ANSFLOW_") {
                command.env_remove(name);
            }
        }
        command.env("XDG_STATE_HOME", self.state()).env("HOME", self.dir.path()).env("LANG", "C.UTF-8");
        command
    }

    /// Runs it to its end.
    pub(crate) fn ansflow(&self, words: &[&str]) -> Ended {
        Ended::of(self.command(words))
    }

    /// Writes a pipeline and runs it with JSON events.
    pub(crate) fn run(&self, pipeline: &str, words: &[&str]) -> Ended {
        self.write("p.yml", pipeline);
        self.ansflow(&[&["run", "p.yml", "-o", "json"], words].concat())
    }

    /// Starts it and lets it run.
    pub(crate) fn start(&self, words: &[&str]) -> Child {
        self.command(words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// The ids of the runs that there are, oldest first.
    pub(crate) fn runs(&self) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.state().join("ansflow/runs")) else { return Vec::new() };
        let mut runs: Vec<String> = entries.flatten().map(|entry| entry.file_name().into_string().unwrap()).collect();
        runs.sort();
        runs
    }

    /// Everything of this world's processes that is still there, by its mark in the command line or the environment.
    pub(crate) fn processes(&self) -> Vec<(i32, String)> {
        let here = self.dir.path().to_str().unwrap();
        let mut found = Vec::new();
        for entry in std::fs::read_dir("/proc").unwrap().flatten() {
            let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
            let read = |file: &str| std::fs::read(entry.path().join(file)).unwrap_or_default();
            let (words, environment) = (read("cmdline"), read("environ"));
            let text = String::from_utf8_lossy(&words).replace('\0', " ");
            if pid != std::process::id() as i32
                && (text.contains(here) || String::from_utf8_lossy(&environment).contains(here))
            {
                found.push((pid, text));
            }
        }
        found
    }

    /// The processes of attempts that are running now, and of one that waits for its order. A child of such a process
    /// looks the same until it has become another program.
    pub(crate) fn attempts(&self) -> Vec<i32> {
        let all = self.processes();
        let found = all.into_iter().filter(|(_, words)| words.contains("__attempt")).map(|(pid, _)| pid);
        let found: Vec<i32> = found.collect();
        found.iter().copied().filter(|pid| !parent(*pid).is_some_and(|parent| found.contains(&parent))).collect()
    }

    /// Waits until something is so; panics when it does not become so within 20 seconds.
    pub(crate) fn until(&self, what: &str, mut is_so: impl FnMut() -> bool) {
        let started = std::time::Instant::now();
        while !is_so() {
            assert!(started.elapsed().as_secs() < 20, "waited in vain until {what}");
            std::thread::yield_now();
        }
    }

    /// The folder, to make paths outside the workspace.
    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }
}

impl Ended {
    pub(crate) fn of(mut command: Command) -> Self {
        Self::read(&command.output().unwrap())
    }

    /// Waits for a child whose output is piped.
    pub(crate) fn after(child: Child) -> Self {
        Self::read(&child.wait_with_output().unwrap())
    }

    fn read(ended: &Output) -> Self {
        Self {
            code: ended.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&ended.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&ended.stderr).into_owned(),
        }
    }

    /// The JSON events of a run.
    pub(crate) fn events(&self) -> Vec<Json> {
        events(&self.stdout)
    }

    /// The lines that a step printed.
    pub(crate) fn log(&self, step: &str) -> Vec<String> {
        let of_step = |event: &&Json| event["event"] == "log" && event["step"] == step;
        self.events().iter().filter(of_step).map(|event| event["line"].as_str().unwrap().to_owned()).collect()
    }

    /// The last word on a step.
    pub(crate) fn finished(&self, step: &str) -> Json {
        let last = |event: &&Json| event["event"] == "step_finished" && event["step"] == step;
        self.events().iter().find(last).cloned().unwrap_or_else(|| panic!("step `{step}` has not finished: {self:#?}"))
    }

    /// `step status` for every step, in the order in which they finished, and the run's status.
    pub(crate) fn story(&self) -> String {
        let word = |event: &Json, key: &str| event[key].as_str().unwrap_or_default().to_owned();
        let mut said: Vec<String> = Vec::new();
        for event in self.events() {
            match event["event"].as_str() {
                Some("step_finished") => said.push(format!("{} {}", word(&event, "step"), word(&event, "status"))),
                Some("run_finished") => said.push(format!("run {}", word(&event, "status"))),
                _ => (),
            }
        }
        said.join(" · ")
    }
}

fn parent(pid: i32) -> Option<i32> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    stat.rsplit(')').next()?.split_whitespace().nth(1)?.parse().ok()
}

/// The events in a text of one JSON object a line; a torn last line is left out.
pub(crate) fn events(text: &str) -> Vec<Json> {
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}
