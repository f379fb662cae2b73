//! The containers of a pod, by name and in their order.

use serde_json::Value;

use crate::object::{Object, ObjectExt};

/// Init containers first, as Kubernetes visits them.
pub(super) fn containers(spec: &Value) -> impl Iterator<Item = &Value> {
    let of = |field: &str| spec[field].as_array().into_iter().flatten();
    of("initContainers").chain(of("containers")).chain(of("ephemeralContainers"))
}

/// Calls with every container that can be changed, and whether it is an init container.
pub(super) fn each(pod: &mut Object, mut change: impl FnMut(&mut Object, bool)) {
    for (field, is_init) in [("/spec/initContainers", true), ("/spec/containers", false)] {
        let Some(Value::Array(all)) = pod.at_mut(field) else { continue };
        for container in all {
            if let Value::Object(container) = container {
                change(container, is_init);
            }
        }
    }
}

/// Where the spec of the pods of a workload stands, by kind.
pub(super) fn template(object: &Object, kind: &str) -> Option<&'static str> {
    let place = match kind {
        "Pod" => "/spec",
        "CronJob" => "/spec/jobTemplate/spec/template/spec",
        "PodTemplate" => "/template/spec",
        "Deployment" | "ReplicaSet" | "StatefulSet" | "DaemonSet" | "Job" | "ReplicationController" => {
            "/spec/template/spec"
        }
        _ => return None,
    };
    object.at(place).map(|_| place)
}
