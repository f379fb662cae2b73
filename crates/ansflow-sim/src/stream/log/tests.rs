//! The recorded answers of `pods/log`.

use std::sync::Arc;

use serde_json::{Value, json};

use super::*;
use crate::program::{Sink, Stream};

/// The pod `logger` of the recordings: one init container, two containers.
fn logger(app: &Value) -> Object {
    let pod = json!({
        "metadata": {"name": "logger"},
        "spec": {"nodeName": "node-1", "initContainers": [{"name": "setup"}], "containers": [{"name": "app"}, {"name": "side"}]},
        "status": {"containerStatuses": [
            {"name": "app", "state": app["state"], "lastState": app["lastState"]},
            {"name": "side", "state": {"running": {}}, "lastState": {}},
        ]},
    });
    pod.as_object().unwrap().clone()
}

fn check(query: &str, app: &Value, expected: &str) {
    let told = wanted("logger", &Options::parse(query)).and_then(|wanted| {
        let pod = logger(app);
        let name = crate::stream::container(&pod, &wanted.container)?;
        Ok((which(&pod, &name, &wanted)?, name))
    });
    let told = match told {
        Ok((which, name)) => format!("{name} {which:?}"),
        Err(status) => format!("{} {}", status.code, status.message),
    };
    assert_eq!(told, expected, "{query}");
}

#[test]
fn refusals_are_as_recorded() {
    let runs = json!({"state": {"running": {}}});
    check("", &runs, "400 a container name must be specified for pod logger, choose one of: [setup app side]");
    check("container=nothing", &runs, "400 container nothing is not valid for pod logger");
    check("container=app", &runs, "app Current");
    check(
        "container=side&previous=true",
        &runs,
        "400 previous terminated container \"side\" in pod \"logger\" not found",
    );
    check(
        "container=app&tailLines=-1",
        &runs,
        "422 PodLogOptions \"logger\" is invalid: tailLines: Invalid value: -1: must be greater than or equal to 0",
    );
    check(
        "container=app&stream=Stderr",
        &runs,
        "422 PodLogOptions \"logger\" is invalid: stream: Forbidden: may not be specified",
    );
    for (reason, told) in [
        ("PodInitializing", "PodInitializing"),
        ("ErrImageNeverPull", "ErrImageNeverPull"),
        ("CreateContainerConfigError", "CreateContainerConfigError"),
        ("InvalidImageName", "InvalidImageName"),
        ("ErrImagePull", "image can't be pulled"),
        ("ImagePullBackOff", "trying and failing to pull image"),
    ] {
        let waits = json!({"state": {"waiting": {"reason": reason}}});
        check("container=app", &waits, &format!("400 container \"app\" in pod \"logger\" is waiting to start: {told}"));
    }
}

#[test]
fn in_back_off_the_log_of_the_life_that_ended_last_is_read() {
    let back_off = json!({
        "state": {"waiting": {"reason": "CrashLoopBackOff"}},
        "lastState": {"terminated": {"exitCode": 1, "containerID": "containerd://1"}},
    });
    check("container=app", &back_off, "app Current");
    check("container=app&previous=true", &back_off, "app Previous");
}

fn read(query: &str) -> String {
    let mut log: Arc<Log> = Arc::default();
    // 2026-11-21T04:24:59Z and a little.
    for number in 1..=8_i64 {
        let at = Micros(1_795_235_098_130_548 + number * 1_000_000);
        log.write(Stream::Out, at, format!("line {number}\n").as_bytes());
    }
    log.write(Stream::Err, Micros(1_795_235_107_141_355), b"fatal\n");
    let mut reader = Reader::new(wanted("logger", &Options::parse(query)).unwrap());
    String::from_utf8(reader.read(&log, Micros(1_795_235_108_900_000))).unwrap()
}

#[test]
fn lines_are_chosen_as_recorded() {
    assert_eq!(read("tailLines=2"), "line 8\nfatal\n");
    assert_eq!(read("limitBytes=9"), "line 1\nli");
    assert_eq!(read("sinceSeconds=3"), "line 8\nfatal\n");
    assert_eq!(read("sinceTime=2099-01-01T00:00:00Z"), "");
    assert_eq!(read("tailLines=0"), "");
    let stamped = read("tailLines=2&timestamps=true");
    let (first, second) = stamped.split_once('\n').unwrap();
    assert!(first.starts_with("2026-11-21T04:25:06.130548") && first.ends_with("Z line 8"), "{first}");
    assert_eq!(second.find('Z'), Some("2026-11-21T04:25:07.141355674".len()));
}

#[test]
fn a_follower_gets_the_rest_and_the_end() {
    let mut log: Arc<Log> = Arc::default();
    log.write(Stream::Out, Micros(1), b"one\n");
    let mut reader = Reader::new(wanted("p", &Options::parse("follow=true&tailLines=1")).unwrap());
    assert_eq!(reader.read(&log, Micros(2)), b"one\n");
    assert!(!reader.is_over(&log));
    log.write(Stream::Out, Micros(3), b"two\nthr");
    assert_eq!(reader.read(&log, Micros(3)), b"two\n");
    log.end();
    assert!(!reader.is_over(&log));
    assert_eq!(reader.read(&log, Micros(4)), b"thr");
    assert!(reader.is_over(&log));
}
