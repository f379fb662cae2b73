//! One attempt, seen from the engine: started or attached to, stopped, and what came of it in the end.
//!
//! Starting and attaching are one look at the folder, so that a restart is the normal path. The lock decides: who
//! holds it owns the attempt, and only who holds it may call the attempt lost.

use std::collections::BTreeSet;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use ansflow_core::run::event::Report;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::sync::oneshot;

use crate::attempt::{MARK, remove_left_behind};
use crate::brand;
use crate::folder::{Folder, Owned, Started};
use crate::spare::{Spawner, started_here};
use crate::tree::{self, Table};

/// What a killed attempt left gets so long to end by itself.
const GRACE: Duration = Duration::from_secs(2);
/// A killed process is gone so long after its lock.
const HANDING_ON: Duration = Duration::from_secs(1);
/// From one look at the process table to the next while something lives.
const ROUND: Duration = Duration::from_millis(20);
/// An attempt process that ends before it begins is started again so often.
const FALSE_STARTS: u32 = 3;

/// How the loop reaches an attempt that a task follows.
#[derive(Debug, Default)]
pub(crate) struct Handle {
    /// Its process; 0: none that we know.
    pid: AtomicI32,
    stop: AtomicBool,
}

impl Handle {
    /// Asks the attempt to end; more often than once where its process had no ears yet.
    pub(crate) fn stop(&self) {
        self.stop.store(true, Ordering::SeqCst);
        let pid = self.pid.load(Ordering::SeqCst);
        if pid != 0 {
            // ESRCH: it has ended by itself, and its result is on the way.
            let _ = kill(Pid::from_raw(pid), Signal::SIGTERM);
        }
    }

    fn set_pid(&self, pid: Option<i32>) {
        self.pid.store(pid.unwrap_or(0), Ordering::SeqCst);
    }
}

/// What the folder of an attempt says.
enum Look {
    /// A process owns it.
    Lives,
    /// It has ended; this came of it.
    Ended(Report),
    /// Nobody began it.
    Fresh,
    /// It was begun, and its process is dead. We own it now.
    Dead(Owned, Started),
}

fn look(folder: &Folder) -> io::Result<Look> {
    match folder.try_own()? {
        None => Ok(Look::Lives),
        Some(owned) => look_owned(folder, owned),
    }
}

fn look_owned(folder: &Folder, owned: Owned) -> io::Result<Look> {
    if let Some(ending) = folder.ending()? {
        return Ok(Look::Ended(ending.report));
    }
    match folder.started()? {
        None => Ok(Look::Fresh),
        Some(started) => Ok(Look::Dead(owned, started)),
    }
}

/// What is to be done about an attempt that nobody has begun.
#[derive(Debug)]
pub(crate) enum Fresh {
    /// It begins, with this order.
    Begin(Vec<u8>),
    /// It is not to begin; this is what came of it.
    Report(Box<Report>),
}

/// Follows an attempt that may have been begun before, to its report.
pub(crate) async fn follow(spawner: &Spawner, folder: Folder, fresh: Fresh, handle: &Handle) -> Report {
    let problem = |error: io::Error| Report::Broken { message: format!("failed to follow the attempt: {error}") };
    let mut starts = 0;
    let mut seen = look(&folder);
    loop {
        match seen {
            Err(error) => return problem(error),
            Ok(Look::Ended(report)) => return report,
            Ok(Look::Dead(owned, started)) => return bury(folder, owned, started).await,
            Ok(Look::Lives) => {
                handle.set_pid(folder.owner());
                seen = attached(folder.clone()).await;
            }
            Ok(Look::Fresh) => {
                let order = match fresh {
                    Fresh::Report(report) => return *report,
                    Fresh::Begin(_) if handle.stop.load(Ordering::SeqCst) => return Report::Stopped,
                    Fresh::Begin(ref order) => order,
                };
                if starts == FALSE_STARTS {
                    let message = "its process ended before it could begin, several times".to_owned();
                    return Report::Broken { message };
                }
                starts += 1;
                if let Err(error) = run(spawner, order, handle).await {
                    return problem(error);
                }
                seen = look(&folder);
            }
        }
    }
}

/// Has an attempt process work on the order, and waits for its end.
async fn run(spawner: &Spawner, order: &[u8], handle: &Handle) -> io::Result<()> {
    let working = spawner.start(order).await?;
    handle.set_pid(Some(working.pid()));
    let ended = working.wait().await;
    handle.set_pid(None);
    ended
}

/// Waits for the end of an attempt that another process started, in a thread of its own: the wait is for a lock.
async fn attached(folder: Folder) -> io::Result<Look> {
    in_thread(move || folder.own().and_then(|owned| look_owned(&folder, owned))).await
}

/// Ends what a killed attempt left behind, and only then calls it lost. The lock is held meanwhile.
async fn bury(folder: Folder, owned: Owned, started: Started) -> Report {
    let swept = in_thread(move || {
        let count = if started.boot == tree::boot() { sweep(&started) } else { 0 };
        remove_left_behind(&folder);
        drop(owned);
        Ok(count)
    });
    let left = match swept.await {
        Ok(0) => String::new(),
        Ok(1) => "; 1 process that it left was ended".to_owned(),
        Ok(count) => format!("; {count} processes that it left were ended"),
        Err(error) => return Report::Broken { message: format!("failed to sweep up after the attempt: {error}") },
    };
    Report::Lost { message: format!("its process was killed from outside{left}") }
}

async fn in_thread<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    let (sender, receiver) = oneshot::channel();
    // Not the runtime's pool, which a runtime that ends waits for.
    thread::Builder::new().name("attempt".into()).spawn(move || {
        // Nobody listens any more: the engine has gone, and the next one looks again.
        let _ = sender.send(work());
    })?;
    receiver.await.map_err(io::Error::other)?
}

/// Ends every process of a dead attempt: how many there were.
fn sweep(started: &Started) -> usize {
    let entry = format!("{MARK}={}", started.mark);
    // The kernel lets go of a dying process's locks before it hands on its children. Bounded: the id may be another's.
    let handed_on_by = Instant::now() + HANDING_ON;
    while Table::read().lives(started.pid) && Instant::now() < handed_on_by {
        thread::park_timeout(ROUND);
    }
    let kill_at = Instant::now() + GRACE;
    let mut ended = BTreeSet::new();
    loop {
        let found = remains(started, &entry);
        if found.is_empty() {
            return ended.len();
        }
        let last_word = if Instant::now() < kill_at { Signal::SIGTERM } else { Signal::SIGKILL };
        let fresh: Vec<_> = found.iter().copied().filter(|pid| ended.insert(*pid)).collect();
        match last_word {
            // What became another user stays: nobody can wait for its end.
            Signal::SIGKILL if tree::signal(&found, last_word) == found.len() => return ended.len() - found.len(),
            Signal::SIGKILL => {}
            _ => _ = tree::signal(&fresh, last_word),
        }
        thread::park_timeout(ROUND);
    }
}

/// Processes that carry its mark or brand, are of its session, or came to us as orphans; and all that descends from them.
fn remains(started: &Started, entry: &str) -> Vec<i32> {
    let started_here = started_here();
    let table = Table::read();
    let own = std::process::id().cast_signed();
    let own_session = table.session(own);
    let is_orphan = |pid: i32, session: Option<i32>| session != own_session && !started_here.contains(&pid);
    for (pid, session) in table.zombies_of(own).collect::<Vec<_>>() {
        if is_orphan(pid, Some(session)) {
            tree::bury(pid);
        }
    }
    // A process id is not given out again while a session of that name has members; if it lives, it is another's.
    let session = (!table.lives(started.pid)).then_some(started.pid);
    table.family(|table, pid| {
        (session.is_some() && table.session(pid) == session)
            || (table.parent(pid) == Some(own) && is_orphan(pid, table.session(pid)))
            || tree::carries(pid, entry)
            || started.brand.is_some_and(|brand| brand::is_on(pid, brand))
    })
}
