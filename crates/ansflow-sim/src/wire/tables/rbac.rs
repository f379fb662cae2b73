//! Bindings of roles. Roles themselves show name and creation.

use serde_json::Value;

use super::column::{AGE, Column, NAME, text, wide};
use super::{age, name};
use crate::object::{Object, ObjectExt};
use crate::time::Micros;

pub(super) const BINDING: &[Column] = &[
    NAME,
    text("Role", "RoleRef can reference a Role in the current namespace or a ClusterRole in the global namespace."),
    AGE,
    wide("Users", "Users in the roleBinding"),
    wide("Groups", "Groups in the roleBinding"),
    wide("ServiceAccounts", "ServiceAccounts in the roleBinding"),
];

pub(super) fn binding(binding: &Object, now: Micros) -> Vec<Value> {
    let subjects = |kind: &str| {
        let some = binding.items("/subjects").iter().filter(|subject| subject["kind"] == kind);
        let some: Vec<String> = some
            .map(|subject| {
                let name = subject["name"].as_str().unwrap_or_default();
                match subject["namespace"].as_str() {
                    Some(namespace) if kind == "ServiceAccount" => format!("{namespace}/{name}"),
                    _ => name.to_owned(),
                }
            })
            .collect();
        Value::from(some.join(", "))
    };
    vec![
        name(binding),
        format!("{}/{}", binding.text("/roleRef/kind"), binding.text("/roleRef/name")).into(),
        age::age(binding, now),
        subjects("User"),
        subjects("Group"),
        subjects("ServiceAccount"),
    ]
}
