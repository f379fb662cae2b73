//! Pods in, the chosen one out.

use super::choose;
use crate::facts::Pod;
use serde_json::json;

fn pod(name: &str, second: u32, hash: &str, ready: bool) -> Pod {
    serde_json::from_value(json!({
        "metadata": { "name": name, "creationTimestamp": format!("2026-11-22T01:00:{second:02}Z"),
            "labels": { "pod-template-hash": hash } },
        "status": { "phase": "Running", "conditions": [{ "type": "Ready", "status": if ready { "True" } else { "False" } }] },
    }))
    .unwrap()
}

fn check(pods: &[Pod], expected: &str) {
    let said = match choose(pods) {
        Ok(choice) => format!("{}, {}", choice.pod, choice.why),
        Err(why) => why,
    };
    assert_eq!(said, expected);
}

#[test]
fn the_newest_ready_pod_is_taken() {
    check(&[pod("a", 1, "x", true), pod("b", 2, "x", true)], "b, the newest that is ready of 2 pods");
    check(&[pod("a", 1, "x", true), pod("b", 2, "x", false)], "a, the only one that is ready of 2 pods");
    check(&[pod("b", 1, "x", true), pod("a", 1, "x", true)], "a, the newest that is ready of 2 pods");
}

#[test]
fn an_old_version_is_not_taken_while_the_new_one_comes() {
    let why = "none of 1 pod is ready: Pod/new is Running (1 of an older version are left alone)";
    check(&[pod("old", 1, "x", true), pod("new", 2, "y", false)], why);
    check(&[pod("old", 1, "x", true), pod("new", 2, "y", true)], "new, the only one that is ready of 2 pods");
}

#[test]
fn pods_that_end_or_have_ended_are_not_taken() {
    let mut going = pod("going", 3, "x", true);
    going.metadata.deletion_timestamp = going.metadata.creation_timestamp;
    let mut ended = pod("ended", 4, "x", true);
    ended.status.phase = "Succeeded".to_owned();
    check(&[going.clone(), ended.clone(), pod("a", 1, "x", true)], "a, the only one that is ready of 1 pod");
    check(&[going, ended], "there is no pod that runs");
}
