//! Who manages which fields of an object: the entries of `metadata.managedFields`.
//!
//! `fields` is the entry's `fieldsV1` as compact JSON. Objects made by the same controller share the text.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::object::Str;
use crate::time::Micros;

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Manager {
    pub(crate) id: ManagerId,
    /// Whole seconds; subresource `scale` has none.
    pub(crate) time: Option<Micros>,
    pub(crate) fields: Arc<str>,
}

/// What tells entries apart.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ManagerId {
    pub(crate) name: Str,
    pub(crate) operation: Operation,
    pub(crate) api_version: Str,
    /// "" for the object itself.
    pub(crate) subresource: Str,
}

/// How the fields came to be managed. Apply sorts first.
#[derive(Debug, Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Operation {
    Apply,
    Update,
}

impl Operation {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Operation::Apply => "Apply",
            Operation::Update => "Update",
        }
    }
}

impl Manager {
    pub(crate) fn to_value(&self) -> Value {
        let mut value = json!({
            "manager": &*self.id.name, "operation": self.id.operation.as_str(), "apiVersion": &*self.id.api_version,
        });
        if let Some(time) = self.time {
            value["time"] = time.rfc3339().into();
        }
        value["fieldsType"] = "FieldsV1".into();
        value["fieldsV1"] = serde_json::from_str(&self.fields).unwrap_or(Value::Null);
        if !self.id.subresource.is_empty() {
            value["subresource"] = (*self.id.subresource).into();
        }
        value
    }

    /// The entry as it is sent, without a tree in between.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        let text = |text: &str| serde_json::to_string(text).unwrap_or_default();
        out.extend_from_slice(b"{\"manager\":");
        out.extend_from_slice(text(&self.id.name).as_bytes());
        out.extend_from_slice(b",\"operation\":\"");
        out.extend_from_slice(self.id.operation.as_str().as_bytes());
        out.extend_from_slice(b"\",\"apiVersion\":");
        out.extend_from_slice(text(&self.id.api_version).as_bytes());
        if let Some(time) = self.time {
            out.extend_from_slice(b",\"time\":\"");
            out.extend_from_slice(time.rfc3339().as_bytes());
            out.push(b'"');
        }
        out.extend_from_slice(b",\"fieldsType\":\"FieldsV1\",\"fieldsV1\":");
        out.extend_from_slice(self.fields.as_bytes());
        if !self.id.subresource.is_empty() {
            out.extend_from_slice(b",\"subresource\":");
            out.extend_from_slice(text(&self.id.subresource).as_bytes());
        }
        out.push(b'}');
    }

    /// Reads an entry that a client sent; what is no entry is left out by the caller.
    pub(crate) fn read(value: &Value) -> Option<Manager> {
        let text = |field: &str| value.get(field).and_then(Value::as_str).unwrap_or_default();
        let operation = match text("operation") {
            "Apply" => Operation::Apply,
            "Update" => Operation::Update,
            _ => return None,
        };
        let id = ManagerId {
            name: text("manager").into(),
            operation,
            api_version: text("apiVersion").into(),
            subresource: text("subresource").into(),
        };
        let fields = serde_json::to_string(value.get("fieldsV1")?).ok()?;
        Some(Manager { id, time: Micros::parse(text("time")), fields: fields.into() })
    }
}
