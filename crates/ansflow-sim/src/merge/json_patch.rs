//! JSON patches (RFC 6902): a list of operations, of which all are done or none.

mod bounds;

use serde_json::Value;

use crate::status::{Details, Status};
use bounds::Bounds;

const MOST_OPERATIONS: usize = 10_000;

/// Does the operations of a patch on a value.
pub(crate) fn json_patch(target: &mut Value, patch: &Value) -> Result<(), Status> {
    let Value::Array(operations) = patch else {
        let found = super::strict::go_kind(patch);
        let message = format!("json: cannot unmarshal {found} into Go value of type jsonpatch.Patch");
        return Err(Status::bad_request(message));
    };
    if operations.len() > MOST_OPERATIONS {
        let message = format!(
            "Request entity is too large: The allowed maximum operations in a JSON patch is {MOST_OPERATIONS}, got {}",
            operations.len()
        );
        return Err(Status::new(413, "RequestEntityTooLarge", message));
    }
    let mut changed = target.clone();
    let mut bounds = Bounds::of(target);
    for operation in operations {
        act(&mut changed, operation, &mut bounds).ok_or_else(refused)?;
    }
    *target = changed;
    Ok(())
}

/// The server says no more than this.
fn refused() -> Status {
    Status::new(422, "Invalid", "the server rejected our request due to an error in our request")
        .detailed(Details::default())
}

fn act(target: &mut Value, operation: &Value, bounds: &mut Bounds) -> Option<()> {
    let path = |field: &str| operation.get(field)?.as_str().and_then(steps);
    let at = path("path")?;
    match operation.get("op")?.as_str()? {
        "add" => {
            let value = operation.get("value").cloned().unwrap_or_default();
            bounds.sent(&value, at.len())?;
            add(target, &at, value)
        }
        "remove" => remove(target, &at).map(drop),
        "replace" => {
            let value = operation.get("value").cloned().unwrap_or_default();
            bounds.sent(&value, at.len())?;
            *find_mut(target, &at)? = value;
            Some(())
        }
        "move" => {
            let value = remove(target, &path("from")?)?;
            add(target, &at, value)?;
            bounds.moved(target, at.len())
        }
        "copy" => {
            let value = find(target, &path("from")?)?.clone();
            bounds.copied(&value)?;
            add(target, &at, value)?;
            bounds.moved(target, at.len())
        }
        "test" => {
            let expected = operation.get("value").unwrap_or(&Value::Null);
            (find(target, &at).unwrap_or(&Value::Null) == expected).then_some(())
        }
        _ => None,
    }
}

/// The steps of a JSON pointer.
fn steps(pointer: &str) -> Option<Vec<String>> {
    if pointer.is_empty() {
        return Some(Vec::new());
    }
    let steps = pointer.strip_prefix('/')?.split('/');
    Some(steps.map(|step| step.replace("~1", "/").replace("~0", "~")).collect())
}

fn find<'v>(value: &'v Value, path: &[String]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, step| match value {
        Value::Object(fields) => fields.get(step),
        Value::Array(items) => items.get(index(step, items.len())?),
        _ => None,
    })
}

fn find_mut<'v>(value: &'v mut Value, path: &[String]) -> Option<&'v mut Value> {
    path.iter().try_fold(value, |value, step| match value {
        Value::Object(fields) => fields.get_mut(step),
        Value::Array(items) => {
            let at = index(step, items.len())?;
            items.get_mut(at)
        }
        _ => None,
    })
}

/// A place in a list; negative ones count from its end.
fn index(step: &str, length: usize) -> Option<usize> {
    match step.strip_prefix('-') {
        Some(back) => length.checked_sub(back.parse().ok()?),
        None => step.parse().ok(),
    }
}

fn add(target: &mut Value, path: &[String], value: Value) -> Option<()> {
    let [parent @ .., last] = path else {
        *target = value;
        return Some(());
    };
    match find_mut(target, parent)? {
        Value::Object(fields) => drop(fields.insert(last.clone(), value)),
        Value::Array(items) if last == "-" => items.push(value),
        Value::Array(items) => {
            let at = index(last, items.len() + usize::from(last.starts_with('-'))).filter(|at| *at <= items.len())?;
            items.insert(at, value);
        }
        _ => return None,
    }
    Some(())
}

fn remove(target: &mut Value, path: &[String]) -> Option<Value> {
    let [parent @ .., last] = path else { return None };
    match find_mut(target, parent)? {
        Value::Object(fields) => fields.shift_remove(last),
        Value::Array(items) => {
            let at = index(last, items.len()).filter(|at| *at < items.len())?;
            Some(items.remove(at))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(target: Value, patch: &Value, expected: &Value) {
        let mut changed = target;
        json_patch(&mut changed, patch).unwrap();
        assert_eq!(changed, *expected, "{patch}");
    }

    #[test]
    fn operations_are_done_in_order() {
        check(
            json!({"a": {"b/c": 1}, "l": [1, 2, 3]}),
            &json!([
                {"op": "test", "path": "/a/b~1c", "value": 1},
                {"op": "replace", "path": "/a/b~1c", "value": 2},
                {"op": "add", "path": "/l/-", "value": 4},
                {"op": "add", "path": "/l/0", "value": 0},
                {"op": "remove", "path": "/l/1"},
                {"op": "remove", "path": "/l/-1"},
                {"op": "copy", "from": "/a/b~1c", "path": "/x"},
                {"op": "move", "from": "/x", "path": "/y"}
            ]),
            &json!({"a": {"b/c": 2}, "l": [0, 2, 3], "y": 2}),
        );
    }

    #[test]
    fn what_cannot_be_done_changes_nothing() {
        for operation in [
            json!({"op": "remove", "path": "/spec/nothing"}),
            json!({"op": "replace", "path": "/nothing", "value": 1}),
            json!({"op": "test", "path": "/a", "value": 99}),
            json!({"op": "add", "path": "/no/where", "value": 1}),
            json!({"op": "add", "path": "/l/7", "value": 1}),
            json!({"op": "nonsense", "path": "/a"}),
            json!({"op": "add", "value": 1}),
        ] {
            let mut target = json!({"a": 1, "l": []});
            let refusal =
                json_patch(&mut target, &json!([{"op": "add", "path": "/b", "value": 1}, operation])).unwrap_err();
            assert_eq!((refusal.code, refusal.reason), (422, "Invalid"));
            assert_eq!(target, json!({"a": 1, "l": []}));
        }
    }

    #[test]
    fn no_patch_makes_more_of_an_object_than_it_may_hold() {
        let refused = |operations: Vec<Value>| {
            let mut target = json!({"a": {"text": "x".repeat(1000)}, "b": {}});
            json_patch(&mut target, &Value::Array(operations)).unwrap_err().code
        };
        // Twice as large with each operation.
        assert_eq!(
            refused((0..40).map(|at| json!({"op": "copy", "from": "", "path": format!("/c{at}")})).collect()),
            422
        );
        // Deeper with each operation.
        let nested = |at: usize| {
            let under = if at.is_multiple_of(2) { ("/a", "/b") } else { ("/b", "/a") };
            [
                json!({"op": "move", "from": under.0, "path": format!("{}/x", under.1)}),
                json!({"op": "add", "path": under.0, "value": {}}),
            ]
        };
        assert_eq!(refused((0..4000).flat_map(nested).collect()), 422);
    }

    #[test]
    fn a_patch_is_a_list() {
        let refusal = json_patch(&mut json!({}), &json!({})).unwrap_err();
        assert_eq!(refusal.message, "json: cannot unmarshal object into Go value of type jsonpatch.Patch");
    }
}
