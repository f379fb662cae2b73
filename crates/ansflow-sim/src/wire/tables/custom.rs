//! Columns of custom resources: what their definition says in `additionalPrinterColumns`.

use serde_json::{Value, json};

use super::column::NAME;
use super::{age, name};
use crate::jsonpath::JsonPath;
use crate::object::Object;
use crate::time::Micros;

/// The columns of one version of a definition, read once.
#[derive(Debug)]
pub(crate) struct CustomColumns {
    columns: Vec<CustomColumn>,
}

#[derive(Debug)]
struct CustomColumn {
    definition: Value,
    ty: Type,
    path: Option<JsonPath>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Type {
    Integer,
    Number,
    Text,
    Boolean,
    Date,
}

impl CustomColumns {
    /// Of `additionalPrinterColumns`; without any, the age.
    pub(crate) fn parse(columns: &[Value]) -> CustomColumns {
        if columns.is_empty() {
            let age = json!({"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp",
                "description": "CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"});
            return CustomColumns { columns: vec![CustomColumn::parse(&age)] };
        }
        CustomColumns { columns: columns.iter().map(CustomColumn::parse).collect() }
    }

    pub(super) fn definitions(&self) -> Value {
        std::iter::once(NAME.definition()).chain(self.columns.iter().map(|column| column.definition.clone())).collect()
    }

    pub(super) fn cells(&self, object: &Object, now: Micros) -> Vec<Value> {
        let whole = Value::Object(object.clone());
        let rest = self.columns.iter().map(|column| column.cell(&whole, now));
        std::iter::once(name(object)).chain(rest).collect()
    }
}

impl CustomColumn {
    fn parse(column: &Value) -> CustomColumn {
        let text = |field: &str| column[field].as_str().unwrap_or_default();
        let description = match text("description") {
            "" => format!("Custom resource definition column (in JSONPath format): {}", text("jsonPath")),
            said => said.to_owned(),
        };
        let definition = json!({
            "name": text("name"), "type": text("type"), "format": text("format"), "description": description,
            "priority": column["priority"].as_i64().unwrap_or(0),
        });
        let ty = match text("type") {
            "integer" => Type::Integer,
            "number" => Type::Number,
            "boolean" => Type::Boolean,
            "date" => Type::Date,
            _ => Type::Text,
        };
        CustomColumn { definition, ty, path: JsonPath::parse(text("jsonPath")) }
    }

    /// Null where there is nothing, or nothing of that type.
    fn cell(&self, object: &Value, now: Micros) -> Value {
        let Some(found) = self.path.as_ref().map(|path| path.find(object)).filter(|found| !found.is_empty()) else {
            return Value::Null;
        };
        let first = found[0];
        match (self.ty, first) {
            (Type::Integer, Value::Number(number)) => number.as_i64().map_or(Value::Null, Value::from),
            (Type::Number, Value::Number(number)) => Value::Number(number.clone()),
            (Type::Boolean, Value::Bool(yes)) => (*yes).into(),
            (Type::Date, Value::String(text)) => {
                let said =
                    Micros::parse(text).map_or_else(|| "<invalid>".to_owned(), |moment| age::between(moment, now));
                said.into()
            }
            (Type::Text, _) => {
                let all: Vec<String> =
                    found.into_iter().map(|one| one.as_str().map_or_else(|| one.to_string(), str::to_owned)).collect();
                all.join(",").into()
            }
            (Type::Integer | Type::Number | Type::Boolean | Type::Date, _) => Value::Null,
        }
    }
}
