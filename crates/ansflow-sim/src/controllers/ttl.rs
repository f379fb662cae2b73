//! Jobs that are to be forgotten some time after they ended.

use std::time::Duration;

use super::known::known;
use super::{Step, conditions, job, settled};
use crate::api::delete::{DeleteOptions, Propagation};
use crate::object::{Object, ObjectExt};
use crate::store::{Entry, Key};
use crate::time::Micros;
use crate::world::controller::{Controller, Keys, Outcome};
use crate::world::cx::Cx;

pub(super) struct Ttl;

impl Controller for Ttl {
    fn name(&self) -> &'static str {
        "ttl-after-finished-controller"
    }

    fn interested(&self, change: &Entry, _cx: &Cx<'_>, queue: &mut Keys) {
        if change.key().kind == known().job && !change.object.deleting {
            queue.add(change.key().clone());
        }
    }

    fn reconcile(&mut self, cx: &mut Cx<'_>, key: &Key) -> Outcome {
        let Some(job) = cx.stored(key).and_then(|stored| cx.thaw(&stored)) else { return Outcome::Done };
        settled(look(cx, key, &job))
    }
}

fn look(cx: &mut Cx<'_>, key: &Key, job: &Object) -> Step<Outcome> {
    let (Some(seconds), Some(kind)) = (job.int("/spec/ttlSecondsAfterFinished"), job::ended(job)) else {
        return Ok(Outcome::Done);
    };
    let all = conditions::of(job);
    let ended = conditions::find(&all, kind).and_then(|condition| condition["lastTransitionTime"].as_str());
    let Some(ended) = ended.and_then(Micros::parse).filter(|_| !job.is_deleting()) else { return Ok(Outcome::Done) };
    let due = ended.plus(Duration::from_secs(u64::try_from(seconds).unwrap_or_default()));
    if due > cx.now() {
        return Ok(Outcome::At(due));
    }
    let options = DeleteOptions {
        propagation: Some(Propagation::Foreground),
        uid: Some(job.uid().to_owned()),
        ..DeleteOptions::default()
    };
    cx.delete(key, &options)?;
    Ok(Outcome::Done)
}
