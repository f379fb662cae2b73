//! The folder of one run, and the lock of the process that drives it.

use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use nix::errno::Errno;
use nix::fcntl::{Flock, FlockArg};
use serde::{Deserialize, Serialize};

use super::{StateDir, private_dir, write_whole};
use crate::exit::{Exit, Refused};

/// A process that was killed lets go of its locks at once, but for a child that it was just giving birth to: that holds
/// them until it has become another program. Where the one that took the lock has gone, we look again so often before we
/// call its run another's.
const LETTING_GO: u32 = 20;
/// From one look to the next.
const ROUND: Duration = Duration::from_millis(10);

/// How a run was asked for, as far as a resumed run must know; secrets are not in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Invocation {
    /// Absolute path of the pipeline file.
    pub(crate) file: PathBuf,
    /// Absolute path of the file with the steps' environment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) env_file: Option<PathBuf>,
    /// Whether every approval gets a yes.
    #[serde(default)]
    pub(crate) yes: bool,
    /// Whether a cluster was simulated for it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) simulate: bool,
    /// What names of registries mean, as it was typed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) registries: Vec<String>,
    /// What names of clusters mean, as it was typed, files from the root on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) clusters: Vec<String>,
    /// Programs that kubeconfigs may run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) allowed_exec: Vec<PathBuf>,
    /// What containers may mount besides the workspace, absolute.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) allowed_mounts: Vec<PathBuf>,
}

/// A run's folder, held by this process alone.
#[derive(Debug)]
pub(crate) struct RunDir {
    /// The run's id.
    pub(crate) run: String,
    path: PathBuf,
    held: Flock<File>,
}

impl StateDir {
    /// Makes the folder of a new run and takes it.
    pub(crate) fn create_run(&self, run: &str, invocation: &Invocation, text: &[u8]) -> Result<RunDir> {
        let path = self.runs().join(run);
        private_dir(&path)?;
        let dir = take(run, path)?.with_context(|| format!("another process has made `{run}`"))?.signed()?;
        fs::write(dir.path.join("pipeline.yml"), text).context("failed to keep the pipeline's text")?;
        dir.keep_invocation(invocation)?;
        Ok(dir)
    }

    /// Takes the folder of a run that was there before; `name` is its id or the beginning of it.
    pub(crate) fn open_run(&self, name: &str) -> Result<RunDir> {
        let run = self.find(name)?;
        let taken = take(&run, self.runs().join(&run))?.ok_or_else(|| {
            Refused::invalid(format!("another process drives `{run}`"))
                .exit(Exit::Conflict)
                .help("wait until it has ended, or end it")
        });
        taken?.signed()
    }

    /// Whether nobody drives the run.
    pub(crate) fn is_abandoned(&self, run: &str) -> bool {
        matches!(take(run, self.runs().join(run)), Ok(Some(_)))
    }

    fn find(&self, name: &str) -> Result<String> {
        let mut matching: Vec<String> = fs::read_dir(self.runs())
            .context("failed to list the runs")?
            .flatten()
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|run| run == name || (name.len() >= 4 && run.starts_with(name)))
            .collect();
        if let Some(exact) = matching.iter().position(|run| run == name) {
            return Ok(matching.swap_remove(exact));
        }
        match matching.len() {
            1 => Ok(matching.remove(0)),
            0 => Err(Refused::invalid(format!("there is no run `{name}` here"))
                .exit(Exit::NotFound)
                .help(format!("runs are kept in `{}`", self.runs().display()))
                .into()),
            several => Err(Refused::invalid(format!("`{name}` is the beginning of {several} runs"))
                .help("give more of the run's id")
                .into()),
        }
    }
}

impl RunDir {
    /// Says in the lock's file who drives the run: who only looks whether somebody does leaves no word there.
    fn signed(mut self) -> Result<Self> {
        let written = self.held.set_len(0).and_then(|()| write!(self.held, "{}", std::process::id()));
        written.with_context(|| format!("failed to note who drives `{}`", self.run))?;
        Ok(self)
    }

    /// The folder.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// How the run was asked for; none where it was cut off before it began.
    pub(crate) fn invocation(&self) -> Result<Option<Invocation>> {
        let path = self.path.join("invocation.json");
        match fs::read(&path) {
            Ok(text) => {
                serde_json::from_slice(&text).with_context(|| format!("`{}` is damaged", path.display())).map(Some)
            }
            Err(missing) if missing.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(other) => Err(other).with_context(|| format!("failed to read `{}`", path.display())),
        }
    }

    /// Replaces what is known of how the run was asked for.
    pub(crate) fn keep_invocation(&self, invocation: &Invocation) -> Result<()> {
        let text = serde_json::to_vec_pretty(invocation).context("failed to describe the run")?;
        write_whole(&self.path.join("invocation.json"), &text).context("failed to write down how the run was asked for")
    }

    /// Where its events are kept.
    pub(crate) fn database(&self) -> PathBuf {
        self.path.join("store.db")
    }
}

/// Takes a run's lock; none: another process holds it.
fn take(run: &str, path: PathBuf) -> Result<Option<RunDir>> {
    let what = || format!("failed to lock `{run}`");
    let mut tries = LETTING_GO;
    loop {
        let gate = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path.join("lock"));
        let gate = gate.with_context(|| format!("failed to open the lock of `{run}`"))?;
        let mut gate = match Flock::lock(gate, FlockArg::LockExclusiveNonblock) {
            Ok(held) => return Ok(Some(RunDir { run: run.to_owned(), path, held })),
            Err((gate, Errno::EWOULDBLOCK)) => gate,
            Err((_, errno)) => return Err(errno).with_context(what),
        };
        let mut driver = String::new();
        gate.read_to_string(&mut driver).with_context(what)?;
        if tries == 0 || is_alive(&driver) {
            return Ok(None);
        }
        thread::sleep(ROUND);
        tries -= 1;
    }
}

/// Whether there is such a process, and it has not just ended.
fn is_alive(pid: &str) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // The state stands behind the name, which may hold any character.
    let state = stat.rsplit_once(") ").and_then(|(_, rest)| rest.chars().next());
    !pid.is_empty() && state.is_some_and(|state| !matches!(state, 'Z' | 'X'))
}
