//! What a namespace uses of its quotas, counted anew when a quota changes and when something is freed. What is taken is charged
//! by admission.

use serde::Deserialize;

use crate::admission::quota;
use crate::kinds;
use crate::object::Object;
use crate::store::{ChangeKind, Entry, Key};
use crate::world::controller::{Controller, Keys, Outcome};
use crate::world::cx::Cx;

pub(super) struct Quotas;

/// What a quota allows, and what its status says that it does.
#[derive(Deserialize)]
struct Told {
    spec: Option<Hard>,
    status: Option<Hard>,
}

#[derive(Deserialize)]
struct Hard {
    hard: Option<Object>,
}

/// Whether a pod is over.
#[derive(Deserialize)]
struct Ended {
    status: Option<Phase>,
}

#[derive(Deserialize)]
struct Phase {
    phase: Option<String>,
}

impl Controller for Quotas {
    fn name(&self) -> &'static str {
        "resourcequota-controller"
    }

    fn interested(&self, change: &Entry, cx: &Cx<'_>, queue: &mut Keys) {
        let (key, quotas) = (change.key(), kinds::id("", "ResourceQuota"));
        if key.kind == quotas {
            // What admission charges needs no second look.
            if change.change != ChangeKind::Deleted && !is_told(change, cx) {
                queue.add(key.clone());
            }
            return;
        }
        let frees = change.change == ChangeKind::Deleted || (key.kind == kinds::id("", "Pod") && is_over(change, cx));
        if !frees || key.namespace.is_empty() {
            return;
        }
        for quota in cx.sim.store().all(quotas, Some(&key.namespace)) {
            queue.add(quota.key.clone());
        }
    }

    fn reconcile(&mut self, cx: &mut Cx<'_>, key: &Key) -> Outcome {
        let Some(found) = cx.stored(key).and_then(|stored| cx.thaw(&stored)) else { return Outcome::Done };
        let store = cx.sim.store();
        let used = quota::used(cx.sim, &found, &|kind| store.all(kind, Some(&key.namespace)));
        let mut tell = |quota: &mut Object| quota::tell(quota, &used);
        match cx.change(key, Some("status"), &mut tell) {
            Ok(_) => Outcome::Done,
            Err(_) => Outcome::Retry,
        }
    }
}

fn is_told(change: &Entry, cx: &Cx<'_>) -> bool {
    let hard = |part: &Option<Hard>| part.as_ref().and_then(|part| part.hard.clone());
    cx.view_of::<Told>(&change.object)
        .is_some_and(|quota| hard(&quota.status).is_some() && hard(&quota.status) == hard(&quota.spec))
}

fn is_over(change: &Entry, cx: &Cx<'_>) -> bool {
    let ended = cx.view_of::<Ended>(&change.object);
    let phase = ended.as_ref().and_then(|ended| ended.status.as_ref()?.phase.as_deref());
    matches!(phase, Some("Succeeded" | "Failed"))
}
