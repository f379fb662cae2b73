//! Quotas and disruption budgets.

use serde_json::Value;

use super::column::{AGE, Column, NAME, number, text};
use super::{age, count, name};
use crate::object::{Object, ObjectExt};
use crate::time::Micros;

pub(super) const QUOTA: &[Column] = &[
    NAME,
    text("Request", "Request represents a minimum amount of cpu/memory that a container may consume."),
    text(
        "Limit",
        "Limits control the maximum amount of cpu/memory that a container may use independent of contention on the node.",
    ),
    AGE,
];

pub(super) fn quota(quota: &Object, now: Micros) -> Vec<Value> {
    let mut resources: Vec<(&String, &Value)> =
        quota.at("/status/hard").and_then(Value::as_object).into_iter().flatten().collect();
    resources.sort_by(|a, b| a.0.cmp(b.0));
    let said = |limits: bool| {
        let some = resources.iter().filter(|(resource, _)| resource.starts_with("limits.") == limits);
        let some: Vec<String> = some
            .map(|(resource, hard)| {
                let used = quota.at("/status/used").and_then(|used| used[resource.as_str()].as_str()).unwrap_or("0");
                format!("{resource}: {used}/{}", hard.as_str().unwrap_or_default())
            })
            .collect();
        Value::from(some.join(", "))
    };
    vec![name(quota), said(false), said(true), age::age(quota, now)]
}

pub(super) const BUDGET: &[Column] = &[
    NAME,
    text("Min Available", "The minimum number of pods that must be available."),
    text("Max Unavailable", "The maximum number of pods that may be unavailable."),
    number("Allowed Disruptions", "Calculated number of pods that may be disrupted at this time."),
    AGE,
];

pub(super) fn budget(budget: &Object, now: Micros) -> Vec<Value> {
    let said = |pointer: &str| match budget.at(pointer) {
        None | Some(Value::Null) => Value::from("N/A"),
        Some(Value::String(percent)) => percent.as_str().into(),
        Some(number) => number.to_string().into(),
    };
    vec![
        name(budget),
        said("/spec/minAvailable"),
        said("/spec/maxUnavailable"),
        count(budget, "/status/disruptionsAllowed"),
        age::age(budget, now),
    ]
}
