//! What a cluster is made of, what it keeps, and what it tells.

use super::super::columns::Cell;
use super::{entries, field, items};
use crate::facts::{Event, Node, condition};
use crate::object::Obj;
use crate::text::short;
use serde_json::Value as Json;

/// A label of this beginning names a role.
const ROLE: &str = "node-role.kubernetes.io/";

pub(crate) fn namespace(object: &Obj) -> Vec<Cell> {
    vec![phase(object)]
}

pub(crate) fn config_map(object: &Obj) -> Vec<Cell> {
    vec![entries(object, &[&["data"], &["binaryData"]])]
}

pub(crate) fn secret(object: &Obj) -> Vec<Cell> {
    vec![Cell::text(object.text(&["type"]).unwrap_or_default()), entries(object, &[&["data"]])]
}

pub(crate) fn event(object: &Obj) -> Vec<Cell> {
    let event = object.read::<Event>().unwrap_or_default();
    let about = match event.involved_object.name.as_str() {
        "" => String::new(),
        name => format!("{}/{name}", event.involved_object.kind),
    };
    let source = match event.reporting_component.as_str() {
        "" => object.text(&["source", "component"]).unwrap_or_default(),
        source => source,
    };
    vec![
        Cell::text(&event.r#type),
        Cell::text(&event.reason),
        Cell::text(about),
        Cell::text(short(&event.message, 500)),
        Cell::Number(event.times().into()),
        Cell::time(event.at()),
        Cell::text(source),
    ]
}

pub(crate) fn node(object: &Obj) -> Vec<Cell> {
    let node = object.read::<Node>().unwrap_or_default();
    let ready = match condition(&node.status.conditions, "Ready") {
        Some(ready) if ready.is_true() => "Ready",
        Some(ready) if ready.is_false() => "NotReady",
        Some(_) | None => "Unknown",
    };
    let cordoned = object.at(&["spec", "unschedulable"]).and_then(Json::as_bool).unwrap_or_default();
    let roles = node.metadata.labels.keys().filter_map(|label| label.strip_prefix(ROLE));
    let addresses = items(object, &["status", "addresses"]);
    let inside = addresses.iter().find(|address| field(address, "type") == "InternalIP");
    let text = |path: &[&str]| Cell::text(object.text(path).unwrap_or_default());
    vec![
        Cell::text(if cordoned { format!("{ready},SchedulingDisabled") } else { ready.to_owned() }),
        Cell::list(roles),
        text(&["status", "nodeInfo", "kubeletVersion"]),
        Cell::text(inside.map_or("", |address| field(address, "address"))),
        text(&["status", "nodeInfo", "osImage"]),
        text(&["status", "allocatable", "cpu"]),
        text(&["status", "allocatable", "memory"]),
        text(&["status", "allocatable", "pods"]),
    ]
}

pub(crate) fn claim(object: &Obj) -> Vec<Cell> {
    let text = |path: &[&str]| Cell::text(object.text(path).unwrap_or_default());
    let modes = match items(object, &["status", "accessModes"]) {
        [] => items(object, &["spec", "accessModes"]),
        modes => modes,
    };
    vec![
        phase(object),
        text(&["spec", "volumeName"]),
        text(&["status", "capacity", "storage"]),
        Cell::list(modes.iter().filter_map(Json::as_str)),
        text(&["spec", "storageClassName"]),
    ]
}

fn phase(object: &Obj) -> Cell {
    Cell::text(object.text(&["status", "phase"]).unwrap_or_default())
}
