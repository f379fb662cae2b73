//! Pods in, what is to be read out.

use super::super::wanted::{Containers, Wanted};
use super::{End, Place, Sources, Step};
use crate::connect::{Trouble, Why};
use crate::error::{Error, Refused};
use crate::explain::Answer;
use crate::facts::Pod;
use ansflow_core::spec::Pods;
use serde_json::{Value as Json, json};
use std::time::Duration;
use tokio::time::Instant;

fn sources(containers: Containers, follow: bool) -> Sources {
    let pods = Pods::Selected("app=web".to_owned());
    let wanted = Wanted { pods, containers, tail: Some(10), since_seconds: None, previous: false, follow, until: None };
    Sources::new("shop", &wanted)
}

/// A pod with the containers `app` and `side`, of which `app` is in a state.
fn pod(name: &str, restarts: i64, state: &Json) -> Pod {
    serde_json::from_value(json!({
        "metadata": { "name": name, "uid": name },
        "spec": { "containers": [{ "name": "app" }, { "name": "side" }] },
        "status": { "phase": "Running", "containerStatuses": [
            { "name": "app", "restartCount": restarts, "state": state }, { "name": "side", "state": { "running": {} } }] },
    }))
    .unwrap()
}

/// What is to be done, in words.
fn steps(sources: &mut Sources) -> String {
    let soon = Instant::now() + Duration::from_secs(60);
    let words = |step| match step {
        Step::Read(source, log, _) => format!("read {source} {}/{} tail {:?}", log.pod, log.container, log.tail),
        Step::Silent(source) => format!("silent {source}"),
        Step::Say(words) => words,
    };
    sources.steps(soon).into_iter().map(words).collect::<Vec<_>>().join("\n")
}

fn well() -> End {
    End { place: Place::default(), error: None }
}

fn broken() -> End {
    let trouble = Trouble::new("far:6443", Why::Broken("it was reset".to_owned()));
    End { place: Place::default(), error: Some(Error::Trouble(trouble)) }
}

fn not_found() -> End {
    let answer = Answer { code: 404, reason: "NotFound".to_owned(), ..Answer::default() };
    let refused = Refused { asked: "GET its log".to_owned(), answer, retry_after: None };
    End { place: Place::default(), error: Some(Error::Refused(Box::new(refused))) }
}

#[test]
fn a_log_that_broke_off_is_read_to_its_end_though_its_container_has_ended_meanwhile() {
    let mut sources = sources(Containers::Default, true);
    sources.all(vec![pod("web", 0, &json!({ "running": {} }))]);
    steps(&mut sources);
    let ended = json!({ "metadata": { "name": "web", "uid": "web" }, "spec": { "containers": [{ "name": "app" }] },
        "status": { "phase": "Succeeded", "containerStatuses": [
            { "name": "app", "state": { "terminated": { "exitCode": 0 } } }] } });
    sources.one(serde_json::from_value(ended).unwrap());
    sources.ended(0, broken());
    assert!(steps(&mut sources).ends_with("it is read on from there\nread 0 web/app tail Some(10)"));
    assert!(!sources.are_over());
    sources.ended(0, well());
    steps(&mut sources);
    assert!(sources.are_over());
}

#[test]
fn what_was_written_after_a_break_by_a_pod_that_is_gone_is_told_to_be_lost() {
    let mut sources = sources(Containers::Default, true);
    sources.all(vec![pod("web", 0, &json!({ "running": {} }))]);
    steps(&mut sources);
    sources.ended(0, broken());
    sources.gone("web");
    assert!(steps(&mut sources).ends_with("read 0 web/app tail Some(10)"));
    sources.ended(0, not_found());
    let lost = "silent 0\nPod/web container app: the pod is gone; what it wrote after the break is lost";
    assert_eq!(steps(&mut sources), lost);
    assert!(sources.are_over());
}

#[test]
fn who_follows_waits_until_a_container_runs_and_reads_its_next_life_too() {
    let mut sources = sources(Containers::Default, true);
    sources.all(vec![pod("web", 0, &json!({ "waiting": {} }))]);
    assert_eq!(steps(&mut sources), "");
    sources.one(pod("web", 0, &json!({ "running": {} })));
    assert_eq!(steps(&mut sources), "read 0 web/app tail Some(10)");
    sources.ended(0, well());
    sources.one(pod("web", 0, &json!({ "waiting": {} })));
    assert_eq!(steps(&mut sources), "silent 0");
    sources.one(pod("web", 2, &json!({ "running": {} })));
    let lost = "Pod/web container app was started 2 times; what it wrote in the lives between is not told";
    assert_eq!(steps(&mut sources), format!("{lost}\nread 0 web/app tail Some(10)"));
    assert!(!sources.are_over());
}

#[test]
fn a_pod_that_joins_is_read_from_its_beginning() {
    let mut sources = sources(Containers::Named("side".to_owned()), true);
    sources.all(vec![pod("one", 0, &json!({}))]);
    sources.one(pod("two", 0, &json!({})));
    let joins = "Pod/two container side joins\nread 0 one/side tail Some(10)\nread 1 two/side tail None";
    assert_eq!(steps(&mut sources), joins);
}

#[test]
fn it_is_over_when_every_container_was_read_once_or_has_no_further_life() {
    let mut past = sources(Containers::All, false);
    assert!(!past.are_over());
    past.all(vec![pod("web", 0, &json!({ "running": {} }))]);
    assert_eq!(steps(&mut past), "read 0 web/app tail Some(10)\nread 1 web/side tail Some(10)");
    past.ended(0, well());
    past.ended(1, well());
    steps(&mut past);
    assert!(past.are_over());
    let mut following = sources(Containers::Default, true);
    following.all(Vec::new());
    assert!(!following.are_over(), "who follows waits for a first one");
    following.one(pod("web", 0, &json!({ "running": {} })));
    steps(&mut following);
    following.ended(0, well());
    following.gone("web");
    steps(&mut following);
    assert!(following.are_over());
}

#[test]
fn no_more_than_so_many_are_read_at_once() {
    let mut sources = sources(Containers::Default, false);
    sources.all((0..60).map(|number| pod(&format!("web-{number:02}"), 0, &json!({ "running": {} }))).collect());
    let said = steps(&mut sources);
    assert_eq!(said.matches("read ").count(), super::MOST + 1, "{said}");
    assert!(said.contains("50 containers are read at once; the others wait for their turn"));
    sources.ended(0, well());
    assert!(steps(&mut sources).contains("read 50 web-50/app"));
}
