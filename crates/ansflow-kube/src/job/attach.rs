//! A command that runs as a Job: started, or found running, and followed to its end.

mod carry;
mod command;

use super::manifest::{job, secret};
use super::{STEP, Task};
use crate::again::again;
use crate::cluster::{Cluster, Delete, News, Patch, Propagation, Selector};
use crate::error::Error;
use crate::facts::Pod;
use crate::follow::{follow, now};
use crate::goal::{Goal, Want};
use crate::kind::Kind;
use crate::object::{Key, Obj};
use crate::sink::{Sink, Stop};
use crate::stream::target::pods;
use ansflow_core::spec::PodWorkspace;
use ansflow_core::verdict::{Cause, Object, Verdict};
use command::Log;
use futures_util::StreamExt as _;
use serde_json::json;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::time::Duration;

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
    /// It was ended from outside; the Job is deleted.
    Stopped(Stop),
}

/// So often it is looked at again whether there is room.
const ROOM: Duration = Duration::from_secs(30);
/// How long a command that is called off may say something yet.
const LAST_WORDS: Duration = Duration::from_secs(15);

/// Runs a command to its end. `out` gets what it writes.
pub async fn run(
    cluster: &Cluster,
    task: &Task,
    out: &(dyn Fn(&str) + Sync),
    sink: &dyn Sink,
    stop: impl Future<Output = Stop>,
) -> Ran {
    let mut stop = pin!(stop);
    let done = tokio::select! {
        biased;
        done = work(cluster, task, out, sink) => done,
        stop = &mut stop => {
            sink.line(&format!("Job/{} is deleted; what runs in it has a moment to end", task.name));
            let _ = tokio::time::timeout(LAST_WORDS, remove(cluster, task, sink)).await;
            return Ran::Stopped(stop);
        }
    };
    match done {
        Ok(ran) => {
            // Its environment is nobody's business any more; the Job stays to be looked at.
            let secret = key_of(task, "", "Secret");
            let _ = tokio::time::timeout(LAST_WORDS, cluster.delete(&secret, &Delete::default())).await;
            ran
        }
        // What cannot start now must not start later, when nobody asks for it any more.
        Err(verdict) => {
            let _ = tokio::time::timeout(LAST_WORDS, remove(cluster, task, sink)).await;
            Ran::Failed(verdict)
        }
    }
}

async fn work(
    cluster: &Cluster,
    task: &Task,
    out: &(dyn Fn(&str) + Sync),
    sink: &dyn Sink,
) -> Result<Ran, Box<Verdict>> {
    let since = now();
    begin(cluster, task, sink).await?;
    let runs = async {
        let sent = match task.place.workspace {
            PodWorkspace::Upload => send(cluster, task, sink).await?,
            PodWorkspace::Claim(_) => BTreeSet::new(),
        };
        let code = Log { cluster, task, out, sink }.to_the_end().await?;
        let code = match code {
            Some(code) => code,
            None => return Err(Box::new(ended_oddly(cluster, task).await)),
        };
        fetch(cluster, task, code, &sent, sink).await
    };
    let mut runs = pin!(runs);
    let mut waits_for_room = false;
    loop {
        let wants = vec![Want { key: key_of(task, "batch", "Job"), generation: None, manifest: None }];
        let followed = tokio::select! {
            biased;
            ran = &mut runs => return ran,
            followed = follow(cluster, Goal { wants, since }, sink, std::future::pending()) => followed,
        };
        let verdict = Box::new(followed.verdict);
        match &verdict.cause {
            // Whoever builds on a full cluster waits for its turn, as long as the step has time.
            Some(Cause::UnschedulableResources | Cause::QuotaExceeded) => {
                if !std::mem::replace(&mut waits_for_room, true) {
                    sink.line(&format!("{}: it waits for room", verdict.summary));
                }
                if let Ok(ran) = tokio::time::timeout(ROOM, &mut runs).await {
                    return ran;
                }
            }
            // What the command itself says is more than that its Job has ended: its log is read to the end first.
            None | Some(Cause::JobFailed) => {
                return tokio::time::timeout(LAST_WORDS, runs).await.unwrap_or(Err(verdict));
            }
            Some(_) => return Err(verdict),
        }
    }
}

/// Creates what is to be there, unless it is: an answer that was lost was an answer all the same.
async fn begin(cluster: &Cluster, task: &Task, sink: &dyn Sink) -> Result<(), Box<Verdict>> {
    take_siblings_away(cluster, task, sink).await?;
    let (Some(secret), Some(job)) = (secret(task), job(task)) else {
        return Err(Box::new(Verdict::failed(Cause::InvalidManifest, None, "the Job could not be written")));
    };
    let created = create(cluster, &secret, sink).await?;
    let made = create(cluster, &job, sink).await?;
    let name = &task.name;
    match made {
        Some(job) => {
            sink.line(&format!("Job/{name}: created, image {}", task.place.image));
            let owner = json!([{ "apiVersion": "batch/v1", "kind": "Job", "name": name, "uid": job.uid(), "controller": true }]);
            let patch = Patch::Merge(json!({ "metadata": { "ownerReferences": owner } }));
            let key = key_of(task, "", "Secret");
            let owned = again(cluster, sink, || cluster.patch(&key, &patch, false)).await;
            owned.map_err(|error| Box::new(error.verdict(Some(key.object()))))?;
        }
        None => sink.line(&format!("Job/{name}: it runs already and is attached to")),
    }
    drop(created);
    Ok(())
}

/// None: it is there.
async fn create(cluster: &Cluster, object: &Obj, sink: &dyn Sink) -> Result<Option<Obj>, Box<Verdict>> {
    match again(cluster, sink, || cluster.create(object, false)).await {
        Ok(written) => Ok(Some(written.object)),
        Err(error) if error.code() == 409 => Ok(None),
        Err(Error::Refused(refused)) => Err(Box::new(crate::explain::refused(&refused.answer, object))),
        Err(error) => Err(Box::new(error.verdict(Some(object.object())))),
    }
}

/// A command is never run twice at once: Jobs of earlier attempts go first.
async fn take_siblings_away(cluster: &Cluster, task: &Task, sink: &dyn Sink) -> Result<(), Box<Verdict>> {
    let told = |error: Error| Box::new(error.verdict(None));
    let Some(jobs) = Kind::builtin("batch", "Job") else { return Ok(()) };
    let selector = Selector::labels(&task.siblings);
    let found =
        again(cluster, sink, || cluster.all::<Obj>(&jobs, Some(&task.namespace), &selector)).await.map_err(told)?;
    let how = Delete { propagation: Propagation::Foreground, grace: Some(0), ..Delete::default() };
    for job in found.iter().filter(|job| job.name() != task.name) {
        let key = jobs.key(Some(&task.namespace), job.name());
        again(cluster, sink, || cluster.delete(&key, &how)).await.map_err(told)?;
        sink.line(&format!("Job/{} of an earlier attempt: deleted", job.name()));
    }
    Ok(())
}

async fn remove(cluster: &Cluster, task: &Task, sink: &dyn Sink) {
    let how = Delete { propagation: Propagation::Foreground, ..Delete::default() };
    for (group, kind) in [("batch", "Job"), ("", "Secret")] {
        let key = key_of(task, group, kind);
        if let Err(error) = again(cluster, sink, || cluster.delete(&key, &how)).await {
            sink.line(&format!("{} could not be deleted: {error}", key.object()));
        }
    }
}

/// The pod, as soon as one of its containers runs, or has run.
async fn pod(cluster: &Cluster, task: &Task, container: &str) -> Result<Pod, Box<Verdict>> {
    let pods = pods().map_err(|error| Box::new(error.verdict(None)))?;
    let selector = Selector::labels(selector(task));
    let mut news = pin!(cluster.watch::<Pod>(&pods, Some(&task.namespace), &selector));
    loop {
        let seen = match news.next().await {
            Some(News::Restarted(pods)) => pods,
            Some(News::Changed(pod)) => vec![pod],
            Some(News::Gone(..) | News::Known) => Vec::new(),
            Some(News::Unknown(error)) if !error.may_pass() => return Err(Box::new(error.verdict(None))),
            Some(News::Unknown(_)) => Vec::new(),
            None => {
                return Err(Box::new(Verdict::failed(
                    Cause::ClusterUnreachable,
                    None,
                    "the cluster says nothing more",
                )));
            }
        };
        let has_begun = |pod: &Pod| {
            let mut containers = pod.all_containers();
            containers
                .any(|(it, _)| it.name == container && (it.state.running.is_some() || it.state.terminated.is_some()))
        };
        if let Some(pod) = seen.into_iter().find(|pod| has_begun(pod)) {
            return Ok(pod);
        }
    }
}

async fn send(cluster: &Cluster, task: &Task, sink: &dyn Sink) -> Result<BTreeSet<PathBuf>, Box<Verdict>> {
    let pod = pod(cluster, task, super::RECEIVER).await?;
    if pod.all_containers().any(|(it, _)| it.name == super::RECEIVER && it.state.terminated.is_some()) {
        // It was brought by somebody who is no more: what it held is not known.
        return Ok(BTreeSet::new());
    }
    let began = std::time::Instant::now();
    let sent = carry::send(cluster, task, &pod.metadata.name, Path::new(&task.workspace)).await;
    let (names, bytes) =
        sent.map_err(|why| broken(task, &format!("the workspace could not be brought to it: {why}")))?;
    let kilobytes = bytes / 1024;
    let seconds = began.elapsed().as_secs_f64();
    sink.line(&format!("workspace: {} files and folders, {kilobytes} KiB, brought in {seconds:.1} s", names.len()));
    Ok(names)
}

async fn fetch(
    cluster: &Cluster,
    task: &Task,
    code: i32,
    sent: &BTreeSet<PathBuf>,
    sink: &dyn Sink,
) -> Result<Ran, Box<Verdict>> {
    let name = pod(cluster, task, STEP).await?.metadata.name;
    let fetched = async {
        let output = carry::file(cluster, task, &name, "output").await?;
        let directory = carry::file(cluster, task, &name, "cwd").await?;
        if task.place.workspace == PodWorkspace::Upload {
            let began = std::time::Instant::now();
            let files = carry::fetch(cluster, task, &name, Path::new(&task.workspace), sent).await?;
            sink.line(&format!("workspace: {files} files fetched in {:.1} s", began.elapsed().as_secs_f64()));
        }
        carry::done(cluster, task, &name).await?;
        Ok::<_, String>((output, String::from_utf8_lossy(&directory).into_owned()))
    };
    let (output, directory) = fetched.await.map_err(|why| {
        broken(task, &format!("the command ended with code {code}, but its workspace could not be fetched: {why}"))
    })?;
    Ok(Ran::Ended { code, output, directory })
}

/// The container is no more, and did not say how its command ended.
async fn ended_oddly(cluster: &Cluster, task: &Task) -> Verdict {
    let object = Object::new("Job", Some(&task.namespace), &task.name);
    let Ok(pod) = pod(cluster, task, STEP).await else {
        return Verdict::failed(Cause::JobFailed, Some(object), "its pod is gone");
    };
    let name = &pod.metadata.name;
    let ended = pod.all_containers().find_map(|(it, _)| it.state.terminated.clone().filter(|_| it.name == STEP));
    let (cause, how) = match ended {
        Some(end) if end.reason == "OOMKilled" => {
            (Cause::OomKilled, "was killed: it took more memory than it may".to_owned())
        }
        Some(end) => {
            (Cause::JobFailed, format!("ended with code {} before the command did ({})", end.exit_code, end.reason))
        }
        None => (Cause::JobFailed, format!("is {} and says nothing more", pod.status.phase)),
    };
    let object = Object::new("Pod", Some(&task.namespace), name);
    let mut verdict = Verdict::failed(cause.clone(), Some(object), format!("Pod/{name} {how}"));
    verdict.advice = crate::explain::advice_of(&cause);
    verdict
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
pub(super) fn selector(task: &Task) -> String {
    format!("batch.kubernetes.io/job-name={}", task.name)
}

fn key_of(task: &Task, group: &str, kind: &str) -> Key {
    let namespace = Some(task.namespace.clone());
    Key { group: group.to_owned(), kind: kind.to_owned(), namespace, name: task.name.clone() }
}
