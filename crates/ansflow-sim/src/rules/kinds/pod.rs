//! A new pod is pending, and of a class of service that its requests and limits make.

use serde_json::{Value, json};

use crate::kind::Kind;
use crate::object::{Object, ObjectExt};

pub(crate) fn prepare_create(_kind: &Kind, object: &mut Object) {
    let class = class(object);
    object.insert("status".to_owned(), json!({"phase": "Pending", "qosClass": class}));
}

/// `Guaranteed` where every container is limited to what it requests, `BestEffort` where none says anything.
pub(crate) fn class(pod: &Object) -> &'static str {
    let containers = || pod.items("/spec/containers").iter().chain(pod.items("/spec/initContainers"));
    let of = |container: &Value, side: &str, name: &str| container["resources"][side].get(name).cloned();
    let names = ["cpu", "memory"];
    let says = |container: &Value| {
        names.iter().any(|name| of(container, "requests", name).is_some() || of(container, "limits", name).is_some())
    };
    let fixed = |container: &Value| {
        names.iter().all(|name| {
            let limit = of(container, "limits", name);
            limit.is_some() && of(container, "requests", name).is_none_or(|request| Some(request) == limit)
        })
    };
    match () {
        () if !containers().any(says) => "BestEffort",
        () if containers().all(fixed) => "Guaranteed",
        () => "Burstable",
    }
}
