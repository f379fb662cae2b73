//! The judge can say no: a story that is told wrongly is seen to differ.

use serde_json::Value;

use super::recording::{Line, Recording};
use super::{compare, play, story};

fn differences(name: &str, change: impl Fn(&mut Vec<Line>)) -> Vec<String> {
    let recording = Recording::read(name);
    let mut lines = recording.lines.clone();
    change(&mut lines);
    compare::stories(&story::tell(&recording.lines), &story::tell(&lines), &recording)
}

fn replaced(lines: &mut [Line], this: &str, that: &str) {
    for line in lines {
        let text = line.object.to_string().replace(this, that);
        line.object = serde_json::from_str::<Value>(&text).unwrap();
    }
}

#[test]
fn a_recording_is_its_own_story() {
    assert_eq!(differences("crash-exit-1", |_| {}), Vec::<String>::new());
}

#[test]
fn another_reason_is_another_story() {
    let told = differences("oom-killed", |lines| replaced(lines, "OOMKilled", "Error"));
    assert!(told.iter().any(|one| one.contains("state app") && one.contains("OOMKilled 137")), "{told:#?}");
}

#[test]
fn another_number_is_another_story() {
    let told = differences("deploy-ready-service", |lines| {
        replaced(lines, "\"availableReplicas\":2", "\"availableReplicas\":1")
    });
    assert!(told.iter().any(|one| one.contains("count availableReplicas")), "{told:#?}");
}

#[test]
fn another_field_is_another_story() {
    let told = differences("crash-exit-1", |lines| replaced(lines, "\"restartCount\"", "\"restarts\""));
    assert!(told.iter().any(|one| one.contains("missing [\".status.containerStatuses[].restartCount\"]")), "{told:#?}");
}

#[test]
fn another_message_is_another_story() {
    let told = differences("mount-secret-missing", |lines| replaced(lines, "not found", "gone"));
    assert!(told.iter().any(|one| one.contains("FailedMount")), "{told:#?}");
}

#[test]
fn what_is_missing_or_too_much_is_told() {
    let missing = differences("crash-exit-1", |lines| lines.retain(|line| line.object["reason"] != "BackOff"));
    assert!(missing.iter().any(|one| one.contains("BackOff")), "{missing:#?}");
    let more = differences("deploy-ready-1", |lines| {
        let mut event = lines.iter().find(|line| line.object["reason"] == "Started").unwrap().clone();
        event.object["reason"] = "Unhealthy".into();
        lines.push(Line { at: 700, ..event });
    });
    assert!(more.iter().any(|one| one.contains("Unhealthy")), "{more:#?}");
}

#[test]
fn another_order_is_another_story() {
    let told = differences("deploy-ready-1", |lines| lines.reverse());
    assert!(told.iter().any(|one| one.contains("phase")), "{told:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_seed_makes_the_same_cluster() {
    let recording = Recording::read("crash-one-of-two");
    let (one, other) = (play::play(&recording).await, play::play(&recording).await);
    let texts = |played: &play::Played| {
        played.lines.iter().map(|line| format!("{} {}", line.at, line.object)).collect::<Vec<_>>()
    };
    assert_eq!(texts(&one), texts(&other));
    assert!(one.lines.len() > 20, "much happened");
}

#[test]
fn a_signal_that_comes_too_late_is_told() {
    let told = differences("deploy-slow-readiness", |lines| {
        lines.iter_mut().filter(|line| line.at > 15_000).for_each(|line| line.at += 15_000);
    });
    assert!(told.iter().any(|one| one.contains("got at")), "{told:#?}");
}
