//! What is there when a cluster starts: its namespaces, its nodes, its own service.

use serde_json::{Value, json};

use crate::api::write::{Change, Strictness, Write, write};
use crate::config::NodeSpec;
use crate::door::{self, Actor};
use crate::object::{Object, ObjectExt};
use crate::sim::Sim;
use crate::store::Key;
use crate::time::Micros;

/// A node was registered so long before it is ready.
const REGISTERED: Micros = Micros(10_000_000);
const NAMESPACES: [&str; 4] = ["default", "kube-node-lease", "kube-public", "kube-system"];

pub(crate) fn fill(sim: &Sim) {
    for name in NAMESPACES {
        put(sim, "kube-apiserver", json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}));
    }
    let class = json!({
        "apiVersion": "storage.k8s.io/v1", "kind": "StorageClass",
        "metadata": {
            "name": "standard", "annotations": {"storageclass.kubernetes.io/is-default-class": "true"},
        },
        "provisioner": "sim.ansflow.io/standard",
    });
    put(sim, "kube-apiserver", class);
    let service = json!({
        "apiVersion": "v1", "kind": "Service",
        "metadata": {
            "name": "kubernetes", "namespace": "default",
            "labels": {"component": "apiserver", "provider": "kubernetes"},
        },
        "spec": {
            "clusterIP": "10.96.0.1", "clusterIPs": ["10.96.0.1"], "type": "ClusterIP",
            "ports": [{"name": "https", "port": 443, "protocol": "TCP", "targetPort": 6443}],
        },
    });
    put(sim, "kube-apiserver", service);
    for role in door::bootstrap::objects() {
        put(sim, "kube-apiserver", role);
    }
    for (at, node) in sim.config().nodes.iter().enumerate() {
        let mut new = self::node(node);
        new["status"] = node_status(sim, node, at, false);
        put(sim, "kubelet", new.clone());
        place(sim, node, at);
        new["status"] = node_status(sim, node, at, true);
        status(sim, "kubelet", new);
    }
}

fn node(spec: &NodeSpec) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Node",
        "metadata": {
            "name": spec.name,
            "labels": {
                "ansflow.io/simulated": "true", "beta.kubernetes.io/arch": "amd64", "beta.kubernetes.io/os": "linux",
                "kubernetes.io/arch": "amd64", "kubernetes.io/hostname": spec.name, "kubernetes.io/os": "linux",
            },
            "annotations": {"volumes.kubernetes.io/controller-managed-attach-detach": "true"},
        },
        "spec": {},
    })
}

/// As the kubelet says it when it registers the node, and ten seconds later when it is ready.
fn node_status(sim: &Sim, spec: &NodeSpec, at: usize, ready: bool) -> Value {
    let now = sim.now_micros();
    let began = Micros(now.0 - REGISTERED.0).rfc3339();
    let heard = if ready { now.rfc3339() } else { began.clone() };
    let resources = json!({
        "cpu": spec.cpus.to_string(), "memory": format!("{}Ki", spec.memory >> 10), "pods": spec.pods.to_string(),
        "ephemeral-storage": "100Gi", "hugepages-1Gi": "0", "hugepages-2Mi": "0",
    });
    let condition = |kind: &str, status: &str, reason: &str, message: &str| {
        json!({
            "type": kind, "status": status, "lastHeartbeatTime": heard, "lastTransitionTime": began,
            "reason": reason, "message": message,
        })
    };
    json!({
            "capacity": resources, "allocatable": resources,
            "conditions": [
                condition("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
                condition("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
                condition("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
                match ready {
                    true => condition("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
                    false => condition("Ready", "False", "KubeletNotReady", "container runtime network not ready"),
                },
            ],
            "addresses": [
                {"type": "InternalIP", "address": format!("192.0.2.{}", at + 2)},
                {"type": "Hostname", "address": spec.name},
            ],
            "daemonEndpoints": {"kubeletEndpoint": {"Port": 10250}},
            "nodeInfo": {
                "machineID": "", "systemUUID": "", "bootID": "", "kernelVersion": "6.1.0-simulated",
                "osImage": "AnsFlow simulator", "containerRuntimeVersion": "containerd://2.1.5-simulated",
                "kubeletVersion": crate::wire::version::GIT_VERSION, "kubeProxyVersion": "",
                "operatingSystem": "linux", "architecture": "amd64",
            },
    })
}

/// What the controller manager says of a node: the addresses of its pods.
fn place(sim: &Sim, spec: &NodeSpec, at: usize) {
    let mut given = |live: &mut Object| {
        let addresses = format!("10.244.{at}.0/24");
        live.put(&["metadata", "annotations", "node.alpha.kubernetes.io/ttl"], "0".into());
        live.put(&["spec", "podCIDR"], addresses.as_str().into());
        live.put(&["spec", "podCIDRs"], json!([addresses]));
        Ok(())
    };
    if let Value::Object(node) = node(spec) {
        as_system(sim, "kube-controller-manager", None, &node, Change::With(&mut given));
    }
}

fn put(sim: &Sim, manager: &str, object: Value) {
    let Value::Object(object) = object else { return };
    as_system(sim, manager, None, &object.clone(), Change::Create(object));
}

fn status(sim: &Sim, manager: &str, object: Value) {
    let Value::Object(object) = object else { return };
    let status = object.get("status").cloned().unwrap_or_default();
    let mut set = |live: &mut Object| {
        live.insert("status".to_owned(), status.clone());
        Ok(())
    };
    as_system(sim, manager, Some("status"), &object, Change::With(&mut set));
}

/// Writes as the cluster itself. What the program carries is valid: a refusal is told, and the cluster starts without it.
fn as_system(sim: &Sim, manager: &str, sub: Option<&str>, object: &Object, change: Change<'_>) {
    let Some(kind) = sim.kinds().of(object.api_version(), object.kind()) else { return };
    let actor = Actor::system("system:apiserver");
    let w = Write {
        kind: &kind,
        sub,
        key: Key::new(kind.id, object.namespace(), object.name()),
        actor: &actor,
        manager,
        dry_run: false,
        strict: Strictness::Ignore,
        now: sim.now_micros(),
    };
    if let Err(status) = write(sim, &w, change) {
        tracing::warn!("the simulated cluster starts without {} `{}`: {}", kind.kind, object.name(), status.message);
    }
}
