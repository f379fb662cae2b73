//! What is known of a cluster: the objects as they were told, in the order in which they came.
//!
//! Live watches and recordings feed it alike. It keeps slim forms of what there may be thousands of, and whole objects only
//! of what is named by a goal. It remembers what a cluster forgets (`past`), and judges nothing.

mod feed;
mod news;
mod past;
#[cfg(test)]
mod tests;

pub use news::Told;
pub use past::Death;

use crate::Millis;
use crate::facts::{Claim, Deployment, Node, Pod, ReplicaSet};
use crate::judge::{Readiness, judge};
use crate::object::{Key, Obj};
use news::News;
use past::Past;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::OnceLock;

/// What is known of a cluster.
#[derive(Default)]
pub struct World {
    pods: BTreeMap<String, Pod>,
    sets: BTreeMap<String, ReplicaSet>,
    claims: HashMap<(String, String), Claim>,
    nodes: HashMap<String, Node>,
    whole: BTreeMap<Key, Whole>,
    children: HashMap<String, BTreeSet<String>>,
    /// The pods that are going away, by namespace.
    going: HashMap<String, BTreeSet<String>>,
    logs: HashMap<(String, String), Log>,
    news: News,
    past: Past,
}

/// An object that is kept whole, and whether it is still there.
struct Whole {
    object: Obj,
    gone: bool,
    /// A Deployment in its slim form, whose template is read once.
    deployment: Option<Deployment>,
    /// What is to be said of it alone, once somebody asks.
    judged: OnceLock<Readiness>,
}

/// The last lines of a container's life, and of the one before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Log {
    /// Of the newest life, which may have ended.
    pub current: Option<String>,
    /// Of the life before it.
    pub previous: Option<String>,
}

impl World {
    /// A whole object as it was last seen, even when it is gone.
    #[must_use]
    pub fn object(&self, key: &Key) -> Option<&Obj> {
        self.whole.get(key).map(|whole| &whole.object)
    }

    /// What is to be said of a whole object alone; worked out once for each of its versions.
    #[must_use]
    pub fn judged(&self, key: &Key) -> Option<&Readiness> {
        self.whole.get(key).map(|whole| whole.judged.get_or_init(|| judge(&whole.object)))
    }

    /// A Deployment in its slim form.
    #[must_use]
    pub fn deployment(&self, key: &Key) -> Option<&Deployment> {
        self.whole.get(key)?.deployment.as_ref()
    }

    /// Whether a whole object was seen, and then deleted.
    #[must_use]
    pub fn is_gone(&self, key: &Key) -> bool {
        self.whole.get(key).is_some_and(|whole| whole.gone)
    }

    /// Whether there is a whole object of a kind and name in a namespace.
    #[must_use]
    pub fn has(&self, kind: &str, namespace: &str, name: &str) -> bool {
        self.whole_of(kind, namespace).any(|object| object.name() == name)
    }

    /// The whole objects of a kind in a namespace that are there.
    pub fn whole_of(&self, kind: &str, namespace: &str) -> impl Iterator<Item = &Obj> {
        let there = self.whole.values().filter(|whole| !whole.gone).map(|whole| &whole.object);
        there.filter(move |object| object.kind() == kind && object.namespace().unwrap_or_default() == namespace)
    }

    /// The pod of a uid.
    #[must_use]
    pub fn pod(&self, uid: &str) -> Option<&Pod> {
        self.pods.get(uid)
    }

    /// Every pod.
    pub fn pods(&self) -> impl Iterator<Item = &Pod> {
        self.pods.values()
    }

    /// The pods that an object owns itself.
    pub fn pods_of(&self, owner: &str) -> impl Iterator<Item = &Pod> {
        self.children.get(owner).into_iter().flatten().filter_map(|uid| self.pods.get(uid))
    }

    /// The ReplicaSets that an object owns.
    pub fn sets_of(&self, owner: &str) -> impl Iterator<Item = &ReplicaSet> {
        self.children.get(owner).into_iter().flatten().filter_map(|uid| self.sets.get(uid))
    }

    /// The ReplicaSet of a uid.
    #[must_use]
    pub fn set(&self, uid: &str) -> Option<&ReplicaSet> {
        self.sets.get(uid)
    }

    /// A claim by namespace and name.
    #[must_use]
    pub fn claim(&self, namespace: &str, name: &str) -> Option<&Claim> {
        self.claims.get(&(namespace.to_owned(), name.to_owned()))
    }

    /// A node by name.
    #[must_use]
    pub fn node(&self, name: &str) -> Option<&Node> {
        self.nodes.get(name)
    }

    /// The events of an object, by its uid, in the order in which they were told last.
    pub fn events(&self, uid: &str) -> impl Iterator<Item = &Told> {
        self.news.of(uid)
    }

    /// How the lives of a container ended, well or not, each once, oldest first.
    #[must_use]
    pub fn deaths(&self, pod: &str, container: &str) -> &[Death] {
        self.past.deaths(pod, container)
    }

    /// When a container's state was last seen to change.
    #[must_use]
    pub fn changed(&self, pod: &str, container: &str) -> Option<Millis> {
        self.past.changed(pod, container)
    }

    /// When a condition of an object was last seen to change.
    #[must_use]
    pub fn condition_changed(&self, uid: &str, kind: &str) -> Option<Millis> {
        self.past.condition_changed(uid, kind)
    }

    /// The names of an owner's pods that were evicted since then, in order, though they may be gone.
    pub fn evicted(&self, owner: &str, since: Millis) -> impl Iterator<Item = &str> {
        self.past.evicted(owner, since)
    }

    /// Whether a pod was evicted, by its own word or by an event.
    #[must_use]
    pub fn is_evicted(&self, pod: &str) -> bool {
        self.past.is_evicted(pod)
    }

    /// Whether a pod of a namespace is going away just now.
    #[must_use]
    pub fn has_going_pod(&self, namespace: &str) -> bool {
        self.going.contains_key(namespace)
    }

    /// When the last pod of a namespace went away, or ended.
    #[must_use]
    pub fn last_removal(&self, namespace: &str) -> Option<Millis> {
        self.past.last_removal(namespace)
    }

    /// Whether something makes nodes when pods need them: an autoscaler was heard of, or nodes carry the mark of one.
    #[must_use]
    pub fn grows(&self) -> bool {
        self.past.grows()
    }

    /// What a container wrote, if it was read.
    #[must_use]
    pub fn log(&self, pod: &str, container: &str) -> Option<&Log> {
        self.logs.get(&(pod.to_owned(), container.to_owned()))
    }
}
