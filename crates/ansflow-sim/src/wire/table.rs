//! Tables: what `kubectl get` shows is made here, by the server.
//!
//! A printer makes the cells of one kind (`tables/`); this puts rows together, for a list, an object, or an event of a watch.

use serde_json::{Value, json};

use super::accept::MetaVersion;
use super::fields;
use super::tables::Printer;
use crate::object::{Object, ObjectExt};
use crate::status::Status;
use crate::time::Micros;

/// What a row carries besides its cells: `includeObject` of the query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Include {
    None,
    #[default]
    Metadata,
    Object,
}

impl Include {
    pub(crate) fn parse(text: Option<&str>) -> Result<Include, Status> {
        match text {
            None | Some("" | "Metadata") => Ok(Include::Metadata),
            Some("None") => Ok(Include::None),
            Some("Object") => Ok(Include::Object),
            Some(other) => Err(Status::bad_request(format!("unrecognized includeObject value: {other:?}"))),
        }
    }
}

/// How a table is made for one request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sheet<'a> {
    pub(crate) printer: &'a Printer,
    pub(crate) version: MetaVersion,
    pub(crate) include: Include,
    /// What ages are counted to, on the simulated clock.
    pub(crate) now: Micros,
}

impl Sheet<'_> {
    /// A list, with the metadata of the list.
    pub(crate) fn list<'o>(&self, metadata: Value, objects: impl Iterator<Item = &'o Object>) -> Value {
        let rows: Vec<Value> = objects.map(|object| self.row(object)).collect();
        self.table(metadata, self.printer.columns(), rows)
    }

    /// The object of a watch event, bookmarks included; only the first of a stream says what the columns are.
    pub(crate) fn event(&self, object: &Object, is_first: bool) -> Value {
        let metadata = json!({"resourceVersion": object.resource_version()});
        let columns = if is_first { self.printer.columns() } else { Value::Null };
        self.table(metadata, columns, vec![self.row(object)])
    }

    fn table(&self, metadata: Value, columns: Value, rows: Vec<Value>) -> Value {
        fields([
            ("kind", "Table".into()),
            ("apiVersion", self.version.api_version().into()),
            ("metadata", metadata),
            ("columnDefinitions", columns),
            ("rows", rows.into()),
        ])
    }

    fn row(&self, object: &Object) -> Value {
        let mut row = fields([("cells", self.printer.cells(object, self.now).into())]);
        if let Some(condition) = self.printer.completed(object) {
            row["conditions"] = Value::Array(vec![condition]);
        }
        row["object"] = match self.include {
            Include::None => Value::Null,
            Include::Metadata => super::partial::object(self.version, object),
            Include::Object => Value::Object(object.clone()),
        };
        row
    }
}

#[cfg(test)]
mod tests;
