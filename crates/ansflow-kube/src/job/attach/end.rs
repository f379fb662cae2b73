//! How a command ends that does not end by itself: what is known of it is kept, then it is deleted.

use super::super::{STEP, Task};
use super::{Evidence, Failure, bring, key_of, selector};
use crate::again::again;
use crate::cluster::{Cluster, Delete, News, Propagation, Selector};
use crate::error::Error;
use crate::evidence::gather;
use crate::facts::Pod;
use crate::follow::Followed;
use crate::sink::{Sink, Stop};
use crate::stream::target::pods;
use ansflow_core::verdict::{Cause, Object, Verdict};
use futures_util::StreamExt as _;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::pin::pin;
use std::time::Duration;

/// How long a command that is called off may say something yet.
pub(super) const LAST_WORDS: Duration = Duration::from_secs(15);
/// How long it may take until it is known what became of a container.
const A_WHILE: Duration = Duration::from_secs(5);

/// Files that tell what happened, before the Job is deleted. That they cannot be kept changes nothing about the failure; who
/// called it off does not wait for them.
pub(super) async fn kept(
    cluster: &Cluster,
    failure: &mut Failure,
    evidence: &Evidence<'_>,
    sink: &dyn Sink,
) -> Vec<PathBuf> {
    let (Some(seen), None | Some(Stop::Deadline)) = (&mut failure.seen, failure.stop) else { return Vec::new() };
    seen.verdict.clone_from(&failure.verdict);
    match gather(cluster, seen, evidence.into, evidence.masker).await {
        Ok(kept) => kept.into_iter().map(|kept| kept.path).collect(),
        Err(error) => {
            sink.line(&format!("evidence could not be kept: {error}"));
            Vec::new()
        }
    }
}

/// Deletes Job and Secret, and waits until what runs has ended; whether nothing is left.
pub(super) async fn remove(cluster: &Cluster, task: &Task, sink: &dyn Sink) -> bool {
    let how = Delete { propagation: Propagation::Foreground, ..Delete::default() };
    let deleted = async {
        let mut are_deleted = true;
        for (group, kind) in [("batch", "Job"), ("", "Secret")] {
            let key = key_of(task, group, kind);
            if let Err(error) = again(cluster, sink, || cluster.delete(&key, &how)).await {
                sink.line(&format!("{} could not be deleted: {error}", key.object()));
                are_deleted = false;
            }
        }
        are_deleted
    };
    let Ok(true) = tokio::time::timeout(LAST_WORDS, deleted).await else { return false };
    let its = selector(task);
    let ends = gone(cluster, &task.namespace, &its, |_| true);
    if !matches!(tokio::time::timeout(LAST_WORDS, ends).await, Ok(Ok(()))) {
        sink.line(&format!("Job/{} is deleted, but what runs in it has not ended yet", task.name));
    }
    true
}

/// Returns as soon as no pod runs that is meant.
pub(super) async fn gone(
    cluster: &Cluster,
    namespace: &str,
    selector: &str,
    is_meant: impl Fn(&Pod) -> bool,
) -> Result<(), Error> {
    let runs = |pod: &Pod| is_meant(pod) && !matches!(pod.status.phase.as_str(), "Succeeded" | "Failed");
    let mut news = pin!(cluster.watch::<Pod>(&pods()?, Some(namespace), &Selector::labels(selector)));
    let mut running = BTreeSet::new();
    while let Some(news) = news.next().await {
        match news {
            News::Restarted(pods) => {
                running = pods.iter().filter(|pod| runs(pod)).map(|pod| pod.metadata.uid.clone()).collect();
            }
            News::Changed(pod) if runs(&pod) => _ = running.insert(pod.metadata.uid),
            News::Changed(pod) => _ = running.remove(&pod.metadata.uid),
            News::Gone(head, _) => _ = running.remove(&head.uid),
            News::Unknown(error) if !error.may_pass() => return Err(error),
            // Until it is known again nobody has gone.
            News::Unknown(_) => continue,
            News::Known => {}
        }
        if running.is_empty() {
            return Ok(());
        }
    }
    Ok(())
}

/// Why a container said nothing of how its command ended: what the cluster knows of it, where that is more than that it failed.
pub(super) async fn oddly(cluster: &Cluster, task: &Task, seen: &Followed) -> Verdict {
    match &seen.verdict.cause {
        None | Some(Cause::JobFailed | Cause::Timeout | Cause::Cancelled) => {}
        Some(_) => return seen.verdict.clone(),
    }
    match tokio::time::timeout(A_WHILE, ended_oddly(cluster, task)).await {
        Ok(verdict) => verdict,
        Err(_) => Verdict::failed(Cause::JobFailed, Some(key_of(task, "batch", "Job").object()), "its pod is gone"),
    }
}

/// The container is no more, and did not say how its command ended.
async fn ended_oddly(cluster: &Cluster, task: &Task) -> Verdict {
    let object = Object::new("Job", Some(&task.namespace), &task.name);
    let Ok(pod) = bring::pod(cluster, task, STEP).await else {
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
