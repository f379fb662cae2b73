//! Nodes.

use serde_json::Value;

use super::{age, name, text_or};
use crate::object::{Object, ObjectExt};
use crate::time::Micros;

pub(super) fn cells(node: &Object, now: Micros) -> Vec<Value> {
    vec![
        name(node),
        status(node).into(),
        roles(node).into(),
        age::age(node, now),
        node.text("/status/nodeInfo/kubeletVersion").into(),
        address(node, "InternalIP").into(),
        address(node, "ExternalIP").into(),
        text_or(node, "/status/nodeInfo/osImage", "<unknown>"),
        text_or(node, "/status/nodeInfo/kernelVersion", "<unknown>"),
        text_or(node, "/status/nodeInfo/containerRuntimeVersion", "<unknown>"),
    ]
}

fn status(node: &Object) -> String {
    let ready = node.items("/status/conditions").iter().find(|condition| condition["type"] == "Ready");
    let mut status = match ready.map(|condition| condition["status"] == "True") {
        Some(true) => "Ready",
        Some(false) => "NotReady",
        None => "Unknown",
    }
    .to_owned();
    if node.flag("/spec/unschedulable") {
        status.push_str(",SchedulingDisabled");
    }
    status
}

fn roles(node: &Object) -> String {
    let mut roles: Vec<&str> = node
        .labels()
        .iter()
        .filter_map(|(label, value)| match label {
            "kubernetes.io/role" => Some(value),
            _ => label.strip_prefix("node-role.kubernetes.io/"),
        })
        .filter(|role| !role.is_empty())
        .collect();
    roles.sort_unstable();
    roles.dedup();
    if roles.is_empty() { "<none>".to_owned() } else { roles.join(",") }
}

fn address<'a>(node: &'a Object, ty: &str) -> &'a str {
    let found = node.items("/status/addresses").iter().find(|address| address["type"] == ty);
    found.and_then(|address| address["address"].as_str()).unwrap_or("<none>")
}
