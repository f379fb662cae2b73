//! Where a server's files are: paths made of facts, so that whoever needs one needs nobody to tell it.
//!
//! ```text
//! DATA/ansflow.db · key · lock
//! DATA/runs/RUN/workspace/ · artifacts/ · attempts/STEP-NUMBER/log
//! ```

use std::path::{Path, PathBuf};

use ansflow_core::plan::StepIndex;

/// The folder of a server's data, absolute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files {
    root: PathBuf,
}

impl Files {
    /// In this folder, absolute.
    #[must_use]
    pub fn at(root: impl Into<PathBuf>) -> Files {
        Files { root: root.into() }
    }

    /// The folder itself.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The SQLite database.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.root.join("ansflow.db")
    }

    /// The key that seals secrets.
    #[must_use]
    pub fn key(&self) -> PathBuf {
        self.root.join("key")
    }

    /// Held by the one process that works on this folder.
    #[must_use]
    pub fn lock(&self) -> PathBuf {
        self.root.join("lock")
    }

    /// Where runs have their folders.
    #[must_use]
    pub fn runs(&self) -> PathBuf {
        self.root.join("runs")
    }

    /// The folder of a run.
    #[must_use]
    pub fn run(&self, run: &str) -> PathBuf {
        self.runs().join(run)
    }

    /// Where the steps of a run work.
    #[must_use]
    pub fn workspace(&self, run: &str) -> PathBuf {
        self.run(run).join("workspace")
    }

    /// Where the bytes of a run's artifacts are, for [`crate::Store::artifacts`].
    #[must_use]
    pub fn artifacts(&self, run: &str) -> PathBuf {
        self.run(run).join("artifacts")
    }

    /// The folder of an attempt, which has its output, for [`crate::output::LogReader::open`].
    #[must_use]
    pub fn attempt(&self, run: &str, step: StepIndex, number: u32) -> PathBuf {
        self.run(run).join("attempts").join(format!("{step}-{number}"))
    }
}
