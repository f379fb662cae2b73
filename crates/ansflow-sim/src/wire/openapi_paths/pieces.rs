//! What operations are put together from: answers, bodies, lists of parameters, words.

use serde_json::{Map, Value, json};

use crate::kind::Kind;

pub(super) struct Operation {
    pub(super) method: &'static str,
    pub(super) body: Value,
    pub(super) parameters: Vec<Value>,
}

/// Operations of one path. A parameter of all of them is the path's.
pub(super) fn together(operations: Vec<Operation>) -> Value {
    let shared: Vec<Value> = match operations.split_first() {
        Some((first, rest)) => {
            let in_all = |one: &&Value| rest.iter().all(|other| other.parameters.contains(one));
            first.parameters.iter().filter(in_all).cloned().collect()
        }
        None => Vec::new(),
    };
    let mut path = Map::new();
    for Operation { method, mut body, parameters } in operations {
        let own: Vec<Value> = parameters.into_iter().filter(|one| !shared.contains(one)).collect();
        if !own.is_empty() {
            body["parameters"] = sorted(own);
        }
        path.insert(method.to_owned(), body);
    }
    if !shared.is_empty() {
        path.insert("parameters".to_owned(), sorted(shared));
    }
    Value::Object(path)
}

fn sorted(mut parameters: Vec<Value>) -> Value {
    let text = |one: &Value, field: &str| one[field].as_str().unwrap_or_default().to_owned();
    parameters.sort_by_key(|one| (text(one, "name"), text(one, "in")));
    parameters.into()
}

pub(super) const LISTED: &[&str] = &[
    "allowWatchBookmarks",
    "continue",
    "fieldSelector",
    "labelSelector",
    "limit",
    "pretty",
    "resourceVersion",
    "resourceVersionMatch",
    "sendInitialEvents",
    "timeoutSeconds",
    "watch",
];
pub(super) const DELETED: &[&str] = &[
    "dryRun",
    "gracePeriodSeconds",
    "ignoreStoreReadErrorWithClusterBreakingPotential",
    "orphanDependents",
    "pretty",
    "propagationPolicy",
];
pub(super) const COLLECTION: &[&str] = &[
    "continue",
    "dryRun",
    "fieldSelector",
    "gracePeriodSeconds",
    "ignoreStoreReadErrorWithClusterBreakingPotential",
    "labelSelector",
    "limit",
    "orphanDependents",
    "pretty",
    "propagationPolicy",
    "resourceVersion",
    "resourceVersionMatch",
    "sendInitialEvents",
    "timeoutSeconds",
];
pub(super) const LOG: &[&str] = &[
    "log container",
    "log follow",
    "log insecureSkipTLSVerifyBackend",
    "log limitBytes",
    "pretty",
    "log previous",
    "log sinceSeconds",
    "log stream",
    "log tailLines",
    "log timestamps",
];

pub(super) const STATUS: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.Status";
pub(super) const WATCH_EVENT: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.WatchEvent";
pub(super) const DELETE_OPTIONS: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions";

pub(super) const MEDIA: &[&str] = &["application/json", "application/vnd.kubernetes.protobuf", "application/yaml"];
pub(super) const STREAMED: &[&str] = &[
    "application/json",
    "application/json;stream=watch",
    "application/vnd.kubernetes.protobuf",
    "application/vnd.kubernetes.protobuf;stream=watch",
    "application/yaml",
];

pub(super) fn reference(schema: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{schema}")})
}

/// How a write is answered; what is made may also be accepted for later.
pub(super) fn written(verb: &str, schema: &str) -> Vec<(&'static str, Value)> {
    let mut answers = vec![("200", answer("OK", schema, MEDIA)), ("201", answer("Created", schema, MEDIA))];
    if verb == "create" {
        answers.push(("202", answer("Accepted", schema, MEDIA)));
    }
    answers
}

pub(super) fn answer(description: &str, schema: &str, media: &[&str]) -> Value {
    let content: Map<String, Value> =
        media.iter().map(|media| ((*media).to_owned(), json!({"schema": reference(schema)}))).collect();
    json!({"description": description, "content": content})
}

pub(super) fn log_answer() -> Value {
    let media = ["application/json", "application/vnd.kubernetes.protobuf", "application/yaml", "text/plain"];
    let content: Map<String, Value> =
        media.into_iter().map(|media| (media.to_owned(), json!({"schema": {"type": "string"}}))).collect();
    json!({"description": "OK", "content": content})
}

/// Custom resources have no strategic merge patch.
pub(super) fn patch_body(kind: &Kind) -> Value {
    let media = ["apply-patch+yaml", "json-patch+json", "merge-patch+json", "strategic-merge-patch+json"];
    let media = &media[..if kind.is_custom() { 3 } else { 4 }];
    let patch = json!({"schema": reference("io.k8s.apimachinery.pkg.apis.meta.v1.Patch")});
    let content: Map<String, Value> =
        media.iter().map(|media| (format!("application/{media}"), patch.clone())).collect();
    json!({"content": content, "required": true})
}

pub(super) fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// ` a `, ` an `, or a space before what is already plural.
pub(super) fn article(noun: &str) -> &'static str {
    match noun {
        _ if noun.ends_with('s') && !noun.ends_with("ss") => " ",
        _ if noun.starts_with(['A', 'E', 'I', 'O', 'U']) => " an ",
        _ => " a ",
    }
}
