//! Differences, fields and orders as people see them.

use crate::deploy::diff::{diff, fields, is_same};
use crate::deploy::field;
use crate::deploy::order::place;
use crate::object::{Key, Obj};
use expect_test::expect;
use serde_json::{Value as Json, json};

fn object(value: Json) -> Obj {
    Obj::new(value).unwrap()
}

fn web(image: &str, replicas: i64, version: &str) -> Obj {
    object(json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": { "name": "web", "resourceVersion": version, "generation": replicas, "managedFields": [version] },
        "spec": { "replicas": replicas, "template": { "spec": { "containers": [{ "name": "app", "image": image }] } } },
        "status": { "replicas": replicas },
    }))
}

#[test]
fn a_change_is_shown_as_a_patch_without_what_the_server_writes() {
    let (old, new) = (web("nginx:1.22", 2, "7"), web("nginx:1.23", 2, "8"));
    expect![[r#"
        --- Deployment/web (as it is)
        +++ Deployment/web (as it will be)
        @@ -8,4 +8,4 @@
             spec:
               containers:
                 - name: app
        -          image: "nginx:1.22"
        +          image: "nginx:1.23"
    "#]]
    .assert_eq(&diff(Some(&old), &new));
    assert_eq!(
        fields(&old, &web("nginx:1.23", 3, "8")).join(", "),
        "spec.replicas: 2 → 3, spec.template.spec.containers[app].image: nginx:1.22 → nginx:1.23"
    );
    assert_eq!(diff(Some(&old), &web("nginx:1.22", 2, "9")), "");
    assert!(is_same(&old, &web("nginx:1.22", 2, "9")) && !is_same(&old, &new));
    assert!(
        diff(None, &new).starts_with("--- Deployment/web (not there)\n+++ Deployment/web (as it will be)\n@@ -0,0 +1,")
    );
}

#[test]
fn values_of_secrets_are_never_shown_but_that_they_change_is() {
    let secret = |value: &str, other: &str| {
        object(json!({
            "apiVersion": "v1", "kind": "Secret", "stringData": { "plain": other },
            "metadata": { "name": "s", "annotations": { "kubectl.kubernetes.io/last-applied-configuration": value } },
            "data": { "key": value, "same": "c2FtZQ==" },
        }))
    };
    let (old, new) = (secret("aHVudGVyMg==", "hunter2"), secret("aHVudGVyMw==", "hunter3"));
    for text in [diff(Some(&old), &new), diff(None, &new), fields(&old, &new).join("\n")] {
        assert!(!["aHVudGVy", "hunter", "c2FtZQ"].iter().any(|value| text.contains(value)), "{text}");
    }
    let text = diff(Some(&old), &new);
    assert!(
        text.contains("-  key: \"<hidden: 7 bytes>\"") && text.contains("+  key: \"<hidden: 7 bytes, another one>\""),
        "{text}"
    );
    assert!(text.contains("   same: \"<hidden: 4 bytes>\""), "{text}");
}

#[test]
fn the_server_names_fields_and_we_find_their_values() {
    let value = json!({ "spec": { "replicas": 2, "ports": [{ "port": 80 }], "containers": [{ "name": "a]b", "env": [{ "name": "V", "value": "1" }] }] },
        "metadata": { "finalizers": ["x.y/z"] } });
    let check = |path: &str, expected: Option<Json>| assert_eq!(field::at(&value, path), expected.as_ref(), "{path}");
    check(".spec.replicas", Some(json!(2)));
    check("spec.containers[0].name", Some(json!("a]b")));
    check(r#".spec.containers[name="a]b"].env[name="V"].value"#, Some(json!("1")));
    check(r#".spec.ports[port=80,protocol="TCP"].port"#, Some(json!(80)));
    check(r#".metadata.finalizers[="x.y/z"]"#, Some(json!("x.y/z")));
    check(".spec.nothing[", None);
}

#[test]
fn namespaces_and_definitions_go_first_then_helms_order_then_kinds_of_others() {
    let kinds = [
        ("", "Namespace"),
        ("apiextensions.k8s.io", "CustomResourceDefinition"),
        ("scheduling.k8s.io", "PriorityClass"),
        ("", "ServiceAccount"),
        ("", "Secret"),
        ("", "ConfigMap"),
        ("", "PersistentVolumeClaim"),
        ("rbac.authorization.k8s.io", "RoleBinding"),
        ("", "Service"),
        ("apps", "Deployment"),
        ("apps", "StatefulSet"),
        ("batch", "Job"),
        ("networking.k8s.io", "Ingress"),
        ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"),
        ("node.k8s.io", "RuntimeClass"),
        ("example.com", "Service"),
    ];
    let places = kinds.map(|(group, kind)| {
        place(&Key { group: group.to_owned(), kind: kind.to_owned(), namespace: None, name: String::new() })
    });
    assert!(places.is_sorted_by(|a, b| a < b), "{places:?}");
}
