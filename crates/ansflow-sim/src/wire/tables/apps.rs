//! Deployments and the other workloads that keep pods running.

use serde_json::Value;

use super::column::{AGE, Column, NAME, text};
use super::{age, containers, count, name, selector};
use crate::object::{Object, ObjectExt};
use crate::selector::shown_map;
use crate::time::Micros;

const TEMPLATE: &str = "/spec/template/spec/containers";

pub(super) fn deployment(object: &Object, now: Micros) -> Vec<Value> {
    let [names, images] = containers(object, TEMPLATE);
    vec![
        name(object),
        ready(object),
        count(object, "/status/updatedReplicas"),
        count(object, "/status/availableReplicas"),
        age::age(object, now),
        names,
        images,
        selector(object, "/spec/selector"),
    ]
}

pub(super) fn replica_set(object: &Object, now: Micros) -> Vec<Value> {
    let mut cells = counted(object, now);
    cells.push(selector(object, "/spec/selector"));
    cells
}

pub(super) fn replication_controller(object: &Object, now: Micros) -> Vec<Value> {
    let mut cells = counted(object, now);
    cells.push(shown_map(object.at("/spec/selector").unwrap_or(&Value::Null)).into());
    cells
}

fn counted(object: &Object, now: Micros) -> Vec<Value> {
    let [names, images] = containers(object, TEMPLATE);
    vec![
        name(object),
        count(object, "/spec/replicas"),
        count(object, "/status/replicas"),
        count(object, "/status/readyReplicas"),
        age::age(object, now),
        names,
        images,
    ]
}

pub(super) fn stateful_set(object: &Object, now: Micros) -> Vec<Value> {
    let [names, images] = containers(object, TEMPLATE);
    vec![name(object), ready(object), age::age(object, now), names, images]
}

pub(super) fn daemon_set(object: &Object, now: Micros) -> Vec<Value> {
    let [names, images] = containers(object, TEMPLATE);
    vec![
        name(object),
        count(object, "/status/desiredNumberScheduled"),
        count(object, "/status/currentNumberScheduled"),
        count(object, "/status/numberReady"),
        count(object, "/status/updatedNumberScheduled"),
        count(object, "/status/numberAvailable"),
        shown_map(object.at("/spec/template/spec/nodeSelector").unwrap_or(&Value::Null)).into(),
        age::age(object, now),
        names,
        images,
        selector(object, "/spec/selector"),
    ]
}

pub(super) const REVISION: &[Column] = &[
    NAME,
    text("Controller", "Controller of the object"),
    text("Revision", "Revision indicates the revision of the state represented by Data."),
    AGE,
];

pub(super) fn revision(object: &Object, now: Micros) -> Vec<Value> {
    let owner = object.items("/metadata/ownerReferences").iter().find(|owner| owner["controller"] == true);
    let controller = owner.map_or_else(
        || "<none>".to_owned(),
        |owner| {
            let of = |field: &str| owner[field].as_str().unwrap_or_default();
            let kind = match of("apiVersion").split_once('/') {
                Some((group, _)) => format!("{}.{group}", of("kind")),
                None => of("kind").to_owned(),
            };
            format!("{}/{}", kind.to_lowercase(), of("name"))
        },
    );
    vec![name(object), controller.into(), count(object, "/revision"), age::age(object, now)]
}

/// `2/3`: ready of desired.
fn ready(object: &Object) -> Value {
    let of = |pointer| object.int(pointer).unwrap_or(0);
    format!("{}/{}", of("/status/readyReplicas"), of("/spec/replicas")).into()
}
