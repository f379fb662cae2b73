//! Whether a value fits its shape, in the words of the server-side apply of Kubernetes.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;

use super::path::Element;
use super::typed;
use crate::schema::{ListKind, Scalar, Shape};

/// What does not fit, each with its path: `.spec.replicas: expected numeric (int or float), got string`.
pub(crate) fn problems(shape: &'static Shape, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    look(shape, value, &Place { up: None, step: Step::Root }, &mut found);
    found
}

/// Where the look is; spelled out only for what does not fit.
struct Place<'p> {
    up: Option<&'p Place<'p>>,
    step: Step<'p>,
}

enum Step<'p> {
    Root,
    Field(&'p str),
    Item(&'p Element),
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(up) = self.up {
            up.fmt(out)?;
        }
        match self.step {
            Step::Root => Ok(()),
            Step::Field(name) => write!(out, ".{name}"),
            Step::Item(element) => write!(out, "{element}"),
        }
    }
}

impl Place<'_> {
    fn says(&self, why: &str) -> String {
        let path = self.to_string();
        if path.is_empty() { why.to_owned() } else { format!("{path}: {why}") }
    }
}

fn look(shape: &'static Shape, value: &Value, place: &Place<'_>, found: &mut Vec<String>) {
    if value.is_null() {
        return;
    }
    match shape.resolve() {
        Shape::Struct(_) | Shape::Map(_) => match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    let place = Place { up: Some(place), step: Step::Field(name) };
                    match typed::declared(shape, name) {
                        Some(shape) => look(shape, value, &place, found),
                        None => return found.push(place.says("field not declared in schema")),
                    }
                }
            }
            other => found.push(place.says(&format!("expected map, got &{{{}}}", go(other)))),
        },
        Shape::List(list) => match value {
            Value::Array(items) => {
                let mut seen = BTreeSet::new();
                for (index, item) in items.iter().enumerate() {
                    let element = match list.kind {
                        ListKind::Atomic => Element::Index(index),
                        ListKind::Set | ListKind::Map(_) => match typed::element(list, item) {
                            Ok(element) => element,
                            Err(why) => return found.push(place.says(&format!("element {index}: {why}"))),
                        },
                    };
                    look(&list.items, item, &Place { up: Some(place), step: Step::Item(&element) }, found);
                    if let Some(twice) = seen.replace(element) {
                        found.push(place.says(&format!("duplicate entries for key {twice}")));
                    }
                }
            }
            other => found.push(place.says(&format!("expected list, got &{{{}}}", go(other)))),
        },
        Shape::Scalar(scalar) => found.extend(scalar_problem(*scalar, value).map(|why| place.says(&why))),
        Shape::Any | Shape::Named(_) => {}
    }
}

fn scalar_problem(scalar: Scalar, value: &Value) -> Option<String> {
    match scalar {
        Scalar::Int32 | Scalar::Int64 | Scalar::Number if !value.is_number() => {
            Some(format!("expected numeric (int or float), got {}", go_type(value)))
        }
        Scalar::String | Scalar::Bytes | Scalar::Time | Scalar::MicroTime if !value.is_string() => {
            Some(format!("expected string, got &value.valueUnstructured{{Value:{}}}", go(value)))
        }
        Scalar::Bool if !value.is_boolean() => Some(format!("expected boolean, got &{{{}}}", go(value))),
        _ => None,
    }
}

/// A value as Go's `%v` shows it.
pub(super) fn go(value: &Value) -> String {
    match value {
        Value::Null => "<nil>".to_owned(),
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::Array(items) => format!("[{}]", items.iter().map(go).collect::<Vec<_>>().join(" ")),
        Value::Object(fields) => {
            let mut fields: Vec<String> = fields.iter().map(|(name, value)| format!("{name}:{}", go(value))).collect();
            fields.sort();
            format!("map[{}]", fields.join(" "))
        }
    }
}

fn go_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "<nil>",
        Value::String(_) => "string",
        Value::Bool(_) => "bool",
        Value::Number(number) if number.is_f64() => "float64",
        Value::Number(_) => "int64",
        Value::Array(_) => "[]interface {}",
        Value::Object(_) => "map[string]interface {}",
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::json;

    use super::*;

    fn check(value: &Value, expected: &Expect) {
        let shape = crate::schema::named("io.k8s.api.apps.v1.Deployment").unwrap().shape();
        expected.assert_eq(&problems(shape, value).join("\n"));
    }

    fn pod(containers: &Value) -> Value {
        json!({"spec": {"template": {"spec": {"containers": containers}}}})
    }

    #[test]
    fn a_field_that_nobody_declared_is_named_by_its_keys() {
        check(
            &pod(&json!([{"name": "app", "imagePullpolicy": "Never"}])),
            &expect![[r#".spec.template.spec.containers[name="app"].imagePullpolicy: field not declared in schema"#]],
        );
    }

    #[test]
    fn values_of_other_types_are_shown_as_go_shows_them() {
        check(
            &json!({"spec": {"replicas": "two"}}),
            &expect![".spec.replicas: expected numeric (int or float), got string"],
        );
        check(
            &pod(&json!([{"name": "a", "env": [{"name": "A", "value": 1}]}])),
            &expect![[
                r#".spec.template.spec.containers[name="a"].env[name="A"].value: expected string, got &value.valueUnstructured{Value:1}"#
            ]],
        );
        check(&json!({"spec": {"paused": "yes"}}), &expect![".spec.paused: expected boolean, got &{yes}"]);
        check(&json!({"spec": {"template": []}}), &expect![".spec.template: expected map, got &{[]}"]);
    }

    #[test]
    fn keys_must_be_there_and_once() {
        check(
            &pod(&json!([{"name": "a"}, {"name": "a"}])),
            &expect![[r#".spec.template.spec.containers: duplicate entries for key [name="a"]"#]],
        );
        check(
            &pod(&json!([{"name": "a", "ports": [null]}])),
            &expect![[
                r#".spec.template.spec.containers[name="a"].ports: element 0: associative list with keys may not have a null element"#
            ]],
        );
    }

    #[test]
    fn what_fits_has_no_problems() {
        check(
            &json!({"metadata": {"labels": {"a": "b"}}, "spec": {"strategy": {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": "25%"}}}}),
            &expect![""],
        );
        check(&pod(&json!([{"name": "a", "resources": {"limits": {"cpu": 1, "memory": "1Gi"}}}])), &expect![""]);
    }
}
