//! Which objects tell of what was applied: those of the new version only, found by template and revision, never by age or name.

use super::Object;
use crate::facts::{Deployment, Pod, StatefulSet};
use crate::goal::Want;
use crate::object::Obj;
use crate::world::World;
use serde_json::Value as Json;

/// What tells of an applied object.
#[derive(Default)]
pub(crate) struct Scope<'a> {
    /// What makes the pods of the new version.
    pub(crate) owners: Vec<Owner>,
    /// The pods of the new version, and those that block it.
    pub(crate) pods: Vec<&'a Pod>,
    /// Whether its controller counts failures itself, so that a death is nothing special.
    pub(crate) counts_tries: bool,
}

/// What makes pods.
pub(crate) struct Owner {
    pub(crate) uid: String,
    pub(crate) object: Object,
    /// How many pods it lacks.
    pub(crate) lacks: i64,
    /// Whether an older version may still make room for it.
    pub(crate) gets_room: bool,
}

/// What tells of `want`.
pub(crate) fn scope<'a>(world: &'a World, want: &Want) -> Scope<'a> {
    let Some(object) = world.object(&want.key) else { return Scope::default() };
    let of_revision = match (object.group(), object.kind()) {
        ("apps", "Deployment") => {
            return world.deployment(&want.key).map(|facts| deployment(world, facts)).unwrap_or_default();
        }
        ("", "Pod") => {
            return Scope { pods: world.pod(object.uid()).into_iter().collect(), ..Scope::default() };
        }
        ("apps", "StatefulSet") => stateful_set(world, object),
        ("apps", "DaemonSet") => daemon_set(world, object),
        ("batch", "Job") | ("apps", "ReplicaSet") | ("", "ReplicationController") => all_pods(world, object),
        _ => return Scope::default(),
    };
    let counts_tries = object.kind() == "Job";
    // A Job's pods are there to end; others have to be replaced then.
    let there = of_revision.iter().filter(|pod| counts_tries || !pod.has_ended()).count();
    let lacks = wanted(object).saturating_sub(number(there));
    Scope { owners: vec![owner(object, lacks)], pods: of_revision, counts_tries }
}

fn deployment<'a>(world: &'a World, facts: &Deployment) -> Scope<'a> {
    let uid = facts.metadata.uid.as_str();
    let mut scope = Scope::default();
    let gets_room = old_sets_shrink(world, facts, uid);
    for set in world.sets_of(uid).filter(|set| set.spec.template == facts.spec.template) {
        let meta = &set.metadata;
        let pods: Vec<&Pod> = there(world, &meta.uid);
        let lacks =
            set.spec.replicas.unwrap_or(1).saturating_sub(number(pods.iter().filter(|pod| !pod.has_ended()).count()));
        let set_object = Object::new("ReplicaSet", Some(&meta.namespace), &meta.name);
        scope.owners.push(Owner { uid: meta.uid.clone(), object: set_object, lacks, gets_room });
        scope.pods.extend(pods);
    }
    scope
}

/// Whether the controller may still take pods of older versions away before the new ones are ready.
fn old_sets_shrink(world: &World, deployment: &Deployment, uid: &str) -> bool {
    let wanted = deployment.spec.replicas.unwrap_or(1);
    let unavailable = match deployment.spec.strategy.rolling_update.max_unavailable.as_ref() {
        Some(Json::Number(number)) => number.as_i64().unwrap_or_default(),
        Some(Json::String(share)) => {
            let percent: i64 = share.trim_end_matches('%').parse().unwrap_or_default();
            if share.ends_with('%') { wanted.saturating_mul(percent) / 100 } else { percent }
        }
        _ => 0,
    };
    let mut old = world.sets_of(uid).filter(|set| set.spec.template != deployment.spec.template);
    deployment.status.available_replicas > wanted.saturating_sub(unavailable) && old.any(|set| set.status.replicas > 0)
}

/// Pods of the newest revision, and where they come one after another the first one that is not ready: it blocks the rest.
fn stateful_set<'a>(world: &'a World, object: &Obj) -> Vec<&'a Pod> {
    let Ok(facts) = object.read::<StatefulSet>() else { return Vec::new() };
    let mut pods: Vec<&Pod> = there(world, object.uid());
    pods.sort_by_key(|pod| ordinal(&pod.metadata.name));
    let revision = &facts.status.update_revision;
    let is_new = |pod: &Pod| revision.is_empty() || has_label(pod, "controller-revision-hash", revision);
    let is_ordered = facts.spec.pod_management_policy.as_deref() != Some("Parallel");
    let blocks = pods.iter().find(|pod| is_ordered && !pod.is_ready()).map(|pod| pod.metadata.uid.clone());
    pods.retain(|pod| is_new(pod) || blocks.as_ref() == Some(&pod.metadata.uid));
    pods
}

fn daemon_set<'a>(world: &'a World, object: &Obj) -> Vec<&'a Pod> {
    let mut pods = there(world, object.uid());
    if let Some(newest) = object.text(&["metadata", "annotations", "deprecated.daemonset.template.generation"]) {
        pods.retain(|pod| has_label(pod, "pod-template-generation", newest));
    }
    pods
}

fn all_pods<'a>(world: &'a World, object: &Obj) -> Vec<&'a Pod> {
    there(world, object.uid())
}

/// The pods of an owner that nobody asked to go.
fn there<'a>(world: &'a World, owner: &str) -> Vec<&'a Pod> {
    world.pods_of(owner).filter(|pod| !pod.is_going()).collect()
}

fn has_label(pod: &Pod, label: &str, value: &str) -> bool {
    pod.metadata.labels.get(label).is_none_or(|it| it == value)
}

fn ordinal(name: &str) -> u64 {
    name.rsplit('-').next().and_then(|number| number.parse().ok()).unwrap_or(u64::MAX)
}

fn wanted(object: &Obj) -> i64 {
    let number = match object.kind() {
        "DaemonSet" => object.int(&["status", "desiredNumberScheduled"]),
        "Job" => object.int(&["spec", "parallelism"]),
        _ => object.int(&["spec", "replicas"]),
    };
    number.unwrap_or(1)
}

fn owner(object: &Obj, lacks: i64) -> Owner {
    Owner { uid: object.uid().to_owned(), object: object.object(), lacks, gets_room: false }
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
