//! The rules of the house that no compiler knows: `check` runs them all, each in a file of its own.
//!
//! A rule is a pure function from files to findings. Exceptions are in `xtask/tidy.allow`, with their reason.

mod allow;
mod arrows;
mod docs;
mod migrations;
mod rust;
mod scripts;
mod sizes;
#[cfg(test)]
mod tests;
mod words;

use std::path::Path;

use crate::{Report, Result, tree};

const ALLOW: &str = "xtask/tidy.allow";

/// Runs every rule over the project at `root`.
pub(crate) fn check(root: &Path) -> Result<Report> {
    let files = tree::read(root)?;
    let mut findings = arrows::check(&arrows::read(root)?);
    for rule in [sizes::check, rust::check, words::check, docs::check, scripts::check, migrations::check] {
        findings.extend(rule(&files));
    }
    let allowed = files.iter().find(|file| file.path == ALLOW).map_or("", |file| &file.text);
    let mut findings = allow::apply(allowed, findings);
    findings.sort();
    Ok(Report { findings, summary: format!("tidy: {}", sizes::summary(&files)) })
}
