//! An eviction: a deletion that asks disruption budgets first.

use serde_json::{Value, json};

use super::delete::{DeleteOptions, delete_in};
use super::write::{Change, Write, write_in};
use super::{Answer, Call, Reply, body};
use crate::door::Actor;
use crate::kinds;
use crate::object::{Object, ObjectExt};
use crate::selector::Selector;
use crate::status::{Cause, Details, Status};
use crate::store::{Stored, Txn};

pub(super) fn answer(call: &Call<'_>) -> Result<Answer, Status> {
    let kind = call.sub_kind("policy", "v1", "Eviction", "io.k8s.api.policy.v1.Eviction")?;
    let eviction = body::object(call, &kind, call.request.options.strictness())?.object;
    body::placed(call, &eviction)?;
    let manager = call.manager();
    let mut write = call.write(&manager)?;
    write.sub = None;
    write.dry_run |= !eviction.items("/deleteOptions/dryRun").is_empty();
    let text = |field: &str| eviction.at(&format!("/deleteOptions/preconditions/{field}"))?.as_str().map(str::to_owned);
    let options = DeleteOptions {
        grace: eviction.int("/deleteOptions/gracePeriodSeconds"),
        uid: text("uid"),
        resource_version: text("resourceVersion"),
        propagation: None,
        dry_run: write.dry_run,
    };
    evict(call, &write, &options)?;
    let done = json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201});
    Ok(Answer::Whole(Reply::json(201, done.to_string())))
}

fn evict(call: &Call<'_>, write: &Write<'_>, options: &DeleteOptions) -> Result<(), Status> {
    let mut txn = call.sim.store().txn();
    let Some(stored) = txn.get(&write.key) else { return Err(Status::not_found(write.kind, &write.key.name)) };
    let pod = stored.thaw(write.kind);
    // Who has ended, has not begun, or is going already is missed by nobody.
    let counts = !matches!(pod.text("/status/phase"), "Succeeded" | "Failed" | "Pending") && !pod.is_deleting();
    if counts {
        ask_budgets(call, &mut txn, write, &stored, &pod)?;
    }
    delete_in(call.sim, &mut txn, write, options).map(drop)
}

fn ask_budgets(
    call: &Call<'_>,
    txn: &mut Txn<'_>,
    write: &Write<'_>,
    stored: &Stored,
    pod: &Object,
) -> Result<(), Status> {
    let id = kinds::id("policy", "PodDisruptionBudget");
    let kind = call.sim.kinds().stored(id).ok_or_else(Status::unknown_resource)?;
    let mut budgets: Vec<Object> = Vec::new();
    for budget in txn.all(id, Some(stored.namespace())) {
        let budget = budget.thaw(&kind);
        let selector = budget.at("/spec/selector").and_then(|selector| Selector::of(selector).ok());
        if selector.is_some_and(|selector| selector.matches_pairs(&stored.labels)) {
            budgets.push(budget);
        }
    }
    let [budget] = budgets.as_slice() else {
        let why = "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.";
        return if budgets.is_empty() { Ok(()) } else { Err(Status::new(500, "InternalError", why)) };
    };
    let healthy = budget.int("/status/currentHealthy").unwrap_or_default();
    let wanted = budget.int("/status/desiredHealthy").unwrap_or_default();
    let is_ready = pod
        .items("/status/conditions")
        .iter()
        .any(|condition| condition["type"] == "Ready" && condition["status"] == "True");
    let always = budget.text("/spec/unhealthyPodEvictionPolicy") == "AlwaysAllow";
    if !is_ready && (always || (healthy >= wanted && wanted > 0)) {
        return Ok(());
    }
    if budget.int("/status/observedGeneration").unwrap_or_default() < budget.generation() {
        let cause = "The disruption budget has not been processed yet";
        return Err(too_many(
            format!("The disruption budget {} is still being processed by the server.", budget.name()),
            cause,
        )
        .retry_after(10));
    }
    let allowed = budget.int("/status/disruptionsAllowed").unwrap_or_default();
    if allowed <= 0 {
        let why =
            format!("The disruption budget {} needs {wanted} healthy pods and has {healthy} currently", budget.name());
        return Err(too_many(why, "Cannot evict pod as it would violate the pod's disruption budget."));
    }
    let key = crate::store::Key::new(id, budget.namespace(), budget.name());
    let (name, now) = (pod.name().to_owned(), write.now.rfc3339());
    let mut charge = |budget: &mut Object| {
        budget.put(&["status", "disruptionsAllowed"], (allowed - 1).into());
        budget.put(&["status", "disruptedPods", &name], Value::from(now.as_str()));
        Ok(())
    };
    let actor = Actor::system("system:apiserver");
    let charged = Write {
        kind: &kind,
        sub: Some("status"),
        key,
        actor: &actor,
        manager: "kube-apiserver",
        dry_run: write.dry_run,
        strict: write.strict,
        now: write.now,
    };
    write_in(call.sim, txn, &charged, Change::With(&mut charge)).map(drop)
}

fn too_many(cause: String, message: &str) -> Status {
    let causes = vec![Cause::new("DisruptionBudget", "", cause)];
    Status::new(429, "TooManyRequests", message).detailed(Details { causes, ..Details::default() })
}
