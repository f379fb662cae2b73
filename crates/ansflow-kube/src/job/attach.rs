//! A command that runs as a Job: started, or found running, and followed to its end.

mod begin;
mod bring;
mod carry;
mod command;
mod end;
mod turn;

use super::Task;
use crate::cluster::{Cluster, Delete};
use crate::follow::{Followed, follow, now};
use crate::goal::{Goal, Want};
use crate::object::Key;
use crate::sink::{Sink, Stop};
use ansflow_core::mask::Masker;
use ansflow_core::spec::PodWorkspace;
use ansflow_core::verdict::{Cause, End, Object, Verdict};
use command::Log;
use end::LAST_WORDS;
use futures_util::FutureExt as _;
use futures_util::future::Shared;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::time::Duration;
use tokio::sync::oneshot;

/// How it ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Ran {
    /// The command ended by itself.
    Ended {
        /// Its exit code.
        code: i32,
        /// What it wrote to `$ANSFLOW_OUTPUT`.
        output: Vec<u8>,
        /// What it wrote as the directory in which its shell ended.
        directory: String,
    },
    /// It was never run to its end, and why.
    Failed(Box<Verdict>),
    /// It was ended from outside, and the Job is deleted; what was waited for then, where that is known.
    Stopped(Stop, Option<Box<Verdict>>),
}

/// How a command ran, and what became of its Job.
#[derive(Debug, Clone, PartialEq)]
pub struct Done {
    /// How it ended.
    pub ran: Ran,
    /// Files of evidence that were kept, from the folder for them.
    pub kept: Vec<PathBuf>,
    /// Whether nothing is left in the cluster but, perhaps, a Job that has ended.
    pub is_clean: bool,
}

/// Where is kept what tells why a command could not run.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// The folder, which is made.
    pub into: &'a Path,
    /// What must not stand in it.
    pub masker: &'a Masker,
}

/// So often it is looked at again whether there is room.
const ROOM: Duration = Duration::from_secs(30);

/// Why a command came to no end of its own.
struct Failure {
    verdict: Verdict,
    /// What was seen until then.
    seen: Option<Box<Followed>>,
    /// Who ended it, where somebody did.
    stop: Option<Stop>,
}

/// Why a command that may run is not followed any more.
enum Early {
    /// Its container ended and did not say how the command did.
    Silent,
    /// This.
    Certain(Box<Verdict>),
}

impl From<Box<Verdict>> for Early {
    fn from(verdict: Box<Verdict>) -> Early {
        Early::Certain(verdict)
    }
}

/// Runs a command to its end. `out` gets what it writes.
pub async fn run(
    cluster: &Cluster,
    task: &Task,
    out: &(dyn Fn(&str) + Sync),
    sink: &dyn Sink,
    evidence: &Evidence<'_>,
    stop: impl Future<Output = Stop>,
) -> Done {
    let stop = stop.shared();
    let done = tokio::select! {
        // Who works knows better what it was ended in.
        biased;
        done = work(cluster, task, out, sink, &stop) => done,
        stop = stop.clone() => {
            let verdict = Verdict::failed(Cause::Cancelled, None, "");
            Err(Box::new(Failure { verdict, seen: None, stop: Some(stop) }))
        }
    };
    let mut failure = match done {
        Ok(ran) => {
            // Its environment is nobody's business any more; the Job stays to be looked at.
            let (secret, how) = (key_of(task, "", "Secret"), Delete::default());
            let deleted = tokio::time::timeout(LAST_WORDS, cluster.delete(&secret, &how)).await;
            return Done { ran, kept: Vec::new(), is_clean: matches!(deleted, Ok(Ok(_))) };
        }
        Err(failure) => failure,
    };
    let kept = end::kept(cluster, &mut failure, evidence, sink).await;
    if failure.stop.is_some() {
        sink.line(&format!("Job/{} is deleted; what runs in it has a moment to end", task.name));
    }
    // What cannot start now must not start later, when nobody asks for it any more.
    let is_clean = end::remove(cluster, task, sink).await;
    let Failure { verdict, seen, stop } = *failure;
    let ran = match stop {
        Some(stop) => Ran::Stopped(stop, seen.map(|_| Box::new(verdict))),
        None => Ran::Failed(Box::new(verdict)),
    };
    Done { ran, kept, is_clean }
}

async fn work<S: Future<Output = Stop>>(
    cluster: &Cluster,
    task: &Task,
    out: &(dyn Fn(&str) + Sync),
    sink: &dyn Sink,
    stop: &Shared<S>,
) -> Result<Ran, Box<Failure>> {
    let since = now();
    begin::begin(cluster, task, sink)
        .await
        .map_err(|verdict| Box::new(Failure { verdict: *verdict, seen: None, stop: None }))?;
    let mut runs = pin!(command(cluster, task, out, sink));
    let mut waits_for_room = false;
    loop {
        let (enough, is_enough) = oneshot::channel::<()>();
        let ends = async {
            tokio::select! {
                biased;
                stop = stop.clone() => stop,
                _ = is_enough => Stop::Cancelled,
            }
        };
        let wants = vec![Want { key: key_of(task, "batch", "Job"), generation: None, manifest: None }];
        let mut following = Box::pin(follow(cluster, Goal { wants, since }, sink, ends));
        let seen = tokio::select! {
            biased;
            ran = &mut runs => {
                let early = match ran {
                    Ok(ran) => return Ok(ran),
                    Err(early) => early,
                };
                // The cluster tells what became of the container a little later than its log ends.
                let told = match early {
                    Early::Silent => tokio::time::timeout(LAST_WORDS, &mut following).await.ok(),
                    Early::Certain(_) => None,
                };
                let seen = match told {
                    Some(seen) => seen,
                    None => {
                        drop(enough);
                        following.await
                    }
                };
                return Err(failed(cluster, task, early, seen).await);
            }
            seen = &mut following => seen,
        };
        if let Some(stop) = stop.peek().copied() {
            return Err(Box::new(Failure {
                verdict: seen.verdict.clone(),
                seen: Some(Box::new(seen)),
                stop: Some(stop),
            }));
        }
        // Whoever builds on a full cluster waits for its turn, as long as the step has time.
        if turn::comes(&seen.verdict) {
            if !std::mem::replace(&mut waits_for_room, true) {
                sink.line(&format!("{}: it waits for room", seen.verdict.summary));
            }
            tokio::select! {
                biased;
                ran = &mut runs => match ran {
                    Ok(ran) => return Ok(ran),
                    Err(early) => return Err(failed(cluster, task, early, seen).await),
                },
                stop = stop.clone() => {
                    let verdict = seen.verdict.clone();
                    return Err(Box::new(Failure { verdict, seen: Some(Box::new(seen)), stop: Some(stop) }));
                }
                () = tokio::time::sleep(ROOM) => continue,
            }
        }
        let verdict = match (&seen.verdict.outcome, &seen.verdict.cause) {
            (End::Failed, Some(cause)) if *cause != Cause::JobFailed => seen.verdict.clone(),
            // What the command itself says is more than that its Job has ended: its log is read to the end first.
            (outcome, _) => match tokio::time::timeout(LAST_WORDS, &mut runs).await {
                Ok(Ok(ran)) => return Ok(ran),
                Ok(Err(early)) => return Err(failed(cluster, task, early, seen).await),
                Err(_) if *outcome == End::Failed => seen.verdict.clone(),
                Err(_) => {
                    *broken(task, "the Job has ended, but what its command made of the workspace could not be fetched")
                }
            },
        };
        return Err(Box::new(Failure { verdict, seen: Some(Box::new(seen)), stop: None }));
    }
}

/// The workspace goes there, the command says what it has to say, and what it made comes back.
async fn command(cluster: &Cluster, task: &Task, out: &(dyn Fn(&str) + Sync), sink: &dyn Sink) -> Result<Ran, Early> {
    let sent = match task.place.workspace {
        PodWorkspace::Upload => bring::send(cluster, task, sink).await?,
        PodWorkspace::Claim(_) => BTreeSet::new(),
    };
    let code = Log { cluster, task, out, sink }.to_the_end().await?.ok_or(Early::Silent)?;
    Ok(bring::fetch(cluster, task, code, &sent, sink).await?)
}

async fn failed(cluster: &Cluster, task: &Task, early: Early, seen: Followed) -> Box<Failure> {
    let verdict = match early {
        Early::Silent => end::oddly(cluster, task, &seen).await,
        Early::Certain(verdict) => *verdict,
    };
    Box::new(Failure { verdict, seen: Some(Box::new(seen)), stop: None })
}

fn broken(task: &Task, why: &str) -> Box<Verdict> {
    let object = Object::new("Job", Some(&task.namespace), &task.name);
    let mut verdict = Verdict::failed(Cause::unknown(), Some(object), crate::text::short(why, 300));
    if why.contains("executable file not found") {
        verdict.advice = Some("the image needs `sh` and `tar`; or use `workspace: { pvc: NAME }`".to_owned());
    }
    Box::new(verdict)
}

/// The label that the cluster itself gives the pods of a Job.
const JOB_NAME: &str = "batch.kubernetes.io/job-name";

/// By which the pods of a task's Job are found.
pub(super) fn selector(task: &Task) -> String {
    format!("{JOB_NAME}={}", task.name)
}

fn key_of(task: &Task, group: &str, kind: &str) -> Key {
    let namespace = Some(task.namespace.clone());
    Key { group: group.to_owned(), kind: kind.to_owned(), namespace, name: task.name.clone() }
}
