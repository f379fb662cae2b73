//! A small cluster that plays one rollout by hand: what its watches tell is written down as a recording.
//!
//! Other names, namespaces and kinds than those that were recorded; nothing in here knows the judge.

use ansflow_kube::object::Obj;
use ansflow_kube::replay::{Line, Recording, Write};
use ansflow_kube::world::Log;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// What runs the pod.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Runs {
    Deployment,
    StatefulSet,
    DaemonSet,
    Job,
    Pod,
}

pub(crate) const ALL: [Runs; 5] = [Runs::Deployment, Runs::StatefulSet, Runs::DaemonSet, Runs::Job, Runs::Pod];

const NAMESPACE: &str = "billing";
const NAME: &str = "ledger";
pub(crate) const IMAGE: &str = "harbor.example.org/finance/ledger:7.2";

/// The rollout as far as it is played.
pub(crate) struct Stage {
    pub(crate) runs: Runs,
    /// Now.
    pub(crate) at: i64,
    lines: Vec<Line>,
    logs: Vec<(String, String, Log)>,
    manifests: Vec<Json>,
    told: BTreeMap<String, u32>,
    deaths: u32,
    pod: Json,
    has_pod: bool,
}

impl Stage {
    /// Applied at 0; `has_pod` is whether its controller may make the pod.
    pub(crate) fn new(runs: Runs, has_pod: bool) -> Stage {
        let (lines, logs, manifests, told) = (Vec::new(), Vec::new(), Vec::new(), BTreeMap::new());
        let mut stage =
            Stage { runs, at: -900, lines, logs, manifests, told, deaths: 0, pod: json!({}), has_pod: false };
        stage.put(json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": NAMESPACE, "uid": "u-ns" } }));
        stage.manifests.push(manifest(runs));
        stage.at = 6;
        stage.workload(json!({}));
        if runs == Runs::Deployment {
            stage.at = 9;
            stage.set(&json!({ "replicas": 0 }));
        }
        if runs != Runs::Pod {
            stage.at = 12;
            stage.workload(unready(runs));
        }
        if has_pod || runs == Runs::Pod {
            stage.make_pod();
        }
        stage
    }

    /// The pod is made, and put on a node.
    pub(crate) fn make_pod(&mut self) {
        self.has_pod = true;
        self.at += 3;
        self.pod = json!({ "phase": "Pending" });
        self.show_pod();
        self.at += 4;
        self.scheduled();
    }

    pub(crate) fn scheduled(&mut self) {
        self.pod = json!({ "phase": "Pending", "conditions": [{ "type": "PodScheduled", "status": "True" }] });
        self.show_pod();
    }

    /// The pod has no node, as the scheduler says.
    pub(crate) fn unscheduled(&mut self, message: &str) {
        let condition =
            json!({ "type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": message });
        self.pod = json!({ "phase": "Pending", "conditions": [condition] });
        self.show_pod();
        self.event("FailedScheduling", message);
    }

    /// The container is in a state.
    pub(crate) fn container(&mut self, state: &Json) {
        let is_running = state.get("running").is_some();
        let last =
            self.pod.pointer("/containerStatuses/0/state").filter(|state| state.get("terminated").is_some()).cloned();
        let before = self.pod.pointer("/containerStatuses/0/lastState").cloned().unwrap_or(json!({}));
        let status = json!({
            "name": "main", "ready": false, "started": is_running, "restartCount": self.deaths.saturating_sub(u32::from(!is_running && self.deaths > 0)),
            "state": state, "lastState": last.unwrap_or(before),
        });
        self.pod = json!({
            "phase": if is_running || self.deaths > 0 { "Running" } else { "Pending" },
            "conditions": [{ "type": "PodScheduled", "status": "True" }, { "type": "Ready", "status": "False" }],
            "containerStatuses": [status],
        });
        self.show_pod();
    }

    pub(crate) fn waits(&mut self, reason: &str, message: &str) {
        self.container(&json!({ "waiting": { "reason": reason, "message": message } }));
    }

    pub(crate) fn runs(&mut self) {
        self.container(&json!({ "running": { "startedAt": "2026-03-02T10:00:00Z" } }));
    }

    /// The container dies once more.
    pub(crate) fn dies(&mut self, code: i64, reason: &str) {
        self.deaths += 1;
        let id = format!("containerd://life-{}", self.deaths);
        self.container(&json!({ "terminated": { "exitCode": code, "reason": reason, "containerID": id } }));
    }

    pub(crate) fn log(&mut self, current: &str) {
        let text = Some(current.to_owned());
        self.logs.push((pod_name(self.runs), "main".to_owned(), Log { current: text.clone(), previous: text }));
    }

    /// Something is told of the pod's container.
    pub(crate) fn of_container(&mut self, reason: &str, message: &str) {
        self.event_of("Pod", &pod_name(self.runs), "u-pod", "spec.containers{main}", reason, message);
    }

    /// Something is told of the pod.
    pub(crate) fn event(&mut self, reason: &str, message: &str) {
        self.event_of("Pod", &pod_name(self.runs), "u-pod", "", reason, message);
    }

    /// Something is told of what makes the pod.
    pub(crate) fn of_owner(&mut self, reason: &str, message: &str) {
        let (kind, name, uid) = owner(self.runs);
        self.event_of(kind, &name, uid, "", reason, message);
    }

    pub(crate) fn event_of(&mut self, kind: &str, name: &str, uid: &str, path: &str, reason: &str, message: &str) {
        let same = format!("{uid} {reason} {message}");
        let place = self.told.len();
        let count = self.told.entry(same.clone()).and_modify(|count| *count += 1).or_insert(1);
        let count = *count;
        let uid_of_event =
            format!("e-{}", self.told.keys().position(|key| *key == same).map_or(place, |_| hash(&same)));
        self.put(json!({
            "apiVersion": "v1", "kind": "Event", "metadata": { "name": uid_of_event, "namespace": NAMESPACE, "uid": uid_of_event },
            "involvedObject": { "kind": kind, "namespace": NAMESPACE, "name": name, "uid": uid, "fieldPath": path },
            "reason": reason, "message": message, "type": "Warning", "count": count, "eventTime": null,
        }));
    }

    /// Who tried in vain tries once more: what was told of it last is told again.
    pub(crate) fn tries_again(&mut self, at: i64) {
        self.at = at;
        let is_try = |line: &&Line| {
            let text = |field: &str| line.object.text(&[field]).unwrap_or_default();
            let is_pull = text("reason") == "Failed" && text("message").starts_with("Failed to pull");
            is_pull || (text("reason").contains("Failed") && text("reason") != "Failed")
        };
        let last = self.lines.iter().rev().find(|line| line.object.kind() == "Event" && is_try(line)).unwrap();
        let mut event = Json::Object(last.object.map().clone());
        event["count"] = json!(event["count"].as_i64().unwrap() + 1);
        self.put(event);
    }

    /// It all came good: the pod is ready, or has done its work.
    pub(crate) fn comes_good(&mut self) {
        if !self.has_pod {
            self.of_owner("SuccessfulCreate", "Created pod");
            self.make_pod();
        }
        self.at += 5;
        self.runs();
        let ends = self.runs == Runs::Job;
        let (phase, ready) = if ends { ("Succeeded", "False") } else { ("Running", "True") };
        self.pod["phase"] = json!(phase);
        self.pod["conditions"] =
            json!([{ "type": "PodScheduled", "status": "True" }, { "type": "Ready", "status": ready }]);
        self.pod["containerStatuses"][0]["ready"] = json!(!ends);
        self.show_pod();
        self.at += 5;
        if self.runs == Runs::Deployment {
            self.set(&json!({ "observedGeneration": 1, "replicas": 1, "readyReplicas": 1, "availableReplicas": 1 }));
        }
        if self.runs != Runs::Pod {
            self.workload(ready_status(self.runs));
        }
    }

    /// Another pod of the same owner is evicted.
    pub(crate) fn evicted(&mut self, name: &str) {
        let (kind, owner_name, uid) = owner(self.runs);
        let owners = json!([{ "kind": kind, "name": owner_name, "uid": uid }]);
        self.put(json!({ "apiVersion": "v1", "kind": "Pod", "spec": {}, "status": { "phase": "Failed", "reason": "Evicted" },
            "metadata": { "name": name, "namespace": NAMESPACE, "uid": format!("u-{name}"), "ownerReferences": owners } }));
    }

    /// Another object of the namespace.
    pub(crate) fn put(&mut self, object: Json) {
        self.lines.push(Line { at: self.at, gone: false, object: Obj::new(object).unwrap() });
    }

    /// Another object of the namespace goes.
    pub(crate) fn remove(&mut self, object: Json) {
        self.lines.push(Line { at: self.at, gone: true, object: Obj::new(object).unwrap() });
    }

    /// All that was played, as a recording.
    pub(crate) fn recording(self) -> Recording {
        let write =
            Write { at: 0, took: 5, path: format!("/apis/apps/v1/namespaces/{NAMESPACE}/x/{NAME}"), refusal: None };
        let manifests = self.manifests.into_iter().map(|manifest| Obj::new(manifest).unwrap()).collect();
        Recording { manifests, writes: vec![write], lines: self.lines, logs: self.logs }
    }

    fn workload(&mut self, status: Json) {
        if self.runs == Runs::Pod {
            return;
        }
        let mut object = manifest(self.runs);
        object["metadata"]["uid"] = json!("u-work");
        object["metadata"]["namespace"] = json!(NAMESPACE);
        object["metadata"]["generation"] = json!(1);
        object["status"] = status;
        self.put(object);
    }

    fn set(&mut self, status: &Json) {
        let owner = json!([{ "kind": "Deployment", "name": NAME, "uid": "u-work" }]);
        let mut spec = manifest(Runs::Deployment)["spec"].clone();
        spec["template"]["metadata"]["labels"]["pod-template-hash"] = json!("abc");
        self.put(json!({
            "apiVersion": "apps/v1", "kind": "ReplicaSet", "spec": spec, "status": status,
            "metadata": { "name": format!("{NAME}-abc"), "namespace": NAMESPACE, "uid": "u-set", "generation": 1, "ownerReferences": owner },
        }));
    }

    fn show_pod(&mut self) {
        let (kind, name, uid) = owner(self.runs);
        let owners =
            if self.runs == Runs::Pod { json!([]) } else { json!([{ "kind": kind, "name": name, "uid": uid }]) };
        let is_placed = self.pod.pointer("/conditions/0/status") == Some(&json!("True"));
        let mut spec = pod_spec(self.runs);
        if is_placed {
            spec["nodeName"] = json!("node-7");
        }
        let status = self.pod.clone();
        self.put(json!({
            "apiVersion": "v1", "kind": "Pod", "spec": spec, "status": status,
            "metadata": { "name": pod_name(self.runs), "namespace": NAMESPACE, "uid": "u-pod", "ownerReferences": owners },
        }));
    }
}

/// A version of another template, whose pod fails in every way there is, before our write and after it.
pub(crate) fn broken_past() -> Vec<Line> {
    let owned = |kind: &str, uid: &str| json!([{ "kind": kind, "name": "x", "uid": uid }]);
    let meta = |name: &str, owners: Json| json!({ "name": name, "namespace": NAMESPACE, "uid": format!("u-{name}"), "ownerReferences": owners });
    let set = json!({ "apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": meta("before", owned("Deployment", "u-work")),
        "spec": { "replicas": 1, "template": { "spec": { "containers": [{ "name": "main", "image": "old" }] } } },
        "status": { "conditions": [{ "type": "ReplicaFailure", "status": "True", "message": "exceeded quota: team" }] } });
    let pod = |life: i64| {
        let end = json!({ "exitCode": 137, "reason": "OOMKilled", "containerID": format!("old-{life}") });
        json!({ "apiVersion": "v1", "kind": "Pod", "metadata": meta("before-1", owned("ReplicaSet", "u-before")),
            "spec": { "nodeName": "node-7", "containers": [{ "name": "main", "image": "old" }] },
            "status": { "phase": "Running", "containerStatuses": [{ "name": "main", "restartCount": life,
                "state": { "waiting": { "reason": "ImagePullBackOff", "message": "not found" } }, "lastState": { "terminated": end } }] } })
    };
    let event = |reason: &str, message: &str, count: i64| {
        json!({ "apiVersion": "v1", "kind": "Event", "metadata": { "name": reason, "namespace": NAMESPACE, "uid": format!("e-{reason}") },
            "involvedObject": { "kind": "Pod", "name": "before-1", "uid": "u-before-1", "fieldPath": "spec.containers{main}" },
            "reason": reason, "message": message, "count": count })
    };
    let mut lines = vec![(-800, set)];
    for (life, at) in (1..).zip([-700, 100, 700, 1_300, 2_500, 9_000]) {
        lines.push((at, pod(life)));
        lines.push((at, event("Failed", "Failed to pull image \"old\": not found", life)));
        lines.push((at, event("Killing", "Container main failed liveness probe, will be restarted", life)));
        lines.push((at, event("Evicted", "disk", life)));
    }
    lines.into_iter().map(|(at, object)| Line { at, gone: false, object: Obj::new(object).unwrap() }).collect()
}

/// Another pod of the namespace, which is going away.
pub(crate) fn going_pod() -> Json {
    json!({ "apiVersion": "v1", "kind": "Pod", "spec": {}, "status": { "phase": "Running" },
        "metadata": { "name": "old", "namespace": NAMESPACE, "uid": "u-old", "deletionTimestamp": "2026-03-02T10:00:00Z" } })
}

/// Another object of the namespace, of which only the kind matters.
pub(crate) fn other(api_version: &str, kind: &str, name: &str) -> Json {
    json!({ "apiVersion": api_version, "kind": kind, "metadata": { "name": name, "namespace": NAMESPACE, "uid": format!("u-{name}") } })
}

/// The pod's node.
pub(crate) fn node(ready: &str, labels: &Json) -> Json {
    json!({ "apiVersion": "v1", "kind": "Node", "metadata": { "name": "node-7", "uid": "u-node", "labels": labels },
        "status": { "conditions": [{ "type": "Ready", "status": ready, "reason": "KubeletNotReady" }] } })
}

fn hash(text: &str) -> usize {
    usize::try_from(crate::bend::chance(1, text) % 1_000_000_007).unwrap()
}

fn pod_name(runs: Runs) -> String {
    match runs {
        Runs::Deployment => format!("{NAME}-abc-x1"),
        Runs::StatefulSet => format!("{NAME}-0"),
        Runs::DaemonSet | Runs::Job => format!("{NAME}-z9"),
        Runs::Pod => NAME.to_owned(),
    }
}

fn owner(runs: Runs) -> (&'static str, String, &'static str) {
    match runs {
        Runs::Deployment => ("ReplicaSet", format!("{NAME}-abc"), "u-set"),
        Runs::StatefulSet => ("StatefulSet", NAME.to_owned(), "u-work"),
        Runs::DaemonSet => ("DaemonSet", NAME.to_owned(), "u-work"),
        Runs::Job => ("Job", NAME.to_owned(), "u-work"),
        Runs::Pod => ("Pod", NAME.to_owned(), "u-pod"),
    }
}

fn pod_spec(runs: Runs) -> Json {
    let probe = json!({ "failureThreshold": 3, "httpGet": { "path": "/", "port": 80 } });
    let policy = if runs == Runs::Job { "OnFailure" } else { "Always" };
    let claim = json!([{ "name": "data", "persistentVolumeClaim": { "claimName": "books" } }]);
    json!({ "restartPolicy": policy, "volumes": claim, "containers": [{ "name": "main", "image": IMAGE, "readinessProbe": probe }] })
}

fn manifest(runs: Runs) -> Json {
    let template = json!({ "metadata": { "labels": { "app": NAME } }, "spec": pod_spec(runs) });
    let (version, kind) = match runs {
        Runs::Deployment => ("apps/v1", "Deployment"),
        Runs::StatefulSet => ("apps/v1", "StatefulSet"),
        Runs::DaemonSet => ("apps/v1", "DaemonSet"),
        Runs::Job => ("batch/v1", "Job"),
        Runs::Pod => ("v1", "Pod"),
    };
    let spec = if runs == Runs::Pod { pod_spec(runs) } else { json!({ "replicas": 1, "template": template }) };
    json!({ "apiVersion": version, "kind": kind, "metadata": { "name": NAME }, "spec": spec })
}

fn unready(runs: Runs) -> Json {
    match runs {
        Runs::Deployment => json!({ "observedGeneration": 1, "replicas": 1, "updatedReplicas": 1 }),
        Runs::StatefulSet => {
            json!({ "observedGeneration": 1, "replicas": 1, "updatedReplicas": 1, "currentRevision": "r", "updateRevision": "r" })
        }
        Runs::DaemonSet => json!({ "observedGeneration": 1, "desiredNumberScheduled": 1, "updatedNumberScheduled": 1 }),
        Runs::Job => json!({ "active": 1 }),
        Runs::Pod => json!({}),
    }
}

fn ready_status(runs: Runs) -> Json {
    let mut status = unready(runs);
    let more = match runs {
        Runs::Deployment => json!({ "readyReplicas": 1, "availableReplicas": 1 }),
        Runs::StatefulSet => json!({ "readyReplicas": 1 }),
        Runs::DaemonSet => json!({ "numberAvailable": 1 }),
        Runs::Job => json!({ "active": 0, "succeeded": 1, "conditions": [{ "type": "Complete", "status": "True" }] }),
        Runs::Pod => json!({}),
    };
    status.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    status
}
