//! What a step failed by, kept with the run before anything is undone.

use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;

use ansflow_core::verdict::Verdict;
use ansflow_kube::evidence::gather;
use ansflow_kube::follow::Followed;
use sha2::{Digest as _, Sha256};

use super::desk::Desk;
use crate::folder::Artifact;

/// Where it is among the run's artifacts.
const FOLDER: &str = "evidence";

/// Evidence takes no longer: somebody waits for the step.
const PATIENCE: Duration = Duration::from_secs(5);

/// Keeps what is known of the failure. That it cannot be kept changes nothing about the failure, and is said.
pub(super) async fn keep(desk: &Desk<'_>, verdict: &Verdict, diff: &str, seen: Option<&Followed>) {
    let artifacts = desk.folder.file("artifacts");
    let mut names = vec!["verdict.json".to_owned()];
    let verdict = desk.scribe.masked(verdict).unwrap_or_else(|| verdict.clone());
    let verdict = serde_json::to_string_pretty(&verdict).unwrap_or_default();
    let mut written = write(&artifacts, "verdict.json", &(verdict + "\n"));
    if !diff.is_empty() {
        names.push("diff.patch".to_owned());
        written = written.and_then(|()| write(&artifacts, "diff.patch", &desk.masker.mask(diff)));
    }
    if let Err(error) = written {
        desk.say(&format!("evidence could not be kept: {error}"));
        return;
    }
    if let Some(followed) = seen {
        let into = artifacts.join(FOLDER);
        match tokio::time::timeout(PATIENCE, gather(&desk.cluster, followed, &into, desk.masker)).await {
            Ok(Ok(kept)) => names.extend(kept.iter().filter_map(|kept| kept.path.to_str()).map(str::to_owned)),
            Ok(Err(error)) => desk.say(&format!("evidence could not be kept: {error}")),
            Err(_) => desk.say(&format!("evidence that took longer than {} s was left out", PATIENCE.as_secs())),
        }
    }
    names.sort();
    names.dedup();
    let count = names.len();
    desk.keep(names.iter().filter_map(|name| artifact(&artifacts, name).ok()));
    desk.say(&format!("evidence: {count} files in artifacts/{FOLDER}/"));
}

fn write(artifacts: &Path, name: &str, text: &str) -> io::Result<()> {
    fs::create_dir_all(artifacts.join(FOLDER))?;
    fs::write(artifacts.join(FOLDER).join(name), text)
}

fn artifact(artifacts: &Path, name: &str) -> io::Result<Artifact> {
    let path = format!("{FOLDER}/{name}");
    let bytes = fs::read(artifacts.join(&path))?;
    let sha256 = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Artifact { path, size: bytes.len() as u64, sha256 })
}
