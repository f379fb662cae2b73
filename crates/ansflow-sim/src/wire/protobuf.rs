//! Request bodies in Kubernetes' protobuf, which typed clients send: `k8s\0`, an envelope with kind and version, and the object.
//!
//! Read over a table of field numbers, never written: every client takes JSON for an answer. What the reader gives is what the
//! same client would have sent as JSON; absent and zero are told apart by what the Go type is, which the table knows.

mod fields;
mod scalar;
mod table;

use serde_json::{Map, Value};

use fields::{Field, Fields};
use table::{Kind, Message, Table};

use crate::object::Object;

/// Why a body is no object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BadProtobuf {
    #[error("provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]")]
    Prefix,
    #[error("unexpected EOF")]
    Short,
    #[error("proto: illegal wireType or tag")]
    Tag,
    #[error("the message is nested too deeply")]
    Deep,
    #[error("a text is not UTF-8")]
    Text,
    #[error("a number is out of range")]
    Number,
    /// The kind has no protobuf form here, such as custom resources and their definitions.
    #[error("no protobuf form of this kind is known")]
    UnknownKind,
}

/// As deep as a schema may nest; recursion in the types themselves (JSON schemas) ends there.
const DEPTH: usize = 64;
/// As large as a body may be.
pub(crate) const SIZE: usize = 3 * 1024 * 1024;

/// The object of a body, with its kind and apiVersion.
pub(crate) fn decode(body: &[u8]) -> Result<Object, BadProtobuf> {
    let envelope = body.strip_prefix(b"k8s\0").ok_or(BadProtobuf::Prefix)?;
    if envelope.len() > SIZE {
        return Err(BadProtobuf::Short);
    }
    let (mut api_version, mut kind, mut raw) = (String::new(), String::new(), &[][..]);
    for field in Fields::of(envelope) {
        match field? {
            Field { number: 1, value } => {
                for inner in Fields::of(value.bytes()?) {
                    match inner? {
                        Field { number: 1, value } => api_version = value.text()?,
                        Field { number: 2, value } => kind = value.text()?,
                        _ => {}
                    }
                }
            }
            Field { number: 2, value } => raw = value.bytes()?,
            _ => {}
        }
    }
    let table = Table::get();
    let message = table.named(&api_version, &kind).ok_or(BadProtobuf::UnknownKind)?;
    let mut object = Map::new();
    object.insert("kind".to_owned(), kind.into());
    object.insert("apiVersion".to_owned(), api_version.into());
    for (name, value) in read(table, message, raw, DEPTH)? {
        if !(name == "kind" || name == "apiVersion") {
            object.insert(name, value);
        }
    }
    Ok(object)
}

fn read(table: &Table, message: &Message, bytes: &[u8], depth: usize) -> Result<Object, BadProtobuf> {
    let depth = depth.checked_sub(1).ok_or(BadProtobuf::Deep)?;
    let mut object = Map::new();
    for field in Fields::of(bytes) {
        let Field { number, value } = field?;
        let Some(known) = message.field(number) else { continue };
        match &known.kind {
            Kind::Inline(inner) => object.extend(read(table, table.message(*inner), value.bytes()?, depth)?),
            Kind::Message { of, repeated: false } => {
                // A message that comes twice is merged in protobuf; nobody sends one so.
                let inner = read(table, table.message(*of), value.bytes()?, depth)?;
                // Empty ones stay: `emptyDir: {}` says something, and the others a typed client writes as JSON too.
                object.insert(known.name.clone(), Value::Object(inner));
            }
            Kind::Message { of, repeated: true } => {
                let inner = Value::Object(read(table, table.message(*of), value.bytes()?, depth)?);
                push(&mut object, &known.name, inner);
            }
            Kind::Map(of) => {
                let (key, inner) = entry(table, of, value.bytes()?, depth)?;
                if let Value::Object(pairs) =
                    object.entry(known.name.clone()).or_insert_with(|| Value::Object(Map::new()))
                {
                    pairs.insert(key, inner);
                }
            }
            Kind::Scalar { of, repeated: true } => {
                for one in of.unpacked(value)? {
                    push(&mut object, &known.name, one);
                }
            }
            Kind::Scalar { of, repeated: false } => {
                let read = of.read(value)?;
                if known.kept || !is_zero(&read) {
                    object.insert(known.name.clone(), read);
                }
            }
        }
    }
    Ok(object)
}

/// An entry of a map is a message of its own: key 1, value 2.
fn entry(table: &Table, of: &Kind, bytes: &[u8], depth: usize) -> Result<(String, Value), BadProtobuf> {
    let (mut key, mut found) = (String::new(), None);
    for field in Fields::of(bytes) {
        match field? {
            Field { number: 1, value } => key = value.text()?,
            Field { number: 2, value } => {
                found = Some(match of {
                    Kind::Message { of, .. } | Kind::Inline(of) => {
                        Value::Object(read(table, table.message(*of), value.bytes()?, depth)?)
                    }
                    Kind::Scalar { of, repeated: false } => of.read(value)?,
                    Kind::Scalar { of, repeated: true } => list(*of, value.bytes()?)?,
                    Kind::Map(_) => return Err(BadProtobuf::Tag),
                });
            }
            _ => {}
        }
    }
    let empty = match of {
        Kind::Scalar { repeated: true, .. } => Value::Array(Vec::new()),
        Kind::Scalar { of, repeated: false } => of.zero(),
        Kind::Message { .. } | Kind::Inline(_) | Kind::Map(_) => Value::Object(Map::new()),
    };
    Ok((key, found.unwrap_or(empty)))
}

/// A list that is a message of its own, as protobuf has no map of lists.
fn list(of: scalar::Scalar, bytes: &[u8]) -> Result<Value, BadProtobuf> {
    let mut items = Vec::new();
    for field in Fields::of(bytes) {
        if let Field { number: 1, value } = field? {
            items.push(of.read(value)?);
        }
    }
    Ok(Value::Array(items))
}

fn push(object: &mut Object, name: &str, value: Value) {
    if let Value::Array(items) = object.entry(name.to_owned()).or_insert_with(|| Value::Array(Vec::new())) {
        items.push(value);
    }
}

fn is_zero(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(yes) => !yes,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
    }
}

#[cfg(test)]
mod tests;
