//! The kubelet of one node: a worker a pod, and a relist every second over those whose containers changed.

mod answers;
mod backoff;
mod collect;
mod end;
mod evict;
mod hooks;
mod life;
mod probes;
mod refer;
mod running;
mod setup;
mod start;
mod status;
mod timing;
mod volumes;
mod work;
mod worker;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::pod;
use crate::chance::Chance;
use crate::door::Actor;
use crate::object::Str;
use crate::store::{ChangeKind, Entry, Key};
use crate::time::Micros;
use crate::world::controller::{Controller, Keys, Outcome};
use crate::world::cx::Cx;
use worker::{Desk, Worker};

pub(crate) struct Kubelet {
    node: Str,
    host: String,
    subnet: usize,
    chance: Chance,
    workers: BTreeMap<Key, Worker>,
    /// Where in a second it relists, in microseconds.
    phase: i64,
    /// The relist that is planned.
    relist: Option<Micros>,
    pulled: BTreeSet<String>,
    addresses: u32,
}

impl Kubelet {
    pub(crate) fn new(seed: u64, node: &str, at: usize) -> Kubelet {
        let mut chance = Chance::stream(seed, &format!("kubelet/{node}"));
        let phase = chance.between(0, timing::RELIST - 1);
        Kubelet {
            node: node.into(),
            host: format!("192.0.2.{}", at + 2),
            subnet: at,
            chance,
            workers: BTreeMap::new(),
            phase,
            relist: None,
            pulled: BTreeSet::new(),
            addresses: 1,
        }
    }

    /// Plans the next relist, when there is anything to see.
    fn plan(&mut self, cx: &mut Cx<'_>, key: Key) {
        let now = cx.now();
        if self.relist.is_none() && self.workers.values().any(|worker| worker.changed) {
            let at = timing::relist_after(now, self.phase);
            self.relist = Some(at);
            cx.again.add_at(at, Key { name: "".into(), ..key });
        }
    }

    /// Looks every ten seconds who has to go because the node is full: only faults say so.
    fn monitor(&mut self, cx: &mut Cx<'_>, key: &Key) {
        let ruled = cx.sim.faults().evict();
        for (key, worker) in &mut self.workers {
            if ruled || worker.has_wishes() {
                worker.monitored = true;
                cx.again.add(key.clone());
            }
        }
        cx.again.add_at(cx.now().plus(timing::EVICTION), key.clone());
    }

    fn relist(&mut self, cx: &mut Cx<'_>) {
        if self.relist.is_none_or(|at| at > cx.now()) {
            return;
        }
        self.relist = None;
        for (key, worker) in &mut self.workers {
            if worker.changed {
                worker.relist();
                cx.again.add(key.clone());
            }
        }
    }
}

impl Controller for Kubelet {
    fn name(&self) -> &'static str {
        "kubelet"
    }

    fn actor(&self) -> Actor {
        Actor::system(&format!("system:node:{}", self.node))
    }

    fn manager(&self) -> &'static str {
        "kubelet"
    }

    fn start(&mut self, cx: &mut Cx<'_>, queue: &mut Keys) {
        if let Some(kind) = cx.sim.kinds().named("", "Node") {
            queue.add_at(cx.now().plus(timing::EVICTION), Key::new(kind.id, "", &*self.node));
        }
    }

    fn interested(&self, change: &Entry, _cx: &Cx<'_>, queue: &mut Keys) {
        let mine = change.object.node.as_ref().is_some_and(|node| *node == self.node);
        let known = || change.change == ChangeKind::Deleted && self.workers.contains_key(change.key());
        // Only pods are on nodes.
        if mine || known() {
            queue.add(change.key().clone());
        }
    }

    fn reconcile(&mut self, cx: &mut Cx<'_>, key: &Key) -> Outcome {
        if cx.sim.faults().is_lost(&self.node) {
            // A node that is lost does nothing; found again, it goes on where it was.
            cx.again.add_at(cx.now().plus_millis(1_000), key.clone());
            return Outcome::Done;
        }
        if key.name.is_empty() {
            self.relist(cx);
            return Outcome::Done;
        }
        // No pod is without a namespace: this is the node.
        if key.namespace.is_empty() {
            self.monitor(cx, key);
            return Outcome::Done;
        }
        let stored = cx.stored(key).filter(|stored| stored.node.as_ref() == Some(&self.node));
        let gone = self.workers.get(key).is_some_and(|worker| stored.as_ref().is_none_or(|now| now.uid != worker.uid));
        if gone && let Some(worker) = self.workers.remove(key) {
            cx.sim.containers().remove(&worker.uid);
        }
        let Some(stored) = stored else { return Outcome::Done };
        let held = self.workers.get(key).and_then(|worker| worker.held(stored.revision));
        let Some(pod) = held.or_else(|| pod::read(&stored).map(Arc::new)) else { return Outcome::Done };
        let now = cx.now();
        match self.workers.get_mut(key) {
            Some(worker) => worker.hear(pod, stored.revision, now),
            None if pod.has_ended() && !pod.is_deleting() => return Outcome::Done,
            None => {
                let first = now.plus(timing::first_look(&mut self.chance));
                self.workers.insert(key.clone(), Worker::new(&stored, pod, first));
            }
        }
        let Some(worker) = self.workers.get_mut(key) else { return Outcome::Done };
        let mut desk = Desk {
            cx,
            node: &self.node,
            host: &self.host,
            chance: &mut self.chance,
            pulled: &mut self.pulled,
            stored,
            address: &mut self.addresses,
            subnet: self.subnet,
            phase: self.phase,
        };
        worker.run(&mut desk);
        // The queue keeps one timer a pod, the earliest: what is later is asked for again when that one comes.
        if let Some(next) = worker.next() {
            cx.again.add_at(next.max(now.plus_millis(1)), key.clone());
        }
        worker.rest(now);
        self.plan(cx, key.clone());
        Outcome::Done
    }
}
