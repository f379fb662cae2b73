//! Which resources there are: `/api`, `/apis`, one group, one version, and the aggregated documents of both roots.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256, Sha512};

use super::fields;
use crate::kind::{Kind, Sub};
use crate::kinds::Served;
use crate::object::Str;

/// The content type of an aggregated document.
pub(crate) const AGGREGATED: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

/// `/api`. The address is the one that clients reached the server by.
pub(crate) fn core(address: &str) -> Value {
    json!({
        "kind": "APIVersions", "versions": ["v1"],
        "serverAddressByClientCIDRs": [{"clientCIDR": "0.0.0.0/0", "serverAddress": address}],
    })
}

/// `/apis`.
pub(crate) fn groups(served: &Served) -> Value {
    let groups: Vec<Value> = named_groups(served).map(|group| described(served, group)).collect();
    json!({"kind": "APIGroupList", "apiVersion": "v1", "groups": groups})
}

/// `/apis/GROUP`.
pub(crate) fn group(served: &Served, group: &str) -> Option<Value> {
    if served.versions(group).is_empty() || group.is_empty() {
        return None;
    }
    let mut whole = json!({"kind": "APIGroup", "apiVersion": "v1"});
    if let (Value::Object(whole), Value::Object(rest)) = (&mut whole, described(served, group)) {
        whole.extend(rest);
    }
    Some(whole)
}

/// `/api/v1` and `/apis/GROUP/VERSION`.
pub(crate) fn resources(served: &Served, group: &str, version: &str) -> Option<Value> {
    let mut resources = Vec::new();
    for kind in served.resources(group, version) {
        resources.push(resource(served, kind));
        resources.extend(kind.subresources.iter().map(|sub| subresource(kind, sub)));
    }
    if resources.is_empty() {
        return None;
    }
    let group_version = if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") };
    let mut list = json!({"kind": "APIResourceList"});
    // Only the core leaves the version of the list itself out.
    if !group.is_empty() {
        list["apiVersion"] = "v1".into();
    }
    list["groupVersion"] = group_version.into();
    list["resources"] = resources.into();
    Some(list)
}

/// The aggregated document of `/api` (the core) or `/apis` (all other groups).
pub(crate) fn aggregated(served: &Served, root: Root) -> Value {
    let items: Vec<Value> = match root {
        Root::Core => vec![aggregated_group(served, "", json!({}))],
        Root::Groups => {
            named_groups(served).map(|group| aggregated_group(served, group, json!({"name": group}))).collect()
        }
    };
    fields([
        ("kind", "APIGroupDiscoveryList".into()),
        ("apiVersion", "apidiscovery.k8s.io/v2".into()),
        ("metadata", json!({})),
        ("items", items.into()),
    ])
}

/// The two roots of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Root {
    Core,
    Groups,
}

/// The tag of a document, which changes with it and with nothing else: in quotes, as a header carries it.
pub(crate) fn etag(document: &[u8]) -> String {
    format!("\"{}\"", hash(document))
}

/// SHA-512 in upper-case hexadecimal.
pub(crate) fn hash(text: &[u8]) -> String {
    Sha512::digest(text).iter().map(|byte| format!("{byte:02X}")).collect()
}

fn named_groups(served: &Served) -> impl Iterator<Item = &str> {
    served.groups().into_iter().filter(|group| !group.is_empty())
}

fn described(served: &Served, group: &str) -> Value {
    let one = |version: &str| json!({"groupVersion": format!("{group}/{version}"), "version": version});
    let versions: Vec<Value> = served.versions(group).into_iter().map(one).collect();
    let preferred = versions.first().cloned().unwrap_or(Value::Null);
    json!({"name": group, "versions": versions, "preferredVersion": preferred})
}

fn resource(served: &Served, kind: &Kind) -> Value {
    let mut told = json!({
        "name": *kind.plural, "singularName": *kind.singular, "namespaced": kind.namespaced, "kind": *kind.kind,
        "verbs": texts(&kind.verbs),
    });
    if !kind.short.is_empty() {
        told["shortNames"] = texts(&kind.short);
    }
    if !kind.categories.is_empty() {
        told["categories"] = texts(&kind.categories);
    }
    if kind.can("create") && kind.can("get") {
        let stored = served.all.iter().find(|other| other.id == kind.id && other.stored).map_or(kind, |stored| stored);
        told["storageVersionHash"] = storage_version_hash(stored).into();
    }
    told
}

/// Which version objects are stored in, made unreadable, as Kubernetes does.
fn storage_version_hash(kind: &Kind) -> String {
    let digest = Sha256::digest(format!("{}/{}/{}", kind.group, kind.version, kind.kind));
    STANDARD.encode(&digest[..8])
}

fn subresource(kind: &Kind, sub: &Sub) -> Value {
    let mut told = json!({
        "name": format!("{}/{}", kind.plural, sub.name), "singularName": "", "namespaced": kind.namespaced,
    });
    if !sub.group.is_empty() && *sub.group != *kind.group {
        told["group"] = (*sub.group).into();
        told["version"] = (*sub.version).into();
    }
    told["kind"] = (*sub.kind).into();
    told["verbs"] = texts(&sub.verbs);
    told
}

fn aggregated_group(served: &Served, group: &str, metadata: Value) -> Value {
    let version = |version: &str| {
        let resources: Vec<Value> = served.resources(group, version).map(|kind| aggregated_resource(kind)).collect();
        fields([("version", version.into()), ("resources", resources.into()), ("freshness", "Current".into())])
    };
    let versions: Vec<Value> = served.versions(group).into_iter().map(version).collect();
    fields([("metadata", metadata), ("versions", versions.into())])
}

fn aggregated_resource(kind: &Kind) -> Value {
    let mut told = json!({
        "resource": *kind.plural, "responseKind": response_kind(kind, "", "", &kind.kind),
        "scope": if kind.namespaced { "Namespaced" } else { "Cluster" },
        "singularResource": *kind.singular, "verbs": texts(&kind.verbs),
    });
    if !kind.short.is_empty() {
        told["shortNames"] = texts(&kind.short);
    }
    if !kind.categories.is_empty() {
        told["categories"] = texts(&kind.categories);
    }
    if !kind.subresources.is_empty() {
        let subs = kind.subresources.iter().map(|sub| {
            let response = response_kind(kind, &sub.group, &sub.version, &sub.kind);
            json!({"subresource": *sub.name, "responseKind": response, "verbs": texts(&sub.verbs)})
        });
        told["subresources"] = subs.collect();
    }
    told
}

/// Built-in kinds leave group and version to be inferred; custom ones say them.
fn response_kind(kind: &Kind, group: &str, version: &str, name: &str) -> Value {
    let (group, version) =
        if kind.is_custom() && version.is_empty() { (&*kind.group, &*kind.version) } else { (group, version) };
    json!({"group": group, "version": version, "kind": name})
}

fn texts(texts: &[Str]) -> Value {
    texts.iter().map(|text| Value::from(&**text)).collect()
}

#[cfg(test)]
mod tests;
