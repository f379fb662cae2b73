//! The workspace goes to the pod, and comes back.

use super::super::{RECEIVER, STEP, Task};
use super::{Ran, broken, carry, selector};
use crate::cluster::{Cluster, News, Selector};
use crate::facts::Pod;
use crate::sink::Sink;
use crate::stream::target::pods;
use ansflow_core::spec::PodWorkspace;
use ansflow_core::verdict::{Cause, Verdict};
use futures_util::StreamExt as _;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::pin::pin;

pub(super) async fn send(cluster: &Cluster, task: &Task, sink: &dyn Sink) -> Result<BTreeSet<PathBuf>, Box<Verdict>> {
    let pod = pod(cluster, task, RECEIVER).await?;
    if pod.all_containers().any(|(it, _)| it.name == RECEIVER && it.state.terminated.is_some()) {
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

pub(super) async fn fetch(
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

/// The pod, as soon as one of its containers runs, or has run.
pub(super) async fn pod(cluster: &Cluster, task: &Task, container: &str) -> Result<Pod, Box<Verdict>> {
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
