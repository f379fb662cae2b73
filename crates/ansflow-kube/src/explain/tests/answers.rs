//! Answers to our writes.

use super::super::{Answer, refused};
use crate::object::Obj;
use serde_json::json;

fn check(code: u16, message: &str, causes: &[(&str, &str, &str)], expected: &str) {
    let causes: Vec<_> = causes
        .iter()
        .map(|(reason, message, field)| json!({ "reason": reason, "message": message, "field": field }))
        .collect();
    let answer = Answer::new(code, &json!({ "message": message, "reason": "X", "details": { "causes": causes } }));
    let object =
        Obj::new(json!({ "apiVersion": "apps/v1", "kind": "Deployment", "metadata": { "name": "web" } })).unwrap();
    let verdict = refused(&answer, &object);
    assert_eq!(verdict.cause.as_ref().map(|cause| cause.as_str()), Some(expected), "{message}");
    assert!(
        verdict.summary.starts_with("Deployment/web cannot be ") && verdict.summary.chars().count() <= 160,
        "{}",
        verdict.summary
    );
    assert!(verdict.advice.is_some() && verdict.evidence.len() == 1);
}

#[test]
fn every_refusal_has_its_cause() {
    check(
        409,
        "Apply failed with 1 conflict",
        &[("FieldManagerConflict", "conflict with \"helm\"", ".spec.replicas")],
        "field_conflict",
    );
    check(409, "the object has been modified", &[], "invalid_manifest");
    check(500, "failed calling webhook \"a.b\": service \"x\" not found", &[], "webhook_unreachable");
    check(403, "admission webhook \"a.b\" denied the request: no", &[], "admission_denied");
    check(422, "ValidatingAdmissionPolicy 'p' with binding 'p' denied request: no", &[], "admission_denied");
    check(403, "x is forbidden: it is being terminated", &[("NamespaceTerminating", "", "")], "namespace_terminating");
    check(403, "pods \"x\" is forbidden: violates PodSecurity \"restricted:latest\"", &[], "pod_security");
    check(403, "pods \"x\" is forbidden: exceeded quota: team", &[], "quota_exceeded");
    check(403, "deployments.apps is forbidden: User \"u\" cannot patch", &[], "forbidden");
    check(401, "Unauthorized", &[], "unauthorized");
    check(404, "namespaces \"shop\" not found", &[], "namespace_missing");
    check(404, "404 page not found", &[], "unknown_kind");
    check(
        422,
        "Job \"j\" is invalid",
        &[("FieldValueInvalid", "Invalid value: {}: field is immutable", "spec.template")],
        "immutable_field",
    );
    check(
        422,
        "Job.batch \"j\" is invalid: spec.template: Invalid value: {}: field is immutable",
        &[],
        "immutable_field",
    );
    check(
        422,
        "StatefulSet.apps is invalid: spec: Forbidden: updates to statefulset spec for fields other than",
        &[],
        "immutable_field",
    );
    check(400, "strict decoding error: unknown field \"spec.x\"", &[], "invalid_manifest");
    check(
        500,
        "failed to create typed patch object (/web; apps/v1, Kind=Deployment): .spec.x: field not declared in schema",
        &[],
        "invalid_manifest",
    );
    check(500, "etcdserver: request timed out", &[], "cluster_unreachable");
    check(503, "", &[], "cluster_unreachable");
}

#[test]
fn an_answer_that_is_no_json_is_read_as_its_text() {
    let answer = Answer::new(404, &json!("404 page not found\n"));
    assert_eq!(answer.message, "404 page not found\n");
    assert_eq!(Answer::new(500, &json!(null)), Answer { code: 500, ..Answer::default() });
}
