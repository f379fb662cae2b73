//! Parts of an object that the server, not the client, decides about: what it says that it is, and what stays as it was.

use serde_json::Value;

use super::SERVERS;
use crate::api::write::Write;
use crate::object::{Object, ObjectExt};

/// What the object says that it is, and where the request says that it stands.
pub(super) fn head(w: &Write<'_>, object: &mut Object) {
    object.insert("kind".to_owned(), (*w.kind.kind).into());
    object.insert("apiVersion".to_owned(), w.kind.api_version().into());
    if w.kind.namespaced && object.namespace().is_empty() {
        object.set_meta("namespace", (*w.key.namespace).into());
    } else if !w.kind.namespaced {
        object.take(&["metadata", "namespace"]);
    }
    if object.name().is_empty() && !w.key.name.is_empty() {
        object.set_meta("name", (*w.key.name).into());
    }
}

/// The order in which Kubernetes writes metadata.
pub(super) fn in_order(object: &mut Object) {
    const ORDER: [&str; 12] = [
        "name",
        "generateName",
        "namespace",
        "selfLink",
        "uid",
        "resourceVersion",
        "generation",
        "creationTimestamp",
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
        "labels",
        "annotations",
    ];
    let Some(Value::Object(metadata)) = object.get_mut("metadata") else { return };
    let mut sorted = Object::new();
    for field in ORDER {
        if let Some(value) = metadata.shift_remove(field) {
            sorted.insert(field.to_owned(), value);
        }
    }
    sorted.append(metadata);
    let is_empty = |value: &Value| match value {
        Value::Object(of) => of.is_empty(),
        Value::Array(of) => of.is_empty(),
        Value::String(of) => of.is_empty(),
        Value::Null => true,
        Value::Bool(_) | Value::Number(_) => false,
    };
    sorted.retain(|_, value| !is_empty(value));
    *metadata = sorted;
}

/// What a client cannot change stays as it was.
pub(super) fn kept(object: &mut Object, old: &Object) {
    for field in SERVERS.iter().chain(&["generation", "generateName"]) {
        match old.at(&format!("/metadata/{field}")) {
            Some(value) => object.set_meta(field, value.clone()),
            None => drop(object.take(&["metadata", field])),
        }
    }
}

/// A write of the status changes nothing else, but for the managers.
pub(super) fn only_status(object: &mut Object, old: &Object) {
    let status = object.shift_remove("status");
    let mut fresh = old.clone();
    if let Some(status) = status {
        fresh.insert("status".to_owned(), status);
    } else {
        fresh.shift_remove("status");
    }
    // Labels and annotations may come with a status, as Kubernetes has it for built-in kinds.
    for field in ["labels", "annotations", "finalizers", "ownerReferences"] {
        match object.take(&["metadata", field]) {
            Some(value) => fresh.set_meta(field, value),
            None => drop(fresh.take(&["metadata", field])),
        }
    }
    *object = fresh;
}

pub(super) fn restore(object: &mut Object, old: &Object, field: &str) {
    match old.get(field) {
        Some(value) => drop(object.insert(field.to_owned(), value.clone())),
        None => drop(object.shift_remove(field)),
    }
}

/// Whether anything but metadata and status differs.
pub(super) fn differs_in_spec(object: &Object, old: &Object) -> bool {
    let counts = |field: &&String| !matches!(field.as_str(), "metadata" | "status" | "kind" | "apiVersion");
    object.keys().chain(old.keys()).filter(counts).any(|field| object.get(field) != old.get(field))
}
