//! Who says where a pod goes: filters in Kubernetes' order, the least used node, and words for why there is none.

mod claims;
mod fit;
mod preempt;
mod tell;

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::pod::{self, Pod};
use crate::config::SimConfig;
use crate::door::Actor;
use crate::object::{Object, ObjectExt, Str};
use crate::store::{ChangeKind, Entry, Key, Stored};
use crate::time::Micros;
use crate::world::controller::{Controller, Keys, Outcome};
use crate::world::cx::Cx;
use fit::{Load, Node, Refusal, Used};
use preempt::Search;
use tell::{Preemption, Told};

pub(crate) struct Scheduler {
    /// Pods for which there was no node: how often, and when last.
    waiting: BTreeMap<Key, (u32, Micros)>,
    /// What is used of each node; a pod that comes or goes takes it out.
    used: RefCell<BTreeMap<Str, Arc<Used>>>,
    /// What each pod takes, by uid.
    loads: RefCell<HashMap<Str, Arc<Load>>>,
    told: Told,
    /// Pods whose node is known, and whose volumes are still being made.
    binding: BTreeMap<Key, Str>,
}

impl Scheduler {
    pub(crate) fn new(config: &SimConfig) -> Scheduler {
        let host = config.nodes.first().map_or("simulated", |node| node.name.as_str());
        Scheduler {
            waiting: BTreeMap::new(),
            used: RefCell::default(),
            loads: RefCell::default(),
            told: Told::by(host),
            binding: BTreeMap::new(),
        }
    }

    fn used(&self, cx: &Cx<'_>, node: &Str) -> Arc<Used> {
        let mut known = self.used.borrow_mut();
        let mut loads = self.loads.borrow_mut();
        known.entry(node.clone()).or_insert_with(|| Arc::new(Used::on(cx, node, &mut loads))).clone()
    }

    /// What is used of a node is counted anew when a pod comes, goes or ends there, or is no longer what it was.
    fn forget(&self, change: &Entry) {
        let (old, new) = (change.old.as_deref(), &*change.object);
        let is_same = |old: &Stored| old.node == new.node && old.labels == new.labels && old.deleting == new.deleting;
        let same = change.change != ChangeKind::Deleted && old.is_some_and(is_same);
        if new.node.is_none() || (same && !fit::has_ended(new)) {
            return;
        }
        self.loads.borrow_mut().remove(&new.uid);
        for node in [old.and_then(|old| old.node.as_ref()), new.node.as_ref()].into_iter().flatten() {
            self.used.borrow_mut().remove(node);
        }
    }

    fn bind(&mut self, cx: &mut Cx<'_>, stored: &Stored, node: &str) -> Outcome {
        let key = stored.key.clone();
        let now = cx.now().rfc3339();
        let mut set = |pod: &mut Object| {
            pod.put(&["spec", "nodeName"], node.into());
            let scheduled =
                json!({"type": "PodScheduled", "status": "True", "lastProbeTime": null, "lastTransitionTime": now});
            put_condition(pod, scheduled);
        };
        if let Err(why) = cx.change(&key, Some("binding"), &mut set) {
            tracing::debug!("the pod `{}` was not bound: {}", key.name, why.message);
            return Outcome::Retry;
        }
        self.waiting.remove(&key);
        self.used.borrow_mut().remove(node);
        let message = format!("Successfully assigned {}/{} to {node}", key.namespace, key.name);
        self.told.tell(cx, stored, "Normal", "Scheduled", "Binding", &message);
        Outcome::Done
    }

    fn refuse(&mut self, cx: &mut Cx<'_>, stored: &Stored, pod: &Pod, message: &str) -> Outcome {
        self.refuse_and(cx, stored, pod, message, None)
    }

    /// Says that there is no node now; perhaps where there will be room soon.
    fn refuse_and(
        &mut self,
        cx: &mut Cx<'_>,
        stored: &Stored,
        pod: &Pod,
        message: &str,
        soon: Option<&str>,
    ) -> Outcome {
        let key = stored.key.clone();
        let now = cx.now();
        self.told.tell(cx, stored, "Warning", "FailedScheduling", "Scheduling", message);
        let since = pod.condition("PodScheduled").filter(|old| old["status"] == "False");
        let since =
            since.and_then(|old| old["lastTransitionTime"].as_str()).map_or_else(|| now.rfc3339(), str::to_owned);
        let condition = json!({
            "type": "PodScheduled", "observedGeneration": pod.metadata.generation, "status": "False", "lastProbeTime": null,
            "lastTransitionTime": since, "reason": "Unschedulable", "message": message,
        });
        let told = cx.change(&key, Some("status"), &mut |pod: &mut Object| {
            put_condition(pod, condition.clone());
            soon.into_iter().for_each(|node| preempt::nominate(pod, node));
        });
        if let Err(why) = told {
            tracing::debug!("the pod `{}` was not told that it waits: {}", key.name, why.message);
        }
        let tries = self.waiting.get(&key).map_or(0, |(tries, _)| *tries) + 1;
        self.waiting.insert(key.clone(), (tries, now));
        // Two more tries soon, then only when the cluster changes, or after five minutes.
        let wait = match tries {
            1 => 910,
            2 => 3_700,
            _ => 300_000,
        };
        cx.again.add_at(now.plus_millis(wait), key);
        Outcome::Done
    }
}

impl Scheduler {
    /// No node takes the pod: perhaps others make room for it.
    fn make_room(
        &mut self,
        cx: &mut Cx<'_>,
        stored: &Stored,
        (pod, load): (&Pod, &Load),
        nodes: &[(Arc<Stored>, Arc<Node>)],
        refusals: &[Refusal],
    ) -> Outcome {
        let total = nodes.len();
        let helps = refusals.iter().any(|refusal| !refusal.hopeless);
        let search = match helps {
            true => preempt::search(pod, load, nodes, &|node| self.used(cx, node)),
            false => Search::None,
        };
        match search {
            Search::None => {
                let message = tell::why(total, refusals, &Preemption::HelpsNobody);
                self.refuse(cx, stored, pod, &message)
            }
            Search::NotEligible(why) => {
                let message = tell::why(total, refusals, &Preemption::NotEligible(why));
                self.refuse(cx, stored, pod, &message)
            }
            Search::Found(node, victims) => {
                preempt::drive_out(cx, pod, &node, &victims);
                let message = tell::why(total, refusals, &Preemption::Helps);
                self.refuse_and(cx, stored, pod, &message, Some(&node))
            }
        }
    }
}

/// How long a pod waits at least after so many tries: 1 s, twice as long each time, 10 s at most.
fn pause(tries: u32) -> Duration {
    Duration::from_millis(900 << tries.saturating_sub(1).min(4)).min(Duration::from_secs(10))
}

fn put_condition(pod: &mut Object, condition: Value) {
    let mut all = pod.items("/status/conditions").to_vec();
    match all.iter_mut().find(|known| known["type"] == condition["type"]) {
        Some(known) => *known = condition,
        None => all.push(condition),
    }
    pod.put(&["status", "conditions"], all.into());
}

impl Controller for Scheduler {
    fn name(&self) -> &'static str {
        "default-scheduler"
    }

    fn actor(&self) -> Actor {
        Actor::system("system:kube-scheduler")
    }

    fn manager(&self) -> &'static str {
        "kube-scheduler"
    }

    fn interested(&self, change: &Entry, cx: &Cx<'_>, queue: &mut Keys) {
        let Some(kind) = cx.sim.kinds().stored(change.key().kind) else { return };
        let helps = match (&*kind.group, &*kind.kind) {
            ("", "Pod") => {
                self.forget(change);
                if change.object.node.is_none() {
                    queue.add(change.key().clone());
                }
                change.change == ChangeKind::Deleted && change.object.node.is_some()
            }
            ("", "Node" | "PersistentVolumeClaim" | "PersistentVolume") | ("storage.k8s.io", "StorageClass") => true,
            _ => false,
        };
        if helps {
            self.waiting.keys().chain(self.binding.keys()).for_each(|key| queue.add(key.clone()));
        }
    }

    fn reconcile(&mut self, cx: &mut Cx<'_>, key: &Key) -> Outcome {
        let (stored, pod) = match cx.stored(key).and_then(|stored| Some((stored.clone(), pod::read(&stored)?))) {
            Some(found) => found,
            None => {
                self.waiting.remove(key);
                self.binding.remove(key);
                self.told.forget(key);
                return Outcome::Done;
            }
        };
        let ours = matches!(pod.spec.scheduler_name.as_str(), "default-scheduler" | "");
        if stored.node.is_some()
            || !ours
            || pod.is_deleting()
            || pod.has_ended()
            || !pod.spec.scheduling_gates.is_empty()
        {
            self.waiting.remove(key);
            return Outcome::Done;
        }
        if let Some((tries, last)) = self.waiting.get(key) {
            let due = last.plus(pause(*tries));
            if cx.now() < due {
                // Its own status does not help a pod: a timer is set already.
                if *tries > 2 {
                    cx.again.add_at(due, key.clone());
                }
                return Outcome::Done;
            }
        }
        let Some(node_kind) = cx.sim.kinds().named("", "Node") else { return Outcome::Done };
        let nodes = cx.list::<Node>(node_kind.id, None);
        let total = nodes.len();
        if total == 0 {
            return self.refuse(cx, &stored, &pod, "no nodes available to schedule pods");
        }
        match claims::volumes(cx, &pod) {
            claims::Claims::Ready => {}
            claims::Claims::NoVolume => {
                let reason = "node(s) didn't find available persistent volumes to bind".to_owned();
                let refusals = nodes.iter().map(|_| Refusal { reasons: vec![reason.clone()], hopeless: true });
                let refusals: Vec<Refusal> = refusals.collect();
                let message = tell::why(total, &refusals, &Preemption::HelpsNobody);
                return self.refuse(cx, &stored, &pod, &message);
            }
            claims::Claims::Refused(why) => {
                let message = format!("0/{total} nodes are available: {why}. not found");
                return self.refuse(cx, &stored, &pod, &message);
            }
        }
        let mut refusals: Vec<Refusal> = Vec::new();
        let mut fitting: Vec<(i128, Str)> = Vec::new();
        let load = Load::of(&stored, &pod);
        let everywhere = fit::Everywhere::new(&pod, &nodes, |node| self.used(cx, node));
        for (at, node) in &nodes {
            let used = self.used(cx, &at.key.name);
            match fit::check(&pod, &load, node, &used, &everywhere) {
                Ok(score) => fitting.push((score, at.key.name.clone())),
                Err(refusal) => refusals.push(refusal),
            }
        }
        let Some(best) = fitting.iter().map(|(score, _)| *score).max() else {
            return self.make_room(cx, &stored, (&pod, &load), &nodes, &refusals);
        };
        let best: Vec<Str> = fitting.into_iter().filter(|(score, _)| *score == best).map(|(_, node)| node).collect();
        let chosen = cx.chance().below(best.len() as u64);
        let node = best[usize::try_from(chosen).unwrap_or_default()].clone();
        // The claims of a pod are for one node.
        let node = self.binding.get(key).cloned().unwrap_or(node);
        if !claims::claim(cx, &pod, &node) {
            self.binding.insert(key.clone(), node);
            return Outcome::Done;
        }
        self.binding.remove(key);
        self.bind(cx, &stored, &node)
    }
}
