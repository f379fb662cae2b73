//! Answers of a real cluster to applies, and what a deploy makes of them.

use crate::deploy::answer::{Meaning, meaning, verdict};
use crate::deploy::diff::{fields, is_same};
use crate::deploy::{Manifest, Origin};
use crate::error::{Error, Refused};
use crate::explain::Answer;
use crate::object::{Obj, read_all};
use ansflow_core::verdict::Verdict;
use serde_json::Value as Json;
use std::path::Path;

/// A recorded request with its answer: what was applied, the status and the body.
fn recorded(name: &str) -> (Obj, u16, Json) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ansflow-sim/tests/fixtures/api");
    let text = std::fs::read_to_string(folder.join(name).with_extension("json")).unwrap();
    let whole: Json = serde_json::from_str(&text).unwrap();
    let applied =
        whole["request"]["body"].as_str().and_then(|body| read_all(body).ok()).and_then(|all| all.into_iter().next());
    let status = u16::try_from(whole["response"]["status"].as_u64().unwrap()).unwrap();
    let nothing = || Obj::new(serde_json::json!({ "kind": "Deployment", "metadata": { "name": "web" } })).unwrap();
    (applied.unwrap_or_else(nothing), status, whole["response"]["body"].clone())
}

fn refusal(name: &str) -> (Meaning, Verdict) {
    let (object, status, body) = recorded(name);
    let answer = Answer::new(status, &body);
    let error = Error::Refused(Box::new(Refused { answer: answer.clone(), ..Refused::default() }));
    let manifest = Manifest { object: object.clone(), origin: Origin::new("k8s/web.yaml", 3) };
    let (_, _, live) = recorded("apply-no-op-200");
    (meaning(&answer, &object), verdict(&error, &manifest, Obj::new(live).as_ref()))
}

fn check(name: &str, expected: &str) {
    let (meaning, verdict) = refusal(name);
    let cause = verdict.cause.as_ref().map_or("", |cause| cause.as_str()).to_owned();
    assert_eq!(format!("{meaning:?} {cause}"), expected, "{name}: {}", verdict.summary);
    assert!(verdict.summary.contains(" cannot be applied"), "{}", verdict.summary);
    assert_eq!(verdict.remarks, [format!("{} is written at k8s/web.yaml:3", verdict.object.unwrap())]);
}

#[test]
fn every_recorded_refusal_of_an_apply_is_understood() {
    // The conflict was recorded the other way round: another manager meets fields that are ours.
    check(
        "apply-conflict-409",
        "OwnFields([\".spec.replicas\", \".spec.template.spec.containers[name=\\\"app\\\"].image\"]) field_conflict",
    );
    for name in [
        "apply-unknown-field-default",
        "apply-unknown-field-ignore",
        "apply-unknown-field-strict",
        "apply-unknown-field-warn",
    ] {
        check(name, "Refused invalid_manifest");
    }
    check("apply-in-missing-namespace-404", "Refused namespace_missing");
    for name in [
        "apply-managed-fields-set-400",
        "apply-missing-manager-422",
        "apply-wrong-kind-400",
        "apply-wrong-name-400",
        "apply-yaml-broken-400",
    ] {
        check(name, "Refused invalid_manifest");
    }
}

#[test]
fn recorded_applies_say_what_changes() {
    let after = |name: &str| Obj::new(recorded(name).2).unwrap();
    let (created, same, updated) = (after("apply-create-201"), after("apply-no-op-200"), after("apply-update-200"));
    assert_eq!(fields(&same, &updated), ["spec.replicas: 2 → 3"]);
    assert!(is_same(&created, &created) && !is_same(&same, &updated));
    let tried = after("apply-dry-run");
    assert!(
        fields(&updated, &tried)
            .contains(&"spec.template.spec.containers[app].image: nginx:1.22 → nginx:1.99".to_owned())
    );
}

#[test]
fn a_conflict_names_the_manager_and_both_values() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ansflow-sim/tests/fixtures/rollouts/field-conflict");
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let writes: Json = serde_json::from_str(&read("apply.json")).unwrap();
    let answer = Answer::new(409, &writes[0]["body"]);
    let first = |name: &str| read_all(&read(name)).unwrap().into_iter().find(|it| it.kind() == "Deployment").unwrap();
    let manifest = Manifest { object: first("manifest.yaml"), origin: Origin::new("web.yaml", 1) };
    let error = Error::Refused(Box::new(Refused { answer, ..Refused::default() }));
    let told = verdict(&error, &manifest, Some(&first("before.yaml")));
    let texts: Vec<_> = told.evidence.iter().skip(1).map(|it| it.text.as_str()).collect();
    assert_eq!(texts.len(), 2, "{texts:?}");
    assert!(texts[0].starts_with("spec.template.spec.containers[name=\"app\"].image: `kubectl` has "), "{texts:?}");
}
