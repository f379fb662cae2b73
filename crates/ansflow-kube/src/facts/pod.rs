//! A pod: its containers and what they do.

use super::{Condition, Meta, or_default};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A pod.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(default)]
pub struct Pod {
    /// Which.
    pub metadata: Meta,
    /// What is wanted.
    pub spec: PodSpec,
    /// What is.
    #[serde(deserialize_with = "or_default")]
    pub status: PodStatus,
}

/// What a pod is to be.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
pub struct PodSpec {
    /// Where it was put.
    pub node_name: Option<String>,
    /// `Always` where it says nothing.
    pub restart_policy: Option<String>,
    /// Containers that run before the others, one after another.
    #[serde(deserialize_with = "or_default")]
    pub init_containers: Vec<ContainerSpec>,
    /// Containers.
    #[serde(deserialize_with = "or_default")]
    pub containers: Vec<ContainerSpec>,
    /// Conditions that somebody else sets before it counts as ready.
    #[serde(deserialize_with = "or_default")]
    pub readiness_gates: Vec<Gate>,
    /// Volumes.
    #[serde(deserialize_with = "or_default")]
    pub volumes: Vec<Volume>,
}

/// A container as it is to be.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ContainerSpec {
    /// Its name.
    pub name: String,
    /// Its image.
    #[serde(deserialize_with = "or_default")]
    pub image: String,
    /// `Always` makes an init container one that keeps running beside the others.
    pub restart_policy: Option<String>,
    /// Whether it is ready.
    pub readiness_probe: Option<Probe>,
}

/// A probe.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Probe {
    /// How often it may fail in a row; 3 where it says nothing.
    pub failure_threshold: Option<i64>,
}

/// A readiness gate.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Gate {
    /// The type of the condition.
    pub condition_type: String,
}

/// A volume, as far as it is a claim.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Volume {
    /// The claim.
    pub persistent_volume_claim: Option<VolumeClaim>,
}

/// A claim that a pod mounts.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
pub struct VolumeClaim {
    /// Its name, in the pod's namespace.
    pub claim_name: String,
}

/// What a pod is.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
pub struct PodStatus {
    /// `Pending`, `Running`, `Succeeded`, `Failed` or `Unknown`.
    #[serde(deserialize_with = "or_default")]
    pub phase: String,
    /// A word, such as `Evicted`.
    #[serde(deserialize_with = "or_default")]
    pub reason: String,
    /// A sentence.
    #[serde(deserialize_with = "or_default")]
    pub message: String,
    /// The node that others are sent away from for it.
    #[serde(deserialize_with = "or_default")]
    pub nominated_node_name: String,
    /// Conditions.
    #[serde(deserialize_with = "or_default")]
    pub conditions: Vec<Condition>,
    /// The init containers.
    #[serde(deserialize_with = "or_default")]
    pub init_container_statuses: Vec<Container>,
    /// The containers.
    #[serde(deserialize_with = "or_default")]
    pub container_statuses: Vec<Container>,
}

/// A container as it is.
#[derive(Debug, Clone, Default, PartialEq, Hash, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Container {
    /// Its name.
    pub name: String,
    /// Whether it passes its readiness probe; of an init container whether it ended well.
    #[serde(deserialize_with = "or_default")]
    pub ready: bool,
    /// Whether it has passed its startup probe.
    #[serde(deserialize_with = "or_default")]
    pub started: bool,
    /// How often it was started again.
    #[serde(deserialize_with = "or_default")]
    pub restart_count: i64,
    /// What it does now.
    #[serde(deserialize_with = "or_default")]
    pub state: State,
    /// How its life before ended.
    #[serde(deserialize_with = "or_default")]
    pub last_state: State,
}

/// One of three; none of them means waiting without a reason.
#[derive(Debug, Clone, Default, PartialEq, Hash, Deserialize, Serialize)]
#[serde(default)]
pub struct State {
    /// It is not started yet, or not yet again.
    pub waiting: Option<WaitingState>,
    /// It runs.
    pub running: Option<Running>,
    /// It has ended.
    pub terminated: Option<Terminated>,
}

/// Why a container is not started.
#[derive(Debug, Clone, Default, PartialEq, Hash, Deserialize, Serialize)]
#[serde(default)]
pub struct WaitingState {
    /// A word, such as `ImagePullBackOff`.
    #[serde(deserialize_with = "or_default")]
    pub reason: String,
    /// A sentence.
    #[serde(deserialize_with = "or_default")]
    pub message: String,
}

/// Since when a container runs.
#[derive(Debug, Clone, Default, PartialEq, Hash, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Running {
    /// Since when.
    pub started_at: Option<Timestamp>,
}

/// How a container ended.
#[derive(Debug, Clone, Default, PartialEq, Hash, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Terminated {
    /// Its exit code.
    pub exit_code: i64,
    /// A word, such as `Error` or `OOMKilled`.
    #[serde(deserialize_with = "or_default")]
    pub reason: String,
    /// What the runtime, or the container, says.
    #[serde(deserialize_with = "or_default")]
    pub message: String,
    /// Which life it was.
    #[serde(rename = "containerID", deserialize_with = "or_default")]
    pub container_id: String,
    /// From.
    pub started_at: Option<Timestamp>,
    /// To.
    pub finished_at: Option<Timestamp>,
}

impl Pod {
    /// The condition of a type.
    #[must_use]
    pub fn condition(&self, kind: &str) -> Option<&Condition> {
        super::condition(&self.status.conditions, kind)
    }

    /// Whether it is ready to serve.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.condition("Ready").is_some_and(Condition::is_true)
    }

    /// Whether somebody asked for its deletion.
    #[must_use]
    pub fn is_going(&self) -> bool {
        self.metadata.deletion_timestamp.is_some()
    }

    /// Whether it has ended, well or not.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        matches!(self.status.phase.as_str(), "Succeeded" | "Failed")
    }

    /// Whether its containers run once and are never started again.
    #[must_use]
    pub fn runs_once(&self) -> bool {
        self.spec.restart_policy.as_deref() == Some("Never")
    }

    /// The wish for a container, an init container or not.
    #[must_use]
    pub fn container(&self, name: &str) -> Option<&ContainerSpec> {
        self.spec.containers.iter().chain(&self.spec.init_containers).find(|container| container.name == name)
    }

    /// The name of the container that is meant where none is named, as kubectl has it.
    #[must_use]
    pub fn default_container(&self) -> Option<&str> {
        let named = self.metadata.annotations.default_container.as_deref();
        let first = || self.spec.containers.first().map(|container| container.name.as_str());
        named.filter(|name| self.container(name).is_some()).or_else(first)
    }

    /// Init containers first, each with whether it is one that has to end before the others start.
    pub fn all_containers(&self) -> impl Iterator<Item = (&Container, bool)> {
        let keeps_running = |name: &str| {
            let spec = self.spec.init_containers.iter().find(|container| container.name == name);
            spec.is_some_and(|container| container.restart_policy.as_deref() == Some("Always"))
        };
        let inits = self.status.init_container_statuses.iter().map(move |it| (it, !keeps_running(&it.name)));
        inits.chain(self.status.container_statuses.iter().map(|it| (it, false)))
    }
}
