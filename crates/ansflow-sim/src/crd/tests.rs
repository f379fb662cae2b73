//! Custom resources as a real cluster answered for them.

use serde_json::{Value, json};

use super::Custom;
use crate::object::Object;
use crate::rules::Causes;
use crate::wire::recorded;

fn object(value: Value) -> Object {
    match value {
        Value::Object(object) => object,
        other => panic!("{other}"),
    }
}

fn said(schema: &Value, value: Value, old: Option<Value>) -> Vec<String> {
    let mut causes = Causes::new();
    Custom::new(schema).validate(&object(value), old.map(object).as_ref(), &mut causes);
    causes.into_iter().map(|cause| format!("{} {}: {}", cause.reason, cause.field, cause.message)).collect()
}

#[test]
fn widgets_are_refused_in_the_recorded_words() {
    let schema = recorded::widget_schema();
    for name in ["cr-invalid-422", "cr-invalid-cel-422"] {
        let recording = recorded::recording(name);
        let mut sent = object(recording["request"]["body"].clone());
        let custom = Custom::new(&schema);
        custom.fill(&mut sent);
        let mut causes = Causes::new();
        custom.validate(&sent, None, &mut causes);
        let told: Vec<Value> = causes
            .iter()
            .map(|cause| json!({"reason": cause.reason, "message": cause.message, "field": cause.field}))
            .collect();
        assert_eq!(Value::from(told), recording["response"]["body"]["details"]["causes"], "{name}");
    }
}

#[test]
fn defaults_go_into_what_is_there() {
    let schema = json!({"type": "object", "properties": {
        "spec": {"type": "object", "properties": {"color": {"type": "string", "default": "blue"}}},
        "items": {"type": "array", "items": {"type": "object", "properties": {"n": {"type": "integer", "default": 1}}}},
        "more": {"type": "object", "default": {}, "properties": {"x": {"type": "string", "default": "y"}}}}});
    let mut value = object(json!({"items": [{}, {"n": 2}]}));
    Custom::new(&schema).fill(&mut value);
    assert_eq!(Value::Object(value), json!({"items": [{"n": 1}, {"n": 2}], "more": {"x": "y"}}));
    let mut value = object(json!({"spec": {"color": null}}));
    Custom::new(&schema).fill(&mut value);
    assert_eq!(value["spec"], json!({"color": "blue"}));
}

#[test]
fn what_is_of_the_wrong_type_is_said_and_keeps_the_rules_from_being_asked() {
    let schema = recorded::widget_schema();
    let told = said(&schema, json!({"spec": {"size": "big"}}), None);
    assert_eq!(
        told,
        [
            "FieldValueTypeInvalid spec.size: Invalid value: \"string\": spec.size in body must be of type integer: \"string\"",
            "FieldValueInvalid <nil>: Invalid value: null: some validation rules were not checked because the object was \
             invalid; correct the existing errors to complete validation",
        ]
    );
    let told = said(&schema, json!({"spec": {}}), None);
    assert_eq!(told[0], "FieldValueRequired spec.size: Required value");
}

#[test]
fn a_rule_that_looks_back_is_asked_where_something_was() {
    let schema = json!({"type": "object", "properties": {"spec": {"type": "object",
        "properties": {"size": {"type": "integer"}},
        "x-kubernetes-validations": [{"rule": "self.size >= oldSelf.size", "messageExpression": "'was ' + string(oldSelf.size)"}]}}});
    assert!(said(&schema, json!({"spec": {"size": 1}}), None).is_empty());
    let told = said(&schema, json!({"spec": {"size": 1}}), Some(json!({"spec": {"size": 2}})));
    assert_eq!(told, ["FieldValueInvalid spec: Invalid value: \"object\": was 2"]);
}

#[test]
fn what_did_not_change_is_not_looked_at_again() {
    let schema = recorded::widget_schema();
    let old = json!({"spec": {"size": 9}, "metadata": {"labels": {"a": "b"}}});
    let new = json!({"spec": {"size": 9}, "metadata": {"labels": {"a": "c"}}});
    assert!(said(&schema, new, Some(old)).is_empty());
}
