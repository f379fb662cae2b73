//! An object put into the shape of its type, as by decoding it into Go's structs and encoding it again.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::super::{check, normal, typed};
use super::zeros;
use crate::object::Object;
use crate::schema::{Scalar, Shape, Struct, TypeId};

const QUANTITY: &str = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

/// The object as Go would write it, and what is to be told of fields that no schema names. The error is Go's.
pub(super) fn fit(ty: TypeId, object: Object) -> Result<(Object, Vec<String>), String> {
    let mut reader = Reader { lenient: typed::is_custom(ty), ..Reader::default() };
    let Shape::Struct(of) = ty.shape().resolve() else { return Ok((object, Vec::new())) };
    let object = reader.fields(of, &ty.name, object)?;
    Ok((object, reader.unknown))
}

#[derive(Default)]
struct Reader {
    path: Vec<Step>,
    unknown: Vec<String>,
    /// Custom resources: what is of the wrong type is for validation to say.
    lenient: bool,
}

enum Step {
    Field(String),
    Index(usize),
    /// A name of a map, which Go's messages about types leave out.
    Name(String),
}

impl Reader {
    fn fields(&mut self, of: &'static Struct, ty: &str, object: Object) -> Result<Object, String> {
        let left_out = zeros::left_out(ty);
        let mut out = Object::new();
        for (name, value) in object {
            let Some(field) = of.field(&name) else {
                if of.preserves {
                    out.insert(name, value);
                } else {
                    self.path.push(Step::Field(name));
                    self.unknown.push(format!("unknown field \"{}\"", self.here()));
                    self.path.pop();
                }
                continue;
            };
            if value.is_null() && !self.lenient {
                continue;
            }
            let zero = left_out.is_some_and(|names| names.contains(&name));
            // Metadata is Go's in custom resources too.
            let lenient = self.lenient;
            self.lenient &= !(self.path.is_empty() && name == "metadata");
            self.path.push(Step::Field(name));
            let value = self.value(&field.shape, ty, value)?;
            let Some(Step::Field(name)) = self.path.pop() else { continue };
            let empty = match (&value, field.shape.resolve()) {
                // An empty list of managers means something: it takes them all away.
                (Value::Array(items), _) => items.is_empty() && name != "managedFields",
                (Value::Object(fields), Shape::Map(_)) => fields.is_empty(),
                (value, Shape::Scalar(_)) => zero && typed::is_zero(value),
                _ => false,
            };
            match (empty && !self.lenient, field.go_null) {
                (true, true) => drop(out.insert(name, Value::Null)),
                (true, false) => {}
                (false, _) => drop(out.insert(name, value)),
            }
            self.lenient = lenient;
        }
        Ok(out)
    }

    fn value(&mut self, shape: &'static Shape, owner: &str, value: Value) -> Result<Value, String> {
        match (shape.resolve(), value) {
            (Shape::Any | Shape::Named(_), value) => Ok(value),
            (Shape::Struct(of), Value::Object(object)) => match shape {
                Shape::Named(reference) => self.fields(of, &reference.ty().name, object),
                _ => self.fields(of, "", object),
            }
            .map(Value::Object),
            (Shape::Map(of), Value::Object(object)) => {
                let mut out = Object::new();
                for (name, value) in object {
                    self.path.push(Step::Name(name));
                    let value = self.value(&of.values, owner, value)?;
                    if let Some(Step::Name(name)) = self.path.pop() {
                        out.insert(name, value);
                    }
                }
                Ok(Value::Object(out))
            }
            (Shape::List(of), Value::Array(items)) => {
                let mut out = Vec::with_capacity(items.len());
                for (index, item) in items.into_iter().enumerate() {
                    self.path.push(Step::Index(index));
                    out.push(if item.is_null() { item } else { self.value(&of.items, owner, item)? });
                    self.path.pop();
                }
                Ok(Value::Array(out))
            }
            (_, value) if self.lenient => Ok(value),
            (Shape::Scalar(_), Value::Null) => Ok(Value::from("")),
            (Shape::Scalar(scalar), value) => self.scalar(*scalar, owner, value),
            (Shape::Struct(_), value) => Err(self.mismatch(&value, owner, &go_name(shape))),
            (Shape::Map(of), value) => {
                Err(self.mismatch(&value, owner, &format!("map[string]{}", go_name(&of.values))))
            }
            (Shape::List(of), value) => Err(self.mismatch(&value, owner, &format!("[]{}", go_name(&of.items)))),
        }
    }

    fn scalar(&self, scalar: Scalar, owner: &str, value: Value) -> Result<Value, String> {
        let wrong = |value: &Value| self.mismatch(value, owner, scalar.go_name());
        match scalar {
            Scalar::String if value.is_string() => Ok(value),
            Scalar::Bool if value.is_boolean() => Ok(value),
            Scalar::Int64 if value.is_i64() => Ok(value),
            Scalar::Int32 if value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()) => Ok(value),
            Scalar::Number if value.is_number() => Ok(value),
            Scalar::String | Scalar::Bool | Scalar::Int64 | Scalar::Int32 | Scalar::Number => Err(wrong(&value)),
            Scalar::Bytes => match value.as_str().map(|text| STANDARD.decode(text)) {
                None => Err(wrong(&value)),
                Some(Err(base64::DecodeError::InvalidByte(at, _) | base64::DecodeError::InvalidLastSymbol(at, _))) => {
                    Err(format!("illegal base64 data at input byte {at}"))
                }
                Some(Err(_)) => {
                    Err(format!("illegal base64 data at input byte {}", value.as_str().map_or(0, str::len)))
                }
                Some(Ok(_)) => Ok(value),
            },
            Scalar::Time | Scalar::MicroTime => {
                let Some(text) = value.as_str() else { return Err(wrong(&value)) };
                let Some(time) = crate::time::Micros::parse(text) else {
                    let layout = "2006-01-02T15:04:05Z07:00";
                    return Err(format!(
                        "parsing time \"{text}\" as \"{layout}\": cannot parse \"{text}\" as \"2006\""
                    ));
                };
                Ok(if scalar == Scalar::Time { time.rfc3339() } else { time.rfc3339_micro() }.into())
            }
            Scalar::Quantity => normal::quantity(&value).map(Value::from).ok_or_else(|| QUANTITY.to_owned()),
            Scalar::IntOrString => match &value {
                Value::String(_) => Ok(value),
                Value::Number(_) if value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()) => Ok(value),
                other => Err(format!("json: cannot unmarshal {} into Go value of type int32", go_kind(other))),
            },
        }
    }

    /// Where the reader is, with the indexes of lists.
    fn here(&self) -> String {
        let mut out = String::new();
        for step in &self.path {
            match step {
                Step::Field(name) | Step::Name(name) if out.is_empty() => out.push_str(name),
                Step::Field(name) | Step::Name(name) => out.extend([".", name]),
                Step::Index(index) => out.push_str(&format!("[{index}]")),
            }
        }
        out
    }

    fn mismatch(&self, value: &Value, owner: &str, wanted: &str) -> String {
        let fields: Vec<&str> = self
            .path
            .iter()
            .filter_map(|step| match step {
                Step::Field(name) => Some(name.as_str()),
                Step::Index(_) | Step::Name(_) => None,
            })
            .collect();
        let owner = owner.rsplit('.').next().unwrap_or_default();
        format!(
            "json: cannot unmarshal {} into Go struct field {owner}.{} of type {wanted}",
            go_kind(value),
            fields.join(".")
        )
    }
}

/// A type as Go names it: `v1.DeploymentSpec`, `string`.
fn go_name(shape: &'static Shape) -> String {
    if let Shape::Named(reference) = shape {
        let ty = reference.ty();
        let mut words = ty.name.rsplit('.');
        let (last, version) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        return format!("{version}.{last}");
    }
    match shape.resolve() {
        Shape::Scalar(scalar) => scalar.go_name().to_owned(),
        Shape::Map(of) => format!("map[string]{}", go_name(&of.values)),
        Shape::List(of) => format!("[]{}", go_name(&of.items)),
        Shape::Struct(_) | Shape::Any | Shape::Named(_) => "interface {}".to_owned(),
    }
}

/// What Go calls a JSON value: `string`, `number 1.5`, `object`.
pub(in crate::merge) fn go_kind(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(_) => "bool".to_owned(),
        Value::Number(number) if number.is_f64() => format!("number {}", check::go(value)),
        Value::Number(_) => "number".to_owned(),
        Value::String(_) => "string".to_owned(),
        Value::Array(_) => "array".to_owned(),
        Value::Object(_) => "object".to_owned(),
    }
}
