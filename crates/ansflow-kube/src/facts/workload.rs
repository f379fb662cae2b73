//! What makes pods: Deployments, ReplicaSets, StatefulSets, DaemonSets, Jobs.

use super::{Condition, Meta, or_default};
use crate::object::shape;
use serde::{Deserialize, Deserializer};
use serde_json::Value as Json;

/// Declares a kind: a struct of metadata, spec and status.
macro_rules! kind {
    ($name:ident, $spec:ident, $status:ident, $doc:literal) => {
        #[doc = $doc]
        #[derive(Debug, Clone, Default, PartialEq, Deserialize)]
        #[serde(default)]
        pub struct $name {
            /// Which.
            pub metadata: Meta,
            /// What is wanted.
            #[serde(deserialize_with = "or_default")]
            pub spec: $spec,
            /// What is.
            #[serde(deserialize_with = "or_default")]
            pub status: $status,
        }
    };
}

kind!(Deployment, DeploymentSpec, DeploymentStatus, "A Deployment.");
kind!(ReplicaSet, ReplicaSetSpec, ReplicaSetStatus, "A ReplicaSet, or a ReplicationController.");
kind!(StatefulSet, StatefulSetSpec, StatefulSetStatus, "A StatefulSet.");
kind!(DaemonSet, DaemonSetSpec, DaemonSetStatus, "A DaemonSet.");
kind!(Job, JobSpec, JobStatus, "A Job.");

/// What a Deployment is to be.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct DeploymentSpec {
    /// 1 where it says nothing.
    pub replicas: Option<i64>,
    /// Whether it is told to do nothing.
    #[serde(deserialize_with = "or_default")]
    pub paused: bool,
    /// The shape of its template.
    #[serde(deserialize_with = "template")]
    pub template: u64,
    /// How it replaces pods.
    #[serde(deserialize_with = "or_default")]
    pub strategy: Strategy,
}

/// What a Deployment is.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct DeploymentStatus {
    /// Which generation its controller has seen.
    #[serde(deserialize_with = "or_default")]
    pub observed_generation: i64,
    /// All pods.
    #[serde(deserialize_with = "or_default")]
    pub replicas: i64,
    /// Those of the newest template.
    #[serde(deserialize_with = "or_default")]
    pub updated_replicas: i64,
    /// Those that are ready.
    #[serde(deserialize_with = "or_default")]
    pub ready_replicas: i64,
    /// Those that have been ready for long enough.
    #[serde(deserialize_with = "or_default")]
    pub available_replicas: i64,
    /// Conditions.
    #[serde(deserialize_with = "or_default")]
    pub conditions: Vec<Condition>,
}

/// What a ReplicaSet is to be.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ReplicaSetSpec {
    /// 1 where it says nothing.
    pub replicas: Option<i64>,
    /// The shape of its template.
    #[serde(deserialize_with = "template")]
    pub template: u64,
}

/// What a ReplicaSet is.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ReplicaSetStatus {
    /// Which generation its controller has seen.
    #[serde(deserialize_with = "or_default")]
    pub observed_generation: i64,
    /// All pods.
    #[serde(deserialize_with = "or_default")]
    pub replicas: i64,
    /// Those that are ready.
    #[serde(deserialize_with = "or_default")]
    pub ready_replicas: i64,
    /// Those that have been ready for long enough.
    #[serde(deserialize_with = "or_default")]
    pub available_replicas: i64,
    /// Conditions.
    #[serde(deserialize_with = "or_default")]
    pub conditions: Vec<Condition>,
}

/// What a StatefulSet is to be.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct StatefulSetSpec {
    /// 1 where it says nothing.
    pub replicas: Option<i64>,
    /// `OrderedReady` where it says nothing, or `Parallel`.
    pub pod_management_policy: Option<String>,
    /// How it replaces pods.
    #[serde(deserialize_with = "or_default")]
    pub update_strategy: Strategy,
}

/// What a StatefulSet is.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct StatefulSetStatus {
    /// Which generation its controller has seen.
    #[serde(deserialize_with = "or_default")]
    pub observed_generation: i64,
    /// All pods.
    #[serde(deserialize_with = "or_default")]
    pub replicas: i64,
    /// Those that are ready.
    #[serde(deserialize_with = "or_default")]
    pub ready_replicas: i64,
    /// Those of the newest template.
    #[serde(deserialize_with = "or_default")]
    pub updated_replicas: i64,
    /// The revision that most pods have.
    #[serde(deserialize_with = "or_default")]
    pub current_revision: String,
    /// The newest revision.
    #[serde(deserialize_with = "or_default")]
    pub update_revision: String,
}

/// What a DaemonSet is to be.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct DaemonSetSpec {
    /// How it replaces pods.
    #[serde(deserialize_with = "or_default")]
    pub update_strategy: Strategy,
}

/// What a DaemonSet is.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct DaemonSetStatus {
    /// Which generation its controller has seen.
    #[serde(deserialize_with = "or_default")]
    pub observed_generation: i64,
    /// How many nodes are to have a pod.
    #[serde(deserialize_with = "or_default")]
    pub desired_number_scheduled: i64,
    /// How many have one.
    #[serde(deserialize_with = "or_default")]
    pub current_number_scheduled: i64,
    /// How many have one of the newest template.
    #[serde(deserialize_with = "or_default")]
    pub updated_number_scheduled: i64,
    /// How many have one that has been ready for long enough.
    #[serde(deserialize_with = "or_default")]
    pub number_available: i64,
}

/// How pods are replaced.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Strategy {
    /// `RollingUpdate`, `Recreate` or `OnDelete`.
    #[serde(deserialize_with = "or_default")]
    pub r#type: String,
    /// The details of `RollingUpdate`.
    #[serde(deserialize_with = "or_default")]
    pub rolling_update: Rolling,
}

/// The details of a rolling update.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Rolling {
    /// Of a StatefulSet: pods below this number keep their version.
    #[serde(deserialize_with = "or_default")]
    pub partition: i64,
    /// Of a Deployment: a number or a share.
    pub max_unavailable: Option<Json>,
}

/// What a Job is to be.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct JobSpec {
    /// How many pods at once; 1 where it says nothing.
    pub parallelism: Option<i64>,
    /// Whether it is told to wait.
    #[serde(deserialize_with = "or_default")]
    pub suspend: bool,
}

/// What a Job is.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct JobStatus {
    /// Pods that run.
    #[serde(deserialize_with = "or_default")]
    pub active: i64,
    /// Pods that ended well.
    #[serde(deserialize_with = "or_default")]
    pub succeeded: i64,
    /// Pods that did not.
    #[serde(deserialize_with = "or_default")]
    pub failed: i64,
    /// Conditions.
    #[serde(deserialize_with = "or_default")]
    pub conditions: Vec<Condition>,
}

/// The shape of a pod template without the label by which a ReplicaSet's pods are told apart, so that a Deployment's and
/// its ReplicaSet's are the same. The templates themselves are not kept.
fn template<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
    let mut template = Json::deserialize(from)?;
    if let Some(Json::Object(labels)) = template.pointer_mut("/metadata/labels") {
        labels.shift_remove("pod-template-hash");
    }
    Ok(shape(&template))
}
