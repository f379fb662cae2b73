//! Texts in, objects out; and what counts as covered.

use super::{Obj, covers, read_all, shape};
use serde_json::{Value as Json, json};

fn obj(value: Json) -> Obj {
    Obj::new(value).unwrap()
}

fn check(live: &Json, manifest: &Json, expected: bool) {
    assert_eq!(covers(&obj(live.clone()), &obj(manifest.clone())), expected, "{manifest} in {live}");
}

#[test]
fn what_the_server_adds_or_writes_in_its_way_is_covered() {
    check(&json!({ "spec": { "a": 1, "b": 2 } }), &json!({ "spec": { "a": 1 } }), true);
    check(
        &json!({ "spec": { "cpu": "500m", "memory": "1Gi" } }),
        &json!({ "spec": { "cpu": 0.5, "memory": "1024Mi" } }),
        true,
    );
    check(
        &json!({ "spec": {} }),
        &json!({ "spec": { "env": [], "securityContext": {}, "paused": false, "x": null } }),
        true,
    );
    check(
        &json!({ "list": [{ "name": "b", "v": 1 }, { "name": "a", "v": 2, "more": 3 }] }),
        &json!({ "list": [{ "name": "a", "v": 2 }] }),
        true,
    );
    check(&json!({ "data": { "k": "dg==" } }), &json!({ "stringData": { "k": "v" } }), true);
}

#[test]
fn another_value_is_not_covered() {
    check(&json!({ "spec": { "a": 1 } }), &json!({ "spec": { "a": 2 } }), false);
    check(&json!({ "spec": {} }), &json!({ "spec": { "replicas": 2 } }), false);
    check(&json!({ "list": [{ "name": "a", "v": 1 }] }), &json!({ "list": [{ "name": "a", "v": 2 }] }), false);
    check(&json!({ "args": ["a", "b"] }), &json!({ "args": ["a"] }), false);
    check(&json!({ "cpu": "1" }), &json!({ "cpu": "1.5" }), false);
    check(&json!({ "image": "web:1" }), &json!({ "image": "web:10" }), false);
}

#[test]
fn texts_hold_documents_lists_and_typed_lists() {
    let names =
        |text: &str| read_all(text).unwrap().iter().map(|object| object.object().to_string()).collect::<Vec<_>>();
    assert_eq!(
        names("---\nkind: A\nmetadata: {name: a}\n---\n# nothing\n--- {kind: B, metadata: {name: b}}\n"),
        ["A/a", "B/b"]
    );
    assert_eq!(names("kind: List\nitems: [{kind: A, metadata: {name: a}}]"), ["A/a"]);
    assert_eq!(names(r#"{"kind": "PodList", "apiVersion": "v1", "items": [{"metadata": {"name": "p"}}]}"#), ["Pod/p"]);
    assert_eq!(names(""), Vec::<String>::new());
}

#[test]
fn what_is_no_object_is_refused_with_its_line() {
    let error = |text: &str| read_all(text).err().unwrap().to_string();
    assert_eq!(error("kind: A\n---\nname: b\n"), "line 2: an object of Kubernetes has a `kind`");
    assert_eq!(error("[1, 2]"), "line 1: this is no object of Kubernetes");
    assert!(error("kind: A\n---\nkind: [").starts_with("line 3: "));
    // What is missing is a space, fourteen lines below the mark of the second document.
    let many = |count: usize| (0..count).map(|at| format!("  label-{at}: x\n")).collect::<String>();
    let text = format!("kind: A\n---\nkind: B\nmetadata:\n{}spec:replicas: 3\n  x: 1\n", many(11));
    assert!(error(&text).starts_with("line 16: ") || error(&text).starts_with("line 17: "), "{}", error(&text));
}

#[test]
fn a_shape_knows_values_and_not_their_order() {
    assert_eq!(shape(&json!({ "a": 1, "b": [2] })), shape(&json!({ "b": [2], "a": 1 })));
    assert_ne!(shape(&json!({ "a": ["1"] })), shape(&json!({ "a": [1] })));
    assert_ne!(shape(&json!(["ab", "c"])), shape(&json!(["a", "bc"])));
}

#[test]
fn keys_name_objects_without_their_version() {
    let object = obj(
        json!({ "apiVersion": "apps/v1", "kind": "Deployment", "metadata": { "name": "web", "namespace": "shop" } }),
    );
    let key = object.key();
    assert_eq!(
        (key.group.as_str(), key.kind.as_str(), key.namespace.as_deref(), key.name.as_str()),
        ("apps", "Deployment", Some("shop"), "web")
    );
}
