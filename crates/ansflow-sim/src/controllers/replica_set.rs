//! ReplicaSets: so many pods of one template.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::known::known;
use super::pods::{Pod, Seen, first_to_go, from_template};
use super::{Step, adopt, conditions, part, settled, tell};
use crate::api::delete::DeleteOptions;
use crate::object::{Object, ObjectExt};
use crate::selector::Selector;
use crate::status::Status;
use crate::store::{Entry, Key, Stored};
use crate::time::Micros;
use crate::world::controller::{Controller, Keys, Outcome};
use crate::world::cx::Cx;

const COMPONENT: &str = "replicaset-controller";
/// Pods that are made or deleted in one look.
const BURST: usize = 500;

pub(super) struct ReplicaSets;

impl Controller for ReplicaSets {
    fn name(&self) -> &'static str {
        COMPONENT
    }

    fn interested(&self, change: &Entry, cx: &Cx<'_>, queue: &mut Keys) {
        let key = change.key();
        if key.kind == known().replica_set {
            queue.add(key.clone());
        } else if key.kind == known().pod {
            adopt::wake(cx, known().replica_set, "ReplicaSet", &change.object, queue);
        }
    }

    fn reconcile(&mut self, cx: &mut Cx<'_>, key: &Key) -> Outcome {
        let Some(stored) = cx.stored(key) else { return Outcome::Done };
        let Some(set) = cx.thaw(&stored) else { return Outcome::Done };
        settled(sync(cx, &stored, &set))
    }
}

fn sync(cx: &mut Cx<'_>, stored: &Arc<Stored>, set: &Object) -> Step<Outcome> {
    let Ok(selector) = Selector::of(&part(set, "spec")["selector"]) else { return Ok(Outcome::Done) };
    let pods = adopt::claimed(cx, set, &selector, known().pod)?;
    let pods: Vec<Seen> = pods.into_iter().filter_map(|pod| Some((pod.clone(), cx.view_of::<Pod>(&pod)?))).collect();
    let active: Vec<Seen> = pods.into_iter().filter(|(_, pod)| pod.is_active()).collect();
    let failure = match set.is_deleting() {
        true => None,
        false => manage(cx, stored, set, &active).err(),
    };
    // The status tells of the pods as they were before: so does a real controller, whose cache lags.
    let min_ready = set.int("/spec/minReadySeconds").unwrap_or_default();
    let status = status(set, &active, failure.as_ref(), min_ready, cx.now());
    if Value::Object(status.clone()) != *part(set, "status") {
        cx.change(&stored.key, Some("status"), &mut |object| {
            object.insert("status".to_owned(), status.clone().into());
        })?;
    }
    if failure.is_some() {
        return Err(Outcome::Retry);
    }
    let waiting = active.iter().filter(|(_, pod)| pod.is_ready() && !pod.is_available(min_ready, cx.now()));
    let waits = waiting.filter_map(|(_, pod)| pod.ready_since()).min();
    let span = Duration::from_secs(u64::try_from(min_ready).unwrap_or_default());
    Ok(waits.map_or(Outcome::Done, |since| Outcome::At(since.plus(span))))
}

/// Makes what is missing, in rounds of 1, 2, 4, …, or deletes what is too much.
fn manage(cx: &mut Cx<'_>, stored: &Stored, set: &Object, active: &[Seen]) -> Result<(), Status> {
    let wanted = usize::try_from(set.int("/spec/replicas").unwrap_or(1)).unwrap_or_default();
    if active.len() < wanted {
        return create(cx, stored, set, (wanted - active.len()).min(BURST));
    }
    let mut doomed = active.to_vec();
    let mut crowd: HashMap<String, usize> = HashMap::new();
    for (_, pod) in active {
        *crowd.entry(pod.spec.node_name.clone()).or_default() += 1;
    }
    doomed.sort_by(|a, b| first_to_go(a, b, &crowd));
    doomed.truncate((active.len() - wanted).min(BURST));
    let mut failed = None;
    for (pod, _) in doomed {
        match cx.delete(&pod.key, &DeleteOptions::default()) {
            Ok(_) => tell::normal(cx, stored, COMPONENT, "SuccessfulDelete", &format!("Deleted pod: {}", pod.name())),
            Err(status) if status.code == 404 => {}
            Err(status) => {
                tell::warning(cx, stored, COMPONENT, "FailedDelete", &format!("Error deleting: {}", status.message));
                failed = Some(status);
            }
        }
    }
    failed.map_or(Ok(()), Err)
}

fn create(cx: &mut Cx<'_>, stored: &Stored, set: &Object, mut missing: usize) -> Result<(), Status> {
    let mut batch = 1;
    while missing > 0 {
        let mut failed = None;
        for _ in 0..batch.min(missing) {
            match cx.create(from_template(set, &part(set, "spec")["template"])) {
                Ok(pod) => {
                    tell::normal(cx, stored, COMPONENT, "SuccessfulCreate", &format!("Created pod: {}", pod.name()));
                }
                Err(status) if is_ending(&status) => return Ok(()),
                Err(status) => {
                    let said = format!("Error creating: {}", status.message);
                    tell::warning(cx, stored, COMPONENT, "FailedCreate", &said);
                    failed.get_or_insert(status);
                }
            }
        }
        if let Some(status) = failed {
            return Err(status);
        }
        missing -= batch.min(missing);
        batch *= 2;
    }
    Ok(())
}

/// Whether nothing can be made any more, because the namespace ends.
pub(super) fn is_ending(status: &Status) -> bool {
    let causes = status.details.as_ref().map(|details| details.causes.as_slice()).unwrap_or_default();
    causes.iter().any(|cause| cause.reason == "NamespaceTerminating")
}

fn status(set: &Object, active: &[Seen], failure: Option<&Status>, min_ready: i64, now: Micros) -> Object {
    let labels = part(set, "spec")["template"]["metadata"]["labels"].clone();
    let template = Selector::of_map(&labels);
    let count = |keep: &dyn Fn(&Seen) -> bool| active.iter().filter(|pod| keep(pod)).count();
    let mut status = Object::new();
    status.insert("replicas".to_owned(), active.len().into());
    let counts = [
        ("fullyLabeledReplicas", count(&|(stored, _)| template.matches_pairs(&stored.labels))),
        ("readyReplicas", count(&|(_, pod)| pod.is_ready())),
        ("availableReplicas", count(&|(_, pod)| pod.is_available(min_ready, now))),
    ];
    for (field, number) in counts.into_iter().filter(|(_, number)| *number > 0) {
        status.insert(field.to_owned(), number.into());
    }
    status.insert("observedGeneration".to_owned(), set.generation().into());
    let mut all = conditions::of(set);
    match failure {
        Some(failure) if conditions::find(&all, "ReplicaFailure").is_none() => {
            let wanted = set.int("/spec/replicas").unwrap_or(1);
            let short = i64::try_from(active.len()).unwrap_or(i64::MAX) < wanted;
            let reason = if short { "FailedCreate" } else { "FailedDelete" };
            conditions::set(&mut all, conditions::plain("ReplicaFailure", "True", reason, &failure.message, now));
        }
        Some(_) => {}
        None => conditions::remove(&mut all, "ReplicaFailure"),
    }
    if !all.is_empty() {
        status.insert("conditions".to_owned(), json!(all));
    }
    status
}
