//! Values of rules: JSON, borrowed where it is the object's, and what JSON has no word for.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde_json::Value;

use super::CelError;
use crate::quantity::Quantity;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Val<'a> {
    Json(Cow<'a, Value>),
    Quantity(Quantity),
    /// Seconds, of a duration.
    Duration(f64),
    /// Microseconds since the epoch.
    Time(i64),
    /// What `type` gives.
    Type(&'static str),
}

impl<'a> Val<'a> {
    pub(super) fn own(value: impl Into<Value>) -> Val<'a> {
        Val::Json(Cow::Owned(value.into()))
    }

    pub(super) fn json(&self) -> Option<&Value> {
        match self {
            Val::Json(value) => Some(value),
            Val::Quantity(_) | Val::Duration(_) | Val::Time(_) | Val::Type(_) => None,
        }
    }

    pub(crate) fn as_bool(&self) -> Option<bool> {
        self.json()?.as_bool()
    }

    pub(crate) fn as_str(&self) -> Option<&str> {
        self.json()?.as_str()
    }

    pub(super) fn as_i64(&self) -> Option<i64> {
        self.json()?.as_i64()
    }

    pub(super) fn as_f64(&self) -> Option<f64> {
        self.json()?.as_f64()
    }

    /// A field or an item, borrowed where this is.
    pub(super) fn child(self, pick: impl for<'v> Fn(&'v Value) -> Option<&'v Value>) -> Option<Val<'a>> {
        match self {
            Val::Json(Cow::Borrowed(value)) => pick(value).map(|value| Val::Json(Cow::Borrowed(value))),
            Val::Json(Cow::Owned(value)) => pick(&value).cloned().map(|value| Val::Json(Cow::Owned(value))),
            Val::Quantity(_) | Val::Duration(_) | Val::Time(_) | Val::Type(_) => None,
        }
    }

    /// The items of a list, or the names of a map.
    pub(super) fn items(self) -> Result<Vec<Val<'a>>, CelError> {
        let name = self.type_name();
        match self {
            Val::Json(Cow::Borrowed(Value::Array(items))) => {
                Ok(items.iter().map(|item| Val::Json(Cow::Borrowed(item))).collect())
            }
            Val::Json(Cow::Owned(Value::Array(items))) => Ok(items.into_iter().map(Val::own).collect()),
            Val::Json(value) if value.is_object() => {
                let names = value.as_object().into_iter().flatten();
                Ok(names.map(|(name, _)| Val::own(name.as_str())).collect())
            }
            _ => Err(CelError::Failed(format!("no such overload: {name}.@iter"))),
        }
    }

    pub(super) fn type_name(&self) -> &'static str {
        match self {
            Val::Json(value) => match &**value {
                Value::Null => "null_type",
                Value::Bool(_) => "bool",
                Value::Number(number) if number.is_f64() => "double",
                Value::Number(_) => "int",
                Value::String(_) => "string",
                Value::Array(_) => "list",
                Value::Object(_) => "map",
            },
            Val::Quantity(_) => "kubernetes.Quantity",
            Val::Duration(_) => "google.protobuf.Duration",
            Val::Time(_) => "google.protobuf.Timestamp",
            Val::Type(_) => "type",
        }
    }

    pub(super) fn equals(&self, other: &Val<'_>) -> bool {
        match (self, other) {
            (Val::Json(a), Val::Json(b)) => same(a, b),
            (Val::Type(a), Val::Type(b)) => a == b,
            // `type(x) == string` names a type by its word.
            _ => self.compare(other) == Some(Ordering::Equal),
        }
    }

    pub(super) fn compare(&self, other: &Val<'_>) -> Option<Ordering> {
        match (self, other) {
            (Val::Quantity(a), Val::Quantity(b)) => Some(a.cmp(b)),
            (Val::Time(a), Val::Time(b)) => Some(a.cmp(b)),
            (Val::Duration(a), Val::Duration(b)) => a.partial_cmp(b),
            (Val::Json(a), Val::Json(b)) => match (&**a, &**b) {
                (Value::String(a), Value::String(b)) => Some(a.cmp(b)),
                (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
                (Value::Number(a), Value::Number(b)) => match (a.as_i64(), b.as_i64()) {
                    (Some(a), Some(b)) => Some(a.cmp(&b)),
                    _ => a.as_f64()?.partial_cmp(&b.as_f64()?),
                },
                _ => None,
            },
            _ => None,
        }
    }
}

/// Equal by value: 1 is 1.0, and the order of a map's fields says nothing.
pub(super) fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => match (a.as_i64(), b.as_i64()) {
            (Some(a), Some(b)) => a == b,
            _ => a.as_f64() == b.as_f64(),
        },
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(name, a)| b.get(name).is_some_and(|b| same(a, b)))
        }
        (a, b) => a == b,
    }
}
