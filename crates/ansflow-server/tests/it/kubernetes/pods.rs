//! What pods write, and commands in them.

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value as Json, json};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::Role;

use super::Kube;
use super::streams::Events;
use crate::world::{READ_ONLY, TOKEN};

/// A pod whose container says three lines and stays.
pub(super) async fn speaker(kube: &Kube, name: &str) {
    let script = "echo one; echo two; echo TWO and a half >&2; sleep 3600";
    let pod = json!({ "apiVersion": "v1", "kind": "Pod", "metadata": { "name": name, "labels": { "app": "speaker" } }, "spec": {
        "terminationGracePeriodSeconds": 0,
        "containers": [{ "name": "app", "image": kube.far.image("busybox"), "command": ["sh", "-c", script] }] } });
    kube.make(&format!("/api/v1/namespaces/{}/pods", kube.namespace()), pod).await;
    kube.until(&format!("pods/{name}"), |pod| pod["state"] == "ready").await;
}

/// Asks for a WebSocket as a browser or a program does; the answer's first line where there is none.
pub(super) async fn socket(kube: &Kube, path: &str, headers: &str) -> Result<WebSocketStream<TcpStream>, String> {
    let host = kube.app.address.trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).await.unwrap();
    let ask = format!(
        "GET {} HTTP/1.1\r\nhost: {host}\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
         sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n{headers}\r\n",
        kube.path(path)
    );
    stream.write_all(ask.as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    let head = String::from_utf8(head).unwrap();
    match head.starts_with("HTTP/1.1 101 ") {
        true => Ok(WebSocketStream::from_raw_socket(stream, Role::Client, None).await),
        false => Err(head.lines().next().unwrap_or_default().to_owned()),
    }
}

fn bearer(token: &str) -> String {
    format!("authorization: Bearer {token}\r\n")
}

/// What comes until the end: the two outputs, and how it ended.
async fn heard(socket: &mut WebSocketStream<TcpStream>) -> (String, String, Json) {
    let (mut out, mut err) = (String::new(), String::new());
    let all = async {
        while let Some(Ok(message)) = socket.next().await {
            let Message::Binary(data) = message else { continue };
            let text = String::from_utf8_lossy(&data[1..]).into_owned();
            match data[0] {
                1 => out.push_str(&text),
                2 => err.push_str(&text),
                3 => return serde_json::from_str(&text).unwrap(),
                other => panic!("channel {other}"),
            }
        }
        panic!("it ended without a status");
    };
    let end = tokio::time::timeout(Duration::from_secs(30), all).await.expect("it ends");
    (out, err, end)
}

#[tokio::test]
async fn a_log_is_read_as_text_and_searched() {
    let kube = Kube::start().await;
    speaker(&kube, "one").await;
    let log = kube.get("pods/one/log").await;
    assert_eq!((log.header("content-type"), log.text.lines().next()), ("text/plain; charset=utf-8", Some("one")));
    assert_eq!(kube.get("pods/one/log?search=two").await.text.lines().count(), 2);
    assert_eq!(kube.get("pods/one/log?tail=1&container=app").await.text, "TWO and a half\n");
    assert!(kube.get("pods/one/log?timestamps=true&tail=1").await.text.starts_with("20"));
    assert_eq!(kube.get("pods/none/log").await.problem(), (404, "not_found", ""));
    assert_eq!(kube.get("pods/one/log?container=none").await.status, 422);
}

#[tokio::test]
async fn logs_of_many_pods_come_in_one_stream() {
    let kube = Kube::start().await;
    speaker(&kube, "one").await;
    speaker(&kube, "two").await;
    let mut stream = Events::open(&kube, "pods/log/stream?selector=app%3Dspeaker").await;
    let mut seen = Vec::new();
    while seen.len() < 6 {
        let (event, data) = stream.next().await;
        if event == "lines" {
            seen.extend(data["lines"].as_array().unwrap().clone());
        }
    }
    let of = |pod: &str| {
        seen.iter().filter(|line| line["pod"] == pod).map(|line| line["text"].as_str().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!((of("one"), of("two")), (vec!["one", "two", "TWO and a half"], vec!["one", "two", "TWO and a half"]));
    assert_eq!((&seen[0]["container"], seen[0]["at"].is_string()), (&json!("app"), true));
    let mut one = Events::open(&kube, "pods/one/log/stream?search=half").await;
    assert_eq!(one.next().await.1["lines"][0]["text"], "TWO and a half");
    assert_eq!(kube.get("pods/log/stream").await.problem(), (422, "invalid", "selector"));
}

#[tokio::test]
async fn a_command_runs_in_a_pod_with_both_outputs_its_exit_code_and_a_line_in_the_audit() {
    let kube = Kube::start().await;
    speaker(&kube, "one").await;
    let path =
        "pods/one/exec?tty=false&command=sh&command=-c&command=echo%20out%3B%20echo%20err%20%3E%262%3B%20exit%203";
    let mut ran = socket(&kube, path, &bearer(TOKEN)).await.unwrap();
    assert_eq!(heard(&mut ran).await, ("out\n".to_owned(), "err\n".to_owned(), json!({ "exit_code": 3 })));
    let rows = kube.app.store.audit().list(Default::default(), 0, 10).await.unwrap();
    let told = rows.iter().find(|row| row.action == "pod.exec").unwrap();
    assert!(told.object == "staging: Pod/one" && told.detail.contains("echo out"), "{told:?}");
}

#[tokio::test]
async fn what_is_typed_reaches_the_command() {
    let kube = Kube::start().await;
    speaker(&kube, "one").await;
    let mut cat = socket(&kube, "pods/one/exec?tty=false&command=cat", &bearer(TOKEN)).await.unwrap();
    cat.send(Message::Binary(b"\x04{\"Width\":80,\"Height\":24}".to_vec().into())).await.unwrap();
    cat.send(Message::Binary(b"\x00hello\n".to_vec().into())).await.unwrap();
    cat.send(Message::Binary(b"\x00".to_vec().into())).await.unwrap();
    let (out, _, end) = heard(&mut cat).await;
    assert_eq!((out.as_str(), end), ("hello\n", json!({ "exit_code": 0 })));
}

#[tokio::test]
async fn nobody_else_opens_a_terminal() {
    let kube = Kube::start().await;
    speaker(&kube, "one").await;
    let cookie = kube.app.log_in().await;
    let refused = async |headers: String| socket(&kube, "pods/one/exec", &headers).await.err().unwrap();
    assert_eq!(refused(String::new()).await, "HTTP/1.1 401 Unauthorized");
    assert_eq!(refused(bearer(READ_ONLY)).await, "HTTP/1.1 403 Forbidden");
    // A browser sends its cookie along with the sockets of every page.
    let page = |origin: &str| format!("cookie: {cookie}\r\norigin: {origin}\r\n");
    assert_eq!(refused(page("http://evil.example.com")).await, "HTTP/1.1 403 Forbidden");
    assert_eq!(refused(format!("cookie: {cookie}\r\n")).await, "HTTP/1.1 403 Forbidden");
    let ours = page(&kube.app.address);
    assert!(socket(&kube, "pods/one/exec?tty=false&command=true", &ours).await.is_ok());
    let missing = socket(&kube, "pods/none/exec", &ours).await.err();
    assert_eq!(missing.as_deref(), Some("HTTP/1.1 404 Not Found"));
    let plain = kube.get("pods/one/exec").await;
    assert_eq!(plain.problem(), (400, "not_a_websocket", ""));
}
