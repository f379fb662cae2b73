//! What an attempt has kept becomes known to the store, before the run knows that it succeeded: whoever sees
//! the step's end sees its artifacts too.

use ansflow_core::run::Attempt;
use ansflow_core::run::event::Report;
use ansflow_store::artifacts::{Kept, Origin};
use jiff::Timestamp;

use crate::engine::Engine;
use crate::folder::Folder;

/// The report as it is after its artifacts were remembered: the same, or why they could not be.
pub(crate) async fn artifacts(engine: &Engine, run: &str, attempt: Attempt, report: Report) -> Report {
    // A failed step on a cluster keeps what it failed by; a killed one says nothing of files.
    if let Report::Lost { .. } = report {
        return report;
    }
    let origin = Origin { run, step: attempt.step, attempt: attempt.number };
    let broken =
        |error: &dyn std::fmt::Display| Report::Broken { message: format!("failed to keep the artifacts: {error}") };
    let kept = match kept(&engine.folder(attempt)) {
        Ok(kept) if kept.is_empty() => return report,
        Ok(kept) => kept,
        Err(error) => return unless_failed(report, broken(&error)),
    };
    let artifacts = engine.store.artifacts(engine.artifacts());
    // Again where an engine was killed in between: nothing changes then.
    match artifacts.adopt(origin, kept, Timestamp::now()).await {
        Ok(()) => report,
        Err(error) => unless_failed(report, broken(&error)),
    }
}

/// Evidence that could not be kept changes nothing about why a step failed.
fn unless_failed(report: Report, otherwise: Report) -> Report {
    if let Report::Succeeded(_) = report { otherwise } else { report }
}

fn kept(folder: &Folder) -> std::io::Result<Vec<Kept>> {
    let ending = folder.ending()?;
    let artifacts = ending.map(|ending| ending.artifacts).unwrap_or_default();
    let kept = artifacts.into_iter().map(|artifact| Kept {
        file: folder.file("artifacts").join(&artifact.path),
        path: artifact.path,
        size: artifact.size,
        sha256: artifact.sha256,
    });
    Ok(kept.collect())
}
