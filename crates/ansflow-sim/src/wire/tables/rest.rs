//! Kinds with little to show, and those with nothing but a name.

use serde_json::Value;

use super::column::{AGE, CONTAINERS, CREATED, Column, IMAGES, NAME, flag, number, text};
use super::{age, containers, count, name, text_or};
use crate::object::{Object, ObjectExt};
use crate::selector::shown_map;
use crate::time::Micros;

pub(super) const PLAIN: &[Column] = &[NAME, CREATED];

pub(super) fn plain(object: &Object, _now: Micros) -> Vec<Value> {
    vec![name(object), object.text("/metadata/creationTimestamp").into()]
}

pub(super) fn namespace(object: &Object, now: Micros) -> Vec<Value> {
    vec![name(object), object.text("/status/phase").into(), age::age(object, now)]
}

pub(super) fn secret(object: &Object, now: Micros) -> Vec<Value> {
    vec![name(object), object.text("/type").into(), size(object, "/data").into(), age::age(object, now)]
}

pub(super) fn config_map(object: &Object, now: Micros) -> Vec<Value> {
    vec![name(object), (size(object, "/data") + size(object, "/binaryData")).into(), age::age(object, now)]
}

fn size(object: &Object, pointer: &str) -> usize {
    object.at(pointer).and_then(Value::as_object).map_or(0, serde_json::Map::len)
}

pub(super) const SERVICE_ACCOUNT: &[Column] = &[
    NAME,
    text(
        "Secrets",
        "Secrets is a list of the secrets in the same namespace that pods running using this ServiceAccount are allowed to use.",
    ),
    AGE,
];

pub(super) fn service_account(object: &Object, now: Micros) -> Vec<Value> {
    vec![name(object), object.items("/secrets").len().into(), age::age(object, now)]
}

pub(super) const POD_TEMPLATE: &[Column] =
    &[NAME, CONTAINERS, IMAGES, text("Pod Labels", "The labels for the pod template.")];

pub(super) fn pod_template(object: &Object, _now: Micros) -> Vec<Value> {
    let [names, images] = containers(object, "/template/spec/containers");
    let labels = shown_map(object.at("/template/metadata/labels").unwrap_or(&Value::Null));
    vec![name(object), names, images, labels.into()]
}

pub(super) const COMPONENT: &[Column] = &[
    NAME,
    text("Status", "Status of the component conditions"),
    text("Message", "Message of the component conditions"),
    text("Error", "Error of the component conditions"),
];

pub(super) fn component(object: &Object, _now: Micros) -> Vec<Value> {
    let healthy = object.items("/conditions").iter().find(|condition| condition["type"] == "Healthy");
    let of = |field: &str| healthy.and_then(|condition| condition[field].as_str()).unwrap_or_default();
    let status = match (healthy.is_some(), of("status")) {
        (false, _) => "Unknown",
        (true, "True") => "Healthy",
        (true, _) => "Unhealthy",
    };
    vec![name(object), status.into(), of("message").into(), of("error").into()]
}

pub(super) const LEASE: &[Column] =
    &[NAME, text("Holder", "holderIdentity contains the identity of the holder of a current lease."), AGE];

pub(super) fn lease(object: &Object, now: Micros) -> Vec<Value> {
    vec![name(object), object.text("/spec/holderIdentity").into(), age::age(object, now)]
}

pub(super) const PRIORITY: &[Column] = &[
    NAME,
    number("Value", "value represents the integer value of this priority class."),
    flag(
        "Global-Default",
        "globalDefault specifies whether this PriorityClass should be considered as the default priority for pods that do not have any priority class.",
    ),
    AGE,
    text("PreemptionPolicy", "preemptionPolicy is the Policy for preempting pods with lower priority."),
];

pub(super) fn priority(object: &Object, now: Micros) -> Vec<Value> {
    vec![
        name(object),
        count(object, "/value"),
        object.flag("/globalDefault").into(),
        age::age(object, now),
        text_or(object, "/preemptionPolicy", "<unset>"),
    ]
}

pub(super) const RUNTIME: &[Column] = &[
    NAME,
    text(
        "Handler",
        "handler specifies the underlying runtime and configuration that the CRI implementation will use to handle pods of this class.",
    ),
    AGE,
];

pub(super) fn runtime(object: &Object, now: Micros) -> Vec<Value> {
    vec![name(object), object.text("/handler").into(), age::age(object, now)]
}
