//! The words that others hold on to.

use super::{Cause, End, Evidence, EvidenceFrom, Object, Verdict, Waiting};
use serde_json::json;

/// The list of the interfaces, in its order.
const WORDS: &str = "image_pull image_name crash_loop oom_killed container_config container_start init_container readiness_probe liveness_probe unschedulable_resources unschedulable_constraints quota_exceeded admission_denied pod_security volume_unbound volume_mount sandbox progress_deadline job_failed job_deadline paused evicted node_lost immutable_field forbidden unauthorized field_conflict unknown_kind invalid_manifest namespace_missing namespace_terminating webhook_unreachable cluster_unreachable certificate helm_chart_missing helm_render helm_values helm_hook helm_release_locked timeout cancelled unknown";

#[test]
fn every_word_of_the_interfaces_is_a_cause_and_no_other_is() {
    let mut words: Vec<&str> = Cause::ALL.iter().map(Cause::as_str).collect();
    words.push("unknown");
    assert_eq!(words.join(" "), WORDS);
    for word in WORDS.split(' ') {
        assert_eq!(word.parse::<Cause>().unwrap().as_str(), word);
        assert_eq!(matches!(Cause::from(word), Cause::Unknown(_)), word == "unknown");
    }
}

#[test]
fn a_word_of_a_later_version_reads_as_unknown_and_is_kept() {
    let cause: Cause = serde_json::from_value(json!("meteorite")).unwrap();
    assert_eq!(cause, Cause::Unknown("meteorite".into()));
    assert_eq!(serde_json::to_value(&cause).unwrap(), json!("meteorite"));
}

#[test]
fn a_verdict_is_told_in_the_words_of_the_interfaces_and_reads_back() {
    let pod = Object::new("Pod", Some("shop"), "web-1");
    let seen = Evidence {
        from: EvidenceFrom::Event,
        object: pod.clone(),
        text: "Failed to pull image".into(),
        at: Some("2026-11-21T04:01:26Z".parse().unwrap()),
        times: 2,
    };
    let mut verdict = Verdict::failed(Cause::ImagePull, Some(pod), "Pod/web-1 cannot start");
    verdict.evidence.push(seen);
    verdict.advice = Some("check the tag".into());
    let told = json!({
        "outcome": "failed", "cause": "image_pull",
        "object": { "kind": "Pod", "namespace": "shop", "name": "web-1" },
        "summary": "Pod/web-1 cannot start",
        "evidence": [{
            "from": "event", "object": { "kind": "Pod", "namespace": "shop", "name": "web-1" },
            "text": "Failed to pull image", "at": "2026-11-21T04:01:26Z", "times": 2,
        }],
        "advice": "check the tag",
    });
    assert_eq!(serde_json::to_value(&verdict).unwrap(), told);
    assert_eq!(serde_json::from_value::<Verdict>(told).unwrap(), verdict);
}

#[test]
fn a_ready_one_has_no_cause_and_old_readers_need_little() {
    let verdict: Verdict = serde_json::from_value(json!({ "outcome": "ready", "summary": "ready" })).unwrap();
    assert_eq!(verdict, Verdict::ready(None, "ready"));
    assert_eq!(verdict.outcome, End::Ready);
}

#[test]
fn objects_are_named_as_people_name_them() {
    assert_eq!(Object::new("Pod", Some("shop"), "web-1").to_string(), "Pod/web-1");
    let waiting = Waiting { r#for: "1 of 3 pods".into(), objects: vec![Object::new("Node", None, "n1")] };
    let told = json!({ "for": "1 of 3 pods", "objects": [{ "kind": "Node", "name": "n1" }] });
    assert_eq!(serde_json::to_value(&waiting).unwrap(), told);
}
