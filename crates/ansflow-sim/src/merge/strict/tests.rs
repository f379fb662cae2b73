//! Bodies as clients send them, and what Go says about them.

use expect_test::{Expect, expect};
use serde_json::json;

use super::*;

fn expected(ty: &str, group: &str, kind: &str) -> Expected {
    let ty = crate::schema::named(ty).unwrap();
    Expected { ty, group: group.to_owned(), version: "v1".to_owned(), kind: kind.to_owned() }
}

fn deployment() -> Expected {
    expected("io.k8s.api.apps.v1.Deployment", "apps", "Deployment")
}

fn refused(body: &str, by: &Expected, said: &Expect) {
    let status = decode(body.as_bytes(), by, Strictness::Strict).unwrap_err();
    assert_eq!((status.code, status.reason), (400, "BadRequest"));
    said.assert_eq(&status.message);
}

#[test]
fn what_is_no_json_is_told_as_go_tells_it() {
    let config_map = expected("io.k8s.api.core.v1.ConfigMap", "", "ConfigMap");
    refused(
        "{not json",
        &config_map,
        &expect![
            "the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: invalid character 'n' looking for beginning of object key string ({not json)"
        ],
    );
}

#[test]
fn an_object_of_another_kind_is_refused() {
    refused(
        r#"{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x"}}"#,
        &deployment(),
        &expect![[
            r#"Pod in version "v1" cannot be handled as a Deployment: converting (v1.Pod) to (apps.Deployment): unknown conversion"#
        ]],
    );
}

#[test]
fn a_value_of_another_type_is_told_with_gos_names() {
    let refused = |body: Value, said: &Expect| refused(&body.to_string(), &deployment(), said);
    refused(
        json!({"spec": {"replicas": "two"}}),
        &expect![[
            r#"Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32"#
        ]],
    );
    refused(
        json!({"metadata": {"labels": {"a": 1}}}),
        &expect![[
            r#"Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string"#
        ]],
    );
    refused(
        json!({"spec": {"template": {"spec": {"containers": {"name": "a"}}}}}),
        &expect![[
            r#"Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal object into Go struct field PodSpec.spec.template.spec.containers of type []v1.Container"#
        ]],
    );
}

#[test]
fn unknown_and_repeated_fields_are_told_by_strictness() {
    let body = r#"{"metadata":{"name":"d","name":"d"},"spec":{"replicas":1,"replicas":2,
        "template":{"spec":{"containers":[{"name":"c","imagePullpolicy":"x"}]}}}}"#;
    refused(
        body,
        &deployment(),
        &expect![[
            r#"Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: duplicate field "metadata.name", duplicate field "spec.replicas", unknown field "spec.template.spec.containers[0].imagePullpolicy""#
        ]],
    );
    let read = decode(body.as_bytes(), &deployment(), Strictness::Warn).unwrap();
    assert_eq!(read.warnings.len(), 3);
    assert_eq!(read.warnings[2], r#"unknown field "spec.template.spec.containers[0].imagePullpolicy""#);
    assert_eq!(read.object.int("/spec/replicas"), Some(2));
    assert!(read.object.at("/spec/template/spec/containers/0/imagePullpolicy").is_none());
    assert!(decode(body.as_bytes(), &deployment(), Strictness::Ignore).unwrap().warnings.is_empty());
}

#[test]
fn the_object_comes_out_as_go_writes_it() {
    let body = json!({
        "metadata": {"name": "d", "creationTimestamp": null, "labels": {}, "finalizers": []},
        "spec": {
            "replicas": 0, "paused": false, "minReadySeconds": 0,
            "template": {"spec": {"hostNetwork": false, "automountServiceAccountToken": false, "volumes": [{"name": "v", "emptyDir": {}}],
                "containers": [{"name": "c", "tty": false, "image": "", "resources": {"limits": {"cpu": "1000m", "memory": 1024}}}]}}
        },
        "status": {"conditions": [{"type": "A", "status": "True", "lastUpdateTime": "2026-01-02T04:04:05.5+01:00"}]}
    });
    let read = decode(body.to_string().as_bytes(), &deployment(), Strictness::Strict).unwrap();
    assert_eq!(
        Value::Object(read.object),
        json!({
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": {"name": "d"},
            "spec": {
                "replicas": 0,
                "template": {"spec": {"automountServiceAccountToken": false, "volumes": [{"name": "v", "emptyDir": {}}],
                    "containers": [{"name": "c", "resources": {"limits": {"cpu": "1", "memory": "1024"}}}]}}
            },
            "status": {"conditions": [{"type": "A", "status": "True", "lastUpdateTime": "2026-01-02T03:04:05Z"}]}
        })
    );
}

#[test]
fn what_a_patch_breaks_is_the_patchs_fault() {
    let object = json!({"spec": {"replicas": "x"}}).as_object().cloned().unwrap();
    let status = fit_patched(object, deployment().ty, Strictness::Warn).unwrap_err();
    assert_eq!(status.code, 422);
    expect![[
        r#" "" is invalid: patch: Invalid value: "{\"spec\":{\"replicas\":\"x\"}}": json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32"#
    ]]
    .assert_eq(&status.message);
}
