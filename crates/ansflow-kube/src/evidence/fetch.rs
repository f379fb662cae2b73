//! Evidence that the cluster is asked for: the objects as they are now, and the whole logs of what is not well.

use super::files::uids;
use crate::browse::yaml::{View, text};
use crate::cluster::{Cluster, PodLog};
use crate::facts::Pod;
use crate::follow::{Followed, whole};
use crate::object::{Key, Obj};
use futures_util::stream::{self, StreamExt as _};

/// How many pods are looked at closer.
const PODS: usize = 20;

/// How many questions are under way at once.
const AT_ONCE: usize = 8;

/// How many lines of a log.
const LINES: u32 = 5_000;

/// How many bytes of a log.
const BYTES: u64 = 1024 * 1024;

/// Names of files and their texts, as they come.
pub(super) async fn all(cluster: &Cluster, followed: &Followed, into: &mut Vec<(String, String)>) {
    let pods = worst(followed);
    let objects = objects(cluster, followed, &pods).await;
    if !objects.is_empty() {
        into.push(("objects.yaml".to_owned(), objects));
    }
    let asked = pods.iter().flat_map(|pod| {
        let containers = pod.all_containers();
        let logs = containers.flat_map(|(container, _)| {
            let previous = (container.restart_count > 0).then_some(true);
            [Some(false), previous].into_iter().flatten().map(move |previous| (container.name.clone(), previous))
        });
        logs.map(|(container, previous)| PodLog {
            namespace: pod.metadata.namespace.clone(),
            pod: pod.metadata.name.clone(),
            container,
            previous,
            tail: Some(LINES),
            limit_bytes: Some(BYTES),
            ..PodLog::default()
        })
    });
    let mut read = stream::iter(asked.collect::<Vec<_>>())
        .map(|asked| async move {
            let text = whole(cluster, &asked).await.ok().filter(|text| !text.is_empty())?;
            let previous = if asked.previous { ".previous" } else { "" };
            Some((format!("logs/{}_{}{previous}.log", asked.pod, asked.container), text))
        })
        .buffer_unordered(AT_ONCE);
    while let Some(log) = read.next().await {
        into.extend(log);
    }
}

/// The pods that are not ready, and what died most first.
fn worst(followed: &Followed) -> Vec<Pod> {
    let mut pods: Vec<Pod> = uids(followed)
        .iter()
        .filter_map(|uid| followed.world.pod(uid))
        .filter(|pod| !pod.is_ready())
        .cloned()
        .collect();
    let restarts = |pod: &Pod| -> i64 { pod.all_containers().map(|(container, _)| container.restart_count).sum() };
    let is_named = |pod: &Pod| followed.verdict.object.as_ref().is_some_and(|object| object.name == pod.metadata.name);
    pods.sort_by_key(|pod| (!is_named(pod), std::cmp::Reverse(restarts(pod)), pod.metadata.name.clone()));
    pods.truncate(PODS);
    pods
}

/// The objects as they are now, or as they were last seen.
async fn objects(cluster: &Cluster, followed: &Followed, pods: &[Pod]) -> String {
    let world = &followed.world;
    let own = followed.goal.wants.iter().map(|want| want.key.clone());
    let sets = uids(followed);
    let sets = sets.iter().filter_map(|uid| world.set(uid)).map(|set| named("apps", "ReplicaSet", &set.metadata));
    let pods = pods.iter().map(|pod| named("", "Pod", &pod.metadata));
    let keys: Vec<Key> = own.chain(sets).chain(pods).collect();
    let mut found = stream::iter(keys)
        .map(|key| async move {
            let live = cluster.get(&key).await.ok().flatten();
            live.or_else(|| world.object(&key).cloned())
        })
        .buffered(AT_ONCE);
    let mut out = String::new();
    while let Some(object) = found.next().await {
        if let Some(object) = object.as_ref() {
            out.push_str("---\n");
            out.push_str(&shown(object));
            out.push('\n');
        }
    }
    out
}

fn shown(object: &Obj) -> String {
    text(object, View::default())
}

fn named(group: &str, kind: &str, meta: &crate::facts::Meta) -> Key {
    let namespace = Some(meta.namespace.clone()).filter(|namespace| !namespace.is_empty());
    Key { group: group.to_owned(), kind: kind.to_owned(), namespace, name: meta.name.clone() }
}
