//! A step's rollout, watched over a WebSocket: late, live, of an old run, and by nobody else's page.

use std::fs::File;
use std::io::Write as _;

use ansflow_core::run::Input;
use futures_util::StreamExt as _;
use serde_json::Value as Json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::Role;

use crate::runs::done;
use crate::world::{TOKEN, TestApp};

/// Any step may have told of a rollout; one of no cluster is not refused.
const PIPELINE: &str = "name: shop\nsteps: [{ name: deploy, type: command, command: 'true' }]\n";
const WAITING: &str =
    r#"{"type":"rollout","at":"2026-01-01T00:00:00Z","rollouts":[],"waiting":{"for":"one","objects":[]}}"#;
const MORE: &str =
    r#"{"type":"rollout","at":"2026-01-01T00:00:01Z","rollouts":[],"waiting":{"for":"two","objects":[]}}"#;
const END: &str = r#"{"type":"end","at":"2026-01-01T00:00:02Z"}"#;

/// The socket, or the first line of the answer that refuses it.
pub(crate) async fn socket(app: &TestApp, path: &str, headers: &str) -> Result<WebSocketStream<TcpStream>, String> {
    let host = app.address.trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).await.unwrap();
    let ask = format!(
        "GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
         sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n{headers}\r\n"
    );
    stream.write_all(ask.as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    match head.starts_with("HTTP/1.1 101") {
        true => Ok(WebSocketStream::from_raw_socket(stream, Role::Client, None).await),
        false => Err(head.lines().next().unwrap_or_default().to_owned()),
    }
}

async fn next(socket: &mut WebSocketStream<TcpStream>) -> Json {
    loop {
        match socket.next().await.unwrap().unwrap() {
            Message::Text(text) => return serde_json::from_str(text.as_str()).unwrap(),
            Message::Close(_) => return Json::Null,
            _ => {}
        }
    }
}

fn bearer() -> String {
    format!("authorization: Bearer {TOKEN}\r\n")
}

/// A run whose step is under way, and the file that its attempt writes.
async fn under_way(app: &TestApp) -> (String, File) {
    let run = app.run_with(PIPELINE).await;
    app.engine(&run, Input::Start).await;
    let folder = app.files.attempt(&run, 0, 1);
    std::fs::create_dir_all(&folder).unwrap();
    (run, File::create(folder.join("monitor.jsonl")).unwrap())
}

#[tokio::test]
async fn who_joins_late_sees_all_of_it_and_then_what_comes() {
    let app = TestApp::start().await;
    let (run, mut file) = under_way(&app).await;
    write!(file, "{WAITING}\n{}", &MORE[..20]).unwrap();
    for path in [format!("/api/v1/k8s/monitor/{run}.0"), format!("/ws/k8s/monitor/{run}.0")] {
        let mut first = socket(&app, &path, &bearer()).await.unwrap();
        let snapshot = next(&mut first).await;
        assert_eq!((&snapshot["type"], &snapshot["waiting"]["for"]), (&"snapshot".into(), &"one".into()), "{path}");
    }
    let mut live = socket(&app, &format!("/api/v1/k8s/monitor/{run}.0?attempt=1"), &bearer()).await.unwrap();
    assert_eq!(next(&mut live).await["type"], "snapshot");
    writeln!(file, "{}\n{END}", &MORE[20..]).unwrap();
    let told = next(&mut live).await;
    assert_eq!((&told["type"], &told["waiting"]["for"]), (&"rollout".into(), &"two".into()));
    assert_eq!(next(&mut live).await["type"], "end");
    assert_eq!(next(&mut live).await, Json::Null);
}

#[tokio::test]
async fn an_old_run_shows_its_picture_also_where_its_attempt_was_killed() {
    let app = TestApp::start().await;
    let (run, mut file) = under_way(&app).await;
    writeln!(file, "{WAITING}").unwrap();
    app.report(&run, 0, 1, done()).await;
    let mut old = socket(&app, &format!("/api/v1/k8s/monitor/{run}.0"), &bearer()).await.unwrap();
    assert_eq!(next(&mut old).await["waiting"]["for"], "one");
    assert_eq!(next(&mut old).await["type"], "end");
    assert_eq!(next(&mut old).await, Json::Null);
}

#[tokio::test]
async fn a_page_of_another_site_and_a_step_that_is_not_there_get_nothing() {
    let app = TestApp::start().await;
    let (run, _file) = under_way(&app).await;
    let path = format!("/api/v1/k8s/monitor/{run}.0");
    let cookie = format!("cookie: {}\r\n", app.log_in().await);
    let from = |site: &str| format!("{cookie}origin: {site}\r\n");
    for (headers, expected) in [
        (String::new(), "401"),
        (cookie.clone(), "403"),
        (from("https://evil.example"), "403"),
        (format!("{}origin: https://evil.example\r\n", bearer()), "403"),
    ] {
        let refused = socket(&app, &path, &headers).await.map(drop).unwrap_err();
        assert!(refused.contains(expected), "{headers:?}: {refused}");
    }
    assert!(socket(&app, &path, &from(&app.address)).await.is_ok());
    for unknown in [format!("{run}.7"), run.clone(), "run_9.0".to_owned(), format!("{run}.x")] {
        let refused = socket(&app, &format!("/api/v1/k8s/monitor/{unknown}"), &bearer()).await.map(drop).unwrap_err();
        assert!(refused.contains("404"), "{unknown}: {refused}");
    }
    assert_eq!(app.get(&path).await.status, 400);
}
