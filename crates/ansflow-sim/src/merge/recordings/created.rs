//! Objects that were made by POST: who makes one manages what Go would not have written anyway.

use serde_json::{Value, json};

use super::super::{Expected, decode, updated};
use super::{exchange, sorted, ty};
use crate::api::write::Strictness;
use crate::manager::{Manager, Operation};
use crate::object::ObjectExt;

/// A create by POST. `but` is what the server set after managers were made: admission, addresses, names, status.
fn created(name: &str, but: &[&str]) {
    let exchange = exchange(name);
    let ty = ty(&exchange.answer);
    let (group, version) = exchange.answer.api_version().split_once('/').unwrap_or(("", exchange.answer.api_version()));
    let expected =
        Expected { ty, group: group.to_owned(), version: version.to_owned(), kind: exchange.answer.kind().to_owned() };
    let body = exchange.request["body"].to_string();
    let read = decode(body.as_bytes(), &expected, Strictness::Ignore).unwrap();
    let new = exchange.with_defaults(&read.object, but);
    let mut by = exchange.by(Operation::Update);
    by.status_apart = exchange.answer.kind() != "SelfSubjectAccessReview";
    let managed = updated(ty, None, &new, Vec::new(), &by);
    let found: Vec<Value> = managed.iter().map(Manager::to_value).collect();
    let text = |entries: &[Value]| serde_json::to_string_pretty(&sorted(&json!(entries))).unwrap();
    assert_eq!(text(&found), text(&exchange.managed), "managers of {name}");
}

#[test]
fn who_creates_manages_what_go_would_not_have_written_anyway() {
    created("create-unknown-field-ignore", &[]);
    created("create-unknown-field-warn", &[]);
    created("create-configmap-201", &[]);
    created("create-dry-run-201", &[]);
    created("create-generate-name-201", &[]);
    created("namespace-create", &["/spec/finalizers"]);
    created("self-subject-access-review-denied-201", &["/status"]);
    created("crd-create-201", &[]);
    created("pdb-create-201", &[]);
    created("cronjob-create-defaults-201", &[]);
    created("daemonset-create-defaults-201", &[]);
    created("hpa-create-defaults-201", &[]);
    created("ingress-create-defaults-201", &[]);
    let by_controller = ["/metadata/labels", "/spec/selector", "/spec/template/metadata/labels"];
    created("job-create-defaults-201", &by_controller);
    let by_admission = [
        "/spec/volumes",
        "/spec/containers/0/volumeMounts",
        "/spec/serviceAccountName",
        "/spec/serviceAccount",
        "/spec/tolerations",
        "/spec/priority",
        "/spec/preemptionPolicy",
    ];
    created("pod-create-201", &by_admission);
    created("pvc-create-defaults-201", &["/metadata/finalizers", "/spec/storageClassName"]);
    created("sts-create-defaults-201", &[]);
    let allocated = ["/spec/clusterIP", "/spec/clusterIPs", "/spec/ipFamilies", "/spec/ipFamilyPolicy"];
    created("service-create-201", &allocated);
    created("cr-unknown-field-warn-201", &[]);
}
