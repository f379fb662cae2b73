//! The pod that a command runs in: chosen, and waited for until it is ready.

use super::choice::{Choice, choose};
use super::target::{Target, pods, target};
use crate::again::again;
use crate::cluster::{Cluster, News};
use crate::facts::Pod;
use crate::follow::follow;
use crate::goal::{Goal, Want};
use crate::object::Key;
use crate::sink::{Sink, Stop};
use ansflow_core::spec::Pods;
use ansflow_core::verdict::{Cause, Object, Verdict, Waiting};
use futures_util::StreamExt as _;
use std::collections::BTreeMap;
use std::pin::pin;
use std::time::Duration;

/// How long it is looked at why a pod is not ready, when the time is up.
const LOOK: Duration = Duration::from_secs(3);

/// The pod that is meant, as soon as it is ready. What cannot become ready ends the waiting as it would end a rollout's.
pub async fn pod(
    cluster: &Cluster,
    namespace: &str,
    meant: &Pods,
    sink: &dyn Sink,
    stop: impl Future<Output = Stop>,
) -> Result<Choice, Verdict> {
    let mut stop = pin!(stop);
    let found = tokio::select! {
        found = again(cluster, sink, || target(cluster, namespace, meant)) => found,
        stop = &mut stop => return Err(stopped(stop, "the cluster did not answer", None)),
    };
    let target = match found {
        Ok(Some(target)) => target,
        Ok(None) => return Err(nothing(namespace, meant)),
        Err(error) => return Err(error.verdict(None)),
    };
    wait(cluster, namespace, &target, sink, stop).await
}

async fn wait(
    cluster: &Cluster,
    namespace: &str,
    target: &Target,
    sink: &dyn Sink,
    mut stop: impl Future<Output = Stop> + Unpin,
) -> Result<Choice, Verdict> {
    let pods = pods().map_err(|error| error.verdict(None))?;
    let mut news = pin!(cluster.watch::<Pod>(&pods, Some(namespace), &target.selector));
    let mut seen: BTreeMap<String, Pod> = BTreeMap::new();
    let mut lacks = format!("there is no pod yet ({})", target.words);
    let mut hopeless = pin!(hopeless(cluster, target.workload.clone()));
    loop {
        let told = tokio::select! {
            biased;
            told = news.next() => told,
            verdict = &mut hopeless => return Err(verdict),
            stop = &mut stop => return Err(explained(cluster, stop, &lacks, &seen).await),
        };
        match told {
            Some(News::Restarted(all)) => seen = all.into_iter().map(|pod| (pod.metadata.uid.clone(), pod)).collect(),
            Some(News::Changed(pod)) => drop(seen.insert(pod.metadata.uid.clone(), pod)),
            Some(News::Gone(head, _)) => drop(seen.remove(&head.uid)),
            Some(News::Unknown(error)) if !error.may_pass() => return Err(error.verdict(None)),
            Some(News::Unknown(error)) => sink.line(&format!("{error}; it is asked again")),
            Some(News::Known) => sink.line("the cluster answers again"),
            None => return Err(nothing_said()),
        }
        lacks = match choose(seen.values()) {
            Ok(choice) => return Ok(choice),
            Err(_) if seen.is_empty() => format!("there is no pod yet ({})", target.words),
            Err(why) => format!("{}: {why}", target.words),
        };
        let objects = seen.values().map(object).collect();
        sink.waiting(&Waiting { r#for: lacks.clone(), objects });
    }
}

/// Ends when the workload is certain to fail; never otherwise.
async fn hopeless(cluster: &Cluster, workload: Option<Key>) -> Verdict {
    if let Some(key) = workload {
        let wants = vec![Want { key, generation: None, manifest: None }];
        let verdict =
            follow(cluster, Goal { wants, since: crate::follow::now() }, &Quiet, std::future::pending()).await.verdict;
        if verdict.cause.is_some() {
            return verdict;
        }
    }
    std::future::pending().await
}

/// The time is up: what a rollout of the newest pod would have been told, looked at once.
async fn explained(cluster: &Cluster, stop: Stop, lacks: &str, seen: &BTreeMap<String, Pod>) -> Verdict {
    let newest = seen.values().filter(|pod| !pod.has_ended()).max_by_key(|pod| pod.metadata.creation_timestamp);
    let verdict = stopped(stop, lacks, newest.map(object));
    let Some(pod) = newest.filter(|_| stop == Stop::Deadline) else { return verdict };
    let namespace = Some(pod.metadata.namespace.clone());
    let key = Key { group: String::new(), kind: "Pod".to_owned(), namespace, name: pod.metadata.name.clone() };
    let goal = Goal { wants: vec![Want { key, generation: None, manifest: None }], since: crate::follow::now() };
    let look = async {
        tokio::time::sleep(LOOK).await;
        Stop::Deadline
    };
    let found = follow(cluster, goal, &Quiet, look).await.verdict;
    if found.cause.as_ref().is_some_and(|cause| *cause != Cause::Timeout) { found } else { verdict }
}

/// The words of the waiting are ours alone.
struct Quiet;

impl Sink for Quiet {
    fn line(&self, _line: &str) {}
    fn waiting(&self, _waiting: &Waiting) {}
}

pub(crate) fn stopped(stop: Stop, lacks: &str, object: Option<Object>) -> Verdict {
    match stop {
        Stop::Deadline => Verdict::failed(Cause::Timeout, object, format!("the time is up: {lacks}")),
        Stop::Cancelled => Verdict::failed(Cause::Cancelled, object, "it was cancelled while it waited for a pod"),
    }
}

fn object(pod: &Pod) -> Object {
    Object::new("Pod", Some(&pod.metadata.namespace), &pod.metadata.name)
}

fn nothing(namespace: &str, meant: &Pods) -> Verdict {
    let name = match meant {
        Pods::Named(name) | Pods::Selected(name) | Pods::Of(name) => name,
    };
    let summary = format!("there is no workload and no pod `{name}` in the namespace `{namespace}`");
    let mut verdict = Verdict::failed(Cause::unknown(), None, summary);
    verdict.advice = Some("name one with `pod`, `pod_selector` or `resource_name`".to_owned());
    verdict
}

fn nothing_said() -> Verdict {
    Verdict::failed(Cause::ClusterUnreachable, None, "the cluster says nothing more of its pods")
}
