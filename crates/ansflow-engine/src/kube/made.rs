//! That an attempt may have a Job in a cluster: noted in its folder before there is one, until nothing of it is left.

use std::fs;
use std::io;

use serde::{Deserialize, Serialize};

use crate::folder::Folder;

/// The file in the attempt's folder.
const FILE: &str = "job.json";

/// Where an attempt's Job is. What it is called follows from whose it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Made {
    /// What people call the cluster.
    pub(crate) cluster: String,
    /// In which namespace.
    pub(crate) namespace: String,
}

impl Made {
    /// Notes it.
    ///
    /// # Errors
    /// When the file cannot be written; then nothing may be made.
    pub(crate) fn note(&self, folder: &Folder) -> io::Result<()> {
        fs::write(folder.file(FILE), serde_json::to_vec(self)?)
    }

    /// Nothing is left of it.
    pub(crate) fn forget(folder: &Folder) {
        // It would be looked for once more, and not be found.
        let _ = fs::remove_file(folder.file(FILE));
    }

    /// What is noted, if anything is.
    pub(crate) fn noted(folder: &Folder) -> Option<Made> {
        serde_json::from_slice(&fs::read(folder.file(FILE)).ok()?).ok()
    }
}
