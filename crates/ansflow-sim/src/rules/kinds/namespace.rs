//! A namespace is held by Kubernetes itself until everything in it is gone.

use serde_json::json;

use crate::kind::Kind;
use crate::object::{Object, ObjectExt};

pub(crate) fn prepare_create(_kind: &Kind, object: &mut Object) {
    let mut finalizers = object.items("/spec/finalizers").to_vec();
    if !finalizers.iter().any(|known| known == "kubernetes") {
        finalizers.push("kubernetes".into());
    }
    object.put(&["spec", "finalizers"], finalizers.into());
    // The defaults have said so already where the client gave the name.
    let name = object.name().to_owned();
    object.put(&["metadata", "labels", "kubernetes.io/metadata.name"], name.into());
    object.insert("status".to_owned(), json!({"phase": "Active"}));
}

/// Only `finalize` changes who holds it, and only `status` its phase.
pub(crate) fn prepare_update(_kind: &Kind, object: &mut Object, old: &Object, sub: Option<&str>) {
    if sub != Some("finalize") {
        match old.at("/spec/finalizers") {
            Some(held) => object.put(&["spec", "finalizers"], held.clone()),
            None => drop(object.take(&["spec", "finalizers"])),
        }
    }
}
