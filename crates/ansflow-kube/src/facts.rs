//! What a cluster says of its objects, as far as judging needs it: slim types, every field with a default.
//!
//! A field that is missing, or null, is its default; nothing in here decides. Thousands of pods are kept in this form.

mod claim;
mod event;
mod node;
mod pod;
mod workload;

pub use claim::{Claim, ClaimSpec, ClaimStatus};
pub use event::{Event, EventSeries, Involved};
pub use node::{Node, NodeSpec, NodeStatus, Taint};
pub use pod::{
    Container, ContainerSpec, Gate, Pod, PodSpec, PodStatus, Probe, Running, State, Terminated, Volume, VolumeClaim,
    WaitingState,
};
pub use workload::{
    DaemonSet, DaemonSetSpec, DaemonSetStatus, Deployment, DeploymentSpec, DeploymentStatus, Job, JobSpec, JobStatus,
    ReplicaSet, ReplicaSetSpec, ReplicaSetStatus, Rolling, StatefulSet, StatefulSetSpec, StatefulSetStatus, Strategy,
};

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;

/// Which object this is, and who owns it.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Meta {
    /// Its name.
    pub name: String,
    /// Its namespace; empty for what belongs to the whole cluster.
    #[serde(deserialize_with = "or_default")]
    pub namespace: String,
    /// What tells it from another of the same name.
    pub uid: String,
    /// How often its wish was changed.
    #[serde(deserialize_with = "or_default")]
    pub generation: i64,
    /// When it was made.
    pub creation_timestamp: Option<Timestamp>,
    /// When somebody asked for its deletion.
    pub deletion_timestamp: Option<Timestamp>,
    /// Its labels.
    #[serde(deserialize_with = "or_default")]
    pub labels: BTreeMap<String, String>,
    /// Who owns it.
    #[serde(deserialize_with = "or_default")]
    pub owner_references: Vec<Owner>,
    /// The few annotations that are read.
    #[serde(deserialize_with = "or_default")]
    pub annotations: Annotations,
}

/// The few annotations that are read.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(default)]
pub struct Annotations {
    /// Of a pod: which of its containers is meant where none is named.
    #[serde(rename = "kubectl.kubernetes.io/default-container")]
    pub default_container: Option<String>,
}

/// An owner of an object.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Owner {
    /// `ReplicaSet`.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Which of that name.
    pub uid: String,
}

/// A condition of an object's status.
#[derive(Debug, Clone, Default, PartialEq, Hash, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Condition {
    /// `Ready`.
    pub r#type: String,
    /// `True`, `False` or `Unknown`.
    pub status: String,
    /// A word.
    #[serde(deserialize_with = "or_default")]
    pub reason: String,
    /// A sentence.
    #[serde(deserialize_with = "or_default")]
    pub message: String,
    /// When it was looked at; only Deployments say it.
    pub last_update_time: Option<Timestamp>,
    /// When `status` changed.
    pub last_transition_time: Option<Timestamp>,
    /// Of which generation it speaks, where it says so.
    pub observed_generation: Option<i64>,
}

impl Condition {
    /// Whether its status is `True`.
    #[must_use]
    pub fn is_true(&self) -> bool {
        self.status == "True"
    }

    /// Whether its status is `False`.
    #[must_use]
    pub fn is_false(&self) -> bool {
        self.status == "False"
    }
}

/// The condition of a type, if there is one.
#[must_use]
pub fn condition<'a>(conditions: &'a [Condition], kind: &str) -> Option<&'a Condition> {
    conditions.iter().find(|condition| condition.r#type == kind)
}

/// Reads null as the default: servers write both.
pub(crate) fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(from: D) -> Result<T, D::Error> {
    Ok(Option::<T>::deserialize(from)?.unwrap_or_default())
}
