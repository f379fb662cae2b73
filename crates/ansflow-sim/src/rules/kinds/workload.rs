//! Kinds that make pods: their selector meets their template, and neither changes afterwards.

use serde_json::Value;

use super::fixed;
use crate::kind::Kind;
use crate::object::{Object, ObjectExt};
use crate::rules::{Causes, pod_spec, said};
use crate::selector::Selector;
use crate::status::Cause;

pub(crate) fn validate(_kind: &Kind, object: &Object, causes: &mut Causes) {
    let selector = object.at("/spec/selector");
    let empty = |value: &Value| value.as_object().is_none_or(serde_json::Map::is_empty);
    if selector.is_none_or(empty) {
        causes.push(Cause::new("FieldValueRequired", "spec.selector", "Required value"));
    }
    let labels = object.at("/spec/template/metadata/labels");
    let meets = selector.is_some_and(|selector| {
        Selector::of(selector)
            .is_ok_and(|selector| !selector.is_everything() && selector.matches_map(labels.and_then(Value::as_object)))
    });
    if !meets {
        let shown = labels.map_or_else(|| "null".to_owned(), Value::to_string);
        let why = format!("Invalid value: {shown}: `selector` does not match template `labels`");
        causes.push(Cause::new("FieldValueInvalid", "spec.template.metadata.labels", why));
    }
    pod_spec::validate(object.at("/spec/template/spec").unwrap_or(&Value::Null), "spec.template.spec", causes);
    said::one_of(
        causes,
        "spec.template.spec.restartPolicy",
        object.at("/spec/template/spec/restartPolicy"),
        &["Always"],
    );
    for field in ["replicas", "minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds"] {
        said::not_negative(causes, &format!("spec.{field}"), object.at(&format!("/spec/{field}")));
    }
}

pub(crate) fn validate_update(kind: &Kind, object: &Object, old: &Object, causes: &mut Causes) {
    if &*kind.kind == "StatefulSet" {
        return fixed::stateful_set(object, old, causes);
    }
    if object.at("/spec/selector") != old.at("/spec/selector") {
        let shown = object.at("/spec/selector").unwrap_or(&Value::Null);
        let why = format!("Invalid value: {shown}: field is immutable");
        causes.push(Cause::new("FieldValueInvalid", "spec.selector", why));
    }
}
