//! What is waited for, and whether it is there: the objects that were applied, in the versions that were applied.

use crate::Millis;
use crate::judge::{Readiness, is_plain};
use crate::object::{Key, Obj, covers};
use crate::world::World;
use ansflow_core::verdict::{Cause, Object};
use serde_json::Value as Json;

/// How long a write of ours may take to come through a watch. A field that the server rewrites must not hide it for ever.
pub const SEEN_AFTER: Millis = 2_000;

/// What is waited for.
#[derive(Clone)]
pub struct Goal {
    /// Each object.
    pub wants: Vec<Want>,
    /// When the last of them was written. What the world knew before is old, and proves nothing alone.
    pub since: Millis,
}

/// An object that is waited for.
#[derive(Clone)]
pub struct Want {
    /// Which.
    pub key: Key,
    /// The generation that the answer to our write had, where it is known.
    pub generation: Option<i64>,
    /// What was written, by which it is recognised where the answer is not known.
    pub manifest: Option<Obj>,
}

impl Goal {
    /// Objects as they were written at `since`, each with its namespace, whose answers were not kept.
    #[must_use]
    pub fn of_manifests(manifests: impl IntoIterator<Item = (Obj, Option<String>)>, since: Millis) -> Goal {
        let want = |(manifest, namespace): (Obj, Option<String>)| {
            let mut key = manifest.key();
            key.namespace = key.namespace.or(namespace);
            Want { key, generation: None, manifest: Some(manifest) }
        };
        // What is only there or not is there when its write was answered.
        let can_become_ready = manifests.into_iter().filter(|(manifest, _)| !is_plain(manifest));
        Goal { wants: can_become_ready.map(want).collect(), since }
    }

    /// Recognises our own writes, once each. `elapsed` is how long the world has been known since the last of them.
    pub(crate) fn recognise(&mut self, world: &World, elapsed: Millis) {
        for want in self.wants.iter_mut().filter(|want| !want.is_recognised()) {
            let Some(live) = world.object(&want.key) else { continue };
            let is_ours = want.manifest.as_ref().is_none_or(|manifest| covers(live, manifest));
            if is_ours || elapsed >= SEEN_AFTER {
                want.generation = Some(live.generation());
            }
        }
    }

    /// Whether all writes were recognised.
    pub(crate) fn is_recognised(&self) -> bool {
        self.wants.iter().all(Want::is_recognised)
    }

    /// What stands for all of it: the first thing that runs something.
    #[must_use]
    pub fn object(&self) -> Option<Object> {
        let runs = |want: &&Want| ["apps", "batch"].contains(&want.key.group.as_str()) || want.key.kind == "Pod";
        self.wants.iter().find(runs).or(self.wants.first()).map(|want| want.key.object())
    }
}

impl Want {
    fn is_recognised(&self) -> bool {
        self.generation.is_some() || self.manifest.is_none()
    }

    /// Whether the world shows the version that was written.
    pub(crate) fn is_seen(&self, world: &World) -> bool {
        let live = world.object(&self.key).map(Obj::generation);
        self.is_recognised() && live.is_some_and(|live| live >= self.generation.unwrap_or_default())
    }

    /// Whether it is there, as far as the world shows.
    #[must_use]
    pub fn readiness(&self, world: &World) -> Readiness {
        let (Some(object), Some(judged)) = (world.object(&self.key), world.judged(&self.key)) else {
            return Readiness::Progressing("it is not there yet".to_owned());
        };
        if world.is_gone(&self.key) {
            return gone(object);
        }
        if !self.is_seen(world) {
            return Readiness::Progressing("the version that was written is not there yet".to_owned());
        }
        match (judged, object.group(), object.kind()) {
            (Readiness::Progressing(_), "", "PersistentVolumeClaim") if waits_for_a_pod(world, object) => {
                Readiness::with("its volume is made when a pod uses it")
            }
            (_, "", "Pod") if world.is_evicted(object.uid()) => Readiness::failed(Cause::Evicted, "it was evicted"),
            (Readiness::Ready { .. }, "batch", "Job") if is_suspended(object) && !self.wants_suspended() => {
                Readiness::Progressing("it is suspended".to_owned())
            }
            (readiness, ..) => readiness.clone(),
        }
    }

    fn wants_suspended(&self) -> bool {
        self.manifest.as_ref().is_some_and(is_suspended)
    }
}

fn is_suspended(job: &Obj) -> bool {
    let is_over = ["Complete", "Failed"].iter().any(|word| has_condition(job, word));
    job.at(&["spec", "suspend"]).and_then(Json::as_bool) == Some(true) && !is_over
}

/// A Job may be deleted as soon as it has ended well.
fn gone(object: &Obj) -> Readiness {
    let ended_well = has_condition(object, "Complete") || object.text(&["status", "phase"]) == Some("Succeeded");
    if ended_well {
        Readiness::with("it ended well and was deleted")
    } else {
        Readiness::Progressing("it was deleted".to_owned())
    }
}

fn has_condition(object: &Obj, kind: &str) -> bool {
    let is = |condition: &Json| {
        condition.get("type").and_then(Json::as_str) == Some(kind)
            && condition.get("status").and_then(Json::as_str) == Some("True")
    };
    object.at(&["status", "conditions"]).and_then(Json::as_array).is_some_and(|all| all.iter().any(is))
}

/// A claim whose volume is made for its first pod is what it can be, as long as no pod uses it.
fn waits_for_a_pod(world: &World, claim: &Obj) -> bool {
    let told = world.events(claim.uid()).any(|told| told.event.reason == "WaitForFirstConsumer");
    let namespace = claim.namespace().unwrap_or_default();
    told && !world.pods().any(|pod| {
        let mounts = pod.spec.volumes.iter().filter_map(|volume| volume.persistent_volume_claim.as_ref());
        pod.metadata.namespace == namespace
            && !pod.has_ended()
            && mounts.into_iter().any(|it| it.claim_name == claim.name())
    })
}
