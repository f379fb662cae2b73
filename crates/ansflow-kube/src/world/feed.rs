//! How the world is told: objects come, change and go.

use super::{Log, Whole, World};
use crate::Millis;
use crate::facts::{Claim, Event, Meta, Node, Pod, ReplicaSet};
use crate::object::{Key, Obj};
use serde_json::{Error, Value as Json};
use std::collections::{BTreeSet, HashMap};
use std::sync::OnceLock;

impl World {
    /// Nothing is known yet.
    #[must_use]
    pub fn new() -> World {
        World::default()
    }

    /// An object of any kind is there, as of `at`, and is kept whole besides its slim form; an error says which field is
    /// not what it should be. Who follows thousands of pods gives them in their slim form instead.
    pub fn see(&mut self, object: Obj, at: Millis) -> Result<(), Error> {
        match (object.group(), object.kind()) {
            ("" | "events.k8s.io", "Event") => {
                self.see_event(object.read::<Event>()?, at);
                return Ok(());
            }
            ("", "Node") => {
                self.see_node(object.read::<Node>()?);
                return Ok(());
            }
            ("", "Pod") => self.see_pod(object.read::<Pod>()?, at),
            ("apps", "ReplicaSet") => self.see_set(object.read::<ReplicaSet>()?, at),
            ("", "PersistentVolumeClaim") => self.see_claim(object.read::<Claim>()?),
            _ => {}
        }
        self.see_whole(object, at);
        Ok(())
    }

    /// An object was deleted.
    pub fn gone(&mut self, object: Obj, at: Millis) -> Result<(), Error> {
        match (object.group(), object.kind()) {
            ("", "Pod") => self.pod_gone(object.uid(), at),
            ("apps", "ReplicaSet") => self.set_gone(object.uid()),
            ("", "Node") => drop(self.nodes.remove(object.name())),
            ("" | "events.k8s.io", "Event") => return Ok(()),
            ("", "PersistentVolumeClaim") => {
                self.claims.remove(&(object.namespace().unwrap_or_default().to_owned(), object.name().to_owned()));
            }
            _ => {}
        }
        let key = object.key();
        self.see_whole(object, at);
        self.whole.entry(key).and_modify(|whole| whole.gone = true);
        Ok(())
    }

    /// A pod, in its slim form.
    pub fn see_pod(&mut self, pod: Pod, at: Millis) {
        self.adopt(&pod.metadata);
        if pod.is_going() {
            self.going.entry(pod.metadata.namespace.clone()).or_default().insert(pod.metadata.uid.clone());
        }
        let told_evicted = self.news.of(&pod.metadata.uid).any(|told| told.event.reason == "Evicted");
        self.past.see_pod(&pod, told_evicted, at);
        self.pods.insert(pod.metadata.uid.clone(), pod);
    }

    /// A pod is gone.
    pub fn pod_gone(&mut self, uid: &str, at: Millis) {
        if let Some(pod) = self.pods.remove(uid) {
            self.past.pod_gone(&pod, at);
            remove_child(&mut self.going, &pod.metadata.namespace, uid);
            self.orphan(&pod.metadata);
        }
    }

    /// A ReplicaSet, in its slim form.
    pub fn see_set(&mut self, set: ReplicaSet, at: Millis) {
        self.adopt(&set.metadata);
        self.past.see_conditions(&set.metadata.uid, &set.status.conditions, at);
        self.sets.insert(set.metadata.uid.clone(), set);
    }

    /// A ReplicaSet is gone.
    pub fn set_gone(&mut self, uid: &str) {
        if let Some(set) = self.sets.remove(uid) {
            self.orphan(&set.metadata);
        }
    }

    /// An event, new or told again.
    pub fn see_event(&mut self, event: Event, at: Millis) {
        if event.reason == "Evicted"
            && let Some(pod) = self.pods.get(&event.involved_object.uid)
        {
            self.past.see_eviction(pod, at);
        }
        self.past.see_growth(&event);
        self.news.see(event, at);
    }

    /// A claim.
    pub fn see_claim(&mut self, claim: Claim) {
        self.claims.insert((claim.metadata.namespace.clone(), claim.metadata.name.clone()), claim);
    }

    /// A claim is gone.
    pub fn claim_gone(&mut self, namespace: &str, name: &str) {
        self.claims.remove(&(namespace.to_owned(), name.to_owned()));
    }

    /// A node is gone.
    pub fn node_gone(&mut self, name: &str) {
        self.nodes.remove(name);
    }

    /// An object that is kept whole is gone; its last state stays.
    pub fn whole_gone(&mut self, key: &Key) {
        self.whole.entry(key.clone()).and_modify(|whole| whole.gone = true);
    }

    /// A node.
    pub fn see_node(&mut self, node: Node) {
        self.past.see_node(&node);
        self.nodes.insert(node.metadata.name.clone(), node);
    }

    /// An object that is kept whole.
    pub fn see_whole(&mut self, object: Obj, at: Millis) {
        if let Some(Ok(conditions)) = object.at(&["status", "conditions"]).map(conditions) {
            self.past.see_conditions(object.uid(), &conditions, at);
        }
        let is_deployment = (object.group(), object.kind()) == ("apps", "Deployment");
        let deployment = if is_deployment { object.read().ok() } else { None };
        self.whole.insert(object.key(), Whole { object, gone: false, deployment, judged: OnceLock::new() });
    }

    /// What a container wrote.
    pub fn see_log(&mut self, pod: &str, container: &str, log: Log) {
        self.logs.insert((pod.to_owned(), container.to_owned()), log);
    }

    /// The whole objects, for those who look after them.
    pub fn keys(&self) -> impl Iterator<Item = &Key> {
        self.whole.keys()
    }

    fn adopt(&mut self, child: &Meta) {
        for owner in &child.owner_references {
            self.children.entry(owner.uid.clone()).or_default().insert(child.uid.clone());
        }
    }

    fn orphan(&mut self, child: &Meta) {
        for owner in &child.owner_references {
            remove_child(&mut self.children, &owner.uid, &child.uid);
        }
    }
}

fn remove_child(children: &mut HashMap<String, BTreeSet<String>>, owner: &str, child: &str) {
    if let Some(of_owner) = children.get_mut(owner) {
        of_owner.remove(child);
        if of_owner.is_empty() {
            children.remove(owner);
        }
    }
}

fn conditions(value: &Json) -> Result<Vec<crate::facts::Condition>, Error> {
    serde::Deserialize::deserialize(value)
}
