//! Volumes, claims and what stands behind them.

use serde_json::Value;

use super::column::{AGE, Column, NAME, flag, number, text, wide};
use super::{age, name, text_or};
use crate::object::{Object, ObjectExt};
use crate::time::Micros;

pub(super) const VOLUME: &[Column] = &[
    NAME,
    text("Capacity", "capacity is the description of the persistent volume's resources and capacity."),
    text("Access Modes", "accessModes contains all ways the volume can be mounted."),
    text(
        "Reclaim Policy",
        "persistentVolumeReclaimPolicy defines what happens to a persistent volume when released from its claim.",
    ),
    text("Status", "phase indicates if a volume is available, bound to a claim, or released by a claim."),
    text("Claim", "claimRef is part of a bi-directional binding between PersistentVolume and PersistentVolumeClaim."),
    text("StorageClass", "StorageClass of the pv"),
    text("VolumeAttributesClass", "VolumeAttributesClass of the pv"),
    text(
        "Reason",
        "reason is a brief CamelCase string that describes any failure and is meant for machine parsing and tidy display in the CLI.",
    ),
    AGE,
    wide(
        "VolumeMode",
        "volumeMode defines if a volume is intended to be used with a formatted filesystem or to remain in raw block state.",
    ),
];

pub(super) fn volume(volume: &Object, now: Micros) -> Vec<Value> {
    let claim = match volume.at("/spec/claimRef") {
        Some(_) => format!("{}/{}", volume.text("/spec/claimRef/namespace"), volume.text("/spec/claimRef/name")),
        None => String::new(),
    };
    vec![
        name(volume),
        text_or(volume, "/spec/capacity/storage", "0"),
        modes(volume, "/spec/accessModes"),
        volume.text("/spec/persistentVolumeReclaimPolicy").into(),
        phase(volume),
        claim.into(),
        volume.text("/spec/storageClassName").into(),
        text_or(volume, "/spec/volumeAttributesClassName", "<unset>"),
        volume.text("/status/reason").into(),
        age::age(volume, now),
        text_or(volume, "/spec/volumeMode", "<unset>"),
    ]
}

pub(super) const CLAIM: &[Column] = &[
    NAME,
    text("Status", "phase represents the current phase of PersistentVolumeClaim."),
    text("Volume", "volumeName is the binding reference to the PersistentVolume backing this claim."),
    text("Capacity", "capacity represents the actual resources of the underlying volume."),
    text("Access Modes", "accessModes contains the actual access modes the volume backing the PVC has."),
    text("StorageClass", "StorageClass of the pvc"),
    text("VolumeAttributesClass", "VolumeAttributesClass of the pvc"),
    AGE,
    wide("VolumeMode", "volumeMode defines what type of volume is required by the claim."),
];

pub(super) fn claim(claim: &Object, now: Micros) -> Vec<Value> {
    let is_bound = !claim.text("/spec/volumeName").is_empty();
    let (capacity, access) = if is_bound {
        (text_or(claim, "/status/capacity/storage", "0"), modes(claim, "/status/accessModes"))
    } else {
        ("".into(), "".into())
    };
    vec![
        name(claim),
        phase(claim),
        claim.text("/spec/volumeName").into(),
        capacity,
        access,
        claim.text("/spec/storageClassName").into(),
        text_or(claim, "/spec/volumeAttributesClassName", "<unset>"),
        age::age(claim, now),
        text_or(claim, "/spec/volumeMode", "<unset>"),
    ]
}

pub(super) const CLASS: &[Column] = &[
    NAME,
    text("Provisioner", "provisioner indicates the type of the provisioner."),
    text(
        "ReclaimPolicy",
        "reclaimPolicy controls the reclaimPolicy for dynamically provisioned PersistentVolumes of this storage class.",
    ),
    text(
        "VolumeBindingMode",
        "volumeBindingMode indicates how PersistentVolumeClaims should be provisioned and bound.",
    ),
    text("AllowVolumeExpansion", "allowVolumeExpansion shows whether the storage class allow volume expand."),
    AGE,
];

pub(super) fn class(class: &Object, now: Micros) -> Vec<Value> {
    let defaults = ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"];
    let is_default = defaults.iter().any(|annotation| class.annotations().get(annotation) == Some("true"));
    let name = if is_default { format!("{} (default)", class.name()) } else { class.name().to_owned() };
    vec![
        name.into(),
        class.text("/provisioner").into(),
        text_or(class, "/reclaimPolicy", "Delete"),
        text_or(class, "/volumeBindingMode", "Immediate"),
        class.flag("/allowVolumeExpansion").into(),
        age::age(class, now),
    ]
}

pub(super) const CSI_NODE: &[Column] =
    &[NAME, number("Drivers", "Drivers indicates the number of CSI drivers registered on the node"), AGE];

pub(super) fn csi_node(node: &Object, now: Micros) -> Vec<Value> {
    vec![name(node), node.items("/spec/drivers").len().into(), age::age(node, now)]
}

pub(super) const ATTACHMENT: &[Column] = &[
    NAME,
    text("Attacher", "attacher indicates the name of the volume driver that MUST handle this request."),
    text("PV", "persistentVolumeName represents the name of the persistent volume to attach."),
    text("Node", "nodeName represents the node that the volume should be attached to."),
    flag("Attached", "attached indicates the volume is successfully attached."),
    AGE,
];

pub(super) fn attachment(object: &Object, now: Micros) -> Vec<Value> {
    vec![
        name(object),
        object.text("/spec/attacher").into(),
        object.text("/spec/source/persistentVolumeName").into(),
        object.text("/spec/nodeName").into(),
        object.flag("/status/attached").into(),
        age::age(object, now),
    ]
}

fn phase(object: &Object) -> Value {
    if object.is_deleting() { "Terminating".into() } else { object.text("/status/phase").into() }
}

/// `RWO,ROX`, in Kubernetes' order whatever was written.
fn modes(object: &Object, pointer: &str) -> Value {
    let has = |mode: &str| object.items(pointer).iter().any(|one| one == mode);
    let short =
        [("ReadWriteOnce", "RWO"), ("ReadOnlyMany", "ROX"), ("ReadWriteMany", "RWX"), ("ReadWriteOncePod", "RWOP")];
    let short: Vec<&str> = short.into_iter().filter(|(mode, _)| has(mode)).map(|(_, short)| short).collect();
    short.join(",").into()
}
