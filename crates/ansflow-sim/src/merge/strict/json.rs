//! JSON with the fields that stand twice in one object, and with Go's words for what is no JSON.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Reads a body: its value, and what is to be told of repeated fields. Of those the last counts.
pub(super) fn read(body: &[u8]) -> Result<(Value, Vec<String>), String> {
    let (mut path, mut repeated) = (Vec::new(), Vec::new());
    let mut from = serde_json::Deserializer::from_slice(body);
    let value = Tree { path: &mut path, repeated: &mut repeated }.deserialize(&mut from);
    let value = value.and_then(|value| from.end().map(|()| value)).map_err(|bad| in_go(body, &bad))?;
    Ok((value, repeated))
}

enum Step {
    Field(String),
    Index(usize),
}

struct Tree<'t> {
    path: &'t mut Vec<Step>,
    repeated: &'t mut Vec<String>,
}

impl Tree<'_> {
    fn here(&self, name: &str) -> String {
        let mut out = String::new();
        for step in &*self.path {
            match step {
                Step::Field(name) if out.is_empty() => out.push_str(name),
                Step::Field(name) => out.extend([".", name]),
                Step::Index(index) => out.push_str(&format!("[{index}]")),
            }
        }
        if out.is_empty() { name.to_owned() } else { format!("{out}.{name}") }
    }
}

impl<'de> DeserializeSeed<'de> for Tree<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Tree<'_> {
    type Value = Value;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        loop {
            self.path.push(Step::Index(items.len()));
            let item = seq.next_element_seed(Tree { path: &mut *self.path, repeated: &mut *self.repeated })?;
            self.path.pop();
            match item {
                Some(item) => items.push(item),
                None => return Ok(Value::Array(items)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut fields = Map::new();
        while let Some(name) = map.next_key::<String>()? {
            if fields.contains_key(&name) {
                let told = format!("duplicate field \"{}\"", self.here(&name));
                self.repeated.push(told);
            }
            self.path.push(Step::Field(name));
            let value = map.next_value_seed(Tree { path: &mut *self.path, repeated: &mut *self.repeated })?;
            if let Some(Step::Field(name)) = self.path.pop() {
                fields.insert(name, value);
            }
        }
        Ok(Value::Object(fields))
    }
}

/// What Go says about a text that is no JSON.
fn in_go(body: &[u8], bad: &serde_json::Error) -> String {
    let said = bad.to_string();
    if bad.is_eof() {
        return "unexpected end of JSON input".to_owned();
    }
    let line = body.split(|byte| *byte == b'\n').nth(bad.line().saturating_sub(1)).unwrap_or_default();
    let byte = line.get(bad.column().saturating_sub(1)).copied().unwrap_or(b' ');
    let shown = match byte {
        b'\'' => "'\\''".to_owned(),
        b'"' => "'\"'".to_owned(),
        byte => format!("'{}'", char::from(byte).escape_default()),
    };
    let place = [
        ("key must be a string", "looking for beginning of object key string"),
        ("trailing comma", "looking for beginning of object key string"),
        ("expected `:`", "after object key"),
        ("expected `,` or `}`", "after object key:value pair"),
        ("expected `,` or `]`", "after array element"),
        ("trailing characters", "after top-level value"),
        ("control character", "in string literal"),
        ("invalid escape", "in string escape code"),
        ("invalid number", "in numeric literal"),
    ];
    let place =
        place.iter().find(|(serde, _)| said.starts_with(serde)).map_or("looking for beginning of value", |(_, go)| go);
    format!("invalid character {shown} {place}")
}
