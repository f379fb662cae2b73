//! Which writes a webhook or a policy is asked about: its rules, and its selectors of namespaces and objects.

use serde_json::{Value, json};

use super::{Operation, Review};
use crate::door::reviews;
use crate::object::{Object, ObjectExt};
use crate::selector::Selector;

/// Whether rules name this write. `equivalent` takes every version of a kind for the same.
pub(super) fn named(rules: &Value, review: &Review<'_, '_>, equivalent: bool) -> bool {
    rules.as_array().into_iter().flatten().any(|rule| {
        let has = |field: &str, one: &str| {
            let all = rule[field].as_array().into_iter().flatten();
            all.into_iter().any(|known| known == "*" || known == one)
        };
        let scope = match rule["scope"].as_str().unwrap_or("*") {
            "Namespaced" => review.kind.namespaced,
            "Cluster" => !review.kind.namespaced,
            _ => true,
        };
        let names = rule["resourceNames"].as_array();
        scope
            && has("operations", review.operation.as_str())
            && has("apiGroups", &review.kind.group)
            && (equivalent || has("apiVersions", &review.kind.version))
            && rule["resources"].as_array().into_iter().flatten().any(|one| resource(one, review))
            && names.is_none_or(|names| names.is_empty() || names.iter().any(|name| name == review.object.name()))
    })
}

fn resource(named: &Value, review: &Review<'_, '_>) -> bool {
    let named = named.as_str().unwrap_or_default();
    let (of, sub) = named.split_once('/').map_or((named, None), |(of, sub)| (of, Some(sub)));
    let fits = match (sub, review.sub) {
        (None, None) | (Some("*"), _) => true,
        (Some(sub), Some(asked)) => sub == asked,
        (None, Some(_)) | (Some(_), None) => false,
    };
    fits && (of == "*" || *of == *review.kind.plural)
}

/// Whether the selectors take this write in: `namespaceSelector` and `objectSelector` of a webhook, a policy or a binding.
pub(super) fn selected(by: &Value, review: &Review<'_, '_>) -> bool {
    let read = |field: &str| Selector::of(&by[field]).unwrap_or_default();
    let (namespaces, objects) = (read("namespaceSelector"), read("objectSelector"));
    let within = match review.namespace() {
        _ if namespaces.is_everything() => true,
        Some(namespace) => namespaces.matches_pairs(&namespace.labels),
        None if review.kind.is("", "Namespace") => namespaces.matches_map(labels(review.object)),
        None => true,
    };
    within
        && (objects.is_everything()
            || objects.matches_map(labels(review.object))
            || review.old.is_some_and(|old| objects.matches_map(labels(old))))
}

fn labels(object: &Object) -> Option<&Object> {
    object.at("/metadata/labels").and_then(Value::as_object)
}

/// What rules may ask: `object`, `oldObject`, `request`, `namespaceObject`.
pub(super) struct Facts {
    pub(super) object: Value,
    pub(super) old: Value,
    pub(super) request: Value,
    pub(super) namespace: Value,
}

impl Facts {
    pub(super) fn of(review: &Review<'_, '_>) -> Facts {
        let kind = review.kind;
        let gvk = json!({"group": &*kind.group, "version": &*kind.version, "kind": &*kind.kind});
        let gvr = json!({"group": &*kind.group, "version": &*kind.version, "resource": &*kind.plural});
        let namespace = review.namespace().and_then(|found| {
            let kind = review.sim.kinds().stored(found.key.kind)?;
            Some(Value::Object(found.thaw(&kind)))
        });
        Facts {
            // What is deleted is no more than what it was.
            object: match review.operation {
                Operation::Delete => Value::Null,
                Operation::Create | Operation::Update => Value::Object(review.object.clone()),
            },
            old: review.old.cloned().map_or(Value::Null, Value::Object),
            request: json!({
                "kind": gvk, "resource": gvr, "requestKind": gvk, "requestResource": gvr,
                "subResource": review.sub.unwrap_or_default(), "name": review.object.name(),
                "namespace": &*review.key.namespace, "operation": review.operation.as_str(),
                "userInfo": reviews::user(review.actor), "dryRun": review.dry_run,
            }),
            namespace: namespace.unwrap_or(Value::Null),
        }
    }

    pub(super) fn variables(&self) -> [(&str, &Value); 4] {
        [
            ("object", &self.object),
            ("oldObject", &self.old),
            ("request", &self.request),
            ("namespaceObject", &self.namespace),
        ]
    }
}
