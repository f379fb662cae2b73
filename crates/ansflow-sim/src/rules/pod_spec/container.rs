//! What a container is checked for.

use serde_json::Value;

use super::super::names::LABEL;
use super::super::{Causes, labels, said};
use super::items;
use crate::quantity::Quantity;

/// All that is wrong with a container. `volumes` are the names that it may mount, `names` those that are taken.
pub(super) fn validate(of: &Value, path: &str, volumes: &[&str], names: &mut Vec<String>, causes: &mut Causes) {
    let name = of["name"].as_str().unwrap_or_default();
    if name.is_empty() {
        said::required(causes, &format!("{path}.name"), "");
    } else if !labels::host(name) {
        said::invalid(causes, &format!("{path}.name"), &of["name"], LABEL);
    }
    let image = of["image"].as_str().unwrap_or_default();
    if image.is_empty() {
        said::required(causes, &format!("{path}.image"), "");
    } else if image.trim() != image {
        said::invalid(causes, &format!("{path}.image"), &of["image"], "must not have leading or trailing whitespace");
    }
    let policies = ["FallbackToLogsOnError", "File"];
    said::one_of(causes, &format!("{path}.terminationMessagePolicy"), of.get("terminationMessagePolicy"), &policies);
    ports(of, &format!("{path}.ports"), causes);
    environment(of, path, causes);
    mounts(of, &format!("{path}.volumeMounts"), volumes, causes);
    let policies = ["Always", "IfNotPresent", "Never"];
    said::one_of(causes, &format!("{path}.imagePullPolicy"), of.get("imagePullPolicy"), &policies);
    resources(&of["resources"], &format!("{path}.resources"), causes);
    if !name.is_empty() && names.iter().any(|known| known == name) {
        said::duplicate(causes, &format!("{path}.name"), &of["name"]);
    }
    names.push(name.to_owned());
    for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
        if of[probe].is_object() {
            self::probe(&of[probe], &format!("{path}.{probe}"), probe != "readinessProbe", causes);
        }
    }
}

fn ports(of: &Value, path: &str, causes: &mut Causes) {
    let mut names: Vec<&str> = Vec::new();
    for (at, port) in items(of, "ports").iter().enumerate() {
        let path = format!("{path}[{at}]");
        if let Some(name) = port["name"].as_str().filter(|name| !name.is_empty()) {
            for why in wrong_port_name(name) {
                said::invalid(causes, &format!("{path}.name"), &port["name"], why);
            }
            if names.contains(&name) {
                said::duplicate(causes, &format!("{path}.name"), &port["name"]);
            }
            names.push(name);
        }
        match port["containerPort"].as_i64().unwrap_or_default() {
            0 => said::required(causes, &format!("{path}.containerPort"), ""),
            _ => said::port(causes, &format!("{path}.containerPort"), &port["containerPort"]),
        }
        if port["hostPort"].as_i64().is_some_and(|number| number != 0) {
            said::port(causes, &format!("{path}.hostPort"), &port["hostPort"]);
        }
        said::one_of(causes, &format!("{path}.protocol"), port.get("protocol"), &["SCTP", "TCP", "UDP"]);
    }
}

/// What is wrong with the name of a port.
pub(in crate::rules) fn wrong_port_name(name: &str) -> Vec<&'static str> {
    let mut wrong = Vec::new();
    if name.len() > 15 {
        wrong.push("must be no more than 15 characters");
    }
    if !name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-') {
        wrong.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
    }
    if !name.bytes().any(|byte| byte.is_ascii_lowercase()) {
        wrong.push("must contain at least one letter (a-z)");
    }
    if name.contains("--") {
        wrong.push("must not contain consecutive hyphens");
    }
    if name.starts_with('-') || name.ends_with('-') {
        wrong.push("must not begin or end with a hyphen");
    }
    wrong
}

fn environment(of: &Value, path: &str, causes: &mut Causes) {
    for (at, variable) in items(of, "env").iter().enumerate() {
        let path = format!("{path}.env[{at}]");
        let name = variable["name"].as_str().unwrap_or_default();
        if name.is_empty() {
            said::required(causes, &format!("{path}.name"), "");
        } else if !name.chars().all(|c| (' '..='~').contains(&c) && c != '=') {
            let why =
                "a valid environment variable name must consist only of printable ASCII characters other than '='";
            said::invalid(causes, &format!("{path}.name"), &variable["name"], why);
        }
        let Some(from) = variable["valueFrom"].as_object() else { continue };
        let path = format!("{path}.valueFrom");
        if from.is_empty() {
            let why = "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`";
            said::invalid(causes, &path, &Value::from(""), why);
        }
        if from.len() > 1 {
            said::invalid(causes, &path, &Value::from(""), "may not have more than one field specified at a time");
        }
        if variable["value"].as_str().is_some_and(|value| !value.is_empty()) {
            said::invalid(causes, &path, &Value::from(""), "may not be specified when `value` is not empty");
        }
        for source in ["configMapKeyRef", "secretKeyRef"] {
            if from.get(source).is_some_and(|source| source["key"].as_str().unwrap_or_default().is_empty()) {
                said::required(causes, &format!("{path}.{source}.key"), "");
            }
        }
    }
}

fn mounts(of: &Value, path: &str, volumes: &[&str], causes: &mut Causes) {
    let mut places: Vec<&str> = Vec::new();
    for (at, mount) in items(of, "volumeMounts").iter().enumerate() {
        let path = format!("{path}[{at}]");
        let text = |field: &str| mount[field].as_str().unwrap_or_default();
        if text("name").is_empty() {
            said::required(causes, &format!("{path}.name"), "");
        } else if !volumes.contains(&text("name")) {
            said::missing(causes, &format!("{path}.name"), &mount["name"]);
        }
        if text("mountPath").is_empty() {
            said::required(causes, &format!("{path}.mountPath"), "");
        } else if places.contains(&text("mountPath")) {
            said::invalid(causes, &format!("{path}.mountPath"), &mount["mountPath"], "must be unique");
        }
        places.push(text("mountPath"));
        if text("subPath").starts_with('/') {
            said::invalid(causes, &format!("{path}.subPath"), &mount["subPath"], "must be a relative path");
        } else if text("subPath").split('/').any(|part| part == "..") {
            said::invalid(causes, &format!("{path}.subPath"), &mount["subPath"], "must not contain '..'");
        }
    }
}

/// Requests are not more than limits, and what has no fractions is requested as much as it is limited.
fn resources(of: &Value, path: &str, causes: &mut Causes) {
    let side = |side: &str| of[side].as_object().into_iter().flatten();
    for name in ["limits", "requests"] {
        for (resource, amount) in side(name) {
            if Quantity::read(amount).is_some_and(|amount| amount < Quantity::ZERO) {
                let path = format!("{path}.{name}[{resource}]");
                said::invalid(causes, &path, amount, "must be greater than or equal to 0");
            }
        }
    }
    for (resource, request) in side("requests") {
        let Some(limit) = of["limits"].get(resource) else { continue };
        let (Some(asked), Some(most)) = (Quantity::read(request), Quantity::read(limit)) else { continue };
        let limit = limit.as_str().map_or_else(|| limit.to_string(), str::to_owned);
        if asked > most {
            let why = format!("must be less than or equal to {resource} limit of {limit}");
            said::invalid(causes, &format!("{path}.requests"), request, &why);
        } else if asked != most && (resource.contains('/') || resource.starts_with("hugepages-")) {
            let why = format!("must be equal to {resource} limit of {limit}");
            said::invalid(causes, &format!("{path}.requests"), request, &why);
        }
    }
}

fn probe(of: &Value, path: &str, once: bool, causes: &mut Causes) {
    let handlers = ["exec", "httpGet", "tcpSocket", "grpc"];
    let given: Vec<&&str> = handlers.iter().filter(|handler| of[**handler].is_object()).collect();
    if given.is_empty() {
        said::required(causes, path, "must specify a handler type");
    }
    for more in given.iter().skip(1) {
        said::forbidden(causes, &format!("{path}.{more}"), "may not specify more than 1 handler type");
    }
    if of["exec"].is_object() && items(&of["exec"], "command").is_empty() {
        said::required(causes, &format!("{path}.exec.command"), "");
    }
    for handler in ["httpGet", "tcpSocket"] {
        if of[handler].is_object() {
            let place = format!("{path}.{handler}.port");
            match &of[handler]["port"] {
                Value::String(name) => {
                    for why in wrong_port_name(name) {
                        said::invalid(causes, &place, &of[handler]["port"], why);
                    }
                }
                port => said::port(causes, &place, port),
            }
        }
    }
    for number in ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"] {
        said::not_negative(causes, &format!("{path}.{number}"), of.get(number));
    }
    if once && of["successThreshold"].as_i64().is_some_and(|number| number != 1) {
        said::invalid(causes, &format!("{path}.successThreshold"), &of["successThreshold"], "must be 1");
    }
}
