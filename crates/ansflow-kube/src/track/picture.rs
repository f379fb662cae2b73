//! A rollout as a picture: each version with its pods, as squares with a state.

use crate::facts::Pod;
use crate::goal::Goal;
use crate::judge::{Readiness, judge_pod};
use crate::object::Obj;
use crate::world::World;
use ansflow_core::verdict::Object;
use serde::{Deserialize, Serialize};

/// What is drawn of a goal.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Picture {
    /// Each object that has pods.
    pub rollouts: Vec<Rollout>,
}

/// One object with its versions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rollout {
    /// Which.
    pub object: Object,
    /// How many pods it wants.
    pub wanted: i64,
    /// Its versions, the new one first.
    pub revisions: Vec<Revision>,
}

/// One version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Revision {
    /// What makes its pods.
    pub name: String,
    /// Whether it is the one that was applied.
    pub new: bool,
    /// Its pods, by name.
    pub pods: Vec<PodSquare>,
}

/// One pod.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PodSquare {
    /// Its name.
    pub name: String,
    /// `ready`, `progressing`, `stuck`, `failed`, or `going`.
    pub state: String,
    /// What there is to say of it.
    pub text: String,
    /// How often its containers were started again.
    pub restarts: i64,
    /// Where it runs.
    pub node: Option<String>,
}

/// The picture of a goal.
pub(super) fn picture(world: &World, goal: &Goal) -> Picture {
    let objects = goal.wants.iter().filter_map(|want| world.object(&want.key));
    Picture { rollouts: objects.filter_map(|object| rollout(world, object)).collect() }
}

fn rollout(world: &World, object: &Obj) -> Option<Rollout> {
    let uid = object.uid();
    let revisions = match object.kind() {
        "Deployment" => sets(world, object, world.deployment(&object.key()).map(|facts| facts.spec.template)),
        "StatefulSet" | "DaemonSet" | "Job" | "ReplicaSet" => {
            vec![Revision { name: object.name().to_owned(), new: true, pods: squares(world.pods_of(uid)) }]
        }
        "Pod" => {
            vec![Revision { name: object.name().to_owned(), new: true, pods: squares(world.pod(uid).into_iter()) }]
        }
        _ => return None,
    };
    let wanted =
        object.int(&["spec", "replicas"]).or_else(|| object.int(&["status", "desiredNumberScheduled"])).unwrap_or(1);
    Some(Rollout { object: object.object(), wanted, revisions })
}

fn sets(world: &World, object: &Obj, template: Option<u64>) -> Vec<Revision> {
    let revision = |set: &crate::facts::ReplicaSet| Revision {
        name: set.metadata.name.clone(),
        new: Some(set.spec.template) == template,
        pods: squares(world.pods_of(&set.metadata.uid)),
    };
    let mut revisions: Vec<Revision> = world.sets_of(object.uid()).map(revision).collect();
    revisions.retain(|revision| revision.new || !revision.pods.is_empty());
    revisions.sort_by_key(|revision| (!revision.new, revision.name.clone()));
    revisions
}

fn squares<'a>(pods: impl Iterator<Item = &'a Pod>) -> Vec<PodSquare> {
    let mut squares: Vec<PodSquare> = pods.map(square).collect();
    squares.sort();
    squares
}

fn square(pod: &Pod) -> PodSquare {
    let readiness = if pod.is_going() { None } else { Some(judge_pod(pod)) };
    let state = readiness.as_ref().map_or("going", Readiness::word);
    let text = readiness.as_ref().and_then(|it| it.message()).unwrap_or_default();
    PodSquare {
        name: pod.metadata.name.clone(),
        state: state.to_owned(),
        text: crate::text::short(text, 200),
        restarts: pod.status.container_statuses.iter().map(|container| container.restart_count).sum(),
        node: pod.spec.node_name.clone(),
    }
}
