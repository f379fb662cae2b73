//! Values that are one JSON value: numbers and texts, and the messages that Kubernetes writes as a text (times, quantities).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::BadProtobuf;
use super::fields::{Field, Fields, Raw};
use crate::time::Micros;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scalar {
    Text,
    Int32,
    Int64,
    Bool,
    Double,
    /// Base64 in JSON.
    Bytes,
    Time,
    MicroTime,
    Quantity,
    IntOrString,
    /// Any JSON: `RawExtension`, `FieldsV1`.
    Raw,
}

impl Scalar {
    pub(super) fn named(name: &str) -> Option<Scalar> {
        Some(match name {
            "string" => Scalar::Text,
            "int32" => Scalar::Int32,
            "int64" => Scalar::Int64,
            "bool" => Scalar::Bool,
            "double" => Scalar::Double,
            "bytes" => Scalar::Bytes,
            "time" => Scalar::Time,
            "microtime" => Scalar::MicroTime,
            "quantity" => Scalar::Quantity,
            "intorstring" => Scalar::IntOrString,
            "raw" => Scalar::Raw,
            _ => return None,
        })
    }

    pub(super) fn zero(self) -> Value {
        match self {
            Scalar::Text | Scalar::Bytes => Value::from(""),
            Scalar::Int32 | Scalar::Int64 | Scalar::Double | Scalar::IntOrString => Value::from(0),
            Scalar::Bool => Value::from(false),
            Scalar::Quantity => Value::from("0"),
            Scalar::Time | Scalar::MicroTime | Scalar::Raw => Value::Null,
        }
    }

    pub(super) fn read(self, raw: Raw<'_>) -> Result<Value, BadProtobuf> {
        Ok(match self {
            Scalar::Text => raw.text()?.into(),
            // Negative numbers come as ten bytes, sign and all.
            Scalar::Int32 | Scalar::Int64 => raw.number()?.cast_signed().into(),
            Scalar::Bool => (raw.number()? != 0).into(),
            Scalar::Double => match raw {
                Raw::Fixed(bits) => f64::from_bits(bits).into(),
                Raw::Number(_) | Raw::Bytes(_) => return Err(BadProtobuf::Tag),
            },
            Scalar::Bytes => STANDARD.encode(raw.bytes()?).into(),
            Scalar::Time => match moment(raw.bytes()?)? {
                Some(moment) => moment.rfc3339().into(),
                None => Value::Null,
            },
            Scalar::MicroTime => match moment(raw.bytes()?)? {
                Some(moment) => moment.rfc3339_micro().into(),
                None => Value::Null,
            },
            Scalar::Quantity => match member(raw.bytes()?, 1)? {
                Some(text) => text.text()?.into(),
                None => self.zero(),
            },
            Scalar::IntOrString => int_or_string(raw.bytes()?)?,
            Scalar::Raw => match member(raw.bytes()?, 1)? {
                Some(json) => serde_json::from_slice(json.bytes()?).map_err(|_| BadProtobuf::Text)?,
                None => Value::Null,
            },
        })
    }

    /// Repeated numbers may come packed into one field.
    pub(super) fn unpacked(self, raw: Raw<'_>) -> Result<Vec<Value>, BadProtobuf> {
        match (self, raw) {
            (Scalar::Int32 | Scalar::Int64 | Scalar::Bool, Raw::Bytes(bytes)) => {
                let mut fields = Fields::of(bytes);
                let mut values = Vec::new();
                while !fields.is_empty() {
                    values.push(self.read(Raw::Number(fields.varint()?))?);
                }
                Ok(values)
            }
            _ => Ok(vec![self.read(raw)?]),
        }
    }
}

fn member(bytes: &[u8], wanted: u64) -> Result<Option<Raw<'_>>, BadProtobuf> {
    let mut found = None;
    for field in Fields::of(bytes) {
        let Field { number, value } = field?;
        if number == wanted {
            found = Some(value);
        }
    }
    Ok(found)
}

/// Seconds and nanoseconds; no seconds is no time.
fn moment(bytes: &[u8]) -> Result<Option<Micros>, BadProtobuf> {
    let seconds = member(bytes, 1)?.map_or(Ok(0), Raw::number)?.cast_signed();
    let nanos = member(bytes, 2)?.map_or(Ok(0), Raw::number)?.cast_signed();
    if seconds == 0 {
        return Ok(None);
    }
    let micros = seconds.checked_mul(Micros::SECOND).and_then(|micros| micros.checked_add(nanos / 1_000));
    micros.map(|micros| Some(Micros(micros))).ok_or(BadProtobuf::Number)
}

/// Type (0 is a number), number, text.
fn int_or_string(bytes: &[u8]) -> Result<Value, BadProtobuf> {
    let is_text = member(bytes, 1)?.map_or(Ok(0), Raw::number)? != 0;
    Ok(if is_text {
        member(bytes, 3)?.map_or(Ok(String::new()), Raw::text)?.into()
    } else {
        member(bytes, 2)?.map_or(Ok(0), Raw::number)?.cast_signed().into()
    })
}
