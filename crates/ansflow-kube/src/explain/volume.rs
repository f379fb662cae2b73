//! Claims that get no volume.

use super::{Cx, Finding, told};
use crate::facts::{Claim, Pod};
use crate::goal::Want;
use crate::patience::Class;
use crate::text::{between, short};
use ansflow_core::verdict::{Cause, Object};

/// So many failures of a provisioner are no hiccup.
const ENOUGH: u32 = 3;

/// The claims among what was applied, and those of its pods.
pub(super) fn of_claims(cx: Cx<'_>, want: &Want, pods: &[&Pod]) -> Vec<Finding> {
    let namespace = want.key.namespace.as_deref().unwrap_or_default();
    let mounted = pods.iter().flat_map(|pod| names(pod));
    let own = (want.key.kind == "PersistentVolumeClaim").then_some(want.key.name.as_str());
    let mut names: Vec<&str> = mounted.chain(own).collect();
    names.sort_unstable();
    names.dedup();
    names
        .into_iter()
        .filter_map(|name| cx.world.claim(namespace, name))
        .filter_map(|claim| of_claim(cx, claim))
        .collect()
}

fn names(pod: &Pod) -> impl Iterator<Item = &str> {
    let claims = pod.spec.volumes.iter().filter_map(|volume| volume.persistent_volume_claim.as_ref());
    claims.map(|claim| claim.claim_name.as_str())
}

fn of_claim(cx: Cx<'_>, claim: &Claim) -> Option<Finding> {
    if claim.status.phase != "Pending" {
        return None;
    }
    let newest = cx
        .news(&claim.metadata.uid)
        .rfind(|told| ["ProvisioningFailed", "FailedBinding"].contains(&told.event.reason.as_str()))?;
    let message = newest.event.message.as_str();
    let has_no_class = message.contains("storageclass") && message.contains("not found");
    let class = if has_no_class { Class::Volume } else { Class::VolumeComing };
    let object = Object::new("PersistentVolumeClaim", Some(&claim.metadata.namespace), &claim.metadata.name);
    let text = format!("it has no volume: {}", short(message, 100));
    let finding = Finding::new(class, Cause::VolumeUnbound, object, text).seen_by([told(&newest.event)]);
    let finding = if has_no_class { finding } else { finding.tried_at(newest.at) };
    Some(finding.ripe_when(has_no_class || cx.times(newest) >= ENOUGH))
}

/// How certain it is that a pod will not be scheduled, whose scheduler speaks of a claim.
pub(super) fn class_of_text(cx: Cx<'_>, pod: &Pod, message: &str) -> Class {
    let named = between(message, "persistentvolumeclaim \"", "\"");
    let is_missing = message.contains("not found");
    let is_there = named.is_some_and(|name| cx.world.claim(&pod.metadata.namespace, name).is_some());
    // A claim that is there and not bound says itself why; a volume of a cloud takes its minute.
    if is_missing && !is_there { Class::Volume } else { Class::Suspected }
}
