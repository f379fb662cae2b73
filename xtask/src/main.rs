//! Chores that are too much for a shell script: `cargo run -p xtask -- tidy`.

mod finding;
mod licences;
#[cfg(feature = "replay")]
mod replay;
mod tidy;
mod tree;

use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use finding::Finding;

/// A chore that could not be done at all, such as a file that cannot be read.
type Result<T, E = Box<dyn Error>> = std::result::Result<T, E>;

const USAGE: &str = "usage: cargo run -p xtask -- CHORE

  tidy       crate arrows, file sizes and the other rules of the house
  licences   licences, bans and sources of deny.toml, for every crate that we build on
  replay DIR judges every recorded rollout of a folder (`cargo xtask replay DIR`)";

fn main() -> ExitCode {
    let chore = std::env::args().nth(1).unwrap_or_default();
    let root = root();
    let done = match chore.as_str() {
        "tidy" => tidy::check(&root),
        "licences" => licences::check(&root),
        "replay" => return replay(),
        _ => Err(USAGE.into()),
    };
    match done {
        Ok(report) => print(&report),
        Err(error) => {
            say(&mut std::io::stderr(), &error.to_string());
            ExitCode::from(2)
        }
    }
}

/// Judges recordings; a binary without that feature says how to get one with it.
#[cfg(feature = "replay")]
fn replay() -> ExitCode {
    match std::env::args_os().nth(2) {
        Some(dir) => replay::run(Path::new(&dir)),
        None => {
            say(&mut std::io::stderr(), USAGE);
            ExitCode::from(2)
        }
    }
}

/// Judges recordings; a binary without that feature says how to get one with it.
#[cfg(not(feature = "replay"))]
fn replay() -> ExitCode {
    say(&mut std::io::stderr(), "this chore needs the feature `replay`: cargo xtask replay DIR");
    ExitCode::from(2)
}

/// What a chore found, and one line about what it looked at.
struct Report {
    findings: Vec<Finding>,
    summary: String,
}

fn print(report: &Report) -> ExitCode {
    for finding in &report.findings {
        say(&mut std::io::stderr(), &finding.to_string());
    }
    let count = report.findings.len();
    say(
        &mut std::io::stdout(),
        &format!("{}; {count} {}", report.summary, if count == 1 { "finding" } else { "findings" }),
    );
    if count == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A reader that went away is no reason to fail.
fn say(to: &mut impl Write, text: &str) {
    let _ = writeln!(to, "{text}");
}

/// The folder of the workspace.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is a folder of the workspace").to_owned()
}
