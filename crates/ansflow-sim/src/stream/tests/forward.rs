//! Ports of containers, through both protocols.

use serde_json::json;

use super::client::websocket;
use super::{BEGAN, Bench};
use crate::stream::spdy::Dialer;

async fn web() -> Bench {
    let bench = Bench::new().await;
    bench.pod("web", &["app"], &json!({"state": {"running": {}}}));
    let container = bench.run("web", "app", "nginx:1.22", "");
    container.step(BEGAN);
    assert!(container.listens(80));
    bench
}

#[tokio::test]
async fn kubectl_reaches_a_port_and_is_told_of_a_closed_one() {
    let bench = web().await;
    let path = "/api/v1/namespaces/demo/pods/web/portforward";
    let mut socket = bench.client.open(path, &websocket("SPDY/3.1+portforward.k8s.io")).await.socket;
    let mut dialer = Dialer::new();
    let get = "GET /nosuch HTTP/1.1\r\nHost: web\r\n\r\n";
    // In pieces, as kubectl's library writes them.
    for piece in dialer.dial(1, 80, "0", get).chunks(5) {
        socket.send(piece.to_vec()).await;
    }
    socket.send(dialer.dial(5, 81, "1", "")).await;
    while dialer.text(5).is_empty() || !dialer.text(3).contains("nginx") {
        let before = socket.messages.len();
        socket.until(socket.messages.iter().map(|message| message.len().max(2) - 1).sum::<usize>() + 1).await;
        for message in &socket.messages[before..] {
            dialer.receive(message);
        }
    }
    assert!(dialer.text(3).starts_with("HTTP/1.1 404 Not Found\r\n"), "{}", dialer.text(3));
    assert!(dialer.text(5).contains("dial tcp4 127.0.0.1:81: connect: connection refused"), "{}", dialer.text(5));
    bench.sim.stop().await;
}

#[tokio::test]
async fn channels_reach_a_port_too() {
    let bench = web().await;
    let path = "/api/v1/namespaces/demo/pods/web/portforward?ports=80";
    let mut socket = bench.client.open(path, &websocket("v4.channel.k8s.io")).await.socket;
    socket.until(4).await;
    assert_eq!(socket.messages, [vec![0, 80, 0], vec![1, 80, 0]]);
    socket.send(b"\x00GET / HTTP/1.1\r\nConnection: close\r\n\r\n".to_vec()).await;
    assert_eq!(socket.rest().await, Some(1000));
    let answer = String::from_utf8(socket.messages[2][1..].to_vec()).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.contains("Welcome to nginx!"), "{answer}");
    bench.sim.stop().await;
}
