//! Horizontal pod autoscalers, v2 and v1.

use serde_json::Value;

use super::{age, count, name};
use crate::object::{Object, ObjectExt};
use crate::time::Micros;

pub(super) fn cells(hpa: &Object, now: Micros) -> Vec<Value> {
    let reference = format!("{}/{}", hpa.text("/spec/scaleTargetRef/kind"), hpa.text("/spec/scaleTargetRef/name"));
    let least = hpa.int("/spec/minReplicas").map_or_else(|| "<unset>".to_owned(), |least| least.to_string());
    vec![
        name(hpa),
        reference.into(),
        targets(hpa).into(),
        least.into(),
        count(hpa, "/spec/maxReplicas"),
        count(hpa, "/status/currentReplicas"),
        age::age(hpa, now),
    ]
}

fn targets(hpa: &Object) -> String {
    if let Some(target) = hpa.int("/spec/targetCPUUtilizationPercentage") {
        let current = hpa.int("/status/currentCPUUtilizationPercentage");
        let current = current.map_or_else(|| "<unknown>".to_owned(), |current| format!("{current}%"));
        return format!("cpu: {current}/{target}%");
    }
    let current = hpa.items("/status/currentMetrics");
    let metrics = hpa.items("/spec/metrics").iter().enumerate();
    let all: Vec<String> =
        metrics.map(|(index, spec)| metric(spec, current.get(index).unwrap_or(&Value::Null))).collect();
    match all.as_slice() {
        [] => "<none>".to_owned(),
        [first, second, _, ..] => format!("{first}, {second} + {} more...", all.len() - 2),
        few => few.join(", "),
    }
}

fn metric(spec: &Value, status: &Value) -> String {
    let place = match spec["type"].as_str().unwrap_or_default() {
        "External" => "external",
        "Pods" => "pods",
        "Object" => "object",
        "Resource" => "resource",
        "ContainerResource" => "containerResource",
        _ => return "<unknown type>".to_owned(),
    };
    let (target, current) = (&spec[place]["target"], &status[place]["current"]);
    let prefix = match spec[place]["name"].as_str() {
        Some(name) => format!("{name}: "),
        None => String::new(),
    };
    let known = |value: &Value, unit: &str| match value {
        Value::Null => "<unknown>".to_owned(),
        Value::String(text) => format!("{text}{unit}"),
        other => format!("{other}{unit}"),
    };
    let average = matches!(place, "external" | "object");
    match (&target["averageValue"], &target["averageUtilization"]) {
        (Value::String(wanted), _) if average => format!("{}/{wanted} (avg)", known(&current["averageValue"], "")),
        (Value::String(wanted), _) => format!("{prefix}{}/{wanted}", known(&current["averageValue"], "")),
        (_, Value::Null) if average => format!("{}/{}", known(&current["value"], ""), known(&target["value"], "")),
        (_, Value::Null) => format!("{prefix}{}/<auto>", known(&current["averageUtilization"], "%")),
        (_, wanted) => format!("{prefix}{}/{wanted}%", known(&current["averageUtilization"], "%")),
    }
}
