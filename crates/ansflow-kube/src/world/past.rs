//! What a cluster forgets: how containers died before, which pods were evicted, when things last changed.

use crate::Millis;
use crate::facts::{Condition, Event, Node, Pod, Terminated};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher as _};

/// The end of one life of a container.
#[derive(Debug, Clone, PartialEq)]
pub struct Death {
    /// How.
    pub end: Terminated,
    /// When it was seen.
    pub at: Millis,
}

#[derive(Default)]
pub(super) struct Past {
    deaths: HashMap<(String, String), Vec<Death>>,
    /// By the shape of pod and container: that of its last state, and since when. There are many.
    states: HashMap<u64, (u64, Millis)>,
    /// The same by object and type of condition.
    conditions: HashMap<u64, (u64, Millis)>,
    /// By owner, the names in order of their eviction.
    evicted: HashMap<String, Vec<(String, Millis)>>,
    evicted_pods: HashSet<String>,
    removals: BTreeMap<String, Millis>,
    grows: bool,
}

/// Labels that the pools of autoscalers put on their nodes.
const GROWING_NODES: [&str; 4] = [
    "karpenter.sh/nodepool",
    "cloud.google.com/gke-nodepool",
    "eks.amazonaws.com/nodegroup",
    "kubernetes.azure.com/agentpool",
];

impl Past {
    pub(super) fn deaths(&self, pod: &str, container: &str) -> &[Death] {
        self.deaths.get(&(pod.to_owned(), container.to_owned())).map_or(&[], Vec::as_slice)
    }

    pub(super) fn changed(&self, pod: &str, container: &str) -> Option<Millis> {
        self.states.get(&shape(&(pod, container))).map(|(_, at)| *at)
    }

    pub(super) fn condition_changed(&self, uid: &str, kind: &str) -> Option<Millis> {
        self.conditions.get(&shape(&(uid, kind))).map(|(_, at)| *at)
    }

    pub(super) fn evicted(&self, owner: &str, since: Millis) -> impl Iterator<Item = &str> {
        self.evicted.get(owner).into_iter().flatten().filter(move |(_, at)| *at >= since).map(|(name, _)| name.as_str())
    }

    pub(super) fn is_evicted(&self, pod: &str) -> bool {
        self.evicted_pods.contains(pod)
    }

    pub(super) fn last_removal(&self, namespace: &str) -> Option<Millis> {
        self.removals.get(namespace).copied()
    }

    pub(super) fn grows(&self) -> bool {
        self.grows
    }

    pub(super) fn see_pod(&mut self, pod: &Pod, told_evicted: bool, at: Millis) {
        let uid = &pod.metadata.uid;
        for container in pod.status.init_container_statuses.iter().chain(&pod.status.container_statuses) {
            let key = (uid.clone(), container.name.clone());
            for end in [&container.last_state.terminated, &container.state.terminated].into_iter().flatten() {
                self.see_end(&key, end, at);
            }
            let place = shape(&(uid.as_str(), container.name.as_str()));
            match self.states.get(&place) {
                Some((old, _)) if *old == shape(container) => {}
                _ => drop(self.states.insert(place, (shape(container), at))),
            }
        }
        self.see_conditions(uid, &pod.status.conditions, at);
        if told_evicted || (pod.status.phase == "Failed" && pod.status.reason == "Evicted") {
            self.see_eviction(pod, at);
        }
        if pod.has_ended() {
            self.removals.insert(pod.metadata.namespace.clone(), at);
        }
    }

    fn see_end(&mut self, key: &(String, String), end: &Terminated, at: Millis) {
        let deaths = self.deaths.entry(key.clone()).or_default();
        if !deaths.iter().any(|death| is_same_life(&death.end, end)) {
            deaths.push(Death { end: end.clone(), at });
        }
    }

    pub(super) fn see_conditions(&mut self, uid: &str, conditions: &[Condition], at: Millis) {
        for condition in conditions {
            let key = shape(&(uid, condition.r#type.as_str()));
            match self.conditions.get(&key) {
                Some((old, _)) if *old == shape(condition) => {}
                _ => drop(self.conditions.insert(key, (shape(condition), at))),
            }
        }
    }

    pub(super) fn see_eviction(&mut self, pod: &Pod, at: Millis) {
        if self.evicted_pods.insert(pod.metadata.uid.clone()) {
            for owner in &pod.metadata.owner_references {
                self.evicted.entry(owner.uid.clone()).or_default().push((pod.metadata.name.clone(), at));
            }
        }
    }

    pub(super) fn pod_gone(&mut self, pod: &Pod, at: Millis) {
        self.removals.insert(pod.metadata.namespace.clone(), at);
        let uid = &pod.metadata.uid;
        for container in pod.status.init_container_statuses.iter().chain(&pod.status.container_statuses) {
            let key = (uid.clone(), container.name.clone());
            self.states.remove(&shape(&(uid.as_str(), container.name.as_str())));
            self.deaths.remove(&key);
        }
        for condition in &pod.status.conditions {
            self.conditions.remove(&shape(&(uid.as_str(), condition.r#type.as_str())));
        }
    }

    pub(super) fn see_growth(&mut self, event: &Event) {
        let is_scaler = ["cluster-autoscaler", "karpenter"].contains(&event.reporting_component.as_str());
        self.grows |= is_scaler || matches!(event.reason.as_str(), "TriggeredScaleUp" | "NotTriggerScaleUp");
    }

    pub(super) fn see_node(&mut self, node: &Node) {
        self.grows |= GROWING_NODES.iter().any(|label| node.metadata.labels.contains_key(*label));
    }
}

/// What tells one state from another, in little space.
fn shape(state: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    state.hash(&mut hasher);
    hasher.finish()
}

/// A life is told by its container's id; without one by when it ended.
fn is_same_life(one: &Terminated, other: &Terminated) -> bool {
    if one.container_id.is_empty() || other.container_id.is_empty() {
        return one.finished_at == other.finished_at && one.exit_code == other.exit_code;
    }
    one.container_id == other.container_id
}
