//! A client's commands as recorded, and what differs from them.

use serde::Deserialize;

use super::plain::{asked, plain};
use crate::tools::fixture;

#[derive(Deserialize)]
pub(super) struct Story {
    /// The client's program.
    pub(super) client: String,
    /// The namespace that it works in.
    pub(super) namespace: String,
    pub(super) steps: Vec<Step>,
}

#[derive(Deserialize)]
pub(super) struct Step {
    pub(super) name: String,
    pub(super) args: Vec<String>,
    /// A file that comes by standard input.
    pub(super) stdin: Option<String>,
    /// Begins when so many pods are there, ready or finished, and none is going.
    pub(super) settled: Option<usize>,
    /// Is ended after so many lines.
    pub(super) lines: Option<usize>,
    /// The Deployment that somebody scales to one, after so many lines.
    pub(super) scale: Option<(String, usize)>,
    /// Somebody connects to the port that is told.
    #[serde(default)]
    pub(super) dial: bool,
    /// What else the chart has this time.
    #[serde(default)]
    pub(super) chart: Vec<String>,
    /// Is killed when a container waits for this reason.
    pub(super) killed: Option<String>,
    /// Nothing of one that did not end by itself.
    exit: Option<i32>,
    #[serde(default)]
    stdout: String,
    #[serde(default)]
    stderr: String,
    #[serde(default)]
    pub(super) asks: Vec<String>,
}

/// How a command went here.
pub(super) struct Seen {
    pub(super) exit: Option<i32>,
    pub(super) stdout: String,
    pub(super) stderr: String,
    /// `METHOD path -> code`, as in recordings.
    pub(super) asks: Vec<String>,
}

impl Story {
    pub(super) fn read(name: &str) -> Story {
        let text = std::fs::read_to_string(fixture(&format!("clients/{name}.json"))).unwrap();
        serde_json::from_str(&text).unwrap()
    }
}

impl Step {
    /// What is not as recorded, a line each.
    pub(super) fn differences(&self, seen: &Seen) -> Vec<String> {
        if self.killed.is_some() {
            return Vec::new();
        }
        let mut differences = Vec::new();
        if self.exit.is_some() && self.exit != seen.exit {
            differences.push(format!("exit {:?} for {:?}", seen.exit, self.exit));
        }
        differences.extend(lines("stdout", plain(&self.stdout), plain(&seen.stdout)));
        differences.extend(lines("stderr", plain(&self.stderr), plain(&seen.stderr)));
        // As sets: how often a client looks is a matter of time.
        let set = |asks: &[String]| {
            let mut asks: Vec<String> = asks.iter().map(|ask| asked(ask)).collect();
            asks.sort_unstable();
            asks.dedup();
            asks
        };
        differences.extend(lines("asks", set(&self.asks), set(&seen.asks)));
        differences
    }
}

/// Lines that are on one side only; or that they stand in another order.
fn lines(what: &str, recorded: Vec<String>, here: Vec<String>) -> Vec<String> {
    if recorded == here {
        return Vec::new();
    }
    let mut left = here;
    let mut differences = Vec::new();
    for line in recorded {
        match left.iter().position(|other| *other == line) {
            Some(at) => drop(left.remove(at)),
            None => differences.push(format!("{what} - {line}")),
        }
    }
    differences.extend(left.into_iter().map(|line| format!("{what} + {line}")));
    if differences.is_empty() {
        differences.push(format!("{what} in another order"));
    }
    differences
}
