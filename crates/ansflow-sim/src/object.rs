//! An object of the API as a JSON tree, and the few things that everybody asks of one.
//!
//! Trees live only while a request or a controller looks at them; the store keeps bytes (`store/stored.rs`).

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::time::Micros;

/// A JSON object: the whole of an API object, or a part of one.
pub(crate) type Object = Map<String, Value>;

/// A text that many share: names, namespaces, uids.
pub(crate) type Str = Arc<str>;

/// What is asked of an object by name. Reading what is not there gives nothing or "", never a panic.
pub(crate) trait ObjectExt {
    /// What stands at a JSON pointer, as `/spec/replicas`.
    fn at(&self, pointer: &str) -> Option<&Value>;
    fn at_mut(&mut self, pointer: &str) -> Option<&mut Value>;
    /// Puts a value at a path of field names, making the objects on the way.
    fn put(&mut self, path: &[&str], value: Value);
    /// Takes what stands at a path of field names away.
    fn take(&mut self, path: &[&str]) -> Option<Value>;

    fn text(&self, pointer: &str) -> &str {
        self.at(pointer).and_then(Value::as_str).unwrap_or_default()
    }
    fn int(&self, pointer: &str) -> Option<i64> {
        self.at(pointer).and_then(Value::as_i64)
    }
    fn flag(&self, pointer: &str) -> bool {
        self.at(pointer).and_then(Value::as_bool).unwrap_or_default()
    }
    fn items(&self, pointer: &str) -> &[Value] {
        self.at(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }
    fn moment(&self, pointer: &str) -> Option<Micros> {
        self.at(pointer).and_then(Value::as_str).and_then(Micros::parse)
    }

    fn kind(&self) -> &str {
        self.text("/kind")
    }
    fn api_version(&self) -> &str {
        self.text("/apiVersion")
    }
    fn name(&self) -> &str {
        self.text("/metadata/name")
    }
    fn namespace(&self) -> &str {
        self.text("/metadata/namespace")
    }
    fn uid(&self) -> &str {
        self.text("/metadata/uid")
    }
    fn resource_version(&self) -> &str {
        self.text("/metadata/resourceVersion")
    }
    fn generation(&self) -> i64 {
        self.int("/metadata/generation").unwrap_or_default()
    }
    fn is_deleting(&self) -> bool {
        self.at("/metadata/deletionTimestamp").is_some_and(|value| !value.is_null())
    }
    fn labels(&self) -> Pairs<'_> {
        Pairs(self.at("/metadata/labels").and_then(Value::as_object))
    }
    fn annotations(&self) -> Pairs<'_> {
        Pairs(self.at("/metadata/annotations").and_then(Value::as_object))
    }
    fn finalizers(&self) -> &[Value] {
        self.items("/metadata/finalizers")
    }
    /// Sets a field of the metadata.
    fn set_meta(&mut self, field: &str, value: Value) {
        self.put(&["metadata", field], value);
    }
}

impl ObjectExt for Object {
    fn at(&self, pointer: &str) -> Option<&Value> {
        let mut steps = pointer.strip_prefix('/')?.split('/');
        let first = self.get(steps.next()?)?;
        steps.try_fold(first, |value, step| match value {
            Value::Object(fields) => fields.get(unescaped(step).as_ref()),
            Value::Array(items) => items.get(step.parse::<usize>().ok()?),
            _ => None,
        })
    }

    fn at_mut(&mut self, pointer: &str) -> Option<&mut Value> {
        let mut steps = pointer.strip_prefix('/')?.split('/');
        let first = self.get_mut(steps.next()?)?;
        steps.try_fold(first, |value, step| match value {
            Value::Object(fields) => fields.get_mut(unescaped(step).as_ref()),
            Value::Array(items) => items.get_mut(step.parse::<usize>().ok()?),
            _ => None,
        })
    }

    fn put(&mut self, path: &[&str], value: Value) {
        match path {
            [] => {}
            [field] => drop(self.insert((*field).to_owned(), value)),
            [field, rest @ ..] => {
                let inner = self.entry((*field).to_owned()).or_insert_with(|| json!({}));
                if !inner.is_object() {
                    *inner = json!({});
                }
                if let Value::Object(inner) = inner {
                    inner.put(rest, value);
                }
            }
        }
    }

    fn take(&mut self, path: &[&str]) -> Option<Value> {
        match path {
            [] => None,
            // `shift_remove` keeps the order of what stays.
            [field] => self.shift_remove(*field),
            [field, rest @ ..] => self.get_mut(*field)?.as_object_mut()?.take(rest),
        }
    }
}

/// Labels or annotations.
#[derive(Debug, Copy, Clone)]
pub(crate) struct Pairs<'a>(Option<&'a Object>);

impl<'a> Pairs<'a> {
    pub(crate) fn get(self, name: &str) -> Option<&'a str> {
        self.0?.get(name)?.as_str()
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0.into_iter().flatten().filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)))
    }
}

fn unescaped(step: &str) -> std::borrow::Cow<'_, str> {
    if step.contains('~') { step.replace("~1", "/").replace("~0", "~").into() } else { step.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_at_a_path_is_found_there_and_can_be_taken_away() {
        let mut object = Object::new();
        object.put(&["spec", "template", "replicas"], json!(3));
        object.put(&["metadata", "labels", "a/b"], json!("c"));
        assert_eq!(object.int("/spec/template/replicas"), Some(3));
        assert_eq!(object.text("/metadata/labels/a~1b"), "c");
        assert_eq!(object.labels().get("a/b"), Some("c"));
        assert_eq!(object.take(&["spec", "template"]), Some(json!({"replicas": 3})));
        assert!(object.at("/spec/template").is_none());
    }
}
