//! PodDisruptionBudgets: how many pods may go now.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::deployment::{Rounding, share};
use super::known::known;
use super::pods::{Pod, Seen};
use super::{Step, conditions, part, settled};
use crate::object::{Object, ObjectExt};
use crate::selector::Selector;
use crate::store::{ChangeKind, Entry, Key};
use crate::world::controller::{Controller, Keys, Outcome};
use crate::world::cx::Cx;

pub(super) struct Disruption;

impl Controller for Disruption {
    fn name(&self) -> &'static str {
        "disruption-controller"
    }

    fn interested(&self, change: &Entry, cx: &Cx<'_>, queue: &mut Keys) {
        let key = change.key();
        if key.kind == known().pdb && change.change != ChangeKind::Deleted {
            queue.add(key.clone());
        } else if key.kind == known().pod {
            for budget in cx.sim.store().all(known().pdb, Some(&key.namespace)) {
                let selector = cx.view_of::<Value>(&budget).map(|budget| Selector::of(&budget["spec"]["selector"]));
                if selector.is_some_and(|one| one.is_ok_and(|one| one.matches_pairs(&change.object.labels))) {
                    queue.add(budget.key.clone());
                }
            }
        }
    }

    fn reconcile(&mut self, cx: &mut Cx<'_>, key: &Key) -> Outcome {
        let Some(budget) = cx.stored(key).and_then(|stored| cx.thaw(&stored)) else { return Outcome::Done };
        settled(sync(cx, key, &budget))
    }
}

fn sync(cx: &mut Cx<'_>, key: &Key, budget: &Object) -> Step<Outcome> {
    let Ok(selector) = Selector::of(&part(budget, "spec")["selector"]) else { return Ok(Outcome::Done) };
    let pods: Vec<Seen> = cx.list::<Pod>(known().pod, Some(budget.namespace()));
    let pods: Vec<Seen> = pods.into_iter().filter(|(pod, _)| selector.matches_pairs(&pod.labels)).collect();
    let healthy = pods.iter().filter(|(_, pod)| pod.is_ready() && !pod.is_deleting() && !pod.has_ended()).count();
    let healthy = i64::try_from(healthy).unwrap_or(i64::MAX);
    let spec = part(budget, "spec");
    let least = &spec["minAvailable"];
    let (expected, desired) = if spec["maxUnavailable"].is_null() {
        match least.as_i64() {
            Some(number) => (i64::try_from(pods.len()).unwrap_or(i64::MAX), number),
            None => {
                let expected = expected(cx, &pods);
                (expected, share(least, expected, Rounding::Up))
            }
        }
    } else {
        let expected = expected(cx, &pods);
        (expected, (expected - share(&spec["maxUnavailable"], expected, Rounding::Up)).max(0))
    };
    let allowed = if expected == 0 { 0 } else { (healthy - desired).max(0) };
    let mut status = part(budget, "status").as_object().cloned().unwrap_or_default();
    for (field, number) in [
        ("observedGeneration", budget.generation()),
        ("disruptionsAllowed", allowed),
        ("currentHealthy", healthy),
        ("desiredHealthy", desired),
        ("expectedPods", expected),
    ] {
        status.insert(field.to_owned(), number.into());
    }
    let (is, reason) = if allowed > 0 { ("True", "SufficientPods") } else { ("False", "InsufficientPods") };
    let mut all = conditions::of(budget);
    let condition = json!({"type": "DisruptionAllowed", "status": is, "observedGeneration": budget.generation(),
        "lastTransitionTime": cx.now().rfc3339(), "reason": reason, "message": ""});
    conditions::replace(&mut all, condition);
    status.insert("conditions".to_owned(), all.into());
    if *part(budget, "status") != Value::Object(status.clone()) {
        cx.change(key, Some("status"), &mut |object| {
            object.insert("status".to_owned(), status.clone().into());
        })?;
    }
    Ok(Outcome::Done)
}

/// How many pods their controllers want.
fn expected(cx: &Cx<'_>, pods: &[Seen]) -> i64 {
    let mut sizes: BTreeMap<String, i64> = BTreeMap::new();
    let mut alone = 0;
    for (pod, _) in pods {
        let owner = pod.controller().and_then(|owner| cx.sim.store().by_uid(&owner.uid));
        let Some(owner) = owner else {
            alone += 1;
            continue;
        };
        // A ReplicaSet's own owner knows better how many there are to be.
        let above = owner.controller().and_then(|owner| cx.sim.store().by_uid(&owner.uid)).unwrap_or(owner);
        let size = cx.view_of::<Value>(&above).and_then(|object| object["spec"]["replicas"].as_i64());
        sizes.insert(above.uid.to_string(), size.unwrap_or(1));
    }
    alone + sizes.values().sum::<i64>()
}
