//! Rules in CEL, asked of every value that has them; those that look back are asked where there was something before.

use serde_json::Value;

use super::schema::{Rule, Schema};
use super::validate::{below, cause};
use crate::cel::CelError;
use crate::rules::Causes;
use crate::status::Cause;

pub(super) fn value(schema: &Schema, value: &Value, old: Option<&Value>, path: &str, causes: &mut Causes) {
    if value.is_null() {
        return;
    }
    let unchanged = old == Some(value);
    for rule in &schema.rules {
        if unchanged && !rule.looks_back || rule.looks_back && old.is_none() {
            continue;
        }
        causes.extend(broken(rule, schema, value, old, path));
    }
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                let old = old.and_then(|old| old.get(name));
                if let Some(of) = schema.property(name) {
                    self::value(of, inner, old, &below(path, name), causes);
                } else if let Some(of) = &schema.additional {
                    self::value(of, inner, old, &format!("{path}[{name}]"), causes);
                }
            }
        }
        Value::Array(items) => {
            let Some(of) = &schema.items else { return };
            for (at, item) in items.iter().enumerate() {
                self::value(of, item, schema.counterpart(item, old), &format!("{path}[{at}]"), causes);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn broken(rule: &Rule, schema: &Schema, value: &Value, old: Option<&Value>, path: &str) -> Option<Cause> {
    let program = rule.program.as_ref()?;
    let mut variables = vec![("self", value)];
    variables.extend(old.map(|old| ("oldSelf", old)));
    let said = match program.holds(&variables) {
        Ok(true) => return None,
        Ok(false) => {
            let computed = rule.message_expression.as_ref().and_then(|message| message.text(&variables).ok());
            match (computed, rule.message.trim()) {
                (Some(text), _) if !text.trim().is_empty() => text,
                (_, "") => format!("failed rule: {}", rule.source),
                (_, message) => message.to_owned(),
            }
        }
        Err(CelError::Unknown(why)) => {
            tracing::warn!("a rule of a custom resource was not understood and holds: `{}`: {why}", rule.source);
            return None;
        }
        Err(error) => {
            let rule = if rule.message.is_empty() { &rule.source } else { &rule.message };
            format!("{error} evaluating rule: {rule}")
        }
    };
    let path = format!("{path}{}", rule.field_path);
    let path = path.strip_prefix('.').unwrap_or(&path);
    Some(match rule.reason.as_str() {
        "FieldValueRequired" => cause("FieldValueRequired", path, format!("Required value: {said}")),
        "FieldValueForbidden" => cause("FieldValueForbidden", path, format!("Forbidden: {said}")),
        "FieldValueDuplicate" => cause("FieldValueDuplicate", path, format!("Duplicate value: {:?}", schema.ty)),
        _ => cause("FieldValueInvalid", path, format!("Invalid value: {:?}: {said}", schema.ty)),
    })
}
