//! Names, and what else is asked of every object's metadata.

use serde_json::Value;

use super::{Causes, labels};
use crate::kind::Kind;
use crate::object::{Object, ObjectExt};
use crate::status::Cause;

const SUBDOMAIN: &str = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start \
                         and end with an alphanumeric character (e.g. 'example.com', regex used for validation is \
                         '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
pub(super) const LABEL: &str = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end \
                     with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is \
                     '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const SERVICE: &str = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic \
                       character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for \
                       validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

/// What is wrong with the metadata of a new object.
pub(super) fn created(kind: &Kind, object: &Object, causes: &mut Causes) {
    let name = object.name();
    if let Some(why) = wrong(kind, name) {
        causes.push(Cause::new("FieldValueInvalid", "metadata.name", format!("Invalid value: \"{name}\": {why}")));
    }
    labels::metadata(object, causes);
}

/// What is wrong with a change of the metadata.
pub(super) fn updated(_kind: &Kind, object: &Object, old: &Object, causes: &mut Causes) {
    let same = |field: &str| object.at(field) == old.at(field);
    if !same("/metadata/labels") || !same("/metadata/annotations") {
        labels::metadata(object, causes);
    }
    if !old.is_deleting() {
        return;
    }
    let new: Vec<&Value> = object.finalizers().iter().filter(|one| !old.finalizers().contains(one)).collect();
    if !new.is_empty() {
        let named: Vec<String> = new.iter().map(|one| one.to_string()).collect();
        let why = format!(
            "Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{{{}}}",
            named.join(", ")
        );
        // Kubernetes looks twice, and says so twice.
        causes.push(Cause::new("FieldValueForbidden", "metadata.finalizers", why.clone()));
        causes.push(Cause::new("FieldValueForbidden", "metadata.finalizers", why));
    }
}

fn wrong(kind: &Kind, name: &str) -> Option<&'static str> {
    let label = |text: &str| {
        let ends = text.as_bytes().first().zip(text.as_bytes().last());
        let alphanumeric = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        ends.is_some_and(|(first, last)| alphanumeric(*first) && alphanumeric(*last))
            && text.bytes().all(|byte| alphanumeric(byte) || byte == b'-')
    };
    match (&*kind.group, &*kind.kind) {
        // Names of roles, bindings and their like are any part of a path.
        (
            "rbac.authorization.k8s.io" | "flowcontrol.apiserver.k8s.io" | "networking.k8s.io",
            "Role" | "ClusterRole" | "RoleBinding" | "ClusterRoleBinding" | "IPAddress",
        ) => None,
        ("", "Service") if label(name) && name.starts_with(|c: char| c.is_ascii_lowercase()) => None,
        ("", "Service") => Some(SERVICE),
        ("", "Namespace") => (!label(name)).then_some(LABEL),
        _ => (!name.split('.').all(label)).then_some(SUBDOMAIN),
    }
}
