//! Nodes that nobody hears of: unknown after 40 s, tainted at once, their pods deleted when their patience is over.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::{Value, json};

use super::pod::{self, Pod};
use crate::api::delete::DeleteOptions;
use crate::config::SimConfig;
use crate::object::{Object, ObjectExt};
use crate::store::{Entry, Key};
use crate::time::Micros;
use crate::world::controller::{Controller, Keys, Outcome};
use crate::world::cx::Cx;

/// How long a node may be silent.
const GRACE: Duration = Duration::from_secs(40);
/// How often somebody looks.
const PERIOD: Duration = Duration::from_secs(5);
const UNREACHABLE: &str = "node.kubernetes.io/unreachable";

pub(crate) struct Lifecycle {
    /// Nodes that have a kubelet.
    own: BTreeSet<String>,
    /// Since when nobody hears of a node, and what it said last.
    silent: BTreeMap<Key, (String, Micros)>,
}

impl Lifecycle {
    pub(crate) fn new(config: &SimConfig) -> Lifecycle {
        Lifecycle { own: config.nodes.iter().map(|node| node.name.clone()).collect(), silent: BTreeMap::new() }
    }

    fn is_silent(&self, cx: &Cx<'_>, node: &Object) -> bool {
        !self.own.contains(node.name()) || cx.sim.faults().is_lost(node.name())
    }

    /// When the node was last heard of: when what it says of itself was first seen, by our own clock.
    fn heard(&mut self, key: &Key, node: &Object, now: Micros) -> Micros {
        let beat = condition(node, "Ready").and_then(|ready| ready["lastHeartbeatTime"].as_str()).unwrap_or_default();
        let (said, since) = self.silent.entry(key.clone()).or_insert_with(|| (beat.to_owned(), now));
        if said != beat {
            (*said, *since) = (beat.to_owned(), now);
        }
        *since
    }

    /// Deletes the pods of a node that are not to wait any longer.
    fn evict(cx: &mut Cx<'_>, node: &str, since: Micros) {
        for stored in cx.sim.store().pods_on(node) {
            let Some(pod) = pod::read(&stored) else { continue };
            let patience = patience(&pod);
            let due = patience.is_some_and(|patience| cx.now() >= since.plus(patience));
            if due && !pod.is_deleting() {
                let key = stored.key.clone();
                let mut mark = |pod: &mut Object| mark_disrupted(pod, &since.rfc3339());
                let marked = cx.change(&key, Some("status"), &mut mark);
                let deleted = cx.delete(&key, &DeleteOptions::default());
                if let Some(why) = marked.err().or(deleted.err()) {
                    tracing::debug!("the pod `{}` was not evicted: {}", key.name, why.message);
                }
            }
        }
    }
}

fn mark_disrupted(pod: &mut Object, since: &str) {
    let condition = json!({
        "type": "DisruptionTarget", "observedGeneration": pod.generation(), "status": "True", "lastProbeTime": null,
        "lastTransitionTime": since, "reason": "DeletionByTaintManager",
        "message": "Taint manager: deleting due to NoExecute taint",
    });
    if let Some(Value::Array(conditions)) = pod.at_mut("/status/conditions") {
        conditions.retain(|known| known["type"] != "DisruptionTarget");
        conditions.push(condition);
    }
}

/// How long a pod bears a node that cannot be reached; nothing is for ever.
fn patience(pod: &Pod) -> Option<Duration> {
    let bears = |toleration: &&Value| {
        let key = toleration["key"].as_str().unwrap_or_default();
        let effect = toleration["effect"].as_str().unwrap_or_default();
        (key.is_empty() || key == UNREACHABLE) && (effect.is_empty() || effect == "NoExecute")
    };
    match pod.spec.tolerations.iter().find(bears) {
        None => Some(Duration::ZERO),
        Some(toleration) => {
            let seconds = toleration["tolerationSeconds"].as_i64()?;
            Some(Duration::from_secs(u64::try_from(seconds).unwrap_or_default()))
        }
    }
}

impl Controller for Lifecycle {
    fn name(&self) -> &'static str {
        "node-controller"
    }

    fn interested(&self, change: &Entry, cx: &Cx<'_>, queue: &mut Keys) {
        let is_node = cx.sim.kinds().stored(change.key().kind).is_some_and(|kind| kind.is("", "Node"));
        if is_node {
            queue.add(change.key().clone());
        }
    }

    fn reconcile(&mut self, cx: &mut Cx<'_>, key: &Key) -> Outcome {
        let Some(node) = cx.stored(key).and_then(|stored| cx.thaw(&stored)) else {
            self.silent.remove(key);
            return Outcome::Done;
        };
        if !self.is_silent(cx, &node) {
            self.silent.remove(key);
            if self.own.contains(node.name()) && tainted(&node, "NoExecute").is_some() {
                return recovered(cx, key);
            }
            // Only a fault makes a node of ours silent, and nobody is told of one: it is looked for.
            let at = cx.now().plus(PERIOD);
            return Outcome::At(at);
        }
        let heard = self.heard(key, &node, cx.now());
        let ready = condition(&node, "Ready");
        let now = cx.now();
        if ready.is_some_and(|ready| ready["status"] != "Unknown") {
            let due = heard.plus(GRACE);
            if now < due {
                return Outcome::At(due);
            }
            return settled(&cx.change(key, Some("status"), &mut |node: &mut Object| unknown(node, now)));
        }
        for effect in ["NoSchedule", "NoExecute"] {
            if tainted(&node, effect).is_none() && ready.is_some() {
                let taint = json!({"key": UNREACHABLE, "effect": effect, "timeAdded": now.rfc3339()});
                return settled(&cx.change(key, None, &mut |node: &mut Object| {
                    let mut taints = node.items("/spec/taints").to_vec();
                    taints.push(taint.clone());
                    node.put(&["spec", "taints"], taints.into());
                }));
            }
        }
        if let Some(since) = tainted(&node, "NoExecute") {
            Self::evict(cx, key.name.as_ref(), since);
            return Outcome::After(PERIOD);
        }
        Outcome::Done
    }
}

fn settled<T>(written: &Result<T, crate::status::Status>) -> Outcome {
    if written.is_ok() { Outcome::Done } else { Outcome::Retry }
}

fn condition<'n>(node: &'n Object, kind: &str) -> Option<&'n Value> {
    node.items("/status/conditions").iter().find(|condition| condition["type"] == kind)
}

/// Since when a node has the taint.
fn tainted(node: &Object, effect: &str) -> Option<Micros> {
    let taints = node.items("/spec/taints").iter();
    let taint = taints.clone().find(|taint| taint["key"] == UNREACHABLE && taint["effect"] == effect)?;
    taint["timeAdded"].as_str().and_then(Micros::parse).or(Some(Micros::default()))
}

fn unknown(node: &mut Object, now: Micros) {
    let Some(Value::Array(conditions)) = node.at_mut("/status/conditions") else { return };
    for condition in conditions {
        condition["status"] = "Unknown".into();
        condition["reason"] = "NodeStatusUnknown".into();
        condition["message"] = "Kubelet stopped posting node status.".into();
        condition["lastTransitionTime"] = now.rfc3339().into();
    }
}

fn recovered(cx: &mut Cx<'_>, key: &Key) -> Outcome {
    let now = cx.now().rfc3339();
    let healthy = [
        ("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
        ("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
        ("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
        ("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
    ];
    let told = cx.change(key, Some("status"), &mut |node: &mut Object| {
        let Some(Value::Array(conditions)) = node.at_mut("/status/conditions") else { return };
        for condition in conditions {
            let Some(known) = healthy.iter().find(|(kind, ..)| condition["type"] == *kind) else { continue };
            condition["status"] = known.1.into();
            condition["reason"] = known.2.into();
            condition["message"] = known.3.into();
            condition["lastHeartbeatTime"] = now.as_str().into();
            condition["lastTransitionTime"] = now.as_str().into();
        }
    });
    if told.is_err() {
        return Outcome::Retry;
    }
    settled(&cx.change(key, None, &mut |node: &mut Object| {
        let taints: Vec<Value> =
            node.items("/spec/taints").iter().filter(|taint| taint["key"] != UNREACHABLE).cloned().collect();
        match taints.is_empty() {
            true => drop(node.take(&["spec", "taints"])),
            false => node.put(&["spec", "taints"], taints.into()),
        }
    }))
}
