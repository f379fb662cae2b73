//! What the scheduler and the kubelets read of a pod.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::store::Stored;

/// A pod, as its node sees it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Pod {
    pub(crate) metadata: Meta,
    pub(crate) spec: Spec,
    pub(crate) status: Value,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Meta {
    pub(crate) name: String,
    pub(crate) namespace: String,
    pub(crate) uid: String,
    pub(crate) generation: i64,
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) annotations: BTreeMap<String, String>,
    pub(crate) deletion_timestamp: Option<String>,
    pub(crate) deletion_grace_period_seconds: Option<i64>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Spec {
    pub(crate) node_name: String,
    pub(crate) scheduler_name: String,
    pub(crate) restart_policy: String,
    pub(crate) runtime_class_name: String,
    pub(crate) hostname: String,
    pub(crate) host_network: bool,
    pub(crate) service_account_name: String,
    pub(crate) termination_grace_period_seconds: Option<i64>,
    pub(crate) active_deadline_seconds: Option<i64>,
    pub(crate) priority: i64,
    pub(crate) preemption_policy: String,
    pub(crate) init_containers: Vec<Container>,
    pub(crate) containers: Vec<Container>,
    pub(crate) volumes: Vec<Value>,
    pub(crate) node_selector: BTreeMap<String, String>,
    pub(crate) affinity: Value,
    pub(crate) tolerations: Vec<Value>,
    pub(crate) topology_spread_constraints: Vec<Value>,
    pub(crate) scheduling_gates: Vec<Value>,
    pub(crate) readiness_gates: Vec<Value>,
    pub(crate) image_pull_secrets: Vec<Value>,
    pub(crate) security_context: Value,
    pub(crate) overhead: BTreeMap<String, Value>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Container {
    pub(crate) name: String,
    pub(crate) image: String,
    pub(crate) command: Vec<String>,
    pub(crate) args: Vec<String>,
    pub(crate) working_dir: String,
    pub(crate) image_pull_policy: String,
    /// Of an init container: `Always` makes it a sidecar.
    pub(crate) restart_policy: String,
    pub(crate) termination_message_policy: String,
    pub(crate) stdin: bool,
    pub(crate) tty: bool,
    pub(crate) ports: Vec<Port>,
    pub(crate) env: Vec<Value>,
    pub(crate) env_from: Vec<Value>,
    pub(crate) resources: Value,
    pub(crate) volume_mounts: Vec<Value>,
    pub(crate) liveness_probe: Option<Value>,
    pub(crate) readiness_probe: Option<Value>,
    pub(crate) startup_probe: Option<Value>,
    pub(crate) lifecycle: Value,
    pub(crate) security_context: Value,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Port {
    pub(crate) name: String,
    pub(crate) container_port: u16,
    pub(crate) host_port: u16,
    pub(crate) protocol: String,
}

impl Pod {
    /// As the kubelet writes of pods: `web-1_demo(UID)`.
    pub(crate) fn full_name(&self) -> String {
        format!("{}_{}({})", self.metadata.name, self.metadata.namespace, self.metadata.uid)
    }

    pub(crate) fn is_deleting(&self) -> bool {
        self.metadata.deletion_timestamp.is_some()
    }

    pub(crate) fn has_ended(&self) -> bool {
        matches!(self.status["phase"].as_str(), Some("Succeeded" | "Failed"))
    }

    /// Init containers first: the order in which the kubelet numbers them.
    pub(crate) fn all_containers(&self) -> impl Iterator<Item = &Container> {
        self.spec.init_containers.iter().chain(&self.spec.containers)
    }

    pub(crate) fn container(&self, at: usize) -> &Container {
        let inits = self.spec.init_containers.len();
        if at < inits { &self.spec.init_containers[at] } else { &self.spec.containers[at - inits] }
    }

    pub(crate) fn is_init(&self, at: usize) -> bool {
        at < self.spec.init_containers.len()
    }

    pub(crate) fn is_sidecar(&self, at: usize) -> bool {
        self.is_init(at) && self.container(at).restart_policy == "Always"
    }

    /// Where events about a container point.
    pub(crate) fn field_path(&self, at: usize) -> String {
        let list = if self.is_init(at) { "initContainers" } else { "containers" };
        format!("spec.{list}{{{}}}", self.container(at).name)
    }

    /// Whether a container that ended so is started again.
    pub(crate) fn restarts(&self, at: usize, code: i32) -> bool {
        if self.is_sidecar(at) {
            return true;
        }
        match self.spec.restart_policy.as_str() {
            "Never" => false,
            "OnFailure" => code != 0,
            _ if self.is_init(at) => code != 0,
            _ => true,
        }
    }

    /// The condition of a type, as it was last written.
    pub(crate) fn condition(&self, kind: &str) -> Option<&Value> {
        self.status["conditions"].as_array()?.iter().find(|condition| condition["type"] == kind)
    }
}

/// Reads a pod. Nobody keeps it for long: there are many, and a tree takes ten times what its bytes do.
pub(crate) fn read(stored: &Stored) -> Option<Pod> {
    stored.view().ok()
}
