//! What keeps pods running.

use super::super::columns::Cell;
use super::{field, items, number, time};
use crate::object::Obj;

pub(crate) fn deployment(object: &Obj) -> Vec<Cell> {
    vec![
        Cell::ratio(number(object, &["status", "readyReplicas"]), wanted(object)),
        Cell::Number(number(object, &["status", "updatedReplicas"])),
        Cell::Number(number(object, &["status", "availableReplicas"])),
        images(object),
    ]
}

pub(crate) fn stateful_set(object: &Obj) -> Vec<Cell> {
    vec![
        Cell::ratio(number(object, &["status", "readyReplicas"]), wanted(object)),
        Cell::Number(number(object, &["status", "updatedReplicas"])),
        images(object),
    ]
}

pub(crate) fn daemon_set(object: &Obj) -> Vec<Cell> {
    let status = |name| number(object, &["status", name]);
    vec![
        Cell::ratio(status("numberReady"), status("desiredNumberScheduled")),
        Cell::Number(status("updatedNumberScheduled")),
        Cell::Number(status("numberAvailable")),
        images(object),
    ]
}

pub(crate) fn job(object: &Obj) -> Vec<Cell> {
    let parallel = object.int(&["spec", "parallelism"]).unwrap_or(1);
    let completions = object.int(&["spec", "completions"]).unwrap_or(parallel);
    vec![
        Cell::ratio(number(object, &["status", "succeeded"]), completions),
        Cell::Number(number(object, &["status", "active"])),
        Cell::Number(number(object, &["status", "failed"])),
        Cell::time(time(object.at(&["status", "startTime"]))),
        Cell::time(time(object.at(&["status", "completionTime"]))),
        images(object),
    ]
}

/// 1 where it says nothing.
fn wanted(object: &Obj) -> i64 {
    object.int(&["spec", "replicas"]).unwrap_or(1)
}

fn images(object: &Obj) -> Cell {
    let containers = items(object, &["spec", "template", "spec", "containers"]);
    Cell::list(containers.iter().map(|container| field(container, "image")))
}
