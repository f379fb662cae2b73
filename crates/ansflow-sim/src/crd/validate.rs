//! What a schema finds wrong with a value, in the words of Kubernetes.

use serde_json::Value;

use super::format;
use super::schema::{Limit, Schema};
use crate::rules::Causes;
use crate::status::Cause;

/// Looks at a value and at what is in it. `old` is what stood there before: the same as now is left alone.
pub(super) fn value(schema: &Schema, value: &Value, old: Option<&Value>, path: &str, causes: &mut Causes) {
    if old == Some(value) {
        return;
    }
    if value.is_null() && schema.nullable {
        return;
    }
    if !fits(schema, value) {
        let (is, wanted) = (kind(value), if schema.int_or_string { "integer,string" } else { schema.ty.as_str() });
        let why = format!("Invalid value: \"{is}\": {path} in body must be of type {wanted}: \"{is}\"");
        causes.push(cause("FieldValueTypeInvalid", path, why));
        return;
    }
    if !schema.enums.is_empty() && !schema.enums.contains(value) {
        let known: Vec<String> = schema.enums.iter().map(quoted).collect();
        let why = format!("Unsupported value: {value}: supported values: {}", known.join(", "));
        causes.push(cause("FieldValueNotSupported", path, why));
    }
    match value {
        Value::String(text) => string(schema, text, path, causes),
        Value::Number(_) => number(schema, value, path, causes),
        Value::Array(items) => list(schema, value, items, old, path, causes),
        Value::Object(_) => object(schema, value, old, path, causes),
        Value::Null | Value::Bool(_) => {}
    }
    alternatives(schema, value, path, causes);
}

fn string(schema: &Schema, text: &str, path: &str, causes: &mut Causes) {
    let length = u64::try_from(text.chars().count()).unwrap_or(u64::MAX);
    let mut wrong = |what: String| causes.push(invalid(path, &Value::from(text), &what));
    if let Some(least) = schema.lengths.least.filter(|least| length < *least) {
        wrong(format!("should be at least {least} chars long"));
    }
    if let Some((pattern, Some(regex))) = &schema.pattern
        && !regex.is_match(text)
    {
        wrong(format!("should match '{pattern}'"));
    }
    if !format::fits(&schema.format, text) {
        let why = format!("Invalid value: {text:?}: {path} in body must be of type {}: {text:?}", schema.format);
        causes.push(cause("FieldValueTypeInvalid", path, why));
    }
    if let Some(most) = schema.lengths.most.filter(|most| length > *most) {
        causes.push(cause("FieldValueTooLong", path, format!("Too long: may not be more than {most} bytes")));
    }
}

fn number(schema: &Schema, value: &Value, path: &str, causes: &mut Causes) {
    let number = value.as_f64().unwrap_or_default();
    let bound = |limit: &Limit| limit.at.as_f64().unwrap_or_default();
    let mut wrong = |what: String| causes.push(invalid(path, value, &what));
    if let Some(limit) = &schema.maximum
        && (number > bound(limit) || limit.exclusive && number >= bound(limit))
    {
        let or = if limit.exclusive { "" } else { "or equal to " };
        wrong(format!("should be less than {or}{}", limit.at));
    }
    if let Some(limit) = &schema.minimum
        && (number < bound(limit) || limit.exclusive && number <= bound(limit))
    {
        let or = if limit.exclusive { "" } else { "or equal to " };
        wrong(format!("should be greater than {or}{}", limit.at));
    }
    if let Some(of) = schema.multiple_of.filter(|of| *of != 0.0 && (number / of).fract() != 0.0) {
        wrong(format!("should be a multiple of {of}"));
    }
}

fn list(schema: &Schema, value: &Value, items: &[Value], old: Option<&Value>, path: &str, causes: &mut Causes) {
    let count = u64::try_from(items.len()).unwrap_or(u64::MAX);
    if let Some(least) = schema.counts.least.filter(|least| count < *least) {
        causes.push(invalid(path, value, &format!("should have at least {least} items")));
    }
    if let Some(most) = schema.counts.most.filter(|most| count > *most) {
        let why = format!("Too many: {count}: must have at most {most} items");
        causes.push(cause("FieldValueTooMany", path, why));
    }
    if schema.unique && items.iter().enumerate().any(|(at, item)| items[..at].contains(item)) {
        causes.push(invalid(path, value, "shouldn't contain duplicates"));
    }
    for (at, item) in items.iter().enumerate() {
        let again = match schema.keys.as_slice() {
            [] => schema.is_set && items[..at].contains(item),
            keys => items[..at].iter().any(|other| keys.iter().all(|key| other.get(key) == item.get(key))),
        };
        if again {
            let shown = match schema.keys.as_slice() {
                [] => item.clone(),
                keys => keys.iter().map(|key| (key.clone(), item[key.as_str()].clone())).collect(),
            };
            causes.push(cause("FieldValueDuplicate", &format!("{path}[{at}]"), format!("Duplicate value: {shown}")));
        }
        if let Some(of) = &schema.items {
            self::value(of, item, schema.counterpart(item, old), &format!("{path}[{at}]"), causes);
        }
    }
}

fn object(schema: &Schema, value: &Value, old: Option<&Value>, path: &str, causes: &mut Causes) {
    let Value::Object(fields) = value else { return };
    let count = u64::try_from(fields.len()).unwrap_or(u64::MAX);
    if let Some(least) = schema.names.least.filter(|least| count < *least) {
        causes.push(invalid(path, value, &format!("should have at least {least} properties")));
    }
    if let Some(most) = schema.names.most.filter(|most| count > *most) {
        let why = format!("Too many: {count}: must have at most {most} items");
        causes.push(cause("FieldValueTooMany", path, why));
    }
    for name in &schema.required {
        if !fields.contains_key(name) {
            causes.push(cause("FieldValueRequired", &below(path, name), "Required value".to_owned()));
        }
    }
    for (name, inner) in fields {
        if let Some(of) = schema.field(name) {
            self::value(of, inner, old.and_then(|old| old.get(name)), &below(path, name), causes);
        }
    }
}

/// `allOf`, `anyOf`, `oneOf` and `not`.
fn alternatives(schema: &Schema, value: &Value, path: &str, causes: &mut Causes) {
    let holds = |of: &Schema| {
        let mut found = Causes::new();
        self::value(of, value, None, path, &mut found);
        found.is_empty()
    };
    let mut wrong = |what: &str| {
        let why = format!("Invalid value: {value}: \"{path}\" {what}");
        causes.push(cause("FieldValueInvalid", path, why));
    };
    if !schema.any_of.is_empty() && !schema.any_of.iter().any(holds) {
        wrong("must validate at least one schema (anyOf)");
    }
    if !schema.one_of.is_empty() {
        match schema.one_of.iter().filter(|of| holds(of)).count() {
            1 => {}
            0 => wrong("must validate one and only one schema (oneOf). Found none valid"),
            more => wrong(&format!("must validate one and only one schema (oneOf). Found {more} valid alternatives")),
        }
    }
    if schema.not.as_ref().is_some_and(|of| holds(of)) {
        wrong("must not validate the schema (not)");
    }
    if !schema.all_of.is_empty() && !schema.all_of.iter().all(holds) {
        schema.all_of.iter().for_each(|of| self::value(of, value, None, path, causes));
    }
}

fn fits(schema: &Schema, value: &Value) -> bool {
    if schema.int_or_string {
        return value.is_string() || value.is_i64() || value.is_u64();
    }
    match schema.ty.as_str() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|number| number.fract() == 0.0),
        _ => !value.is_null() || schema.ty.is_empty(),
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

pub(super) fn below(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

fn invalid(path: &str, value: &Value, what: &str) -> Cause {
    cause("FieldValueInvalid", path, format!("Invalid value: {value}: {path} in body {what}"))
}

/// The whole object has no path of its own.
pub(super) fn cause(reason: &str, path: &str, message: String) -> Cause {
    Cause::new(reason, if path.is_empty() { "<nil>" } else { path }, message)
}

fn quoted(value: &Value) -> String {
    value.as_str().map_or_else(|| format!("\"{value}\""), |text| format!("{text:?}"))
}
