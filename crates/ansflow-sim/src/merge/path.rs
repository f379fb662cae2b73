//! The steps of a path into an object, as managed fields name them: `f:spec`, `k:{"name":"app"}`, `v:"a"`, `i:3`.

use std::cmp::Ordering;
use std::fmt;

use serde_json::{Map, Number, Value};

use crate::object::Str;

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Element {
    /// A field of a struct or a name of a map.
    Field(Str),
    /// An item of a list, by the fields that tell items apart; sorted by name.
    Key(Vec<(Str, Atom)>),
    /// An item of a set, by itself.
    Value(Atom),
    Index(usize),
}

/// A value that tells items of a list apart. Ordered as Kubernetes orders them, so that managed fields come out the same.
#[derive(Debug, Clone)]
pub(crate) enum Atom {
    Number(Number),
    Text(Str),
    Bool(bool),
    /// Anything else, as JSON: no schema asks for it, but a client may send it.
    Other(Str),
}

impl Element {
    pub(crate) fn field(name: &str) -> Element {
        Element::Field(name.into())
    }

    /// Reads a step as `fieldsV1` writes it.
    pub(crate) fn parse(text: &str) -> Option<Element> {
        let rest = text.get(2..)?;
        match text.get(..2)? {
            "f:" => Some(Element::field(rest)),
            "i:" => Some(Element::Index(rest.parse().ok()?)),
            "v:" => Some(Element::Value(Atom::of(&serde_json::from_str(rest).ok()?))),
            "k:" => {
                let fields: Map<String, Value> = serde_json::from_str(rest).ok()?;
                Some(Element::keyed(
                    fields.iter().map(|(name, value)| (name.as_str().into(), Atom::of(value))).collect(),
                ))
            }
            _ => None,
        }
    }

    /// An item of a list by its key fields, in whatever order they come.
    pub(crate) fn keyed(mut fields: Vec<(Str, Atom)>) -> Element {
        fields.sort_by(|one, other| one.0.cmp(&other.0));
        Element::Key(fields)
    }

    /// The step as `fieldsV1` writes it.
    pub(crate) fn code(&self) -> String {
        match self {
            Element::Field(name) => format!("f:{name}"),
            Element::Index(index) => format!("i:{index}"),
            Element::Value(value) => format!("v:{value}"),
            Element::Key(fields) => {
                let fields: Vec<String> =
                    fields.iter().map(|(name, value)| format!("{}:{value}", quoted(name))).collect();
                format!("k:{{{}}}", fields.join(","))
            }
        }
    }
}

/// As messages show it: `.spec`, `[name="app"]`, `[="a"]`, `[3]`.
impl fmt::Display for Element {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Element::Field(name) => write!(out, ".{name}"),
            Element::Index(index) => write!(out, "[{index}]"),
            Element::Value(value) => write!(out, "[={value}]"),
            Element::Key(fields) => {
                let fields: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
                write!(out, "[{}]", fields.join(","))
            }
        }
    }
}

impl Atom {
    pub(crate) fn of(value: &Value) -> Atom {
        match value {
            Value::Number(number) => Atom::Number(number.clone()),
            Value::String(text) => Atom::Text(text.as_str().into()),
            Value::Bool(flag) => Atom::Bool(*flag),
            other => Atom::Other(other.to_string().into()),
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Atom::Number(_) => 0,
            Atom::Text(_) => 1,
            Atom::Bool(_) => 2,
            Atom::Other(_) => 3,
        }
    }
}

impl Ord for Atom {
    fn cmp(&self, other: &Atom) -> Ordering {
        match (self, other) {
            (Atom::Number(one), Atom::Number(other)) => match (one.as_i64(), other.as_i64()) {
                (Some(one), Some(other)) => one.cmp(&other),
                _ => float(one).total_cmp(&float(other)),
            },
            (Atom::Text(one), Atom::Text(other)) | (Atom::Other(one), Atom::Other(other)) => one.cmp(other),
            (Atom::Bool(one), Atom::Bool(other)) => one.cmp(other),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

impl PartialOrd for Atom {
    fn partial_cmp(&self, other: &Atom) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Atom {
    fn eq(&self, other: &Atom) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Atom {}

/// As JSON.
impl fmt::Display for Atom {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Atom::Number(number) => write!(out, "{number}"),
            Atom::Text(text) => out.write_str(&quoted(text)),
            Atom::Bool(flag) => write!(out, "{flag}"),
            Atom::Other(json) => out.write_str(json),
        }
    }
}

fn float(number: &Number) -> f64 {
    number.as_f64().unwrap_or_default()
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_read_as_they_are_written() {
        for code in
            ["f:spec", "k:{\"containerPort\":80,\"protocol\":\"TCP\"}", "v:\"a\\\"b\"", "v:1", "i:3", "f:a.b/c", "f:"]
        {
            assert_eq!(Element::parse(code).unwrap().code(), code);
        }
        assert!(Element::parse("x:1").is_none());
        assert!(Element::parse("k:[").is_none());
    }

    #[test]
    fn key_fields_are_sorted_and_shown_in_brackets() {
        let element = Element::parse("k:{\"protocol\":\"TCP\",\"containerPort\":80}").unwrap();
        assert_eq!(element.code(), "k:{\"containerPort\":80,\"protocol\":\"TCP\"}");
        assert_eq!(element.to_string(), "[containerPort=80,protocol=\"TCP\"]");
        assert_eq!(Element::parse("v:\"x\"").unwrap().to_string(), "[=\"x\"]");
    }

    #[test]
    fn numbers_are_ordered_by_value_and_fields_come_before_keys() {
        let code = |code: &str| Element::parse(code).unwrap();
        assert!(code("k:{\"port\":80}") < code("k:{\"port\":443}"));
        assert!(code("f:zzz") < code("k:{\"a\":1}"));
        assert!(code("k:{\"a\":1}") < code("v:1"));
        assert!(code("v:\"z\"") < code("i:0"));
    }
}
