//! The OpenAPI document: complete, well-formed, and the same as the one that the web UI's types are made of.

use std::collections::BTreeSet;

use ansflow_server::access::Access;
use ansflow_server::guard::table;
use ansflow_server::routes::document;
use serde_json::Value as Json;

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "patch", "head", "options", "trace"];

fn json() -> Json {
    serde_json::to_value(document()).unwrap()
}

/// Method, path, operation.
fn operations(document: &Json) -> Vec<(String, String, &Json)> {
    let paths = document["paths"].as_object().unwrap();
    let of = |(path, item): (&String, &'_ Json)| {
        let methods = METHODS.iter().filter(|method| !item[**method].is_null());
        methods.map(|method| (method.to_uppercase(), path.clone())).collect::<Vec<_>>()
    };
    let found = paths.iter().flat_map(of).collect::<Vec<_>>();
    let operation = |(method, path): (String, String)| {
        let operation = &document["paths"][&path][method.to_lowercase()];
        (method, path, operation)
    };
    found.into_iter().map(operation).collect()
}

/// The document writes `{path}` for what a route writes `{*path}`.
fn as_documented(route: &str) -> String {
    route.replace("{*", "{")
}

#[test]
fn the_document_and_the_table_of_access_know_the_same_routes() {
    let document = json();
    let documented: BTreeSet<(String, String)> =
        operations(&document).into_iter().map(|(method, path, _)| (method, path)).collect();
    let guarded: Vec<(String, String)> =
        table().map(|(method, path, _)| (method.to_owned(), as_documented(path))).collect();
    let once: BTreeSet<_> = guarded.iter().cloned().collect();
    assert_eq!(once.len(), guarded.len(), "a route is in the table twice");
    assert_eq!(documented.difference(&once).collect::<Vec<_>>(), Vec::<&(String, String)>::new(), "not in the table");
    assert_eq!(once.difference(&documented).collect::<Vec<_>>(), Vec::<&(String, String)>::new(), "not documented");
}

#[test]
fn what_needs_credentials_says_so() {
    let document = json();
    let public: BTreeSet<(&str, String)> = table()
        .filter(|(_, _, access)| *access == Access::Public)
        .map(|(method, path, _)| (method, as_documented(path)))
        .collect();
    for (method, path, operation) in operations(&document) {
        let is_public = public.contains(&(method.as_str(), path.clone()));
        assert_eq!(operation["security"].as_array().unwrap().is_empty(), is_public, "{method} {path}");
        assert!(is_public || !operation["responses"]["401"].is_null(), "{method} {path} has no 401");
    }
    let schemes = &document["components"]["securitySchemes"];
    assert_eq!((&schemes["bearer"]["scheme"], &schemes["cookie"]["in"]), (&"bearer".into(), &"cookie".into()));
}

#[test]
fn every_operation_has_a_name_of_its_own_a_place_and_answers() {
    let document = json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1."));
    let mut names = BTreeSet::new();
    for (method, path, operation) in operations(&document) {
        let name = operation["operationId"].as_str().unwrap_or_default();
        assert!(!name.is_empty() && names.insert(name.to_owned()), "{method} {path}: `{name}` is not its own");
        assert_eq!(operation["tags"].as_array().map_or(0, Vec::len), 1, "{method} {path}");
        assert!(!operation["summary"].as_str().unwrap_or_default().is_empty(), "{method} {path} says nothing");
        let good = operation["responses"].as_object().unwrap().keys().any(|status| status.starts_with(['2', '3']));
        assert!(good, "{method} {path} has no good answer");
        let named: BTreeSet<&str> =
            path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let declared: BTreeSet<&str> =
            parameters.iter().filter(|one| one["in"] == "path").filter_map(|one| one["name"].as_str()).collect();
        assert_eq!(declared, named, "{method} {path}");
    }
}

#[test]
fn answers_say_what_they_mean_and_refusals_are_problems() {
    let document = json();
    for (method, path, operation) in operations(&document) {
        let answers = operation["responses"].as_object().unwrap();
        for (status, answer) in answers {
            let meaning = answer["description"].as_str().unwrap_or_default();
            assert!(!["", "an answer"].contains(&meaning), "{method} {path} does not say what {status} means");
        }
        for (status, answer) in answers.iter().filter(|(status, _)| status.starts_with(['4', '5'])) {
            let kinds: Vec<&String> =
                answer["content"].as_object().into_iter().flat_map(|kinds| kinds.keys()).collect();
            let expected = if (path.as_str(), status.as_str()) == ("/readyz", "503") {
                "text/plain"
            } else {
                "application/problem+json"
            };
            assert_eq!(kinds, [expected], "{method} {path} {status}");
        }
        let known = ["400", "413", "415", "422"].iter().all(|status| answers.contains_key(*status));
        assert!(known || operation["requestBody"].is_null(), "{method} {path}: {answers:?}");
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let document = json();
    fn walk(root: &Json, value: &Json) {
        match value {
            Json::Object(map) => {
                if let Some(Json::String(target)) = map.get("$ref") {
                    let pointer = target.strip_prefix('#').unwrap();
                    assert!(root.pointer(pointer).is_some(), "`{target}` leads nowhere");
                }
                map.values().for_each(|value| walk(root, value));
            }
            Json::Array(items) => items.iter().for_each(|value| walk(root, value)),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
        }
    }
    walk(&document, &document);
}

/// `UPDATE_EXPECT=1` writes it.
#[test]
fn the_stored_document_is_this_one() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/api/openapi.json");
    let text = serde_json::to_string_pretty(&json()).unwrap() + "\n";
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::create_dir_all(std::path::Path::new(path).parent().unwrap()).unwrap();
        std::fs::write(path, &text).unwrap();
    }
    let stored = std::fs::read_to_string(path).unwrap_or_default();
    assert!(stored == text, "web/api/openapi.json is not what the handlers say; run this test with UPDATE_EXPECT=1");
}
