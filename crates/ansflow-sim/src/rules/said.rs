//! What is wrong with a field, in the words of Kubernetes.

use serde_json::Value;

use super::Causes;
use crate::status::Cause;

pub(super) fn required(causes: &mut Causes, path: &str, why: &str) {
    let message = if why.is_empty() { "Required value".to_owned() } else { format!("Required value: {why}") };
    causes.push(Cause::new("FieldValueRequired", path, message));
}

pub(super) fn invalid(causes: &mut Causes, path: &str, value: &Value, why: &str) {
    causes.push(Cause::new("FieldValueInvalid", path, format!("Invalid value: {value}: {why}")));
}

pub(super) fn unsupported(causes: &mut Causes, path: &str, value: &Value, known: &[&str]) {
    let known: Vec<String> = known.iter().map(|one| format!("{one:?}")).collect();
    let message = format!("Unsupported value: {value}: supported values: {}", known.join(", "));
    causes.push(Cause::new("FieldValueNotSupported", path, message));
}

pub(super) fn duplicate(causes: &mut Causes, path: &str, value: &Value) {
    causes.push(Cause::new("FieldValueDuplicate", path, format!("Duplicate value: {value}")));
}

pub(super) fn missing(causes: &mut Causes, path: &str, value: &Value) {
    causes.push(Cause::new("FieldValueNotFound", path, format!("Not found: {value}")));
}

pub(super) fn forbidden(causes: &mut Causes, path: &str, why: &str) {
    causes.push(Cause::new("FieldValueForbidden", path, format!("Forbidden: {why}")));
}

/// A field that must stay as it is.
pub(super) fn fixed(causes: &mut Causes, path: &str, new: Option<&Value>, old: Option<&Value>) {
    if new != old {
        invalid(causes, path, new.unwrap_or(&Value::Null), "field is immutable");
    }
}

/// A number that counts something.
pub(super) fn not_negative(causes: &mut Causes, path: &str, value: Option<&Value>) {
    if let Some(value) = value.filter(|value| value.as_i64().is_some_and(|number| number < 0)) {
        invalid(causes, path, value, "must be greater than or equal to 0");
    }
}

/// A value that is one of those that are known; nothing is for the caller to ask for.
pub(super) fn one_of(causes: &mut Causes, path: &str, value: Option<&Value>, known: &[&str]) {
    if let Some(value) = value.filter(|value| value.as_str().is_some_and(|text| !known.contains(&text))) {
        unsupported(causes, path, value, known);
    }
}

/// A port of a network.
pub(super) fn port(causes: &mut Causes, path: &str, value: &Value) {
    if !value.as_i64().is_some_and(|port| (1..=65_535).contains(&port)) {
        invalid(causes, path, value, "must be between 1 and 65535, inclusive");
    }
}
