//! Jobs: pods that end. Each end is counted exactly once: first its uid is written down, then the pod is let go, then the count
//! grows — which is why a watcher sees every end twice.

mod finish;
mod indexed;
mod manage;
mod policy;
mod tally;

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::known::known;
use super::pods::{Pod, Seen};
use super::{Step, adopt, conditions, part, settled};
use crate::object::{Object, ObjectExt};
use crate::selector::Selector;
use crate::store::{ChangeKind, Entry, Key, Stored};
use crate::world::controller::{Controller, Keys, Outcome};
use crate::world::cx::Cx;

const COMPONENT: &str = "job-controller";
const TRACKING: &str = "batch.kubernetes.io/job-tracking";
/// What happens to pods is gathered for so long before the job is looked at.
const BATCH: Duration = Duration::from_secs(1);

pub(super) struct Jobs;

impl Controller for Jobs {
    fn name(&self) -> &'static str {
        COMPONENT
    }

    fn interested(&self, change: &Entry, cx: &Cx<'_>, queue: &mut Keys) {
        let key = change.key();
        if key.kind == known().job {
            queue.add(key.clone());
        } else if key.kind == known().pod
            && change.change != ChangeKind::Added
            && let Some(owner) = change.object.controller().filter(|owner| &*owner.kind == "Job")
        {
            let job = Key::new(known().job, key.namespace.clone(), owner.name.clone());
            queue.add_at(cx.now().plus(BATCH), job);
        }
    }

    fn reconcile(&mut self, cx: &mut Cx<'_>, key: &Key) -> Outcome {
        let found = cx.stored(key).and_then(|stored| Some((cx.thaw(&stored)?, stored)));
        settled(match found {
            Some((job, stored)) => sync(cx, stored, job),
            None => abandoned(cx, key),
        })
    }
}

/// One look at a job.
struct Look<'r, 'c> {
    cx: &'r mut Cx<'c>,
    stored: Arc<Stored>,
    job: Object,
    selector: Selector,
    pods: Vec<Seen>,
    /// When to look again, where nothing happens before.
    next: Option<crate::time::Micros>,
}

/// Whether a job is over.
pub(super) fn ended(job: &Object) -> Option<&'static str> {
    let all = job.items("/status/conditions");
    ["Complete", "Failed"].into_iter().find(|kind| conditions::is_true(all, kind))
}

fn sync(cx: &mut Cx<'_>, stored: Arc<Stored>, job: Object) -> Step<Outcome> {
    let Ok(selector) = Selector::of(&part(&job, "spec")["selector"]) else { return Ok(Outcome::Done) };
    let mut look = Look { cx, stored, job, selector, pods: Vec::new(), next: None };
    look.read()?;
    if ended(&look.job).is_some() || look.job.is_deleting() {
        let over: Vec<Seen> =
            look.pods.iter().filter(|(_, pod)| pod.has_ended() || pod.is_deleting()).cloned().collect();
        for (pod, _) in over {
            release(look.cx, &pod)?;
        }
        return Ok(Outcome::Done);
    }
    look.sync()
}

/// Lets the pods go of a job that is no more.
fn abandoned(cx: &mut Cx<'_>, key: &Key) -> Step<Outcome> {
    for pod in cx.sim.store().all(known().pod, Some(&key.namespace)) {
        let lost = pod.has_finalizers
            && pod.controller().is_some_and(|owner| {
                &*owner.kind == "Job" && owner.name == key.name && cx.sim.store().by_uid(&owner.uid).is_none()
            });
        if lost {
            release(cx, &pod)?;
        }
    }
    Ok(Outcome::Done)
}

/// Takes the finalizer off by which a pod is kept until it is counted.
fn release(cx: &mut Cx<'_>, pod: &Stored) -> Step<()> {
    if !pod.has_finalizers {
        return Ok(());
    }
    let released = cx.change(&pod.key, None, &mut |object| {
        let mut held: Vec<Value> = object.finalizers().to_vec();
        held.retain(|known| known != TRACKING);
        match held.is_empty() {
            true => drop(object.take(&["metadata", "finalizers"])),
            false => object.set_meta("finalizers", held.into()),
        }
    });
    match released {
        Ok(_) => Ok(()),
        Err(status) if status.code == 404 => Ok(()),
        Err(status) => Err(status.into()),
    }
}

impl Look<'_, '_> {
    fn read(&mut self) -> Step<()> {
        let pods = adopt::claimed(self.cx, &self.job, &self.selector, known().pod)?;
        let seen = pods.into_iter().filter_map(|pod| Some((pod.clone(), self.cx.view_of::<Pod>(&pod)?)));
        self.pods = seen.collect();
        Ok(())
    }

    fn spec(&self, field: &str) -> Option<i64> {
        part(&self.job, "spec")[field].as_i64()
    }

    fn replaces_when_failed_only(&self) -> bool {
        self.job.text("/spec/podReplacementPolicy") == "Failed"
    }

    fn look_at(&mut self, at: crate::time::Micros) {
        self.next = Some(self.next.map_or(at, |next| next.min(at)));
    }
}
