//! OpenAPI: an index, a document for each group version, and as little of v2 as kubectl needs to say that it knows no kind.
//!
//! A document is made when it is first asked for and kept as bytes. Its tag is made of what it is made of, so that the index
//! need not make documents that nobody reads.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, OnceLock};

use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::discovery;
use super::embedded;
use super::fields;
use super::openapi_paths::Place;
use super::version::GIT_VERSION;
use crate::kind::Kind;
use crate::kinds::Served;
use crate::lock::lock;

/// The content type of OpenAPI v2, which is protobuf.
pub(crate) const V2_TYPE: &str = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";
/// A v2 document without paths and definitions: swagger 2.0, title, version. kubectl reads it after v3 knew no kind.
pub(crate) const V2: &[u8] = b"\x0a\x032.0\x12\x13\x0a\x0aKubernetes\x12\x05v1.34B\x00J\x00";

/// The schema of a custom resource, as its definition has it.
pub(crate) type CustomSchema<'a> = &'a dyn Fn(&Kind) -> Option<Value>;

/// `/openapi/v3`: all documents with their tags.
pub(crate) fn index(served: &Served) -> Value {
    let mut paths = Map::new();
    let mut add = |path: String, tag: String| {
        let url = format!("/openapi/v3/{path}?hash={tag}");
        paths.insert(path, json!({"serverRelativeURL": url}));
    };
    for path in [".well-known/openid-configuration", "api", "apis", "openid/v1/jwks", "version"] {
        add(path.to_owned(), discovery::hash(format!("{GIT_VERSION} {path}").as_bytes()));
    }
    for group in served.groups() {
        let is_custom = served.all.iter().any(|kind| &*kind.group == group && kind.is_custom());
        if !group.is_empty() && !is_custom {
            let path = format!("apis/{group}");
            add(path.clone(), discovery::hash(format!("{GIT_VERSION} {path}").as_bytes()));
        }
        for version in served.versions(group) {
            add(path_of(group, version), hash(served, group, version));
        }
    }
    paths.sort_keys();
    fields([("paths", paths.into())])
}

/// The tag of a document, without quotes. None where there is no such document.
pub(crate) fn tag(served: &Served, path: &str) -> Option<String> {
    let (group, version) = group_version(path)?;
    served.resources(group, version).next().map(|_| hash(served, group, version))
}

/// `/openapi/v3/PATH`: the document of a group version, or one of the small ones.
pub(crate) fn document(served: &Served, path: &str, custom: CustomSchema<'_>) -> Option<Bytes> {
    static MADE: OnceLock<Mutex<HashMap<String, Bytes>>> = OnceLock::new();
    let Some((group, version)) = group_version(path) else { return small(served, path) };
    let kinds: Vec<&Kind> = served.resources(group, version).map(|kind| &**kind).collect();
    if kinds.is_empty() {
        return None;
    }
    // A group may have custom kinds beside nothing else; built-in documents are the same in every cluster.
    if kinds.iter().any(|kind| kind.is_custom()) {
        return Some(make(group, version, &kinds, custom));
    }
    let made = MADE.get_or_init(Mutex::default);
    let known = lock(made).get(path).cloned();
    Some(known.unwrap_or_else(|| {
        let document = make(group, version, &kinds, custom);
        lock(made).insert(path.to_owned(), document.clone());
        document
    }))
}

fn path_of(group: &str, version: &str) -> String {
    if group.is_empty() { format!("api/{version}") } else { format!("apis/{group}/{version}") }
}

fn group_version(path: &str) -> Option<(&str, &str)> {
    match path.strip_prefix("api/") {
        Some(version) => Some(("", version)),
        None => path.strip_prefix("apis/")?.split_once('/'),
    }
}

/// Of what the document is made of: the version, and every kind with its edition where it can change.
fn hash(served: &Served, group: &str, version: &str) -> String {
    let mut text = format!("{GIT_VERSION} {group}/{version}");
    for kind in served.resources(group, version) {
        text.push_str(&format!(" {} {} {:?}", kind.kind, kind.plural, kind.verbs));
        if kind.is_custom() {
            text.push_str(&format!(" {}", served.edition));
        }
    }
    discovery::hash(text.as_bytes())
}

/// Documents of roots and of single doors: an API without schemas that anybody asks for.
fn small(served: &Served, path: &str) -> Option<Bytes> {
    let known = matches!(path, ".well-known/openid-configuration" | "api" | "apis" | "openid/v1/jwks" | "version");
    let is_group = path.strip_prefix("apis/").is_some_and(|group| served.groups().contains(&group));
    (known || is_group).then(|| bytes(&whole(Map::new(), Map::new())))
}

fn make(group: &str, version: &str, kinds: &[&Kind], custom: CustomSchema<'_>) -> Bytes {
    let paths = Place::new(group, version).paths(kinds.iter().copied());
    let own = kinds.iter().filter(|kind| kind.is_custom());
    let own: HashMap<String, Value> =
        own.flat_map(|kind| schemas_of(kind, custom(kind).unwrap_or_else(|| json!({"type": "object"})))).collect();
    let paths = Value::Object(paths);
    let schemas = reachable(&paths, own);
    let Value::Object(paths) = paths else { return Bytes::new() };
    bytes(&whole(paths, schemas))
}

fn bytes(document: &Value) -> Bytes {
    Bytes::from(document.to_string().into_bytes())
}

fn whole(paths: Map<String, Value>, schemas: Map<String, Value>) -> Value {
    let token = json!({
        "type": "apiKey", "description": "Bearer Token authentication", "name": "authorization", "in": "header",
    });
    let mut components = Map::new();
    if !schemas.is_empty() {
        components.insert("schemas".to_owned(), schemas.into());
    }
    components.insert("securitySchemes".to_owned(), fields([("BearerToken", token)]));
    fields([
        ("openapi", "3.0.0".into()),
        ("info", json!({"title": "Kubernetes", "version": "1.34"})),
        ("paths", paths.into()),
        ("components", components.into()),
    ])
}

/// All schemas that the paths name, and those that they name.
fn reachable(paths: &Value, mut own: HashMap<String, Value>) -> Map<String, Value> {
    let (structure, mut words) = (embedded::structure(), embedded::words());
    let mut wanted = BTreeSet::new();
    references(paths, &mut wanted);
    let mut open: Vec<String> = wanted.iter().cloned().collect();
    let mut schemas = Map::new();
    while let Some(name) = open.pop() {
        let described = own.remove(&name).or_else(|| {
            let schema = structure.get(&name)?;
            Some(describe(schema, words.remove(&name).unwrap_or(Value::Null)))
        });
        let Some(schema) = described else { continue };
        let mut found = BTreeSet::new();
        references(&schema, &mut found);
        open.extend(found.into_iter().filter(|name| wanted.insert(name.clone())));
        schemas.insert(name, schema);
    }
    schemas.sort_keys();
    schemas
}

fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(path) if name == "$ref" => {
                        found.extend(path.strip_prefix("#/components/schemas/").map(str::to_owned));
                    }
                    value => references(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A schema with its words: its own under "", those of its fields by name.
fn describe(schema: &Value, words: Value) -> Value {
    let mut described = clean(schema);
    let Value::Object(words) = words else { return described };
    for (field, text) in words {
        if field.is_empty() {
            described["description"] = text;
        } else if let Some(property) = described.get_mut("properties").and_then(|properties| properties.get_mut(&field))
        {
            property["description"] = text;
        }
    }
    described
}

/// Without what is ours: how Go writes an empty value.
fn clean(schema: &Value) -> Value {
    match schema {
        Value::Object(fields) => {
            let fields = fields.iter().filter(|(name, _)| *name != "x-go-null");
            fields.map(|(name, value)| (name.clone(), clean(value))).collect::<Map<_, _>>().into()
        }
        Value::Array(items) => items.iter().map(clean).collect(),
        other => other.clone(),
    }
}

/// The two schemas of a custom resource: itself with kind, apiVersion and metadata, and its list.
fn schemas_of(kind: &Kind, schema: Value) -> [(String, Value); 2] {
    let name = kind.ty.name.to_string();
    let gvk = |kind_name: &str| json!([{"group": *kind.group, "kind": kind_name, "version": *kind.version}]);
    let text = |description: &str| json!({"description": description, "type": "string"});
    let of = |description: &str, name: &str| json!({"description": description, "allOf": [{"$ref": format!("#/components/schemas/{name}")}]});
    let version = text(
        "APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources",
    );
    let kind_text = text(
        "Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds",
    );
    let mut own = schema;
    own["properties"]["apiVersion"] = version.clone();
    own["properties"]["kind"] = kind_text.clone();
    own["properties"]["metadata"] = of(
        "Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata",
        "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta",
    );
    own["x-kubernetes-group-version-kind"] = gvk(&kind.kind);
    let list_kind = format!("{}List", kind.kind);
    let list = json!({
        "description": format!("{list_kind} is a list of {}", kind.kind),
        "type": "object", "required": ["items"],
        "properties": {
            "apiVersion": version,
            "items": {
                "description": format!("List of {}. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md", kind.plural),
                "type": "array", "items": {"$ref": format!("#/components/schemas/{name}")},
            },
            "kind": kind_text,
            "metadata": of(
                "Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds",
                "io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta",
            ),
        },
        "x-kubernetes-group-version-kind": gvk(&list_kind),
    });
    [(name.clone(), own), (format!("{name}List"), list)]
}

#[cfg(test)]
mod tests;
