//! The recorded conversations, with a cluster in this process and a client that speaks WebSocket by hand.

mod client;
mod forward;
mod logs;

use std::sync::Arc;

use serde_json::{Value, json};

use self::client::{Client, Handshake};
use crate::config::{SimConfig, Speed, Who};
use crate::containers::{Container, Input};
use crate::object::Str;
use crate::program::Start;
use crate::shell::files::ContainerFiles;
use crate::sim::Sim;
use crate::time::Micros;

/// 2026-11-21T04:24:59.13Z: when the recorded container began to write.
const BEGAN: Micros = Micros(1_795_235_099_130_000);

/// A cluster with the pods of the recordings.
pub(super) struct Bench {
    sim: Sim,
    client: Client,
}

impl Bench {
    pub(super) async fn new() -> Bench {
        let _installed = rustls::crypto::ring::default_provider().install_default();
        let start = Some(BEGAN.timestamp());
        let config = SimConfig { speed: Speed::Manual, start, nodes: Vec::new(), ..SimConfig::default() };
        let sim = Sim::start(config).await.unwrap();
        let client = Client::new(&sim, &Who::admin());
        let bench = Bench { sim, client };
        bench.pod("shell", &["app"], &json!({"state": {"running": {}}}));
        bench.run("shell", "app", "busybox:1.36", "trap 'exit 0' TERM; while true; do sleep 1; done");
        bench
    }

    fn uid(pod: &str) -> Str {
        format!("uid-of-{pod}").into()
    }

    /// A pod on a node whose containers are all in one state.
    fn pod(&self, name: &str, containers: &[&str], state: &Value) {
        let statuses: Vec<Value> = containers
            .iter()
            .map(|name| json!({"name": name, "state": state["state"], "lastState": state["lastState"]}))
            .collect();
        let specs: Vec<Value> = containers.iter().map(|name| json!({"name": name, "image": "busybox:1.36"})).collect();
        let mut pod = json!({
            "metadata": {"name": name, "namespace": "demo", "uid": &*Bench::uid(name)},
            "spec": {"nodeName": "node-1", "containers": specs},
            "status": {"phase": "Running", "containerStatuses": statuses},
        });
        if state["node"] == "none" {
            pod["spec"]["nodeName"] = Value::Null;
        }
        let pods = self.sim.kinds().find("", "v1", "pods").unwrap();
        self.sim.store().txn().put(pods.id, pod.as_object().unwrap(), &[]);
    }

    fn run(&self, pod: &str, name: &str, image: &str, script: &str) -> Arc<Container> {
        let command = if script.is_empty() { Vec::new() } else { ["sh", "-c", script].map(str::to_owned).to_vec() };
        let start = Start { image: image.into(), command, hostname: pod.to_owned(), now: BEGAN, ..Start::default() };
        let container = self.sim.containers().obtain(&Bench::uid(pod), name);
        let files = ContainerFiles::new(image, pod, None, BEGAN);
        container.begin(&"0".repeat(64), start, files, Input::None).unwrap();
        container.step(BEGAN);
        container
    }
}

pub(super) fn recorded(name: &str) -> Value {
    let path = format!("{}/tests/fixtures/api/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len() / 2).map(|at| u8::from_str_radix(&hex[at * 2..at * 2 + 2], 16).unwrap()).collect()
}

/// What was said on each channel, with the runtime's ids taken out.
fn channels(messages: &[Vec<u8>]) -> [String; 4] {
    let ids = regex::Regex::new("[0-9a-f]{64}").unwrap();
    [0, 1, 2, 3].map(|channel| {
        let mine = messages.iter().filter(|message| message.first() == Some(&channel));
        let text: Vec<u8> = mine.flat_map(|message| message[1..].to_vec()).collect();
        ids.replace_all(&String::from_utf8_lossy(&text), "ID").into_owned()
    })
}

/// Replays a recording: the client's frames at their places, the server's compared channel by channel.
async fn replay(name: &str) {
    let (bench, fixture) = (Bench::new().await, recorded(name));
    let (request, response) = (&fixture["request"], &fixture["response"]);
    let headers: Vec<(String, String)> = request["headers"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()))
        .collect();
    let Handshake { code, headers, body, mut socket } =
        bench.client.open(request["path"].as_str().unwrap(), &headers).await;
    assert_eq!(u64::from(code), response["status"].as_u64().unwrap(), "{name}: {body}");
    if code != 101 {
        match &response["body"] {
            Value::String(text) => assert_eq!(&body, text, "{name}"),
            value => assert_eq!(&serde_json::from_str::<Value>(&body).unwrap(), value, "{name}"),
        }
        return;
    }
    for pair in response["headers"].as_array().unwrap() {
        let (header, value) = (pair[0].as_str().unwrap().to_ascii_lowercase(), pair[1].as_str().unwrap());
        assert_eq!(headers.get(&header).map(String::as_str), Some(value), "{name}: {header}");
    }
    let mut expected: Vec<Vec<u8>> = Vec::new();
    let mut closes = false;
    for frame in response["frames"].as_array().unwrap() {
        let payload = bytes(frame["hex"].as_str().unwrap_or_default());
        match (frame["from"].as_str().unwrap(), frame["opcode"].as_u64()) {
            ("client", _) => {
                socket.until(expected.iter().map(|message| message.len().max(2) - 1).sum()).await;
                socket.send(payload).await;
            }
            (_, Some(8)) => closes = true,
            (_, Some(_)) => expected.push(payload),
            (_, None) => {}
        }
    }
    if closes {
        assert_eq!(socket.rest().await, Some(1000), "{name}");
    } else {
        socket.until(expected.len()).await;
    }
    assert_eq!(socket.messages.first(), expected.first(), "{name}: the greeting");
    assert_eq!(channels(&socket.messages), channels(&expected), "{name}");
    bench.sim.stop().await;
}

#[tokio::test]
async fn recorded_commands_go_as_they_went() {
    for name in [
        "exec-ws-success",
        "exec-ws-v4",
        "exec-ws-stdout-stderr-exit-3",
        "exec-ws-command-missing",
        "exec-ws-stdin-close",
        "exec-ws-tty-resize",
    ] {
        replay(name).await;
    }
}

#[tokio::test]
async fn recorded_refusals_come_before_the_upgrade() {
    for name in [
        "exec-without-upgrade-400",
        "exec-ws-bad-protocol",
        "exec-ws-container-unknown-400",
        "exec-ws-pod-missing-404",
        "attach-ws",
        "portforward-ws",
    ] {
        replay(name).await;
    }
}

#[tokio::test]
async fn attached_clients_see_what_comes_and_the_end() {
    let bench = Bench::new().await;
    bench.pod("talker", &["app"], &json!({"state": {"running": {}}}));
    let container = bench.run("talker", "app", "busybox:1.36", "echo early; sleep 1; echo now; echo bad >&2; sleep 1");
    let path = "/api/v1/namespaces/demo/pods/talker/attach?container=app&stdout=true&stderr=true";
    let mut socket = bench.client.open(path, &client::websocket("v5.channel.k8s.io")).await.socket;
    socket.until(1).await;
    container.step(BEGAN.plus_millis(1_500));
    container.step(BEGAN.plus_millis(3_000));
    assert_eq!(socket.rest().await, Some(1000));
    let [_, out, err, end] = channels(&socket.messages);
    assert_eq!((out.as_str(), err.as_str(), end.as_str()), ("now\n", "bad\n", r#"{"metadata":{},"status":"Success"}"#));
    bench.sim.stop().await;
}

#[tokio::test]
async fn a_shell_that_is_a_containers_own_can_be_typed_at() {
    let bench = Bench::new().await;
    bench.pod("box", &["app"], &json!({"state": {"running": {}}}));
    let start = Start { image: "busybox:1.36".into(), now: BEGAN, ..Start::default() };
    let files = ContainerFiles::new("busybox:1.36", "box", None, BEGAN);
    let container = bench.sim.containers().obtain(&Bench::uid("box"), "app");
    container.begin(&"0".repeat(64), start, files, Input::Terminal).unwrap();
    container.step(BEGAN);
    let path = "/api/v1/namespaces/demo/pods/box/attach?stdin=true&stdout=true&tty=true";
    let mut socket = bench.client.open(path, &client::websocket("v5.channel.k8s.io")).await.socket;
    socket.until(1).await;
    socket.send(b"\x04{\"Width\":100,\"Height\":30}".to_vec()).await;
    socket.send(b"\x00stty size\rexit\r".to_vec()).await;
    assert_eq!(socket.rest().await, Some(1000));
    let said = channels(&socket.messages)[1].clone();
    assert!(said.contains("stty size\r\n30 100\r\n/ # "), "{said:?}");
    assert!(container.ended().is_some());
    bench.sim.stop().await;
}

#[tokio::test]
async fn a_command_sleeps_reads_and_dies_with_its_container() {
    let bench = Bench::new().await;
    let path = |command: &str| format!("/api/v1/namespaces/demo/pods/shell/exec?stdout=true&stderr=true&{command}");
    let protocol = client::websocket("v5.channel.k8s.io");
    let mut socket =
        bench.client.open(&path("command=sh&command=-c&command=sleep+100;+date+%2B%25T"), &protocol).await.socket;
    assert_eq!(socket.rest().await, Some(1000));
    assert_eq!(channels(&socket.messages)[1], "04:26:39\n");
    let mut socket = bench.client.open(&path("stdin=true&command=cat"), &protocol).await.socket;
    socket.until(1).await;
    bench.sim.containers().get(&Bench::uid("shell"), "app").unwrap().end();
    assert_eq!(socket.rest().await, Some(1000));
    assert!(channels(&socket.messages)[3].contains(r#""message":"137""#));
    bench.sim.stop().await;
}

#[tokio::test]
async fn an_annotation_answers_before_anything_else() {
    let bench = Bench::new().await;
    let pods = bench.sim.kinds().find("", "v1", "pods").unwrap();
    let answers = json!({"ls /": {"stdout": "data\n"}, "migrate": {"stderr": "locked\n", "exit": 9}}).to_string();
    let pod = json!({
        "metadata": {"name": "shell", "namespace": "demo", "uid": &*Bench::uid("shell"), "annotations": {"sim.ansflow.io/exec": answers}},
        "spec": {"nodeName": "node-1", "containers": [{"name": "app"}]},
    });
    bench.sim.store().txn().put(pods.id, pod.as_object().unwrap(), &[]);
    for (command, out, err, code) in [
        ("command=ls&command=/", "data\n", "", "Success"),
        ("command=sh&command=-c&command=migrate", "", "locked\n", "\"9\""),
        ("command=wget", "", "not simulated: wget\n", "\"127\""),
    ] {
        let path = format!("/api/v1/namespaces/demo/pods/shell/exec?stdout=true&stderr=true&{command}");
        let mut socket = bench.client.open(&path, &client::websocket("v5.channel.k8s.io")).await.socket;
        assert_eq!(socket.rest().await, Some(1000));
        let [_, said, complained, end] = channels(&socket.messages);
        assert_eq!((said.as_str(), complained.as_str()), (out, err), "{command}");
        assert!(end.contains(code), "{command}: {end}");
    }
    bench.sim.stop().await;
}
