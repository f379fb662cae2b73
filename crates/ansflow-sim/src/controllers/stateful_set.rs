//! StatefulSets: pods with numbers, one after another; a bad one that is stuck is not replaced by itself, as in reality.

mod claims;
mod pod;
mod update;

use std::sync::Arc;

use serde_json::{Value, json};

use super::known::known;
use super::pods::{Pod, Seen};
use super::revisions::{self, Form};
use super::{Step, adopt, part, settled};
use crate::object::{Object, ObjectExt};
use crate::selector::Selector;
use crate::store::{Entry, Key, Stored};
use crate::world::controller::{Controller, Keys, Outcome};
use crate::world::cx::Cx;

const COMPONENT: &str = "statefulset-controller";
const REVISION: &str = "controller-revision-hash";

pub(super) struct StatefulSets;

impl Controller for StatefulSets {
    fn name(&self) -> &'static str {
        COMPONENT
    }

    fn interested(&self, change: &Entry, cx: &Cx<'_>, queue: &mut Keys) {
        let key = change.key();
        if key.kind == known().stateful_set {
            queue.add(key.clone());
        } else if key.kind == known().pod {
            adopt::wake(cx, known().stateful_set, "StatefulSet", &change.object, queue);
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
    pods: Vec<Seen>,
    current: Object,
    update: Object,
}

fn sync(cx: &mut Cx<'_>, stored: Arc<Stored>, set: Object) -> Step<Outcome> {
    let Ok(selector) = Selector::of(&part(&set, "spec")["selector"]) else { return Ok(Outcome::Done) };
    let pods = adopt::claimed(cx, &set, &selector, known().pod)?;
    let pods: Vec<Seen> = pods.into_iter().filter_map(|pod| Some((pod.clone(), cx.view_of::<Pod>(&pod)?))).collect();
    let known_ones = revisions::all(cx, &set);
    let form = Form { label: "controller.kubernetes.io/hash", annotations: None };
    let update = match set.is_deleting() {
        true => known_ones.last().cloned().unwrap_or_default(),
        false => revisions::current(cx, &set, &known_ones, &form)?,
    };
    let named = set.text("/status/currentRevision");
    let current = known_ones.iter().find(|one| one.name() == named).unwrap_or(&update).clone();
    let mut look = Look { cx, stored, set, pods, current, update };
    let step = if look.set.is_deleting() { Ok(()) } else { look.bring() };
    look.write_status()?;
    step?;
    let mut live: Vec<String> = vec![look.current.name().to_owned(), look.update.name().to_owned()];
    live.extend(look.pods.iter().filter_map(|(pod, _)| pod.label(REVISION)).map(str::to_owned));
    revisions::forget(look.cx, &look.set, &known_ones, &live)?;
    Ok(look.next_look())
}

impl Look<'_, '_> {
    fn replicas(&self) -> i64 {
        self.set.int("/spec/replicas").unwrap_or(1)
    }

    /// Tells of the pods as they were when the look began.
    fn write_status(&mut self) -> Step<()> {
        let min_ready = self.set.int("/spec/minReadySeconds").unwrap_or_default();
        let now = self.cx.now();
        let count = |keep: &dyn Fn(&Seen) -> bool| {
            i64::try_from(self.pods.iter().filter(|pod| keep(pod)).count()).unwrap_or(i64::MAX)
        };
        let of =
            |seen: &Seen, revision: &Object| !seen.1.is_deleting() && seen.0.label(REVISION) == Some(revision.name());
        let ready = |seen: &Seen| seen.1.status.phase == "Running" && seen.1.is_ready();
        let replicas = count(&|_| true);
        let ready_now = count(&|seen| ready(seen));
        let mut running = count(&|seen| of(seen, &self.current));
        let updated = count(&|seen| of(seen, &self.update));
        let mut current = self.current.name().to_owned();
        let rolls = self.set.text("/spec/updateStrategy/type") == "RollingUpdate";
        if rolls && updated == replicas && ready_now == replicas {
            running = updated;
            current = self.update.name().to_owned();
        }
        let mut status = Object::new();
        status.insert("observedGeneration".to_owned(), self.set.generation().into());
        status.insert("replicas".to_owned(), replicas.into());
        for (field, number) in
            [("readyReplicas", ready_now), ("currentReplicas", running), ("updatedReplicas", updated)]
        {
            if number != 0 {
                status.insert(field.to_owned(), number.into());
            }
        }
        status.insert("currentRevision".to_owned(), current.into());
        status.insert("updateRevision".to_owned(), self.update.name().into());
        let collisions = part(&self.set, "status")["collisionCount"].as_i64().unwrap_or_default();
        status.insert("collisionCount".to_owned(), collisions.into());
        let available = count(&|seen| ready(seen) && seen.1.is_available(min_ready, now));
        status.insert("availableReplicas".to_owned(), available.into());
        if *part(&self.set, "status") == Value::Object(status.clone()) {
            return Ok(());
        }
        self.cx.change(&self.stored.key, Some("status"), &mut |object| {
            object.insert("status".to_owned(), json!(status));
        })?;
        Ok(())
    }

    /// Where pods have to be ready for a while, look again when they are.
    fn next_look(&self) -> Outcome {
        let min_ready = self.set.int("/spec/minReadySeconds").unwrap_or_default();
        let span = std::time::Duration::from_secs(u64::try_from(min_ready).unwrap_or_default());
        let now = self.cx.now();
        let waiting = self.pods.iter().filter(|(_, pod)| pod.is_ready() && !pod.is_available(min_ready, now));
        let since = waiting.filter_map(|(_, pod)| pod.ready_since()).min();
        since.map_or(Outcome::Done, |since| Outcome::At(since.plus(span)))
    }
}
