//! Whoever is signed out sees nothing more: what he has open ends, whatever it is.

use ansflow_core::run::Input;
use futures_util::StreamExt as _;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

use super::Kube;
use super::pods::{socket, speaker};
use super::streams::Events;

/// So often it is looked at in these tests.
const OFTEN: Duration = Duration::from_millis(50);

const PIPELINE: &str = "name: shop\nsteps: [{ name: deploy, type: command, command: 'true' }]\n";

/// The code with which a socket is closed.
async fn closed(mut socket: WebSocketStream<TcpStream>) -> u16 {
    let closed = async {
        loop {
            match socket.next().await {
                Some(Ok(Message::Close(frame))) => return frame.map_or(0, |frame| frame.code.into()),
                Some(Ok(_)) => {}
                other => panic!("it ended without a word: {other:?}"),
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(30), closed).await.expect("it is closed")
}

#[tokio::test]
async fn with_the_session_ends_all_that_it_has_open() {
    let kube = Kube::looking_again(Some(OFTEN)).await;
    speaker(&kube, "one").await;
    kube.config_map("one", serde_json::json!({})).await;
    let run = kube.app.run_with(PIPELINE).await;
    kube.app.engine(&run, Input::Start).await;
    let cookie = kube.app.log_in().await;
    let page = format!("cookie: {cookie}\r\norigin: {}\r\n", kube.app.address);
    let command = "pods/one/exec?tty=false&command=sleep&command=600";
    // They are listened to all the time, as a browser does.
    let terminal = tokio::spawn(closed(socket(&kube, command, &page).await.unwrap()));
    let monitor = crate::monitor::socket(&kube.app, &format!("/api/v1/k8s/monitor/{run}.0"), &page).await.unwrap();
    let monitor = tokio::spawn(closed(monitor));
    let mut streams = Vec::new();
    for path in [
        kube.path("configmaps/stream"),
        kube.path("pods/one/log/stream"),
        kube.path("pods/log/stream?selector=app%3Dspeaker"),
        format!("/api/v1/runs/{run}/events"),
        format!("/api/v1/runs/{run}/steps/deploy/log/stream"),
    ] {
        streams.push(Events::of(kube.app.browser("GET", &path, &cookie), &path).await);
    }
    let left = kube.app.send(kube.app.browser("POST", "/api/v1/auth/logout", &cookie)).await;
    assert_eq!(left.status, 204, "{}", left.text);
    assert_eq!((terminal.await.unwrap(), monitor.await.unwrap()), (4401, 4401));
    for stream in streams {
        stream.end().await;
    }
}

#[tokio::test]
async fn what_a_token_has_open_stays_while_it_holds_and_ends_with_it() {
    let kube = Kube::looking_again(Some(OFTEN)).await;
    kube.config_map("one", serde_json::json!({})).await;
    let mut list = Events::open(&kube, "configmaps/stream?labels=of%3Dtest").await;
    assert_eq!(list.next().await.0, "rows");
    for name in ["two", "three"] {
        kube.config_map(name, serde_json::json!({})).await;
        tokio::time::sleep(OFTEN * 3).await;
        assert_eq!(list.next().await.1["rows"][0]["name"], name);
    }
    assert_eq!(kube.app.delete("/api/v1/tokens/tok_all").await.status, 204);
    list.end().await;
}
