//! What a step failed by, kept with the run before anything is undone.

use std::fs;
use std::io;
use std::path::Path;

use ansflow_core::verdict::Verdict;
use ansflow_kube::follow::Followed;
use sha2::{Digest as _, Sha256};

use super::desk::Desk;
use crate::folder::Artifact;

/// Where it is among the run's artifacts.
const FOLDER: &str = "evidence";

/// Keeps what is known of the failure. That it cannot be kept changes nothing about the failure, and is said.
pub(super) async fn keep(desk: &Desk<'_>, verdict: &Verdict, diff: &str, _seen: Option<&Followed>) {
    let verdict = desk.scribe.masked(verdict).unwrap_or_else(|| verdict.clone());
    let verdict = serde_json::to_string_pretty(&verdict).unwrap_or_default();
    for (name, text) in [("verdict.json", verdict + "\n"), ("diff.patch", diff.to_owned())] {
        if text.is_empty() {
            continue;
        }
        match file(&desk.folder.file("artifacts"), name, &desk.masker.mask(&text)) {
            Ok(artifact) => desk.keep([artifact]),
            Err(error) => desk.say(&format!("evidence/{name} could not be kept: {error}")),
        }
    }
}

fn file(artifacts: &Path, name: &str, text: &str) -> io::Result<Artifact> {
    fs::create_dir_all(artifacts.join(FOLDER))?;
    fs::write(artifacts.join(FOLDER).join(name), text)?;
    let sha256 = Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Artifact { path: format!("{FOLDER}/{name}"), size: text.len() as u64, sha256 })
}
