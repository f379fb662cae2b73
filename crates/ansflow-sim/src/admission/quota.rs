//! What a namespace may use together: ResourceQuota.
//!
//! Admission charges under the store's mutex, so that nobody overdraws; the quota controller writes back what was freed. Both
//! count by `of` and `counts`.

mod measure;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::{Admission, Operation, Review};
use crate::api::write::{Change, Strictness, Write, write_in};
use crate::door::Actor;
use crate::kind::{Kind, KindId};
use crate::kinds;
use crate::object::{Object, ObjectExt};
use crate::quantity::Quantity;
use crate::sim::Sim;
use crate::status::Status;
use crate::store::{Key, Stored};

pub(crate) use measure::{counts, of};

/// Amounts by resource, in the order of names.
pub(crate) type Amounts = BTreeMap<String, Quantity>;

pub(super) struct Quota;

impl Admission for Quota {
    fn validate(&self, review: &mut Review<'_, '_>) -> Result<(), Status> {
        let asks = review.kind.namespaced && review.sub.is_none() && review.operation != Operation::Delete;
        if !asks || review.kind.is("", "Event") {
            return Ok(());
        }
        let quotas = review.beside("", "ResourceQuota");
        if quotas.is_empty() {
            return Ok(());
        }
        let delta = asked(review);
        // What is there already is refused later, and costs nothing.
        let key = Key::new(review.kind.id, review.key.namespace.clone(), review.object.name());
        let is_new = review.operation == Operation::Create;
        if is_new && review.txn.get(&key).is_some() {
            return Ok(());
        }
        let mut charges = Vec::new();
        for quota in &quotas {
            if let Some(used) = checked(review, quota, &delta)? {
                charges.push((quota.name().to_owned(), used));
            }
        }
        if review.dry_run {
            return Ok(());
        }
        charges.into_iter().try_for_each(|(name, used)| charge(review, &name, &used))
    }
}

/// What the write adds to what is used.
fn asked(review: &Review<'_, '_>) -> Amounts {
    let mut delta = of(review.kind, review.object);
    for (name, before) in review.old.map(|old| of(review.kind, old)).unwrap_or_default() {
        let now = delta.entry(name).or_default();
        *now = now.minus(before);
    }
    delta
}

/// What would be used of a quota, if it is touched.
fn checked(review: &Review<'_, '_>, quota: &Object, delta: &Amounts) -> Result<Option<Amounts>, Status> {
    if !counts(quota, review.kind, review.object) {
        return Ok(None);
    }
    let hard = amounts(quota.at("/spec/hard"));
    let is_new = review.operation == Operation::Create;
    if let Some(missing) = measure::unspecified(&hard, review.kind, review.object).filter(|_| is_new) {
        return Err(review.refuse(&format!("failed quota: {}: must specify {missing}", quota.name())));
    }
    let touched = |name: &String| hard.contains_key(name);
    let delta: Amounts = delta.iter().filter(|(name, by)| touched(name) && !by.is_zero()).map(owned).collect();
    if delta.is_empty() {
        return Ok(None);
    }
    let told = amounts(quota.at("/status/used"));
    let known = amounts(quota.at("/status/hard"));
    let is_known = hard.keys().all(|name| known.contains_key(name) && told.contains_key(name));
    let used = match is_known {
        true => told,
        false => used(review.sim, quota, &|kind| review.txn.all(kind, Some(&review.key.namespace))),
    };
    let now = |name: &String| used.get(name).copied().unwrap_or_default();
    let exceeded: Vec<&String> = delta
        .iter()
        .filter(|(name, by)| **by > Quantity::ZERO && now(name).plus(**by) > hard[*name])
        .map(|(name, _)| name)
        .collect();
    if !exceeded.is_empty() {
        let told = |of: &dyn Fn(&String) -> Quantity| {
            exceeded.iter().map(|name| format!("{name}={}", of(name))).collect::<Vec<_>>().join(",")
        };
        let why = format!(
            "exceeded quota: {}, requested: {}, used: {}, limited: {}",
            quota.name(),
            told(&|name| delta[name]),
            told(&now),
            told(&|name| hard[name])
        );
        return Err(review.refuse(&why));
    }
    let mut after = used.clone();
    for (name, by) in &delta {
        after.insert(name.clone(), now(name).plus(*by).max(Quantity::ZERO));
    }
    after.retain(|name, _| hard.contains_key(name));
    Ok(Some(after))
}

fn owned((name, quantity): (&String, &Quantity)) -> (String, Quantity) {
    (name.clone(), *quantity)
}

/// Writes what is used into a quota's status.
fn charge(review: &mut Review<'_, '_>, name: &str, used: &Amounts) -> Result<(), Status> {
    let id = kinds::id("", "ResourceQuota");
    let kind = review.sim.kinds().stored(id).ok_or_else(Status::unknown_resource)?;
    let actor = Actor::system("system:apiserver");
    let write = Write {
        kind: &kind,
        sub: Some("status"),
        key: Key::new(id, review.key.namespace.clone(), name),
        actor: &actor,
        manager: "kube-apiserver",
        dry_run: false,
        strict: Strictness::Ignore,
        now: review.now,
    };
    let mut change = |quota: &mut Object| {
        tell(quota, used);
        Ok(())
    };
    write_in(review.sim, review.txn, &write, Change::With(&mut change)).map(drop)
}

/// Puts what is used into a quota's status, beside what it allows: for the quota controller, too.
pub(crate) fn tell(quota: &mut Object, used: &Amounts) {
    let hard = quota.at("/spec/hard").cloned().unwrap_or_else(|| Value::Object(Object::new()));
    let names: Vec<String> = hard.as_object().into_iter().flat_map(Object::keys).cloned().collect();
    let amount = |name: &String| used.get(name).copied().unwrap_or_default().to_string();
    let used: Object = names.into_iter().map(|name| (name.clone(), amount(&name).into())).collect();
    quota.put(&["status", "hard"], hard);
    quota.put(&["status", "used"], used.into());
}

/// What a namespace uses of a quota now, counted from all that is there.
pub(crate) fn used(sim: &Sim, quota: &Object, all: &dyn Fn(KindId) -> Vec<Arc<Stored>>) -> Amounts {
    let hard = amounts(quota.at("/spec/hard"));
    let mut used: Amounts = hard.keys().map(|name| (name.clone(), Quantity::ZERO)).collect();
    for kind in measured(sim, &hard) {
        for stored in all(kind.id) {
            let object = stored.thaw(&kind);
            if !counts(quota, &kind, &object) {
                continue;
            }
            for (name, amount) in of(&kind, &object) {
                if let Some(known) = used.get_mut(&name) {
                    *known = known.plus(amount);
                }
            }
        }
    }
    used
}

/// The kinds that a quota speaks of.
fn measured(sim: &Sim, hard: &Amounts) -> Vec<Arc<Kind>> {
    let served = sim.kinds().served();
    let speaks = |kind: &&Arc<Kind>| {
        kind.stored && kind.namespaced && kind.can("list") && hard.keys().any(|name| measure::is_of(name, kind))
    };
    served.all.iter().filter(speaks).cloned().collect()
}

pub(super) fn amounts(value: Option<&Value>) -> Amounts {
    let all = value.and_then(Value::as_object).into_iter().flatten();
    all.filter_map(|(name, value)| Some((name.clone(), Quantity::read(value)?))).collect()
}
