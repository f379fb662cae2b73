//! Words in, and what they say of an object.

use super::{Condition, Met};
use crate::object::Obj;
use serde_json::{Value as Json, json};

fn check(word: &str, object: &Json, expected: &str) {
    let condition = Condition::parse(word).unwrap_or_else(|why| panic!("{why}"));
    let object = Obj::new(object.clone());
    let said = match condition.check(object.as_ref()) {
        Met::Yes => "yes".to_owned(),
        Met::No(text) => text,
        Met::Never(text) => format!("never: {text}"),
    };
    assert_eq!(said, expected, "{word}");
}

fn pod(phase: &str, ready: &str) -> Json {
    json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "web" }, "spec": { "restartPolicy": "Never" },
        "status": { "phase": phase, "conditions": [{ "type": "Ready", "status": ready, "reason": "ContainersNotReady" }] },
    })
}

#[test]
fn a_condition_has_the_value_true_unless_another_is_named() {
    check("condition=Ready", &pod("Running", "True"), "yes");
    check("condition=ready=true", &pod("Running", "True"), "yes");
    check("condition=Ready=False", &pod("Running", "False"), "yes");
    check("condition=Ready", &pod("Running", "False"), "Ready is False: ContainersNotReady");
    check("condition=Other", &pod("Running", "False"), "it has no condition Other yet");
}

#[test]
fn a_condition_of_an_older_generation_says_nothing() {
    let object = json!({
        "apiVersion": "example.com/v1", "kind": "Thing", "metadata": { "name": "a", "generation": 2 },
        "status": { "observedGeneration": 1, "conditions": [{ "type": "Ready", "status": "True" }] },
    });
    check("condition=Ready", &object, "its controller has not seen this version yet");
}

#[test]
fn a_path_has_a_value_or_just_something() {
    check("jsonpath={.status.phase}=Running", &pod("Running", "True"), "yes");
    check("jsonpath='{.status.phase}'=\"Running\"", &pod("Running", "True"), "yes");
    check("jsonpath=.status.phase=Running", &pod("Pending", "True"), ".status.phase is `Pending`");
    check("jsonpath={.status.podIP}", &pod("Pending", "True"), "nothing stands at {.status.podIP}");
    check("jsonpath={.status.phase}", &pod("Pending", "True"), "yes");
    let filter = r#"jsonpath={.status.conditions[?(@.type=="Ready")].status}=True"#;
    check(filter, &pod("Running", "True"), "yes");
    check("jsonpath={.status}=x", &pod("Running", "True"), "{.status} is no single value");
}

#[test]
fn what_is_not_there_is_deleted_and_nothing_else() {
    check("delete", &Json::Null, "yes");
    check("exists", &Json::Null, "it is not there yet");
    check("ready", &Json::Null, "it is not there yet");
    check("exists", &pod("Pending", "False"), "yes");
    check("delete", &pod("Running", "True"), "it is there, and nobody deletes it");
}

#[test]
fn complete_is_the_end_of_a_job_or_a_pod() {
    check("complete", &pod("Succeeded", "False"), "yes");
    check("complete", &pod("Running", "True"), "its phase is Running");
    let job = |condition: &str| {
        json!({ "apiVersion": "batch/v1", "kind": "Job", "metadata": { "name": "migrate" }, "spec": {},
            "status": { "conditions": [{ "type": condition, "status": "True", "reason": "BackoffLimitExceeded" }] } })
    };
    check("complete", &job("Complete"), "yes");
    let failed = Condition::parse("complete").unwrap().check(Obj::new(job("Failed")).as_ref());
    assert!(matches!(failed, Met::Never(_)), "{failed:?}");
}

#[test]
fn sets_that_have_no_conditions_are_available_when_they_are_ready() {
    let set = json!({
        "apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": { "name": "db", "generation": 1 }, "spec": { "replicas": 1 },
        "status": { "observedGeneration": 1, "replicas": 1, "readyReplicas": 1, "updatedReplicas": 1, "availableReplicas": 1,
            "currentRevision": "a", "updateRevision": "a" },
    });
    check("available", &set, "yes");
}

#[test]
fn only_who_wishes_well_is_ended_by_what_is_hopeless() {
    let well = [
        "ready",
        "complete",
        "available",
        "condition=Ready",
        "jsonpath={.status.readyReplicas}=3",
        "jsonpath=.status.phase=Bound",
    ];
    let not = [
        "delete",
        "exists",
        "condition=Failed",
        "condition=Ready=False",
        "jsonpath={.status.phase}=Failed",
        "progressing",
        "jsonpath={.status.readyReplicas}=0",
        "jsonpath={.status.containerStatuses[0].state.waiting.reason}=ErrImagePull",
    ];
    for (words, expected) in [(&well[..], true), (&not[..], false)] {
        for word in words {
            assert_eq!(Condition::parse(word).unwrap().wishes_well(), expected, "{word}");
        }
    }
}

#[test]
fn what_is_nothing_to_wait_for_is_refused_with_what_there_is() {
    for word in ["", "healthy", "condition=", "jsonpath=", "jsonpath={.a", "delete=now"] {
        let error = Condition::parse(word).unwrap_err();
        assert!(error.contains(word.trim_start_matches("jsonpath=")), "{error}");
    }
}
