//! The folder of one attempt: where an engine and an attempt process meet, and how each tells whether the other lives.
//!
//! `lock` is held for as long as somebody owns the attempt; `started` says that its work may have begun; `result.json`
//! says how it ended. Nothing here decides what follows from that.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use ansflow_core::run::Judgement;
use ansflow_core::run::event::Report;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The folder of one attempt. Cheap: a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    path: PathBuf,
}

/// What an attempt process leaves for the engine that finds it dead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Started {
    /// Of the attempt process, which is its session and process group too.
    pub pid: i32,
    /// In the environment of all its processes.
    pub mark: String,
    /// On all its processes, where it could be put on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand: Option<u64>,
    /// The boot in which it started: nothing outlives that.
    pub boot: String,
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ending {
    /// For the run.
    pub report: Report,
    /// When.
    pub ended_at: Timestamp,
    /// Bytes of its log.
    pub log_bytes: u64,
    /// Files that were kept, below `artifacts/`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub artifacts: Vec<Artifact>,
    /// How its waiting for a cluster ended; none: it waited for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Box<Judgement>>,
}

/// A file that was kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Artifact {
    /// Relative to `artifacts/`.
    pub path: String,
    /// In bytes.
    pub size: u64,
    /// SHA-256 of its content, hexadecimal.
    pub sha256: String,
}

/// Proof that nobody else owns the attempt. Let go when dropped, and by the kernel when its process dies.
#[derive(Debug)]
pub struct Owned {
    lock: File,
}

impl Folder {
    /// The folder at an absolute path, which need not exist yet.
    #[must_use]
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Makes it, readable by its owner only; one that exists is fine.
    ///
    /// # Errors
    /// When the directory cannot be made.
    pub fn create(&self) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(&self.path)
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A file in it.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Takes the attempt, or says that somebody else has it.
    ///
    /// # Errors
    /// When the lock file cannot be opened.
    pub fn try_own(&self) -> io::Result<Option<Owned>> {
        let lock = self.open_lock()?;
        match lock.try_lock() {
            Ok(()) => Ok(Some(Owned { lock })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Takes the attempt as soon as its owner lets go: blocks.
    ///
    /// # Errors
    /// When the lock file cannot be opened or waited for.
    pub fn own(&self) -> io::Result<Owned> {
        let lock = self.open_lock()?;
        lock.lock()?;
        Ok(Owned { lock })
    }

    fn open_lock(&self) -> io::Result<File> {
        // Never truncated: it may hold the owner's process id.
        OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(self.file("lock"))
    }

    /// The process that owns the attempt or owned it last, where one wrote itself down.
    #[must_use]
    pub fn owner(&self) -> Option<i32> {
        fs::read_to_string(self.file("lock")).ok()?.trim().parse().ok()
    }

    /// What the attempt process said before it began its work; none: it never got there.
    ///
    /// # Errors
    /// When the file is there and cannot be read.
    pub fn started(&self) -> io::Result<Option<Started>> {
        read_json(&self.file("started"))
    }

    /// Says that the work begins now.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn set_started(&self, started: &Started) -> io::Result<()> {
        write_json(&self.path, "started", started)
    }

    /// How the attempt ended; none: it has not, or was killed.
    ///
    /// # Errors
    /// When the file is there and cannot be read.
    pub fn ending(&self) -> io::Result<Option<Ending>> {
        read_json(&self.file("result.json"))
    }

    /// Whether it has ended by its own account.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.file("result.json").exists()
    }

    /// Says how the attempt ended: all of it or nothing. Not flushed to the disk, which would be a wait at the end of
    /// every step: an attempt whose end is lost with the power before the engine has stored it is a lost attempt.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn set_ending(&self, ending: &Ending) -> io::Result<()> {
        write_json(&self.path, "result.json", ending)
    }
}

impl Owned {
    /// Writes down who owns it.
    ///
    /// # Errors
    /// When the lock file cannot be written.
    pub fn sign(&mut self, pid: u32) -> io::Result<()> {
        self.lock.set_len(0)?;
        self.lock.write_all(format!("{pid}\n").as_bytes())
    }
}

fn read_json<T: for<'de> Deserialize<'de>>(path: &Path) -> io::Result<Option<T>> {
    let mut text = Vec::new();
    match File::open(path) {
        Ok(mut file) => file.read_to_end(&mut text)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    // Empty where the power went before the disk had its content: as good as not there.
    if text.iter().all(|byte| *byte == 0) {
        return Ok(None);
    }
    serde_json::from_slice(&text).map(Some).map_err(io::Error::from)
}

fn write_json<T: Serialize>(folder: &Path, name: &str, value: &T) -> io::Result<()> {
    let draft = folder.join(format!(".{name}"));
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
    file.write_all(&serde_json::to_vec(value)?)?;
    fs::rename(draft, folder.join(name))
}
