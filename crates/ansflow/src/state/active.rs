//! Runs that are under way, or were when the plug was pulled: one small file each, so that finding an interrupted
//! run does not mean to look at all runs that ever were.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::StateDir;

/// What the marker says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Marker {
    /// The run's id.
    pub(crate) run: String,
    /// Name of its pipeline.
    pub(crate) pipeline: String,
    /// Absolute path of the pipeline file.
    pub(crate) file: PathBuf,
}

impl StateDir {
    /// Says that a run is under way.
    pub(crate) fn mark_active(&self, marker: &Marker) -> Result<()> {
        let text = serde_json::to_vec(marker).context("failed to describe the run")?;
        // Not flushed to the disk: a marker that the power took costs an offer, and the run is there all the same.
        fs::write(self.active().join(&marker.run), &text).context("failed to note that the run is under way")
    }

    /// Says that it has ended.
    pub(crate) fn unmark_active(&self, run: &str) {
        // A marker that cannot be removed costs one superfluous offer to resume a run that has ended.
        let _ = fs::remove_file(self.active().join(run));
    }

    /// Whether a run is under way, or was when the plug was pulled.
    pub(crate) fn is_active(&self, run: &str) -> bool {
        self.active().join(run).exists()
    }

    /// Runs of this file that nobody drives any more, oldest first.
    pub(crate) fn interrupted(&self, file: &Path) -> Vec<Marker> {
        let Ok(entries) = fs::read_dir(self.active()) else { return Vec::new() };
        let mut found: Vec<Marker> = entries
            .flatten()
            .filter_map(|entry| fs::read(entry.path()).ok())
            .filter_map(|text| serde_json::from_slice::<Marker>(&text).ok())
            .filter(|marker| marker.file == file && self.is_abandoned(&marker.run))
            .collect();
        found.sort_by(|a, b| a.run.cmp(&b.run));
        found
    }
}
