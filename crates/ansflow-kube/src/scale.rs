//! How many pods there are to be, and the waiting until it is so.

use crate::again::again;
use crate::cluster::{Cluster, News, Patch, Selector};
use crate::ending::Ending;
use crate::error::Error;
use crate::facts::Pod;
use crate::follow::follow;
use crate::goal::{Goal, Want};
use crate::kind::Kind;
use crate::object::{Key, Obj};
use crate::sink::{Sink, Stop};
use crate::stream::target::pods;
use crate::text::count;
use ansflow_core::spec::K8sScale;
use ansflow_core::verdict::{Cause, Verdict, Waiting};
use futures_util::StreamExt as _;
use serde_json::json;
use std::collections::BTreeMap;
use std::pin::pin;

/// Scales what `wanted` names, and waits as it says. To no pods at all is done when the last one is gone.
pub async fn scale(
    cluster: &Cluster,
    namespace: &str,
    wanted: &K8sScale,
    sink: &dyn Sink,
    stop: impl Future<Output = Stop>,
) -> Ending {
    let mut stop = pin!(stop);
    let written = tokio::select! {
        written = write(cluster, namespace, wanted, sink) => written,
        stop = &mut stop => return ended(stop, wanted).into(),
    };
    let (key, generation, selector) = match written {
        Ok(written) => written,
        Err(verdict) => return (*verdict).into(),
    };
    let object = key.object();
    if !wanted.wait {
        return Verdict::ready(Some(object.clone()), format!("{object} is to have {}", replicas(wanted.replicas)))
            .into();
    }
    let wants = vec![Want { key, generation, manifest: None }];
    let followed = follow(cluster, Goal { wants, since: crate::follow::now() }, sink, &mut stop).await;
    match selector {
        Some(selector) if followed.verdict.cause.is_none() && wanted.replicas == 0 => {
            gone(cluster, namespace, &selector, followed.verdict, sink, stop, wanted).await.into()
        }
        _ => followed.into(),
    }
}

/// Writes the number, unless it stands there already.
async fn write(
    cluster: &Cluster,
    namespace: &str,
    wanted: &K8sScale,
    sink: &dyn Sink,
) -> Result<(Key, Option<i64>, Option<String>), Box<Verdict>> {
    let told = |error: Error| Box::new(error.verdict(None));
    let kind = again(cluster, sink, || cluster.kind(&wanted.kind)).await.map_err(told)?;
    let key = kind.key(Some(namespace), &wanted.name);
    let object = key.object();
    let told = |error: Error| Box::new(error.verdict(Some(object.clone())));
    let scale = again(cluster, sink, || cluster.part(&key, "scale")).await.map_err(told)?;
    let Some(scale) = scale else { return Err(Box::new(missing(&kind, &key))) };
    let has = u32::try_from(scale.int(&["spec", "replicas"]).unwrap_or_default()).unwrap_or_default();
    if let Some(current) = wanted.current.filter(|current| *current != has) {
        let summary = format!("{object} was to have {} before it is scaled, and has {has}", replicas(current));
        return Err(Box::new(Verdict::failed(Cause::FieldConflict, Some(object), summary)));
    }
    let selector = scale.text(&["status", "selector"]).filter(|text| !text.is_empty()).map(str::to_owned);
    if has == wanted.replicas {
        sink.line(&format!("{object}: already {has}"));
        return Ok((key, None, selector));
    }
    let mut body = json!({ "spec": { "replicas": wanted.replicas } });
    if wanted.current.is_some() {
        // Whoever names what is there means this very version.
        body["metadata"] = json!({ "resourceVersion": scale.text(&["metadata", "resourceVersion"]) });
    }
    let patch = Patch::Merge(body);
    again(cluster, sink, || cluster.patch_part(&key, "scale", &patch, false)).await.map_err(told)?;
    sink.line(&format!("{object}: {has} to {}", replicas(wanted.replicas)));
    tell_of_autoscalers(cluster, &key, sink).await;
    let live: Option<Obj> = again(cluster, sink, || cluster.get(&key)).await.map_err(told)?;
    Ok((key, live.map(|live| live.generation()), selector))
}

/// An autoscaler changes the number again, which surprises.
async fn tell_of_autoscalers(cluster: &Cluster, key: &Key, sink: &dyn Sink) {
    let Some(kind) = Kind::builtin("autoscaling", "HorizontalPodAutoscaler") else { return };
    // Who may not read them is not told.
    let Ok(all) = cluster.all::<Obj>(&kind, key.namespace.as_deref(), &Selector::all()).await else { return };
    let is_of = |scaler: &&Obj| {
        let target = |field: &str| scaler.text(&["spec", "scaleTargetRef", field]).unwrap_or_default();
        target("kind") == key.kind && target("name") == key.name
    };
    for scaler in all.iter().filter(is_of) {
        sink.line(&format!("{} sets the number of {} too, and may change it again", scaler.object(), key.object()));
    }
}

/// Until the last pod is gone: the controller's numbers do not count pods that are ending.
async fn gone(
    cluster: &Cluster,
    namespace: &str,
    selector: &str,
    ready: Verdict,
    sink: &dyn Sink,
    mut stop: impl Future<Output = Stop> + Unpin,
    wanted: &K8sScale,
) -> Verdict {
    let pods = match pods() {
        Ok(pods) => pods,
        Err(error) => return error.verdict(None),
    };
    let mut news = pin!(cluster.watch::<Pod>(&pods, Some(namespace), &Selector::labels(selector)));
    let mut left: BTreeMap<String, Pod> = BTreeMap::new();
    loop {
        let told = tokio::select! {
            told = news.next() => told,
            stop = &mut stop => return ended(stop, wanted),
        };
        match told {
            Some(News::Restarted(all)) => left = all.into_iter().map(|pod| (pod.metadata.uid.clone(), pod)).collect(),
            Some(News::Changed(pod)) => drop(left.insert(pod.metadata.uid.clone(), pod)),
            Some(News::Gone(head, _)) => drop(left.remove(&head.uid)),
            Some(News::Unknown(error)) if !error.may_pass() => return error.verdict(None),
            Some(News::Unknown(error)) => {
                sink.line(&format!("{error}; it is asked again"));
                continue;
            }
            Some(News::Known) => continue,
            None => return ready,
        }
        // One that has ended and that nobody deletes was evicted, and stays to be looked at.
        left.retain(|_, pod| pod.is_going() || !pod.has_ended());
        let Some(first) = left.values().next() else { return ready };
        let more = count(i64::try_from(left.len()).unwrap_or(i64::MAX), "pod");
        let words = format!("{more} to end: Pod/{}", first.metadata.name);
        let name = |pod: &Pod| ansflow_core::verdict::Object::new("Pod", Some(namespace), &pod.metadata.name);
        sink.waiting(&Waiting { r#for: words, objects: left.values().map(name).collect() });
    }
}

fn replicas(number: u32) -> String {
    count(i64::from(number), "replica")
}

fn missing(kind: &Kind, key: &Key) -> Verdict {
    let object = key.object();
    let namespace = key.namespace.as_deref().unwrap_or_default();
    let known = Kind::builtin(&kind.group, &kind.kind).is_some();
    let why = if known { "" } else { ", or its kind cannot be scaled" };
    let summary = format!("{object} cannot be scaled: there is none in the namespace `{namespace}`{why}");
    Verdict::failed(Cause::unknown(), Some(object), summary)
}

fn ended(stop: Stop, wanted: &K8sScale) -> Verdict {
    let what = format!("{}/{}", wanted.kind, wanted.name);
    match stop {
        Stop::Deadline => Verdict::failed(Cause::Timeout, None, format!("{what} was not scaled when the time was up")),
        Stop::Cancelled => {
            let summary = format!("cancelled; {what} keeps what it was told last");
            Verdict::failed(Cause::Cancelled, None, summary)
        }
    }
}
