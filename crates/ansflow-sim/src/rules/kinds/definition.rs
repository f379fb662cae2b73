//! The definition of a custom resource: its names agree, one version is stored, every version has a schema.

use serde_json::{Value, json};

use crate::kind::Kind;
use crate::object::{Object, ObjectExt};
use crate::rules::{Causes, said};

pub(crate) fn prepare_create(_kind: &Kind, object: &mut Object) {
    let stored: Vec<Value> = storage(object).into_iter().collect();
    let names = json!({"plural": "", "kind": ""});
    object.insert("status".to_owned(), json!({"conditions": null, "acceptedNames": names, "storedVersions": stored}));
}

/// A version that objects are stored in from now on is remembered.
pub(crate) fn prepare_update(_kind: &Kind, object: &mut Object, _old: &Object, sub: Option<&str>) {
    if sub.is_some() {
        return;
    }
    let Some(version) = storage(object) else { return };
    let mut stored = object.items("/status/storedVersions").to_vec();
    if !stored.contains(&version) {
        stored.push(version);
        object.put(&["status", "storedVersions"], stored.into());
    }
}

fn storage(object: &Object) -> Option<Value> {
    object
        .items("/spec/versions")
        .iter()
        .find(|version| version["storage"] == true)
        .map(|version| version["name"].clone())
}

pub(crate) fn validate(_kind: &Kind, object: &Object, causes: &mut Causes) {
    let (group, plural) = (object.text("/spec/group"), object.text("/spec/names/plural"));
    if object.name() != format!("{plural}.{group}") {
        let why = "must be spec.names.plural+\".\"+spec.group";
        said::invalid(causes, "metadata.name", &Value::from(object.name()), why);
    }
    if group.is_empty() {
        said::required(causes, "spec.group", "");
    } else if !group.contains('.') {
        said::invalid(causes, "spec.group", &Value::from(group), "should be a domain with at least one dot");
    }
    match object.text("/spec/scope") {
        "" => said::required(causes, "spec.scope", ""),
        _ => said::one_of(causes, "spec.scope", object.at("/spec/scope"), &["Cluster", "Namespaced"]),
    }
    let versions = object.items("/spec/versions");
    if versions.iter().filter(|version| version["storage"] == true).count() != 1 {
        let shown = Value::from(versions);
        said::invalid(causes, "spec.versions", &shown, "must have exactly one version marked as storage version");
    }
    for (at, version) in versions.iter().enumerate() {
        let path = format!("spec.versions[{at}]");
        if !version["schema"]["openAPIV3Schema"].is_object() {
            said::required(causes, &format!("{path}.schema.openAPIV3Schema"), "schemas are required");
        } else {
            let path = format!("{path}.schema.openAPIV3Schema");
            let root = &version["schema"]["openAPIV3Schema"];
            if root["type"] != "object" {
                match root["type"].as_str() {
                    None | Some("") => said::required(causes, &format!("{path}.type"), "must not be empty at the root"),
                    Some(_) => {
                        said::invalid(causes, &format!("{path}.type"), &root["type"], "must be object at the root");
                    }
                }
            }
            structural(root, &path, causes);
        }
        scale(&version["subresources"]["scale"], &format!("{path}.subresources.scale"), causes);
    }
    for field in ["plural", "singular", "kind", "listKind"] {
        if object.text(&format!("/spec/names/{field}")).is_empty() {
            said::required(causes, &format!("spec.names.{field}"), "");
        }
    }
}

/// Every part of a schema says its type.
fn structural(schema: &Value, path: &str, causes: &mut Causes) {
    for (name, of) in schema["properties"].as_object().into_iter().flatten() {
        part(of, &format!("{path}.properties[{name}]"), causes);
    }
    if schema["items"].is_object() {
        part(&schema["items"], &format!("{path}.items"), causes);
    } else if schema["type"] == "array" {
        said::required(causes, &format!("{path}.items"), "must be specified");
    }
    if schema["additionalProperties"].is_object() {
        part(&schema["additionalProperties"], &format!("{path}.additionalProperties"), causes);
    }
}

fn part(of: &Value, path: &str, causes: &mut Causes) {
    let untyped = of["type"].as_str().unwrap_or_default().is_empty();
    let free = of["x-kubernetes-int-or-string"] == true || of["x-kubernetes-preserve-unknown-fields"] == true;
    if untyped && !free {
        said::required(causes, &format!("{path}.type"), "must not be empty for specified object fields");
    }
    structural(of, path, causes);
}

fn scale(of: &Value, path: &str, causes: &mut Causes) {
    if !of.is_object() {
        return;
    }
    for (field, below) in [("specReplicasPath", ".spec."), ("statusReplicasPath", ".status.")] {
        match of[field].as_str().unwrap_or_default() {
            "" => said::required(causes, &format!("{path}.{field}"), ""),
            told if !told.starts_with(below) => {
                let why = format!("should be a json path under {}", below.trim_end_matches('.'));
                said::invalid(causes, &format!("{path}.{field}"), &of[field], &why);
            }
            _ => {}
        }
    }
}

pub(crate) fn validate_update(_kind: &Kind, object: &Object, old: &Object, causes: &mut Causes) {
    for field in ["group", "scope", "names/plural", "names/kind"] {
        let pointer = format!("/spec/{field}");
        let path = format!("spec.{}", field.replace('/', "."));
        said::fixed(causes, &path, object.at(&pointer), old.at(&pointer));
    }
}
