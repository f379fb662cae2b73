//! One object in another version of its kind: events of the core and of `events.k8s.io`, autoscalers of v1 and v2.

use serde_json::{Map, Value, json};

use crate::kind::Kind;
use crate::object::{Object, ObjectExt};

/// Fields of an event: in the core, and in `events.k8s.io`.
const EVENT: [(&str, &str); 7] = [
    ("involvedObject", "regarding"),
    ("message", "note"),
    ("source", "deprecatedSource"),
    ("firstTimestamp", "deprecatedFirstTimestamp"),
    ("lastTimestamp", "deprecatedLastTimestamp"),
    ("count", "deprecatedCount"),
    ("reportingComponent", "reportingController"),
];

/// What an autoscaler of v2 says that v1 has no field for.
const METRICS: &str = "autoscaling.alpha.kubernetes.io/metrics";
const BEHAVIOR: &str = "autoscaling.alpha.kubernetes.io/behavior";
const CONDITIONS: &str = "autoscaling.alpha.kubernetes.io/conditions";

/// Brings an object of one version of its kind into another, in place.
pub(crate) fn convert(from: &Kind, to: &Kind, object: &mut Object) {
    match (&*from.group, &*from.version, &*to.group, &*to.version) {
        ("", _, "events.k8s.io", _) => renamed(object, EVENT),
        ("events.k8s.io", _, "", _) => renamed(object, EVENT.map(|(core, own)| (own, core))),
        ("autoscaling", "v2", "autoscaling", "v1") => simpler(object),
        ("autoscaling", "v1", "autoscaling", "v2") => richer(object),
        _ => {}
    }
    object.insert("apiVersion".to_owned(), to.api_version().into());
}

/// What Go writes of an event also where nobody said it.
pub(super) fn complete_event(kind: &Kind, object: &mut Object) {
    let core = kind.group.is_empty();
    let always = [("source", json!({})), ("firstTimestamp", Value::Null), ("lastTimestamp", Value::Null)];
    for (field, value) in always {
        let name = EVENT
            .iter()
            .find(|(known, _)| *known == field)
            .map_or(field, |(known, own)| if core { known } else { own });
        object.entry(name).or_insert(value);
    }
    object.entry("eventTime").or_insert(Value::Null);
    if core {
        object.entry("reportingComponent").or_insert_with(|| "".into());
        object.entry("reportingInstance").or_insert_with(|| "".into());
    }
}

fn renamed(object: &mut Object, names: [(&str, &str); 7]) {
    for (from, to) in names {
        if let Some(value) = object.shift_remove(from) {
            object.insert(to.to_owned(), value);
        }
    }
}

fn is_cpu_utilization(metric: &Value) -> bool {
    metric["type"] == "Resource" && metric["resource"]["name"] == "cpu"
}

/// v2 → v1: the share of the processor is a field, all else is an annotation.
fn simpler(object: &mut Object) {
    let mut metrics = taken_list(object, "spec", "metrics");
    let cpu = metrics
        .iter()
        .position(|metric| is_cpu_utilization(metric) && metric["resource"]["target"]["averageUtilization"].is_i64());
    if let Some(at) = cpu {
        let share = metrics.remove(at)["resource"]["target"]["averageUtilization"].take();
        object.put(&["spec", "targetCPUUtilizationPercentage"], share);
    }
    let mut current = taken_list(object, "status", "currentMetrics");
    if let Some(at) = current.iter().position(is_cpu_utilization) {
        let share = current.remove(at)["resource"]["current"]["averageUtilization"].take();
        if share.is_i64() {
            object.put(&["status", "currentCPUUtilizationPercentage"], share);
        }
    }
    if object.at("/status/currentReplicas").is_none() {
        object.put(&["status", "currentReplicas"], 0.into());
    }
    note(object, METRICS, (!metrics.is_empty()).then(|| metrics.into()));
    let behavior = object.take(&["spec", "behavior"]);
    note(object, BEHAVIOR, behavior);
    let conditions = object.take(&["status", "conditions"]).filter(|value| !value.is_null());
    note(object, CONDITIONS, conditions);
}

/// v1 → v2.
fn richer(object: &mut Object) {
    let mut metrics: Vec<Value> = match told(object, METRICS) {
        Some(Value::Array(metrics)) => metrics,
        _ => Vec::new(),
    };
    if let Some(share) = object.take(&["spec", "targetCPUUtilizationPercentage"]) {
        let target = json!({"type": "Utilization", "averageUtilization": share});
        metrics.insert(0, json!({"type": "Resource", "resource": {"name": "cpu", "target": target}}));
    }
    if !metrics.is_empty() {
        object.put(&["spec", "metrics"], metrics.into());
    }
    if let Some(behavior) = told(object, BEHAVIOR) {
        object.put(&["spec", "behavior"], behavior);
    }
    if let Some(conditions) = told(object, CONDITIONS) {
        object.put(&["status", "conditions"], conditions);
    }
    if let Some(share) = object.take(&["status", "currentCPUUtilizationPercentage"]) {
        let current = json!({"averageUtilization": share, "averageValue": "0"});
        object.put(
            &["status", "currentMetrics"],
            json!([{"type": "Resource", "resource": {"name": "cpu", "current": current}}]),
        );
    }
    if object.contains_key("status") && object.at("/status/currentMetrics").is_none() {
        object.put(&["status", "currentMetrics"], Value::Null);
    }
}

fn taken_list(object: &mut Object, part: &str, field: &str) -> Vec<Value> {
    match object.take(&[part, field]) {
        Some(Value::Array(items)) => items,
        _ => Vec::new(),
    }
}

fn note(object: &mut Object, annotation: &str, value: Option<Value>) {
    if let Some(value) = value {
        object.put(&["metadata", "annotations", annotation], value.to_string().into());
    }
}

/// Takes what `note` wrote.
fn told(object: &mut Object, annotation: &str) -> Option<Value> {
    let text = object.take(&["metadata", "annotations", annotation])?;
    if object.at("/metadata/annotations").and_then(Value::as_object).is_some_and(Map::is_empty) {
        object.take(&["metadata", "annotations"]);
    }
    serde_json::from_str(text.as_str()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::Kinds;

    fn there_and_back(kinds: [(&str, &str); 2], object: &Value) -> (Value, Value) {
        let known = Kinds::new();
        let [one, other] = kinds.map(|(version, kind)| known.of(version, kind).unwrap());
        let Value::Object(mut object) = object.clone() else { panic!("no object") };
        convert(&one, &other, &mut object);
        let between = Value::Object(object.clone());
        convert(&other, &one, &mut object);
        (between, Value::Object(object))
    }

    #[test]
    fn an_event_has_other_names_in_its_own_group() {
        let event = json!({"apiVersion": "v1", "kind": "Event", "message": "m", "involvedObject": {"name": "web"},
            "source": {}, "count": 2, "reportingComponent": "kubelet", "reason": "r"});
        let (own, back) = there_and_back([("v1", "Event"), ("events.k8s.io/v1", "Event")], &event);
        assert_eq!(own["note"], "m");
        assert_eq!(own["regarding"]["name"], "web");
        assert_eq!((&own["deprecatedCount"], &own["apiVersion"]), (&json!(2), &json!("events.k8s.io/v1")));
        assert_eq!(back, event);
    }

    #[test]
    fn an_autoscaler_keeps_in_v1_what_only_v2_can_say() {
        let metric = |name: &str, share: i64| {
            let target = json!({"type": "Utilization", "averageUtilization": share});
            json!({"type": "Resource", "resource": {"name": name, "target": target}})
        };
        let scaler = json!({"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "web"},
            "spec": {"maxReplicas": 3, "metrics": [metric("cpu", 80), metric("memory", 50)],
                "behavior": {"scaleDown": {"stabilizationWindowSeconds": 1}}}});
        let kinds = ["autoscaling/v2", "autoscaling/v1"].map(|version| (version, "HorizontalPodAutoscaler"));
        let (simple, back) = there_and_back(kinds, &scaler);
        assert_eq!(simple["spec"]["targetCPUUtilizationPercentage"], 80);
        assert!(simple["spec"].get("metrics").is_none());
        assert_eq!(back["spec"], scaler["spec"]);
        assert_eq!(back["metadata"], scaler["metadata"]);
    }
}
