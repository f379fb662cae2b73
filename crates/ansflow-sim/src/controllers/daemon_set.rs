//! DaemonSets: one pod on every node that fits.

mod fit;
mod pod;
mod update;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::known::known;
use super::pods::{Pod, Seen};
use super::revisions::{self, Form};
use super::{Step, adopt, part, settled, tell};
use crate::api::delete::DeleteOptions;
use crate::object::{Object, ObjectExt};
use crate::selector::Selector;
use crate::store::{Entry, Key, Stored};
use crate::world::controller::{Controller, Keys, Outcome};
use crate::world::cx::Cx;

const COMPONENT: &str = "daemonset-controller";
const HASH: &str = "controller-revision-hash";
const GENERATION: &str = "deprecated.daemonset.template.generation";

pub(super) struct DaemonSets;

impl Controller for DaemonSets {
    fn name(&self) -> &'static str {
        "daemon-set-controller"
    }

    fn interested(&self, change: &Entry, cx: &Cx<'_>, queue: &mut Keys) {
        let key = change.key();
        if key.kind == known().daemon_set {
            queue.add(key.clone());
        } else if key.kind == known().node {
            cx.sim.store().all(known().daemon_set, None).iter().for_each(|set| queue.add(set.key.clone()));
        } else if key.kind == known().pod {
            adopt::wake(cx, known().daemon_set, "DaemonSet", &change.object, queue);
        }
    }

    fn reconcile(&mut self, cx: &mut Cx<'_>, key: &Key) -> Outcome {
        let Some(stored) = cx.stored(key) else { return Outcome::Done };
        let Some(set) = cx.thaw(&stored) else { return Outcome::Done };
        settled(sync(cx, stored, set))
    }
}

/// One look at a set.
struct Look<'r, 'c> {
    cx: &'r mut Cx<'c>,
    stored: Arc<Stored>,
    set: Object,
    selector: Selector,
    hash: String,
}

/// The pods of each node.
type ByNode = BTreeMap<String, Vec<Seen>>;

fn sync(cx: &mut Cx<'_>, stored: Arc<Stored>, set: Object) -> Step<Outcome> {
    let Ok(selector) = Selector::of(&part(&set, "spec")["selector"]) else { return Ok(Outcome::Done) };
    if selector.is_everything() || set.is_deleting() {
        return Ok(Outcome::Done);
    }
    let known_ones = revisions::all(cx, &set);
    let generation = set.annotations().get(GENERATION).map(|generation| json!({GENERATION: generation}));
    let form = Form { label: HASH, annotations: generation };
    let revision = revisions::current(cx, &set, &known_ones, &form)?;
    let hash = revision.labels().get(HASH).unwrap_or_default().to_owned();
    let mut look = Look { cx, stored, set, selector, hash };
    let nodes = look.nodes();
    let step = look.bring(&nodes);
    look.write_status(&nodes)?;
    step?;
    let live: Vec<String> = look
        .pods()?
        .into_values()
        .flatten()
        .filter_map(|(pod, _)| pod.label(HASH).map(|hash| format!("{}-{hash}", look.set.name())))
        .chain([revision.name().to_owned()])
        .collect();
    revisions::forget(look.cx, &look.set, &known_ones, &live)?;
    Ok(Outcome::Done)
}

impl Look<'_, '_> {
    /// All nodes, each with whether the set wants a pod there.
    fn nodes(&self) -> Vec<(String, bool)> {
        let template = &part(&self.set, "spec")["template"];
        let nodes = self.cx.list::<Value>(known().node, None);
        nodes.iter().map(|(stored, node)| (stored.name().to_owned(), fit::fits(template, node))).collect()
    }

    fn pods(&mut self) -> Step<ByNode> {
        let mut by_node = ByNode::new();
        for stored in adopt::claimed(self.cx, &self.set, &self.selector, known().pod)? {
            let Some(pod) = self.cx.view_of::<Pod>(&stored) else { continue };
            let node = match &*pod.spec.node_name {
                "" => self.cx.view_of::<Value>(&stored).map(|pod| pod::node_of(&pod)).unwrap_or_default(),
                node => node.to_owned(),
            };
            by_node.entry(node).or_default().push((stored, pod));
        }
        Ok(by_node)
    }

    fn bring(&mut self, nodes: &[(String, bool)]) -> Step<()> {
        let pods = self.pods()?;
        for (node, wanted) in nodes {
            let here: Vec<Seen> = pods.get(node).cloned().unwrap_or_default();
            let (failed, alive): (Vec<Seen>, Vec<Seen>) =
                here.into_iter().filter(|(_, pod)| !pod.is_deleting()).partition(|(_, pod)| pod.has_ended());
            for (pod, _) in &failed {
                let said = format!(
                    "Found failed daemon pod {}/{} on node {node}, will try to kill it",
                    pod.namespace(),
                    pod.name()
                );
                tell::warning(self.cx, &self.stored, COMPONENT, "FailedDaemonPod", &said);
            }
            let surplus = if *wanted { self.surplus(alive.clone(), nodes) } else { alive.clone() };
            for pod in failed.iter().chain(&surplus) {
                self.delete(pod)?;
            }
            let ends_here = pods.get(node).is_some_and(|all| all.iter().any(|(_, pod)| pod.is_deleting()));
            if *wanted && alive.is_empty() && failed.is_empty() && !ends_here {
                self.make(node)?;
            }
        }
        for pod in pods.iter().filter(|(node, _)| !nodes.iter().any(|(name, _)| name == *node)).flat_map(|(_, all)| all)
        {
            self.delete(pod)?;
        }
        self.roll(nodes, &pods)
    }

    fn delete(&mut self, (pod, _): &Seen) -> Step<()> {
        match self.cx.delete(&pod.key, &DeleteOptions::default()) {
            Ok(_) => {
                let said = format!("Deleted pod: {}", pod.name());
                tell::normal(self.cx, &self.stored, COMPONENT, "SuccessfulDelete", &said);
                Ok(())
            }
            Err(status) if status.code == 404 => Ok(()),
            Err(status) => Err(status.into()),
        }
    }

    fn write_status(&mut self, nodes: &[(String, bool)]) -> Step<()> {
        let pods = self.pods()?;
        let (now, min_ready) = (self.cx.now(), self.set.int("/spec/minReadySeconds").unwrap_or_default());
        let mut counts = [0_i64; 6];
        let [current, misplaced, desired, ready, updated, available] = &mut counts;
        for (node, wanted) in nodes {
            let here = pods.get(node).map(Vec::as_slice).unwrap_or_default();
            if !wanted {
                *misplaced += i64::from(!here.is_empty());
                continue;
            }
            *desired += 1;
            let Some(oldest) = here.iter().min_by_key(|(_, pod)| pod.metadata.creation_timestamp.clone()) else {
                continue;
            };
            *current += 1;
            *updated += i64::from(oldest.0.label(HASH) == Some(&self.hash));
            if oldest.1.is_ready() {
                *ready += 1;
                *available += i64::from(oldest.1.is_available(min_ready, now));
            }
        }
        let mut status = Object::new();
        let mut put = |field: &str, number: i64, always: bool| {
            if always || number != 0 {
                status.insert(field.to_owned(), number.into());
            }
        };
        let [current, misplaced, desired, ready, updated, available] = counts;
        put("currentNumberScheduled", current, true);
        put("numberMisscheduled", misplaced, true);
        put("desiredNumberScheduled", desired, true);
        put("numberReady", ready, true);
        put("observedGeneration", self.set.generation(), false);
        put("updatedNumberScheduled", updated, false);
        put("numberAvailable", available, false);
        put("numberUnavailable", desired - available, false);
        if *part(&self.set, "status") == Value::Object(status.clone()) {
            return Ok(());
        }
        self.cx.change(&self.stored.key, Some("status"), &mut |object| {
            object.insert("status".to_owned(), json!(status));
        })?;
        Ok(())
    }
}
