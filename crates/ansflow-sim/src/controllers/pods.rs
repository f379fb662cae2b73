//! What controllers read of pods, how they make them from a template, and which they take away first.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::object::{Object, ObjectExt};
use crate::store::Stored;
use crate::time::Micros;

/// A pod, as far as controllers care.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Pod {
    pub(super) metadata: Meta,
    pub(super) spec: Spec,
    pub(super) status: PodStatus,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Meta {
    pub(super) creation_timestamp: String,
    pub(super) deletion_timestamp: Option<String>,
    pub(super) annotations: HashMap<String, String>,
    pub(super) finalizers: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Spec {
    pub(super) node_name: String,
    pub(super) hostname: String,
    pub(super) subdomain: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct PodStatus {
    pub(super) phase: String,
    pub(super) reason: String,
    #[serde(rename = "podIP")]
    pub(super) pod_ip: String,
    pub(super) conditions: Box<[Condition]>,
    pub(super) container_statuses: Box<[ContainerStatus]>,
    pub(super) init_container_statuses: Box<[ContainerStatus]>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Condition {
    pub(super) r#type: Box<str>,
    pub(super) status: Box<str>,
    pub(super) last_transition_time: Option<Box<str>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct ContainerStatus {
    pub(super) name: String,
    pub(super) restart_count: u64,
    pub(super) state: State,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct State {
    pub(super) terminated: Option<Terminated>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Terminated {
    pub(super) exit_code: i64,
    pub(super) finished_at: Option<String>,
}

/// A pod with where it stands.
pub(super) type Seen = (Arc<Stored>, Arc<Pod>);

impl Pod {
    pub(super) fn is_deleting(&self) -> bool {
        self.metadata.deletion_timestamp.is_some()
    }

    pub(super) fn has_ended(&self) -> bool {
        matches!(&*self.status.phase, "Succeeded" | "Failed")
    }

    /// It runs or will, and nobody has deleted it.
    pub(super) fn is_active(&self) -> bool {
        !self.has_ended() && !self.is_deleting()
    }

    pub(super) fn condition(&self, kind: &str) -> Option<&Condition> {
        self.status.conditions.iter().find(|condition| *condition.r#type == *kind)
    }

    pub(super) fn is_ready(&self) -> bool {
        self.condition("Ready").is_some_and(|ready| *ready.status == *"True")
    }

    pub(super) fn ready_since(&self) -> Option<Micros> {
        let ready = self.condition("Ready").filter(|ready| *ready.status == *"True")?;
        ready.last_transition_time.as_deref().and_then(Micros::parse)
    }

    /// Ready for so many seconds.
    pub(super) fn is_available(&self, min_ready: i64, now: Micros) -> bool {
        let span = Duration::from_secs(u64::try_from(min_ready).unwrap_or_default());
        self.is_ready() && (min_ready == 0 || self.ready_since().is_some_and(|since| since.plus(span) <= now))
    }

    fn restarts(&self) -> u64 {
        self.status.container_statuses.iter().map(|status| status.restart_count).max().unwrap_or_default()
    }

    fn deletion_cost(&self) -> i64 {
        let said = self.metadata.annotations.get("controller.kubernetes.io/pod-deletion-cost");
        said.and_then(|cost| cost.parse().ok()).unwrap_or_default()
    }
}

/// Which of two pods goes first: what is least missed. `crowd` says how many of its kin run on a node.
pub(super) fn first_to_go(a: &Seen, b: &Seen, crowd: &HashMap<String, usize>) -> Ordering {
    let phase = |pod: &Pod| match &*pod.status.phase {
        "Running" => 2,
        "Unknown" => 1,
        _ => 0,
    };
    let crowded = |pod: &Pod| crowd.get(&pod.spec.node_name).copied().unwrap_or_default();
    let (one, other) = (&*a.1, &*b.1);
    (!one.spec.node_name.is_empty())
        .cmp(&!other.spec.node_name.is_empty())
        .then(phase(one).cmp(&phase(other)))
        .then(one.is_ready().cmp(&other.is_ready()))
        .then(one.deletion_cost().cmp(&other.deletion_cost()))
        .then(crowded(other).cmp(&crowded(one)))
        .then(other.ready_since().cmp(&one.ready_since()))
        .then(other.restarts().cmp(&one.restarts()))
        .then(other.metadata.creation_timestamp.cmp(&one.metadata.creation_timestamp))
        .then(a.0.uid.cmp(&b.0.uid))
}

/// The reference of an object to the one that controls it.
pub(super) fn controlled_by(api_version: &str, kind: &str, name: &str, uid: &str) -> Value {
    json!({"apiVersion": api_version, "kind": kind, "name": name, "uid": uid, "controller": true,
        "blockOwnerDeletion": true})
}

/// A pod of a template, for an owner; without a name.
pub(super) fn from_template(owner: &Object, template: &Value) -> Object {
    let mut metadata = Object::new();
    metadata.insert("generateName".to_owned(), format!("{}-", owner.name()).into());
    metadata.insert("namespace".to_owned(), owner.namespace().into());
    for field in ["labels", "annotations", "finalizers"] {
        if let Some(value) = template["metadata"].get(field) {
            metadata.insert(field.to_owned(), value.clone());
        }
    }
    let reference = controlled_by(owner.api_version(), owner.kind(), owner.name(), owner.uid());
    metadata.insert("ownerReferences".to_owned(), vec![reference].into());
    let mut pod = Object::new();
    pod.insert("apiVersion".to_owned(), "v1".into());
    pod.insert("kind".to_owned(), "Pod".into());
    pod.insert("metadata".to_owned(), metadata.into());
    pod.insert("spec".to_owned(), template["spec"].clone());
    pod
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pod_is_available_when_it_was_ready_for_long_enough() {
        let said = json!({"status": {"phase": "Running", "conditions":
            [{"type": "Ready", "status": "True", "lastTransitionTime": "1970-01-01T00:00:10Z"}]}});
        let pod: Pod = serde_json::from_value(said).unwrap();
        assert!(pod.is_ready() && pod.is_available(0, Micros(0)));
        assert!(!pod.is_available(5, Micros(14_000_000)));
        assert!(pod.is_available(5, Micros(15_000_000)));
    }
}
