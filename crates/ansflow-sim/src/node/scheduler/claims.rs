//! The claims of a pod: whether they can be had, and for which node their volumes are made.

use crate::faults::rule::What;
use crate::faults::{ANNOTATION, Place};
use crate::node::pod::Pod;
use crate::object::{Object, ObjectExt};
use crate::store::Key;
use crate::world::cx::Cx;

/// Whether the claims of a pod are there.
pub(super) enum Claims {
    Ready,
    Refused(String),
    /// No volume is there for one of them, on any node.
    NoVolume,
}

pub(super) fn volumes(cx: &Cx<'_>, pod: &Pod) -> Claims {
    let place = Place {
        namespace: &pod.metadata.namespace,
        pod: &pod.metadata.name,
        labels: Some(&pod.metadata.labels),
        annotation: pod.metadata.annotations.get(ANNOTATION).map(String::as_str),
        ..Place::default()
    };
    if let Some(why) = cx.sim.faults().at(&place).into_iter().find_map(|what| match what {
        What::Bind(why) => Some(why),
        _ => None,
    }) {
        return Claims::Refused(why);
    }
    for name in claims(pod) {
        let Some(claim) = claim_of(cx, pod, name) else {
            return Claims::Refused(format!("persistentvolumeclaim \"{name}\" not found"));
        };
        let bound = claim.text("/status/phase") == "Bound" || !claim.text("/spec/volumeName").is_empty();
        if bound {
            continue;
        }
        let class = class_of(cx, claim.text("/spec/storageClassName"));
        if class.as_ref().is_none_or(|class| class.text("/volumeBindingMode") != "WaitForFirstConsumer") {
            return Claims::Refused("pod has unbound immediate PersistentVolumeClaims".to_owned());
        }
        // Where nobody makes volumes, one must be there.
        let nobody = class.is_some_and(|class| class.text("/provisioner") == "kubernetes.io/no-provisioner");
        if nobody && !free(cx, claim.text("/spec/storageClassName")) {
            return Claims::NoVolume;
        }
    }
    Claims::Ready
}

/// Says to who makes volumes which node they are for. Whether all are bound already.
pub(super) fn claim(cx: &mut Cx<'_>, pod: &Pod, node: &str) -> bool {
    let Some(kind) = cx.sim.kinds().named("", "PersistentVolumeClaim") else { return true };
    let unbound =
        |cx: &Cx<'_>, name: &str| claim_of(cx, pod, name).is_some_and(|claim| claim.text("/status/phase") != "Bound");
    let mut bound = true;
    for name in claims(pod) {
        if !unbound(cx, name) {
            continue;
        }
        bound = false;
        let key = Key::new(kind.id, pod.metadata.namespace.as_str(), name);
        let selected = cx.change(&key, None, &mut |claim: &mut Object| {
            if claim.text("/spec/volumeName").is_empty() {
                claim.put(&["metadata", "annotations", "volume.kubernetes.io/selected-node"], node.into());
            }
        });
        if let Err(why) = selected {
            tracing::debug!("the claim `{name}` was not told its node: {}", why.message);
        }
    }
    bound
}

fn claims(pod: &Pod) -> impl Iterator<Item = &str> {
    pod.spec.volumes.iter().filter_map(|volume| volume.pointer("/persistentVolumeClaim/claimName")?.as_str())
}

fn claim_of(cx: &Cx<'_>, pod: &Pod, name: &str) -> Option<Object> {
    let kind = cx.sim.kinds().named("", "PersistentVolumeClaim")?;
    let stored = cx.stored(&Key::new(kind.id, pod.metadata.namespace.as_str(), name))?;
    cx.thaw(&stored)
}

fn class_of(cx: &Cx<'_>, name: &str) -> Option<Object> {
    let kind = cx.sim.kinds().named("storage.k8s.io", "StorageClass")?;
    let stored = cx.stored(&Key::new(kind.id, "", name))?;
    cx.thaw(&stored)
}

/// Whether a volume of a class is nobody's yet.
fn free(cx: &Cx<'_>, class: &str) -> bool {
    let Some(kind) = cx.sim.kinds().named("", "PersistentVolume") else { return false };
    let all = cx.sim.store().all(kind.id, None);
    all.iter()
        .filter_map(|stored| cx.thaw(stored))
        .any(|volume| volume.text("/spec/storageClassName") == class && volume.text("/status/phase") == "Available")
}
