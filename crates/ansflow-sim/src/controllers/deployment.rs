//! Deployments: one ReplicaSet a template, and the way from the old ones to the new.

mod recreate;
mod revision;
mod rolling;
mod scale;
mod sets;
mod status;

use std::sync::Arc;

use super::known::known;
use super::{Step, adopt, part, settled};
use crate::object::{Object, ObjectExt};
use crate::selector::Selector;
use crate::store::{ChangeKind, Entry, Key, Stored};
use crate::world::controller::{Controller, Keys, Outcome};
use crate::world::cx::Cx;

pub(super) use revision::hash;
pub(super) use sets::{Rounding, share};

const COMPONENT: &str = "deployment-controller";

pub(super) struct Deployments;

impl Controller for Deployments {
    fn name(&self) -> &'static str {
        COMPONENT
    }

    fn interested(&self, change: &Entry, cx: &Cx<'_>, queue: &mut Keys) {
        let key = change.key();
        if key.kind == known().deployment {
            queue.add(key.clone());
        } else if key.kind == known().replica_set {
            match deployment_of(&change.object) {
                Some(key) => queue.add(key),
                None if change.object.controller().is_none() => {
                    adopt::suitors(cx, known().deployment, &change.object).into_iter().for_each(|key| queue.add(key));
                }
                None => {}
            }
            // A set that was let go is missed by whom it left.
            let left = change.old.as_ref().filter(|old| old.owners != change.object.owners);
            if let Some(key) = left.and_then(|old| deployment_of(old)) {
                queue.add(key);
            }
        } else if key.kind == known().pod && change.change == ChangeKind::Deleted {
            // One that is recreated waits for the end of the last old pod.
            let set = change.object.controller().and_then(|owner| cx.sim.store().by_uid(&owner.uid));
            if let Some(key) = set.and_then(|set| deployment_of(&set)) {
                queue.add(key);
            }
        }
    }

    fn reconcile(&mut self, cx: &mut Cx<'_>, key: &Key) -> Outcome {
        let Some(stored) = cx.stored(key) else { return Outcome::Done };
        let Some(deployment) = cx.thaw(&stored) else { return Outcome::Done };
        settled(Rollout { cx, stored, deployment, outdated: false }.sync())
    }
}

fn deployment_of(set: &Stored) -> Option<Key> {
    let owner = set.controller().filter(|owner| &*owner.kind == "Deployment")?;
    Some(Key::new(known().deployment, set.key.namespace.clone(), owner.name.clone()))
}

/// One look at a deployment.
struct Rollout<'r, 'c> {
    cx: &'r mut Cx<'c>,
    stored: Arc<Stored>,
    deployment: Object,
    /// It was written in this round: the next write of its status is refused, as a real one is whose copy is old by then.
    outdated: bool,
}

impl Rollout<'_, '_> {
    fn sync(&mut self) -> Step<Outcome> {
        let Ok(selector) = Selector::of(&part(&self.deployment, "spec")["selector"]) else { return Ok(Outcome::Done) };
        if selector.is_everything() {
            return Ok(Outcome::Done);
        }
        let stored = adopt::claimed(self.cx, &self.deployment, &selector, known().replica_set)?;
        let mut sets: Vec<Object> = stored.iter().filter_map(|set| self.cx.thaw(set)).collect();
        sets::by_age(&mut sets);
        if self.deployment.is_deleting() {
            let (new, old) = self.split(&sets);
            return self.status_only(new.as_ref(), &old);
        }
        self.pause_or_resume()?;
        if self.deployment.flag("/spec/paused") || self.is_scaled(&sets) {
            return self.sync_scale(&sets);
        }
        match self.deployment.text("/spec/strategy/type") {
            "Recreate" => self.recreate(&sets),
            _ => self.roll(&sets),
        }
    }

    fn replicas(&self) -> i64 {
        self.deployment.int("/spec/replicas").unwrap_or(1)
    }
}
