//! A config map is small, and may be said to stay as it is.

use serde_json::Value;

use crate::kind::Kind;
use crate::object::{Object, ObjectExt};
use crate::rules::Causes;
use crate::status::Cause;

const LARGEST: usize = 1 << 20;

pub(crate) fn validate(_kind: &Kind, object: &Object, causes: &mut Causes) {
    let texts = |field: &str| object.get(field).and_then(Value::as_object).into_iter().flatten();
    let size: usize = texts("data").map(|(_, text)| text.as_str().unwrap_or_default().len()).sum();
    let packed: usize = texts("binaryData").map(|(_, text)| text.as_str().unwrap_or_default().len() / 4 * 3).sum();
    if size + packed > LARGEST {
        let why = format!("Too long: may not be more than {LARGEST} bytes");
        causes.push(Cause::new("FieldValueTooLong", "[]", why));
    }
}

/// Config maps and secrets that are immutable.
pub(crate) fn validate_update(_kind: &Kind, object: &Object, old: &Object, causes: &mut Causes) {
    if !old.flag("/immutable") {
        return;
    }
    let mut refuse = |field: &str| {
        let why = format!("Forbidden: field is immutable when `{}` is set", "immutable");
        causes.push(Cause::new("FieldValueForbidden", field, why));
    };
    if !object.flag("/immutable") {
        refuse("immutable");
    }
    for field in ["data", "binaryData"] {
        if object.get(field) != old.get(field) {
            refuse(field);
        }
    }
}
