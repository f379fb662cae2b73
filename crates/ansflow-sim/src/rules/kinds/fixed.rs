//! What must not change afterwards, of kinds that are checked for little else.

use serde_json::Value;

use crate::kind::Kind;
use crate::object::{Object, ObjectExt};
use crate::rules::{Causes, said};

const STATEFUL: &str = "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', \
                        'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";
const POD: &str = "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,\
                   `spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),\
                   `spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n";
const CLAIM: &str =
    "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n";

/// A stateful set: only some of it may be other than it was.
pub(crate) fn stateful_set(object: &Object, old: &Object, causes: &mut Causes) {
    let may = [
        "replicas",
        "ordinals",
        "template",
        "updateStrategy",
        "revisionHistoryLimit",
        "persistentVolumeClaimRetentionPolicy",
        "minReadySeconds",
    ];
    if without(object, &may) != without(old, &may) {
        said::forbidden(causes, "spec", STATEFUL);
    }
}

/// A pod: images, and little else. The node may be set once, by whoever binds it.
pub(crate) fn pod(_kind: &Kind, object: &Object, old: &Object, causes: &mut Causes) {
    let fixed = |pod: &Object| {
        let may = [
            "activeDeadlineSeconds",
            "tolerations",
            "terminationGracePeriodSeconds",
            "ephemeralContainers",
            "schedulingGates",
        ];
        let mut spec = without(pod, &may);
        if old.text("/spec/nodeName").is_empty() {
            // What comes with a binding, and the scheduling of a pod that is gated.
            for field in ["nodeName", "nodeSelector", "affinity"] {
                spec.shift_remove(field);
            }
        }
        for list in ["containers", "initContainers"] {
            for container in spec.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
                if let Value::Object(container) = container {
                    for field in ["image", "resources", "resizePolicy"] {
                        container.shift_remove(field);
                    }
                }
            }
        }
        spec
    };
    if fixed(object) != fixed(old) {
        said::forbidden(causes, "spec", POD);
    }
    for list in ["containers", "initContainers"] {
        for (at, container) in object.items(&format!("/spec/{list}")).iter().enumerate() {
            if container["image"].as_str().unwrap_or_default().is_empty() {
                said::required(causes, &format!("spec.{list}[{at}].image"), "");
            }
        }
    }
}

/// A claim: what it requests, once it is bound, and the volume that it is bound to.
pub(crate) fn claim(_kind: &Kind, object: &Object, old: &Object, causes: &mut Causes) {
    let fixed = |claim: &Object| {
        let mut spec = without(claim, &["volumeAttributesClassName"]);
        if old.text("/spec/volumeName").is_empty() {
            spec.shift_remove("volumeName");
        }
        if old.text("/spec/storageClassName").is_empty() {
            spec.shift_remove("storageClassName");
        }
        if old.text("/status/phase") == "Bound"
            && let Some(Value::Object(resources)) = spec.get_mut("resources")
        {
            resources.shift_remove("requests");
        }
        spec
    };
    if fixed(object) != fixed(old) {
        said::forbidden(causes, "spec", CLAIM);
    }
}

/// A binding keeps its role.
pub(crate) fn binding(_kind: &Kind, object: &Object, old: &Object, causes: &mut Causes) {
    if object.get("roleRef") != old.get("roleRef") {
        said::invalid(causes, "roleRef", object.get("roleRef").unwrap_or(&Value::Null), "cannot change roleRef");
    }
}

/// A storage class only changes whether its volumes may grow.
pub(crate) fn storage_class(_kind: &Kind, object: &Object, old: &Object, causes: &mut Causes) {
    for (field, why) in [
        ("parameters", "updates to parameters are forbidden."),
        ("provisioner", "updates to provisioner are forbidden."),
        ("reclaimPolicy", "updates to reclaimPolicy are forbidden."),
    ] {
        if object.get(field) != old.get(field) {
            said::forbidden(causes, field, why);
        }
    }
    said::fixed(causes, "volumeBindingMode", object.get("volumeBindingMode"), old.get("volumeBindingMode"));
}

/// A class of priority keeps its value.
pub(crate) fn priority_class(_kind: &Kind, object: &Object, old: &Object, causes: &mut Causes) {
    if object.get("value") != old.get("value") {
        said::forbidden(causes, "value", "may not be changed in an update.");
    }
    said::fixed(causes, "preemptionPolicy", object.get("preemptionPolicy"), old.get("preemptionPolicy"));
}

fn without(object: &Object, fields: &[&str]) -> Object {
    let mut spec = object.get("spec").and_then(Value::as_object).cloned().unwrap_or_default();
    spec.retain(|field, _| !fields.contains(&field.as_str()));
    spec
}
