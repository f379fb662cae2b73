//! Containers of an object, and the ports that it listens on.

use super::super::rows::{field, items};
use crate::object::Obj;
use serde_json::Value as Json;

/// A port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Port {
    /// Its name, if it has one.
    pub name: Option<String>,
    /// Its number.
    pub port: i64,
    /// Of a Service: where it leads to; of a container: which one.
    pub target: Option<String>,
    /// `TCP`, where it says nothing else.
    pub protocol: String,
}

/// The ports of a Service, of a pod, or of what makes pods.
#[must_use]
pub fn ports(object: &Obj) -> Vec<Port> {
    if object.kind() == "Service" {
        let target = |port: &Json| match port.get("targetPort") {
            Some(Json::String(name)) => Some(name.clone()),
            Some(Json::Number(number)) => Some(number.to_string()),
            Some(_) | None => None,
        };
        return items(object, &["spec", "ports"]).iter().map(|it| port(it, "port", target(it))).collect();
    }
    let of_container = |container: &Json| {
        let name = field(container, "name").to_owned();
        let ports = container.get("ports").and_then(Json::as_array).cloned().unwrap_or_default();
        ports.into_iter().map(move |it| port(&it, "containerPort", Some(name.clone())))
    };
    items(object, &[pod_spec(object), &["containers"]].concat()).iter().flat_map(of_container).collect()
}

/// The names of an object's containers: those that run, then those that run before them.
#[must_use]
pub fn containers(object: &Obj) -> Vec<String> {
    let names =
        |kind| items(object, &[pod_spec(object), &[kind]].concat()).iter().map(|it| field(it, "name").to_owned());
    names("containers").chain(names("initContainers")).collect()
}

fn pod_spec(object: &Obj) -> &'static [&'static str] {
    match object.kind() {
        "Pod" => &["spec"],
        "CronJob" => &["spec", "jobTemplate", "spec", "template", "spec"],
        _ => &["spec", "template", "spec"],
    }
}

fn port(port: &Json, number: &str, target: Option<String>) -> Port {
    let text = |name| Some(field(port, name)).filter(|text| !text.is_empty()).map(str::to_owned);
    Port {
        name: text("name"),
        port: port.get(number).and_then(Json::as_i64).unwrap_or_default(),
        target,
        protocol: text("protocol").unwrap_or_else(|| "TCP".to_owned()),
    }
}
