//! Logs over HTTP, as recorded.

use serde_json::{Value, json};

use super::{BEGAN, Bench, recorded};
use crate::config::Who;
use crate::containers::Container;

const SCRIPT: &str = "i=0; while [ $i -lt 8 ]; do i=$((i+1)); echo \"line $i\"; sleep 1; done; echo fatal >&2; exit 1";

fn browser(bench: &Bench) -> reqwest::Client {
    let (certificate, key) = bench.sim.certificate(&Who::admin());
    reqwest::Client::builder()
        .tls_certs_only([reqwest::Certificate::from_pem(bench.sim.ca_pem().as_bytes()).unwrap()])
        .identity(reqwest::Identity::from_pem(format!("{certificate}{key}").as_bytes()).unwrap())
        .build()
        .unwrap()
}

/// The recorded pods; `app` of `logger` has run for so many seconds.
fn pods(bench: &Bench, seconds: i64) -> std::sync::Arc<Container> {
    let ended = json!({
        "state": {"terminated": {"exitCode": 1, "containerID": "containerd://1"}},
        "lastState": {"terminated": {"exitCode": 1, "containerID": "containerd://0"}},
    });
    let pod = json!({
        "metadata": {"name": "logger", "namespace": "demo", "uid": &*Bench::uid("logger")},
        "spec": {"nodeName": "node-1", "initContainers": [{"name": "setup"}], "containers": [{"name": "app"}, {"name": "side"}]},
        "status": {
            "initContainerStatuses": [{"name": "setup", "state": ended["state"]}],
            "containerStatuses": [
                {"name": "app", "state": ended["state"], "lastState": ended["lastState"]},
                {"name": "side", "state": {"running": {}}},
            ],
        },
    });
    let kind = bench.sim.kinds().find("", "v1", "pods").unwrap();
    bench.sim.store().txn().put(kind.id, pod.as_object().unwrap(), &[]);
    bench.run("logger", "setup", "busybox:1.36", "echo prepared");
    bench.run("logger", "side", "busybox:1.36", "echo side; sleep 999");
    let app = bench.run("logger", "app", "busybox:1.36", SCRIPT);
    for second in 0..=seconds {
        app.step(BEGAN.plus_millis(second * 1_000 + 10));
    }
    app
}

fn without_times(text: &str) -> String {
    text.split_inclusive('\n').map(|line| if line.starts_with("2026-") { &line[31..] } else { line }).collect()
}

#[tokio::test]
async fn recorded_logs_are_answered_as_they_were() {
    let bench = Bench::new().await;
    // The life before, and the one that ended since.
    pods(&bench, 9);
    let app = pods(&bench, 9);
    assert!(app.ended().is_some());
    bench.sim.advance(std::time::Duration::from_millis(9_800));
    for name in [
        "log-bad-parameter-422",
        "log-container-missing-400",
        "log-container-unknown-400",
        "log-init-container",
        "log-limit-bytes",
        "log-pod-missing-404",
        "log-previous",
        "log-previous-missing-400",
        "log-since-seconds",
        "log-since-time",
        "log-stream-stderr",
        "log-tail",
    ] {
        let fixture = recorded(name);
        let url = format!("{}{}", bench.sim.url(), fixture["request"]["path"].as_str().unwrap());
        let answer = browser(&bench).get(url).send().await.unwrap();
        assert_eq!(u64::from(answer.status().as_u16()), fixture["response"]["status"].as_u64().unwrap(), "{name}");
        let text = answer.text().await.unwrap();
        match &fixture["response"]["body"] {
            Value::Null => assert_eq!(text, "", "{name}"),
            Value::String(body) => assert_eq!(without_times(&text), without_times(body), "{name}"),
            body => assert_eq!(&serde_json::from_str::<Value>(&text).unwrap(), body, "{name}"),
        }
    }
    bench.sim.stop().await;
}

#[tokio::test]
async fn a_pod_without_a_node_has_no_log_and_no_error() {
    let bench = Bench::new().await;
    bench.pod("pending", &["app"], &json!({"node": "none"}));
    let url = format!("{}/api/v1/namespaces/demo/pods/pending/log?container=app", bench.sim.url());
    let answer = browser(&bench).get(url).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 204);
    assert_eq!(answer.text().await.unwrap(), "");
    bench.sim.stop().await;
}

#[tokio::test]
async fn a_node_without_an_address_cannot_be_asked() {
    let bench = Bench::new().await;
    bench.pod("lost", &["app"], &json!({}));
    let node = json!({"metadata": {"name": "node-1"}, "status": {}});
    let kind = bench.sim.kinds().find("", "v1", "nodes").unwrap();
    bench.sim.store().txn().put(kind.id, node.as_object().unwrap(), &[]);
    let url = format!("{}/api/v1/namespaces/demo/pods/lost/log", bench.sim.url());
    let answer: Value = browser(&bench).get(url).send().await.unwrap().json().await.unwrap();
    assert_eq!(answer["message"], "no preferred addresses found; known addresses: []");
    bench.sim.stop().await;
}

#[tokio::test]
async fn who_follows_gets_every_line_and_the_end() {
    let bench = Bench::new().await;
    let app = pods(&bench, 3);
    let path = recorded("log-follow")["request"]["path"].as_str().unwrap().to_owned();
    let mut answer = browser(&bench).get(format!("{}{path}", bench.sim.url())).send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "text/plain");
    let mut text = String::from_utf8(answer.chunk().await.unwrap().unwrap().to_vec()).unwrap();
    assert_eq!(without_times(&text), "line 1\nline 2\nline 3\nline 4\n");
    for second in 4..=9 {
        app.step(BEGAN.plus_millis(second * 1_000 + 10));
        if let Some(chunk) = answer.chunk().await.unwrap() {
            text.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }
    assert_eq!(answer.chunk().await.unwrap(), None);
    let recorded: String = recorded("log-follow")["response"]["stream"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|part| part["text"].as_str())
        .collect();
    assert_eq!(without_times(&text), without_times(&recorded));
    bench.sim.stop().await;
}
