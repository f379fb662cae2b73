//! Attempt processes, one of them started ahead: while a step does its work, the process of the next one is already
//! there and waits for its order, so that starting a program is no wait between two steps.
//!
//! A spare has nothing: no folder, no order, no secret. When the engine dies, the end of its pipe tells it to leave.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::io::AsyncWriteExt as _;
use tokio::process::{Child, Command};

use crate::ATTEMPT_COMMAND;

/// Attempt processes that this process started and that may live: children that are nobody's orphans.
static STARTED_HERE: Mutex<BTreeSet<i32>> = Mutex::new(BTreeSet::new());

/// The folder of a run in which its attempts have theirs.
pub(crate) const ATTEMPTS: &str = "attempts";

/// Starts the attempt processes of one run.
#[derive(Debug)]
pub struct Spawner {
    program: PathBuf,
    /// The folder in which attempts have theirs.
    attempts: PathBuf,
    spare: Mutex<Option<Attendant>>,
    ahead: AtomicBool,
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
        Self { program, attempts: run_dir.join(ATTEMPTS), spare: Mutex::default(), ahead: AtomicBool::new(false) }
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

    /// Whether more attempts are to come, so that one is worth being started ahead.
    pub(crate) fn expect_more(&self, more: bool) {
        self.ahead.store(more, Ordering::Relaxed);
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
        if self.ahead.load(Ordering::Relaxed) {
            let next = self.spawn()?;
            // Another task may have been faster; one spare is enough, and this one leaves when it is dropped.
            lock(&self.spare).get_or_insert(next);
        }
        Ok(Working(attendant))
    }

    fn spawn(&self) -> io::Result<Attendant> {
        let mut command = Command::new(&self.program);
        command.arg(ATTEMPT_COMMAND).arg(&self.attempts);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        // Held until it is noted down: a sweep in between would take the newborn for an orphan.
        let mut started_here = started_here();
        let child = command.spawn()?;
        let pid = child.id().map_or(0, u32::cast_signed);
        started_here.insert(pid);
        Ok(Attendant { child, pid })
    }

    /// Sends the spare away and waits until it has gone: nothing is left behind.
    pub(crate) async fn close(&self) {
        self.expect_more(false);
        let spare = lock(&self.spare).take();
        if let Some(spare) = spare {
            // Its pipe is closed first; it leaves at the end of that.
            let _ = Working(spare).wait().await;
        }
    }
}

impl Working {
    pub(crate) fn pid(&self) -> i32 {
        self.0.pid
    }

    /// Until the process has ended.
    pub(crate) async fn wait(mut self) -> io::Result<()> {
        self.0.child.wait().await.map(drop)
    }
}

impl Drop for Attendant {
    fn drop(&mut self) {
        started_here().remove(&self.pid);
    }
}

/// Attempt processes of ours.
pub(crate) fn started_here() -> MutexGuard<'static, BTreeSet<i32>> {
    lock(&STARTED_HERE)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
