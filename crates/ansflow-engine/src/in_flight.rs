//! One attempt, seen from the engine: started or attached to, stopped, and what came of it in the end.
//!
//! Starting and attaching are one look at the folder, so that a restart is the normal path. The lock decides: who
//! holds it owns the attempt, and only who holds it may call the attempt lost.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::thread;

use ansflow_core::run::Judgement;
use ansflow_core::run::event::Report;
use ansflow_docker::Environment;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::sync::oneshot;

use crate::attempt::remove_left_behind;
use crate::docker;
use crate::folder::{Folder, Owned, Started};
use crate::kube::AfterLoss;
use crate::remains::Remains;
use crate::spare::Spawner;

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

/// What came of an attempt.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) report: Report,
    /// How its waiting for a cluster ended; none: it waited for none, or could not say it.
    pub(crate) verdict: Option<Box<Judgement>>,
}

impl From<Report> for Done {
    fn from(report: Report) -> Done {
        Done { report, verdict: None }
    }
}

/// What the folder of an attempt says.
enum Look {
    /// A process owns it.
    Lives,
    /// It has ended; this came of it.
    Ended(Done),
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
        return Ok(Look::Ended(Done { report: ending.report, verdict: ending.verdict }));
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

/// Follows an attempt that may have been begun before, to its report. `after` looks after what it has in a cluster.
pub(crate) async fn follow(
    spawner: &Spawner,
    folder: Folder,
    fresh: Fresh,
    handle: &Handle,
    after: Option<&AfterLoss>,
) -> Done {
    let problem = |error: io::Error| Report::Broken { message: format!("failed to follow the attempt: {error}") };
    let mut starts = 0;
    let mut seen = look(&folder);
    loop {
        match seen {
            Err(error) => return problem(error).into(),
            Ok(Look::Ended(done)) => return done,
            Ok(Look::Dead(owned, started)) => {
                let (remains, docker) = (Remains::of(started, spawner), spawner.docker_environment());
                return bury(folder, owned, remains, &docker, after).await.into();
            }
            Ok(Look::Lives) => {
                handle.set_pid(folder.owner());
                seen = attached(folder.clone()).await;
            }
            Ok(Look::Fresh) => {
                let order = match fresh {
                    Fresh::Report(report) => return Done::from(*report),
                    Fresh::Begin(_) if handle.stop.load(Ordering::SeqCst) => return Report::Stopped.into(),
                    Fresh::Begin(ref order) => order,
                };
                if starts == FALSE_STARTS {
                    let message = "its process ended before it could begin, several times".to_owned();
                    return Report::Broken { message }.into();
                }
                starts += 1;
                if let Err(error) = run(spawner, order, handle).await {
                    return problem(error).into();
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
async fn bury(
    folder: Folder,
    owned: Owned,
    remains: Remains,
    docker: &Environment,
    after: Option<&AfterLoss>,
) -> Report {
    let processes = in_thread(move || Ok(remains.sweep())).await;
    let containers = docker::after_loss(&folder, docker).await;
    let jobs = match after {
        Some(after) => after.delete(&folder).await,
        None => Ok(0),
    };
    remove_left_behind(&folder);
    drop(owned);
    let mut left = match processes {
        Ok(0) => String::new(),
        Ok(1) => "; 1 process that it left was ended".to_owned(),
        Ok(count) => format!("; {count} processes that it left were ended"),
        Err(error) => return Report::Broken { message: format!("failed to sweep up after the attempt: {error}") },
    };
    left += &match containers {
        Ok(0) => String::new(),
        Ok(1) => "; its container was removed".to_owned(),
        Ok(count) => format!("; its {count} containers were removed"),
        Err(why) => format!("; its container may still run: {why}"),
    };
    left += &match jobs {
        Ok(0) => String::new(),
        Ok(_) => "; its Job was deleted".to_owned(),
        Err(why) => format!("; its Job may still run: {why}"),
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
