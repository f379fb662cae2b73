//! A column of a table that is written here, not recorded.

use serde_json::{Value, json};

#[derive(Debug)]
pub(crate) struct Column {
    name: &'static str,
    ty: &'static str,
    format: &'static str,
    /// 1 is shown with `-o wide` only.
    priority: u8,
    description: &'static str,
}

pub(super) const NAME: Column = Column {
    name: "Name",
    ty: "string",
    format: "name",
    priority: 0,
    description: "Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names",
};
pub(super) const AGE: Column = Column {
    name: "Age",
    ty: "string",
    format: "",
    priority: 0,
    description: "CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata",
};
pub(super) const CREATED: Column = Column { name: "Created At", ty: "date", ..AGE };
pub(super) const CONTAINERS: Column = wide("Containers", "Names of each container in the template.");
pub(super) const IMAGES: Column = wide("Images", "Images referenced by each container in the template.");

pub(super) const fn text(name: &'static str, description: &'static str) -> Column {
    Column { name, ty: "string", format: "", priority: 0, description }
}

pub(super) const fn wide(name: &'static str, description: &'static str) -> Column {
    Column { name, ty: "string", format: "", priority: 1, description }
}

pub(super) const fn number(name: &'static str, description: &'static str) -> Column {
    Column { name, ty: "integer", format: "", priority: 0, description }
}

pub(super) const fn flag(name: &'static str, description: &'static str) -> Column {
    Column { name, ty: "boolean", format: "", priority: 0, description }
}

impl Column {
    pub(super) fn definition(&self) -> Value {
        json!({
            "name": self.name, "type": self.ty, "format": self.format,
            "description": self.description, "priority": self.priority,
        })
    }
}
