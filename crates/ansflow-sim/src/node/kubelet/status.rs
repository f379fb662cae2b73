//! What a node says of a pod: phase, conditions and container states, made of what the runtime showed at the last relist.

use serde_json::{Map, Value, json};

use super::life::{End, Life, Lives, State};
use super::probes::Probes;
use crate::node::pod::Pod;
use crate::time::Micros;

/// All that a status is made of.
pub(super) struct Facts<'a> {
    pub(super) pod: &'a Pod,
    /// By container, init containers first.
    pub(super) lives: &'a [Lives],
    /// Why a container was not started at the last look.
    pub(super) reasons: &'a Reasons,
    pub(super) probes: &'a Probes,
    pub(super) host: &'a str,
    /// The address of the sandbox, once it was seen.
    pub(super) address: Option<&'a str>,
    /// Whether the sandbox is up.
    pub(super) sandboxed: bool,
    /// Nothing of it will be started again.
    pub(super) over: bool,
    /// Its processes and its sandbox are stopped.
    pub(super) stopped: bool,
    /// All of it is gone for good: what never was is unknown now.
    pub(super) gone: bool,
    /// Why it fails whatever its containers do, or what is said of it where they fail.
    pub(super) doom: Option<&'a Doom>,
    pub(super) since: Micros,
    pub(super) now: Micros,
}

/// Why a pod ends before its time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Doom {
    /// `Evicted`, `DeadlineExceeded`.
    pub(super) reason: &'static str,
    pub(super) message: String,
    /// It fails even where its containers end well.
    pub(super) surely: bool,
    /// Who counts disruptions is told.
    pub(super) disruption: bool,
}

/// Why containers were not started: reason and message, by container.
pub(super) type Reasons = std::collections::BTreeMap<String, (String, String)>;

/// A status, and whether the pod ends with it.
pub(super) struct Made {
    pub(super) status: Value,
    pub(super) ends: bool,
}

pub(super) fn make(facts: &Facts<'_>) -> Made {
    let pod = facts.pod;
    let mut states: Vec<Value> = (0..facts.lives.len()).map(|at| container(facts, at)).collect();
    if facts.gone {
        states.iter_mut().for_each(lost);
    }
    let phase = match facts.doom {
        Some(doom) if doom.surely => "Failed",
        _ => phase(facts, &states),
    };
    let ends = matches!(phase, "Succeeded" | "Failed");
    let old = pod.status["phase"].as_str().unwrap_or("Pending");
    // A pod does not end before all of it is gone.
    let told = if ends && !facts.stopped { old } else { phase };
    let conditions = conditions(facts, phase, &states);
    let mut status = Map::new();
    let mut put = |field: &str, value: Value| drop(status.insert(field.to_owned(), value));
    put("observedGeneration", pod.metadata.generation.into());
    put("phase", told.into());
    put("conditions", conditions.into());
    match facts.doom.filter(|_| told == "Failed") {
        Some(doom) => {
            put("message", doom.message.as_str().into());
            put("reason", doom.reason.into());
        }
        None => ["message", "reason"].iter().for_each(|field| {
            if let Some(value) = pod.status.get(field) {
                put(field, value.clone());
            }
        }),
    }
    if let Some(value) = pod.status.get("nominatedNodeName") {
        put("nominatedNodeName", value.clone());
    }
    put("hostIP", facts.host.into());
    put("hostIPs", json!([{"ip": facts.host}]));
    if let Some(address) = facts.address {
        put("podIP", address.into());
        put("podIPs", json!([{"ip": address}]));
    }
    put("startTime", facts.since.rfc3339().into());
    let mains = states.split_off(pod.spec.init_containers.len());
    if !states.is_empty() {
        put("initContainerStatuses", states.into());
    }
    put("containerStatuses", mains.into());
    for field in ["qosClass", "ephemeralContainerStatuses", "resize"] {
        if let Some(value) = pod.status.get(field) {
            put(field, value.clone());
        }
    }
    Made { status: Value::Object(status), ends }
}

fn container(facts: &Facts<'_>, at: usize) -> Value {
    let (pod, spec, lives) = (facts.pod, facts.pod.container(at), &facts.lives[at]);
    let waiting = if pod.spec.init_containers.is_empty() { "ContainerCreating" } else { "PodInitializing" };
    let mut state = lives.last().map_or_else(|| json!({"waiting": {"reason": waiting}}), said);
    let mut before = lives.before().map_or_else(|| json!({}), said);
    // What is to be started again, and was not at the last look, waits.
    let to_start = match lives.last() {
        None => true,
        Some(life) => life.end().is_some_and(|end| pod.restarts(at, end.code)),
    };
    if let Some((reason, message)) = facts.reasons.get(&spec.name).filter(|_| to_start && !facts.over) {
        if state.get("terminated").is_some() {
            before = state;
        }
        state = json!({"waiting": {"reason": reason, "message": message}});
        if message.is_empty() {
            state = json!({"waiting": {"reason": reason}});
        }
    }
    let running = lives.is_running();
    let started = running && facts.probes.has_started(at);
    let done = lives.ended().is_some_and(|end| end.code == 0);
    let ready = match pod.is_init(at) && !pod.is_sidecar(at) {
        true => done,
        false => started && facts.probes.is_ready(at),
    };
    let mut status = Map::new();
    let mut put = |field: &str, value: Value| drop(status.insert(field.to_owned(), value));
    put("name", spec.name.as_str().into());
    put("state", state);
    put("lastState", before);
    put("ready", ready.into());
    put("restartCount", lives.last().map_or(0, |life| life.attempt).into());
    match lives.last() {
        Some(life) => {
            put("image", life.image.as_str().into());
            put("imageID", life.image_id.as_str().into());
            put("containerID", format!("containerd://{}", life.id).into());
        }
        None => {
            put("image", spec.image.as_str().into());
            put("imageID", "".into());
        }
    }
    put("started", started.into());
    if let Some(requests) = spec.resources.get("requests") {
        put("allocatedResources", requests.clone());
    }
    if lives.last().is_some() {
        put("resources", if spec.resources.is_object() { spec.resources.clone() } else { json!({}) });
    } else if spec.resources.get("requests").is_some() {
        put("resources", spec.resources.clone());
    }
    let mounts: Vec<Value> = spec.volume_mounts.iter().map(mounted).collect();
    if !mounts.is_empty() {
        put("volumeMounts", mounts.into());
    }
    Value::Object(status)
}

fn mounted(mount: &Value) -> Value {
    let mut said = json!({"name": mount["name"], "mountPath": mount["mountPath"]});
    if mount["readOnly"] == true {
        said["readOnly"] = true.into();
        said["recursiveReadOnly"] = "Disabled".into();
    }
    said
}

fn said(life: &Life) -> Value {
    match &life.state {
        State::Running { since } => json!({"running": {"startedAt": since.rfc3339()}}),
        State::Ended(End { since, at, code, reason, message }) => {
            let mut ended = json!({"exitCode": code, "reason": reason});
            if !message.is_empty() {
                ended["message"] = message.as_str().into();
            }
            ended["startedAt"] = since.unwrap_or_default().rfc3339().into();
            ended["finishedAt"] = at.rfc3339().into();
            ended["containerID"] = format!("containerd://{}", life.id).into();
            json!({"terminated": ended})
        }
    }
}

/// Nobody knows any more what became of a container that never was.
fn lost(status: &mut Value) {
    if status["state"].get("waiting").is_some() && status["lastState"].get("terminated").is_none() {
        status["state"] = json!({"terminated": {
            "exitCode": 137, "reason": "ContainerStatusUnknown",
            "message": "The container could not be located when the pod was terminated",
            "startedAt": null, "finishedAt": null,
        }});
    }
}

fn code(status: &Value) -> Option<i64> {
    status["state"]["terminated"]["exitCode"].as_i64()
}

fn phase(facts: &Facts<'_>, states: &[Value]) -> &'static str {
    let pod = facts.pod;
    let (inits, mains) = states.split_at(pod.spec.init_containers.len());
    let started = |status: &Value| status["state"].get("running").is_some() || code(status).is_some();
    let mut initializing = false;
    for (at, status) in inits.iter().enumerate() {
        if pod.is_sidecar(at) {
            initializing |= !status["started"].as_bool().unwrap_or_default() && code(status).is_none();
            continue;
        }
        match code(status) {
            Some(0) => {}
            Some(_) if pod.spec.restart_policy == "Never" => return "Failed",
            _ => initializing = true,
        }
    }
    let any_main = mains.iter().any(started);
    if facts.gone {
        // The init containers count as well where the pod never came to its own.
        let all =
            mains.iter().chain(inits.iter().enumerate().filter(|(at, _)| !pod.is_sidecar(*at)).map(|(_, one)| one));
        return if all.clone().all(|status| code(status) == Some(0)) { "Succeeded" } else { "Failed" };
    }
    if initializing && !any_main {
        return "Pending";
    }
    let (mut waiting, mut running, mut stopped, mut succeeded) = (0, 0, 0, 0);
    for status in mains {
        if status["state"].get("running").is_some() {
            running += 1;
        } else if let Some(code) = code(status) {
            stopped += 1;
            succeeded += i32::from(code == 0);
        } else if status["lastState"].get("terminated").is_some() {
            stopped += 1;
        } else {
            waiting += 1;
        }
    }
    match (waiting, running, stopped) {
        (1.., _, _) => "Pending",
        (0, 1.., _) => "Running",
        (0, 0, 1..) if facts.over && stopped == succeeded => "Succeeded",
        (0, 0, 1..) if facts.over => "Failed",
        (0, 0, 1..) => match pod.spec.restart_policy.as_str() {
            "Never" | "OnFailure" if stopped == succeeded => "Succeeded",
            "Never" => "Failed",
            _ => "Running",
        },
        _ => "Pending",
    }
}

/// The conditions in the order in which kubelets write them; those of others stay, in front.
fn conditions(facts: &Facts<'_>, phase: &str, states: &[Value]) -> Vec<Value> {
    const OWN: [&str; 5] = ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"];
    let pod = facts.pod;
    let (inits, mains) = states.split_at(pod.spec.init_containers.len());
    let names = |list: &[&Value]| {
        list.iter().map(|status| status["name"].as_str().unwrap_or_default()).collect::<Vec<&str>>().join(" ")
    };
    let old: &[Value] = pod.status["conditions"].as_array().map_or(&[], Vec::as_slice);
    let mut all: Vec<Value> = old.iter().filter(|one| !OWN.iter().any(|own| one["type"] == *own)).cloned().collect();
    let mut add = |kind: &str, verdict: bool, reason: &str, message: String| {
        all.push(condition(facts, kind, verdict, reason, &message));
    };
    if let Some(doom) = facts.doom.filter(|doom| doom.disruption && pod.condition("DisruptionTarget").is_none()) {
        add("DisruptionTarget", true, "TerminationByKubelet", doom.message.clone());
    }
    add(OWN[0], facts.sandboxed, "", String::new());

    let incomplete: Vec<&Value> = inits
        .iter()
        .enumerate()
        .filter(|(at, status)| match pod.is_sidecar(*at) {
            true => status["started"] != true,
            false => status["ready"] != true,
        })
        .map(|(_, status)| status)
        .collect();
    match (phase, incomplete.is_empty() || mains.iter().any(|status| status["state"].get("running").is_some())) {
        ("Succeeded", _) => add(OWN[1], true, "PodCompleted", String::new()),
        (_, true) => add(OWN[1], true, "", String::new()),
        (_, false) => {
            let message = format!("containers with incomplete status: [{}]", names(&incomplete));
            add(OWN[1], false, "ContainersNotInitialized", message);
        }
    }

    let sidecars = inits.iter().enumerate().filter(|(at, _)| pod.is_sidecar(*at)).map(|(_, status)| status);
    let unready: Vec<&Value> = sidecars.chain(mains).filter(|status| status["ready"] != true).collect();
    // A pod that never came to run fails as one whose containers are not ready.
    let tells = mains.iter().any(|status| code(status).is_some_and(|_| reason_of(status) != "ContainerStatusUnknown"));
    let (contained, reason, message) = match phase {
        "Succeeded" => (false, "PodCompleted", String::new()),
        "Failed" if tells || !facts.gone => (false, "PodFailed", String::new()),
        _ if unready.is_empty() => (true, "", String::new()),
        _ => (false, "ContainersNotReady", format!("containers with unready status: [{}]", names(&unready))),
    };
    match gates(pod).filter(|_| contained) {
        Some(message) => add(OWN[2], false, "ReadinessGatesNotReady", message),
        None => add(OWN[2], contained, reason, message.clone()),
    }
    add(OWN[3], contained, reason, message);
    add(OWN[4], true, "", String::new());
    all
}

fn reason_of(status: &Value) -> &str {
    status["state"]["terminated"]["reason"].as_str().unwrap_or_default()
}

/// What a pod's readiness gates say against it.
fn gates(pod: &Pod) -> Option<String> {
    let mut said = Vec::new();
    for gate in &pod.spec.readiness_gates {
        let kind = gate["conditionType"].as_str().unwrap_or_default();
        match pod.condition(kind) {
            None => said.push(format!("corresponding condition of pod readiness gate \"{kind}\" does not exist.")),
            Some(condition) if condition["status"] == "True" => {}
            Some(condition) => {
                let status = condition["status"].as_str().unwrap_or_default();
                said.push(format!("the status of pod readiness gate \"{kind}\" is not \"True\", but {status}"));
            }
        }
    }
    (!said.is_empty()).then(|| said.join(", "))
}

fn condition(facts: &Facts<'_>, kind: &str, verdict: bool, reason: &str, message: &str) -> Value {
    let status = if verdict { "True" } else { "False" };
    let old = facts.pod.condition(kind).filter(|old| old["status"] == status);
    let changed = old.and_then(|old| old["lastTransitionTime"].as_str());
    let changed = changed.map_or_else(|| facts.now.rfc3339(), str::to_owned);
    let mut made = json!({
        "type": kind, "observedGeneration": facts.pod.metadata.generation, "status": status, "lastProbeTime": null,
        "lastTransitionTime": changed,
    });
    if !reason.is_empty() {
        made["reason"] = reason.into();
    }
    if !message.is_empty() {
        made["message"] = message.into();
    }
    made
}
