//! Conditions of a status: found by type, set so that times move only when something else does.

use serde_json::{Value, json};

use crate::object::{Object, ObjectExt};
use crate::time::Micros;

/// The conditions of an object's status, as they are.
pub(super) fn of(object: &Object) -> Vec<Value> {
    object.items("/status/conditions").to_vec()
}

pub(super) fn find<'a>(conditions: &'a [Value], kind: &str) -> Option<&'a Value> {
    conditions.iter().find(|condition| condition["type"] == kind)
}

pub(super) fn is_true(conditions: &[Value], kind: &str) -> bool {
    find(conditions, kind).is_some_and(|condition| condition["status"] == "True")
}

pub(super) fn remove(conditions: &mut Vec<Value>, kind: &str) {
    conditions.retain(|condition| condition["type"] != kind);
}

/// A condition of a Deployment, which tells two times.
pub(super) fn updated(kind: &str, status: &str, reason: &str, message: &str, now: Micros) -> Value {
    let now = now.rfc3339();
    json!({"type": kind, "status": status, "lastUpdateTime": now, "lastTransitionTime": now,
        "reason": reason, "message": message})
}

/// A condition of anything else.
pub(super) fn plain(kind: &str, status: &str, reason: &str, message: &str, now: Micros) -> Value {
    json!({"type": kind, "status": status, "lastTransitionTime": now.rfc3339(), "reason": reason, "message": message})
}

/// Sets a condition, last in the list. One of the same status and reason stays as it is; with another reason only, it keeps
/// the time of its last transition.
pub(super) fn set(conditions: &mut Vec<Value>, mut condition: Value) {
    let kind = condition["type"].as_str().unwrap_or_default().to_owned();
    if let Some(current) = find(conditions, &kind) {
        if current["status"] == condition["status"] && current["reason"] == condition["reason"] {
            return;
        }
        if current["status"] == condition["status"] {
            condition["lastTransitionTime"] = current["lastTransitionTime"].clone();
        }
    }
    remove(conditions, &kind);
    conditions.push(condition);
}

/// Sets a condition in its place; its time moves only with its status.
pub(super) fn replace(conditions: &mut Vec<Value>, mut condition: Value) {
    match conditions.iter_mut().find(|current| current["type"] == condition["type"]) {
        Some(current) => {
            if current["status"] == condition["status"] {
                condition["lastTransitionTime"] = current["lastTransitionTime"].clone();
            }
            *current = condition;
        }
        None => conditions.push(condition),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_of_the_same_status_and_reason_stays_as_it_is() {
        let mut conditions = vec![plain("Ready", "True", "Fine", "a", Micros(0))];
        set(&mut conditions, plain("Ready", "True", "Fine", "b", Micros(9_000_000)));
        assert_eq!(conditions[0]["message"], "a");
    }

    #[test]
    fn another_reason_keeps_the_time_of_the_transition() {
        let mut conditions = vec![updated("Ready", "True", "Fine", "a", Micros(0)), json!({"type": "Other"})];
        set(&mut conditions, updated("Ready", "True", "Better", "b", Micros(9_000_000)));
        assert_eq!(conditions[1]["lastTransitionTime"], "1970-01-01T00:00:00Z");
        assert_eq!(conditions[1]["lastUpdateTime"], "1970-01-01T00:00:09Z");
    }
}
