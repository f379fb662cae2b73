//! Attempt processes, one of them started ahead: while a step does its work, the process of the next one is already
//! there and waits for its order, so that starting a program is no wait between two steps.
//!
//! A spare has nothing: no folder, no order, no secret. When the engine dies, the end of its pipe tells it to leave.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::process::{Child, Command};

use crate::ATTEMPT_COMMAND;

/// Attempt processes that this process started: children that are nobody's orphans. Those that nobody follows any more
/// stay noted for as long as they are our children.
static STARTED_HERE: Mutex<BTreeSet<i32>> = Mutex::new(BTreeSet::new());

/// The folder of a run in which its attempts have theirs.
pub(crate) const ATTEMPTS: &str = "attempts";

/// A spare that no run of many has needed for so long leaves.
const IDLE: Duration = Duration::from_secs(5);

/// Starts attempt processes, of one run or of many.
#[derive(Debug)]
pub struct Spawner {
    program: PathBuf,
    /// The folder below which attempts have theirs.
    dir: PathBuf,
    /// All that attempts find in their environment, where many runs share it; ours, where there is one run.
    env: Option<BTreeMap<String, String>>,
    /// What they find besides.
    besides: Vec<(String, PathBuf)>,
    spare: Arc<Mutex<Option<Attendant>>>,
    /// How many runs have more attempts to come.
    expecting: AtomicUsize,
}

/// An attempt process that has no order yet.
#[derive(Debug)]
struct Attendant {
    child: Child,
    pid: i32,
}

/// An attempt process that has its order.
#[derive(Debug)]
pub(crate) struct Working(Attendant);

impl Spawner {
    /// Attempts are `program`, called as `PROGRAM __attempt DIR`, which calls [`crate::attempt_main`]: usually this one.
    /// The folder of the run is absolute.
    #[must_use]
    pub fn new(program: PathBuf, run_dir: &Path) -> Self {
        Self::below(program, run_dir.join(ATTEMPTS), None)
    }

    /// The same for many runs, whose folders are in `runs`. This environment is all that attempts have: what the
    /// server was started with is not for them.
    #[must_use]
    pub fn of_many(program: PathBuf, runs: &Path, env: BTreeMap<String, String>) -> Self {
        Self::below(program, runs.to_owned(), Some(env))
    }

    /// Attempts find this in their environment besides, in the place of what it says elsewhere.
    #[must_use]
    pub fn with(mut self, name: &str, path: &Path) -> Self {
        self.besides.push((name.to_owned(), path.to_owned()));
        self
    }

    fn below(program: PathBuf, dir: PathBuf, env: Option<BTreeMap<String, String>>) -> Self {
        Self { program, dir, env, besides: Vec::new(), spare: Arc::default(), expecting: AtomicUsize::new(0) }
    }

    /// Starts the process of the first attempt while its run is still being prepared. Call it in a tokio runtime.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub fn start_ahead(&self) -> io::Result<()> {
        let spare = self.spawn()?;
        lock(&self.spare).get_or_insert(spare);
        Ok(())
    }

    /// Whether all attempts that this process starts are of one run, and with them all orphans.
    pub(crate) fn is_of_one_run(&self) -> bool {
        self.env.is_none()
    }

    /// How the Docker daemon is found: as attempts find it.
    pub(crate) fn docker_environment(&self) -> ansflow_docker::Environment {
        match &self.env {
            Some(env) => ansflow_docker::Environment::new(env.clone()),
            None => ansflow_docker::Environment::of_process(),
        }
    }

    /// The folder below which attempts have theirs.
    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Has an attempt process work on an order.
    pub(crate) async fn start(&self, order: &[u8]) -> io::Result<Working> {
        let spare = lock(&self.spare).take();
        let mut attendant = match spare {
            Some(attendant) => attendant,
            None => self.spawn()?,
        };
        if let Some(mut stdin) = attendant.child.stdin.take() {
            // It died before it had listened to the end: its end says what is to be done.
            let _ = stdin.write_all(order).await;
        }
        let is_wanted = self.expecting.load(Ordering::Relaxed) > 0 && lock(&self.spare).is_none();
        // A system that has no process to spare has none for the next attempt either, and that one says so.
        if let Some(next) = is_wanted.then(|| self.spawn().ok()).flatten() {
            let pid = next.pid;
            // Another task may have been faster; one spare is enough, and this one leaves when it is dropped.
            lock(&self.spare).get_or_insert(next);
            if !self.is_of_one_run() {
                tokio::spawn(retire(Arc::clone(&self.spare), pid));
            }
        }
        Ok(Working(attendant))
    }

    fn spawn(&self) -> io::Result<Attendant> {
        let mut command = Command::new(&self.program);
        command.arg(ATTEMPT_COMMAND).arg(&self.dir);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        if let Some(env) = &self.env {
            command.env_clear().envs(env);
        }
        command.envs(self.besides.iter().map(|(name, path)| (name, path)));
        // Held until it is noted down: a sweep in between would take the newborn for an orphan.
        let mut started_here = started_here();
        let child = command.spawn()?;
        let pid = child.id().map_or(0, u32::cast_signed);
        started_here.insert(pid);
        Ok(Attendant { child, pid })
    }

    /// A run has ended. Where it was the only one, the spare is sent away and waited for: nothing is left behind.
    pub(crate) async fn leave(&self) {
        if !self.is_of_one_run() {
            return;
        }
        let spare = lock(&self.spare).take();
        if let Some(spare) = spare {
            // Its pipe is closed first; it leaves at the end of that.
            let _ = Working(spare).wait().await;
        }
    }
}

/// Sends a spare away when nobody has needed it for a while, such as while all runs wait for people.
async fn retire(spare: Arc<Mutex<Option<Attendant>>>, pid: i32) {
    tokio::time::sleep(IDLE).await;
    let idle = lock(&spare).take_if(|spare| spare.pid == pid);
    if let Some(idle) = idle {
        let _ = Working(idle).wait().await;
    }
}

/// What one run says of its attempts to come; nothing more, when it is dropped.
#[derive(Debug)]
pub(crate) struct Ahead {
    spawner: Arc<Spawner>,
    more: bool,
}

impl Ahead {
    pub(crate) fn of(spawner: &Arc<Spawner>) -> Self {
        Self { spawner: Arc::clone(spawner), more: false }
    }

    /// Whether more attempts are to come, so that one is worth being started ahead.
    pub(crate) fn expect(&mut self, more: bool) {
        match (std::mem::replace(&mut self.more, more), more) {
            (false, true) => _ = self.spawner.expecting.fetch_add(1, Ordering::Relaxed),
            (true, false) => _ = self.spawner.expecting.fetch_sub(1, Ordering::Relaxed),
            (true, true) | (false, false) => {}
        }
    }
}

impl Drop for Ahead {
    fn drop(&mut self) {
        self.expect(false);
    }
}

impl Working {
    pub(crate) fn pid(&self) -> i32 {
        self.0.pid
    }

    /// Until the process has ended.
    pub(crate) async fn wait(mut self) -> io::Result<()> {
        let ended = self.0.child.wait().await;
        // Only then: a process that nobody follows any more is ours and lives, and so no orphan.
        started_here().remove(&self.0.pid);
        ended.map(drop)
    }
}

/// Attempt processes of ours.
pub(crate) fn started_here() -> MutexGuard<'static, BTreeSet<i32>> {
    lock(&STARTED_HERE)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
