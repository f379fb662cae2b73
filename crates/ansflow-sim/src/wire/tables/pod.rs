//! Pods: what the STATUS of `kubectl get pods` says is worked out here from all their containers.

use serde_json::{Value, json};

use super::{age, name, text_or};
use crate::object::{Object, ObjectExt};
use crate::time::Micros;

pub(super) fn cells(pod: &Object, now: Micros) -> Vec<Value> {
    let Summary { ready, total, reason, restarts, last_restart } = Summary::of(pod);
    let restarts = match last_restart {
        Some(last) if restarts != 0 => format!("{restarts} ({} ago)", age::between(last, now)),
        _ => restarts.to_string(),
    };
    let ip = pod.items("/status/podIPs").first().and_then(|ip| ip["ip"].as_str()).unwrap_or("<none>");
    vec![
        name(pod),
        format!("{ready}/{total}").into(),
        reason.into(),
        restarts.into(),
        age::age(pod, now),
        ip.into(),
        text_or(pod, "/spec/nodeName", "<none>"),
        text_or(pod, "/status/nominatedNodeName", "<none>"),
        gates(pod).into(),
    ]
}

/// The condition of a row whose pod has ended.
pub(super) fn completed(pod: &Object) -> Option<Value> {
    let (reason, message) = match pod.text("/status/phase") {
        "Succeeded" => ("Succeeded", "The pod has completed successfully."),
        "Failed" => ("Failed", "The pod failed."),
        _ => return None,
    };
    Some(json!({"type": "Completed", "status": "True", "reason": reason, "message": message}))
}

struct Summary {
    ready: usize,
    total: usize,
    reason: String,
    restarts: i64,
    last_restart: Option<Micros>,
}

impl Summary {
    fn of(pod: &Object) -> Summary {
        let init = pod.items("/spec/initContainers");
        let sidecars = init.iter().filter(|container| is_sidecar(container)).count();
        let mut summary = Summary {
            ready: 0,
            total: pod.items("/spec/containers").len() + sidecars,
            reason: first_of([pod.text("/status/reason"), pod.text("/status/phase")]),
            restarts: 0,
            last_restart: None,
        };
        if condition(pod, "PodScheduled").is_some_and(|condition| condition["reason"] == "SchedulingGated") {
            summary.reason = "SchedulingGated".to_owned();
        }
        let sidecar_restarts = summary.initialise(pod, init);
        let is_initialised = condition(pod, "Initialized").is_some_and(|condition| condition["status"] == "True");
        if sidecar_restarts.done || is_initialised {
            summary.restarts = sidecar_restarts.count;
            summary.last_restart = sidecar_restarts.last;
            summary.run(pod);
        }
        if pod.is_deleting() {
            if pod.text("/status/reason") == "NodeLost" {
                summary.reason = "Unknown".to_owned();
            } else if !matches!(pod.text("/status/phase"), "Succeeded" | "Failed") {
                summary.reason = "Terminating".to_owned();
            }
        }
        summary
    }

    /// Goes through the init containers up to the first that is not done.
    fn initialise(&mut self, pod: &Object, init: &[Value]) -> Sidecars {
        let mut sidecars = Sidecars { count: 0, last: None, done: false };
        for (index, status) in pod.items("/status/initContainerStatuses").iter().enumerate() {
            let is_sidecar = init.iter().any(|container| container["name"] == status["name"] && is_sidecar(container));
            let (count, last) = restarts(status);
            self.restarts += count;
            self.last_restart = self.last_restart.max(last);
            if is_sidecar {
                sidecars.count += count;
                sidecars.last = sidecars.last.max(last);
            }
            let state = &status["state"];
            if state["terminated"]["exitCode"] == 0 {
                continue;
            }
            if is_sidecar && status["started"] == true {
                self.ready += usize::from(status["ready"] == true);
                continue;
            }
            let waiting = state["waiting"]["reason"].as_str().unwrap_or_default();
            self.reason = if state["terminated"].is_object() {
                format!("Init:{}", ended(&state["terminated"]))
            } else if !matches!(waiting, "" | "PodInitializing") {
                format!("Init:{waiting}")
            } else {
                format!("Init:{index}/{}", init.len())
            };
            return sidecars;
        }
        Sidecars { done: true, ..sidecars }
    }

    /// Goes through the containers, the last first, so that the first has the last word.
    fn run(&mut self, pod: &Object) {
        let mut has_running = false;
        for status in pod.items("/status/containerStatuses").iter().rev() {
            let (count, last) = restarts(status);
            self.restarts += count;
            self.last_restart = self.last_restart.max(last);
            let state = &status["state"];
            let waiting = state["waiting"]["reason"].as_str().unwrap_or_default();
            if !waiting.is_empty() {
                self.reason = waiting.to_owned();
            } else if state["terminated"].is_object() {
                self.reason = ended(&state["terminated"]);
            } else if status["ready"] == true && state["running"].is_object() {
                has_running = true;
                self.ready += 1;
            }
        }
        if self.reason == "Completed" && has_running {
            let is_ready = condition(pod, "Ready").is_some_and(|condition| condition["status"] == "True");
            self.reason = if is_ready { "Running" } else { "NotReady" }.to_owned();
        }
    }
}

/// Restarts of sidecars are counted once the others are done.
struct Sidecars {
    count: i64,
    last: Option<Micros>,
    done: bool,
}

fn is_sidecar(container: &Value) -> bool {
    container["restartPolicy"] == "Always"
}

fn restarts(status: &Value) -> (i64, Option<Micros>) {
    let last = status["lastState"]["terminated"]["finishedAt"].as_str().and_then(Micros::parse);
    (status["restartCount"].as_i64().unwrap_or(0), last)
}

/// Why a container ended: its reason, or its signal or exit code.
fn ended(terminated: &Value) -> String {
    match (terminated["reason"].as_str().unwrap_or_default(), terminated["signal"].as_i64().unwrap_or(0)) {
        ("", 0) => format!("ExitCode:{}", terminated["exitCode"].as_i64().unwrap_or(0)),
        ("", signal) => format!("Signal:{signal}"),
        (reason, _) => reason.to_owned(),
    }
}

fn condition<'a>(pod: &'a Object, ty: &str) -> Option<&'a Value> {
    pod.items("/status/conditions").iter().find(|condition| condition["type"] == ty)
}

fn gates(pod: &Object) -> String {
    let gates = pod.items("/spec/readinessGates");
    if gates.is_empty() {
        return "<none>".to_owned();
    }
    let open = gates.iter().filter(|gate| {
        let ty = gate["conditionType"].as_str().unwrap_or_default();
        condition(pod, ty).is_some_and(|condition| condition["status"] == "True")
    });
    format!("{}/{}", open.count(), gates.len())
}

fn first_of(texts: [&str; 2]) -> String {
    texts.into_iter().find(|text| !text.is_empty()).unwrap_or_default().to_owned()
}
