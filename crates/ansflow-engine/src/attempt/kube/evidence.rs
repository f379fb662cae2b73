//! What a step failed by, among the artifacts of its run.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use ansflow_kube::ending::Ending;
use sha2::{Digest as _, Sha256};

use super::desk::Desk;
use crate::attempt::NoGain;
use crate::folder::Artifact;

/// Where it is among the run's artifacts.
const FOLDER: &str = "evidence";

/// The folder that evidence is written into.
pub(super) fn folder(desk: &Desk<'_>) -> PathBuf {
    desk.folder.file("artifacts").join(FOLDER)
}

/// Keeps files of that folder, and says so.
pub(super) fn keep(desk: &Desk<'_>, files: &[PathBuf]) {
    if !files.is_empty() {
        desk.say(&format!("evidence: {} files in artifacts/{FOLDER}/", files.len()));
    }
    keep_told(desk, files);
}

/// Keeps files that the log has told of already. That one cannot be kept changes nothing about the failure, and is said.
pub(super) fn keep_told(desk: &Desk<'_>, files: &[PathBuf]) {
    for file in files {
        match artifact(&folder(desk), file) {
            Ok(artifact) => desk.keep([artifact]),
            Err(error) => desk.say(&format!("{FOLDER}/{} could not be kept: {error}", file.display())),
        }
    }
}

/// The waiting is over: what was seen is kept where it failed, then it is told and said what follows for the step.
pub(super) async fn conclude(desk: &Desk<'_>, ending: Ending) -> Result<(), NoGain> {
    match ending.evidence(&desk.cluster, &folder(desk), desk.masker).await {
        Ok(kept) => keep(desk, &kept.into_iter().map(|kept| kept.path).collect::<Vec<_>>()),
        Err(error) => desk.say(&format!("evidence could not be kept: {error}")),
    }
    desk.conclude(ending.verdict)
}

fn artifact(folder: &Path, file: &Path) -> io::Result<Artifact> {
    let bytes = fs::read(folder.join(file))?;
    let sha256 = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Artifact { path: format!("{FOLDER}/{}", file.display()), size: bytes.len() as u64, sha256 })
}
