//! Where runs live on a laptop: `$XDG_STATE_HOME/ansflow`, mode 0700.
//!
//! ```text
//! builds.json          build numbers, counted by pipeline
//! active/RUN           a run that is under way, or was when the plug was pulled
//! runs/RUN/            lock · invocation.json · pipeline.yml · store.db · attempts/ · kubeconfig, with --simulate
//! swept                when old runs were last swept
//! instance             whose containers steps make
//! ```

pub(crate) mod active;
pub(crate) mod builds;
pub(crate) mod runs;
mod sweep;

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::exit::Refused;

/// The folder that holds everything AnsFlow keeps for this user.
#[derive(Debug, Clone)]
pub(crate) struct StateDir {
    root: PathBuf,
}

impl StateDir {
    /// The user's own, made where it is not there yet.
    pub(crate) fn open() -> Result<Self> {
        let root = std::env::var_os("XDG_STATE_HOME")
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
            .or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/state")))
            .ok_or_else(|| {
                Refused::invalid("there is no place for run data: neither XDG_STATE_HOME nor HOME is set")
                    .help("set XDG_STATE_HOME to a folder of yours")
            })?
            .join("ansflow");
        let state = Self { root };
        for dir in [state.root.clone(), state.runs(), state.active()] {
            private_dir(&dir)?;
        }
        Ok(state)
    }

    /// The folder itself.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The folder in which runs have theirs.
    pub(crate) fn runs(&self) -> PathBuf {
        self.root.join("runs")
    }

    fn active(&self) -> PathBuf {
        self.root.join("active")
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }
}

/// Makes a folder that only its owner can look into; one that exists is left as it is.
pub(crate) fn private_dir(path: &Path) -> Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .with_context(|| format!("failed to make the folder `{}`", path.display()))
}

/// A folder of our own among the temporary ones, until this is dropped.
pub(crate) struct Temporary(PathBuf);

impl Temporary {
    /// Makes it, for its owner's eyes only; the purpose is part of its name.
    pub(crate) fn make(purpose: &str) -> Result<Temporary> {
        let path = std::env::temp_dir().join(format!("ansflow-{purpose}-{}", uuid::Uuid::now_v7().simple()));
        private_dir(&path)?;
        Ok(Temporary(path))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // It is in the folder for temporary files, which somebody else empties where we could not.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Writes what holds a key or a token: whole or not at all, for its owner's eyes only.
pub(crate) fn write_private(path: &Path, content: &[u8]) -> io::Result<()> {
    let draft = path.with_extension(format!("draft-{}", uuid::Uuid::now_v7().simple()));
    let opened = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft);
    let written = opened.and_then(|mut file| {
        io::Write::write_all(&mut file, content)?;
        fs::rename(&draft, path)
    });
    if written.is_err() {
        // Nobody needs it any more.
        let _ = fs::remove_file(&draft);
    }
    written
}

/// Writes a file whole or not at all: under another name, flushed to the disk, renamed.
pub(crate) fn write_whole(path: &Path, content: &[u8]) -> io::Result<()> {
    let draft = path.with_extension(format!("draft-{}", std::process::id()));
    let mut file = fs::File::create(&draft)?;
    io::Write::write_all(&mut file, content)?;
    file.sync_all()?;
    fs::rename(&draft, path)
}
