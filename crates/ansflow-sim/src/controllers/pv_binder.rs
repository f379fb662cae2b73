//! Claims and volumes: a claim gets a volume that is there, or one that is made for it, or is told why not.

use std::time::Duration;

use serde_json::{Value, json};

use super::known::known;
use super::{Step, part, settled, tell};
use crate::object::{Object, ObjectExt};
use crate::selector::Selector;
use crate::store::{ChangeKind, Entry, Key, Stored};
use crate::world::controller::{Controller, Keys, Outcome};
use crate::world::cx::Cx;

const COMPONENT: &str = "persistentvolume-controller";
/// A claim that waits is looked at again and again, and told of each time.
const AGAIN: Duration = Duration::from_secs(15);
const BOUND: &str = "pv.kubernetes.io/bind-completed";
const BY_US: &str = "pv.kubernetes.io/bound-by-controller";
const PROTECTION: &str = "kubernetes.io/pvc-protection";
const NODE: &str = "volume.kubernetes.io/selected-node";

pub(super) struct Binder;

impl Controller for Binder {
    fn name(&self) -> &'static str {
        "persistent-volume-binder"
    }

    fn interested(&self, change: &Entry, cx: &Cx<'_>, queue: &mut Keys) {
        let key = change.key();
        if key.kind == known().pvc && change.change != ChangeKind::Deleted {
            queue.add(key.clone());
        } else if key.kind == known().pvc {
            // Its volume is free again, or goes with it.
            cx.sim.store().all(known().pv, None).iter().for_each(|volume| queue.add(volume.key.clone()));
        } else if key.kind == known().pod && change.change == ChangeKind::Deleted {
            let claims = cx.sim.store().all(known().pvc, Some(&key.namespace));
            claims.iter().filter(|claim| claim.deleting).for_each(|claim| queue.add(claim.key.clone()));
        } else if key.kind == known().pv || key.kind == known().storage_class {
            if key.kind == known().pv && change.change != ChangeKind::Deleted {
                queue.add(key.clone());
            }
            if change.change == ChangeKind::Added {
                cx.sim.store().all(known().pvc, None).iter().for_each(|claim| queue.add(claim.key.clone()));
            }
        }
    }

    fn reconcile(&mut self, cx: &mut Cx<'_>, key: &Key) -> Outcome {
        let Some(stored) = cx.stored(key) else { return Outcome::Done };
        let Some(object) = cx.thaw(&stored) else { return Outcome::Done };
        settled(match key.kind == known().pv {
            true => volume(cx, key, &object),
            false => claim(cx, &stored, &object),
        })
    }
}

/// A volume says whether it is free, bound, or what its claim left.
fn volume(cx: &mut Cx<'_>, key: &Key, volume: &Object) -> Step<Outcome> {
    let reference = &part(volume, "spec")["claimRef"];
    let wanted = match reference["uid"].as_str() {
        Some(uid) if cx.sim.store().by_uid(uid).is_some() => "Bound",
        Some(_) if volume.text("/spec/persistentVolumeReclaimPolicy") == "Delete" => {
            cx.delete(key, &crate::api::delete::DeleteOptions::default())?;
            return Ok(Outcome::Done);
        }
        Some(_) => "Released",
        None => "Available",
    };
    if volume.text("/status/phase") != wanted {
        cx.change(key, Some("status"), &mut |object| object.put(&["status", "phase"], wanted.into()))?;
    }
    Ok(Outcome::Done)
}

fn claim(cx: &mut Cx<'_>, stored: &Stored, claim: &Object) -> Step<Outcome> {
    if claim.is_deleting() {
        return unprotect(cx, stored, claim);
    }
    if claim.annotations().get(BOUND).is_some() {
        return Ok(Outcome::Done);
    }
    let name = claim.text("/spec/storageClassName");
    let class = cx.stored(&Key::new(known().storage_class, "", name)).and_then(|class| cx.thaw(&class));
    let waits = class.as_ref().is_some_and(|class| class.text("/volumeBindingMode") == "WaitForFirstConsumer")
        && claim.annotations().get(NODE).is_none();
    if waits {
        let said = "waiting for first consumer to be created before binding";
        tell::normal(cx, stored, COMPONENT, "WaitForFirstConsumer", said);
        return Ok(Outcome::After(AGAIN));
    }
    if let Some(volume) = fitting(cx, claim) {
        return bind(cx, stored, claim, &volume);
    }
    let Some(class) = class else {
        match name {
            "" => {
                let said = "no persistent volumes available for this claim and no storage class is set";
                tell::normal(cx, stored, COMPONENT, "FailedBinding", said);
            }
            _ => {
                let said = format!("storageclass.storage.k8s.io \"{name}\" not found");
                tell::warning(cx, stored, COMPONENT, "ProvisioningFailed", &said);
            }
        }
        return Ok(Outcome::After(AGAIN));
    };
    let provisioner = class.text("/provisioner");
    if provisioner == "kubernetes.io/no-provisioner" {
        return Ok(Outcome::After(AGAIN));
    }
    let made = provision(claim, &class);
    let volume = cx.create(made)?;
    let said = format!("Successfully provisioned volume {}", volume.name());
    tell::normal(cx, stored, provisioner, "ProvisioningSucceeded", &said);
    let Some(volume) = cx.thaw(&volume) else { return Err(Outcome::Retry) };
    bind(cx, stored, claim, &volume)
}

/// Lets a deleted claim go when no pod uses it any more.
fn unprotect(cx: &mut Cx<'_>, stored: &Stored, claim: &Object) -> Step<Outcome> {
    let uses = |pod: &Value| {
        let volumes = pod["spec"]["volumes"].as_array().into_iter().flatten();
        volumes.into_iter().any(|volume| volume["persistentVolumeClaim"]["claimName"] == claim.name())
            && !matches!(pod["status"]["phase"].as_str(), Some("Succeeded" | "Failed"))
    };
    let pods = cx.sim.store().all(known().pod, Some(claim.namespace()));
    let used = pods.iter().any(|pod| cx.view_of::<Value>(pod).is_some_and(|pod| uses(&pod)));
    if used || !claim.finalizers().iter().any(|held| held == PROTECTION) {
        return Ok(Outcome::Done);
    }
    cx.change(&stored.key, None, &mut |object| {
        let mut held = object.finalizers().to_vec();
        held.retain(|known| known != PROTECTION);
        match held.is_empty() {
            true => drop(object.take(&["metadata", "finalizers"])),
            false => object.set_meta("finalizers", held.into()),
        }
    })?;
    Ok(Outcome::Done)
}

/// The smallest free volume that is large enough, of the same class, with the same ways in.
fn fitting(cx: &Cx<'_>, claim: &Object) -> Option<Object> {
    let wanted = bytes(claim.text("/spec/resources/requests/storage"));
    let named = claim.text("/spec/volumeName");
    let selector = Selector::of(&part(claim, "spec")["selector"]).ok()?;
    let all = cx.sim.store().all(known().pv, None);
    let fits = |volume: &Object| {
        let reference = &part(volume, "spec")["claimRef"];
        let free = reference.is_null()
            || (reference["name"] == claim.name()
                && reference["namespace"] == claim.namespace()
                && reference["uid"].as_str().is_none_or(|uid| uid == claim.uid()));
        let modes = volume.items("/spec/accessModes");
        free && (named.is_empty() || named == volume.name())
            && volume.text("/spec/storageClassName") == claim.text("/spec/storageClassName")
            && claim.items("/spec/accessModes").iter().all(|mode| modes.contains(mode))
            && bytes(volume.text("/spec/capacity/storage")) >= wanted
            && selector.matches_map(volume.at("/metadata/labels").and_then(Value::as_object))
    };
    let volumes = all.iter().filter(|volume| !volume.deleting).filter_map(|volume| cx.thaw(volume)).filter(fits);
    volumes.min_by(|a, b| {
        let size = |volume: &Object| bytes(volume.text("/spec/capacity/storage"));
        size(a).total_cmp(&size(b))
    })
}

fn bind(cx: &mut Cx<'_>, stored: &Stored, claim: &Object, volume: &Object) -> Step<Outcome> {
    let key = Key::new(known().pv, "", volume.name());
    let reference = json!({"kind": "PersistentVolumeClaim", "namespace": claim.namespace(), "name": claim.name(),
        "uid": claim.uid(), "apiVersion": "v1", "resourceVersion": claim.resource_version()});
    if volume.text("/spec/claimRef/uid") != claim.uid() {
        cx.change(&key, None, &mut |object| {
            object.put(&["spec", "claimRef"], reference.clone());
            object.put(&["metadata", "annotations", BY_US], "yes".into());
        })?;
    }
    cx.change(&key, Some("status"), &mut |object| object.put(&["status", "phase"], "Bound".into()))?;
    cx.change(&stored.key, None, &mut |object| {
        object.put(&["spec", "volumeName"], volume.name().into());
        object.put(&["metadata", "annotations", BOUND], "yes".into());
        object.put(&["metadata", "annotations", BY_US], "yes".into());
    })?;
    let (modes, capacity) = (part(volume, "spec")["accessModes"].clone(), part(volume, "spec")["capacity"].clone());
    cx.change(&stored.key, Some("status"), &mut |object| {
        object.insert("status".to_owned(), json!({"phase": "Bound", "accessModes": modes, "capacity": capacity}));
    })?;
    Ok(Outcome::Done)
}

fn provision(claim: &Object, class: &Object) -> Object {
    let name = format!("pvc-{}", claim.uid());
    let policy = match class.text("/reclaimPolicy") {
        "" => "Delete",
        policy => policy,
    };
    let size = part(claim, "spec")["resources"]["requests"]["storage"].clone();
    let mut volume = Object::new();
    volume.insert("apiVersion".to_owned(), "v1".into());
    volume.insert("kind".to_owned(), "PersistentVolume".into());
    volume.insert(
        "metadata".to_owned(),
        json!({"name": name, "annotations": {"pv.kubernetes.io/provisioned-by": class.text("/provisioner")}}),
    );
    volume.insert(
        "spec".to_owned(),
        json!({"capacity": {"storage": size}, "accessModes": part(claim, "spec")["accessModes"],
            "persistentVolumeReclaimPolicy": policy, "storageClassName": class.name(), "volumeMode": "Filesystem",
            "hostPath": {"path": format!("/var/local/{name}"), "type": "DirectoryOrCreate"},
            "claimRef": {"kind": "PersistentVolumeClaim", "namespace": claim.namespace(), "name": claim.name(),
                "uid": claim.uid(), "apiVersion": "v1", "resourceVersion": claim.resource_version()}}),
    );
    volume
}

/// A quantity of storage, roughly: enough to compare.
fn bytes(text: &str) -> f64 {
    let at = text.find(|letter: char| letter.is_ascii_alphabetic()).unwrap_or(text.len());
    let (number, unit) = text.split_at(at);
    let factor = match unit {
        "k" => 1e3,
        "M" => 1e6,
        "G" => 1e9,
        "T" => 1e12,
        "Ki" => 1024.0,
        "Mi" => 1024.0 * 1024.0,
        "Gi" => 1024.0 * 1024.0 * 1024.0,
        "Ti" => 1024.0 * 1024.0 * 1024.0 * 1024.0,
        _ => 1.0,
    };
    number.parse::<f64>().unwrap_or_default() * factor
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_compared_by_value() {
        assert!(bytes("1Gi") > bytes("1G"));
        assert!(bytes("100Mi") < bytes("1Gi"));
    }
}
