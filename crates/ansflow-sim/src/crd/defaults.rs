//! Defaults of custom resources.

use serde_json::Value;

use super::schema::Schema;
use crate::object::Object;

/// Fills in the fields of an object; those that stand by themselves and null means nothing for are filled too.
pub(super) fn fields(schema: &Schema, object: &mut Object) {
    for (name, property) in &schema.properties {
        let Some(default) = &property.default else { continue };
        let open = match object.get(name) {
            None => true,
            Some(value) => value.is_null() && !property.nullable,
        };
        if open {
            object.insert(name.clone(), default.clone());
        }
    }
    for (name, inner) in object.iter_mut() {
        if let Some(schema) = schema.field(name) {
            value(schema, inner);
        }
    }
}

fn value(schema: &Schema, value: &mut Value) {
    match value {
        Value::Object(object) => fields(schema, object),
        Value::Array(items) => {
            if let Some(schema) = &schema.items {
                items.iter_mut().for_each(|item| self::value(schema, item));
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
