//! Logs and upgrades.

use super::cluster;
use super::objects::object;
use ansflow_kube::cluster::{Apply, News, PodLog, Selector};
use ansflow_kube::facts::Pod;
use ansflow_kube::{Access, Cluster, Kind, Limits};
use ansflow_sim::testing;
use futures_util::StreamExt as _;
use serde_json::json;
use std::pin::pin;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

/// Starts a pod that runs a script, and waits until it does.
async fn start(cluster: &Cluster, namespace: &str, name: &str, image: &str, script: &str) {
    let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": namespace},
        "spec": {"containers": [{"name": "app", "image": image, "command": ["sh", "-c", script]}]}});
    cluster.apply(&object(pod), Apply::default()).await.unwrap();
    let kind = Kind::builtin("", "Pod").unwrap();
    let mut watch = pin!(cluster.watch::<Pod>(&kind, Some(namespace), &Selector::name(name)));
    let runs = async {
        while let Some(news) = watch.next().await {
            let pods = match news {
                News::Restarted(pods) => pods,
                News::Changed(pod) => vec![pod],
                _ => Vec::new(),
            };
            if pods.iter().any(|pod| pod.status.phase == "Running") {
                return;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(60), runs).await.unwrap();
}

#[tokio::test]
async fn a_log_is_read_line_by_line_and_followed() {
    let (tests, cluster) = (testing::Cluster::get().await, cluster().await);
    let space = tests.namespace().await;
    start(
        &cluster,
        &space,
        "writer",
        &tests.image("busybox"),
        "echo one; echo two; while true; do sleep 1; echo more; done",
    )
    .await;
    let log = PodLog { namespace: space.to_string(), pod: "writer".to_owned(), follow: true, ..PodLog::default() };
    let mut lines = cluster.log(&log).await.unwrap();
    let mut read = Vec::new();
    while read.len() < 3 {
        let line = tokio::time::timeout(Duration::from_secs(30), lines.next()).await.unwrap().unwrap().unwrap();
        read.push(String::from_utf8(line.bytes.to_vec()).unwrap());
    }
    assert_eq!(read, ["one", "two", "more"]);
    let missing = PodLog { pod: "nobody".to_owned(), ..log };
    assert_eq!(cluster.log(&missing).await.err().unwrap().code(), 404);
}

#[tokio::test]
async fn a_command_is_a_stream_in_the_best_protocol() {
    let (tests, cluster) = (testing::Cluster::get().await, cluster().await);
    let space = tests.namespace().await;
    start(&cluster, &space, "shell", &tests.image("busybox"), "while true; do sleep 1; done").await;
    let path =
        format!("/api/v1/namespaces/{space}/pods/shell/exec?command=echo&command=hello&stdout=true&container=app");
    let mut socket = cluster.upgrade(&path, &["v5.channel.k8s.io", "v4.channel.k8s.io"]).await.unwrap();
    assert_eq!(socket.protocol, "v5.channel.k8s.io");
    let mut said = Vec::new();
    while let Some(Ok(message)) = socket.stream.next().await {
        let bytes = message.into_data();
        if bytes.first() == Some(&1) {
            said.extend_from_slice(&bytes[1..]);
        }
    }
    assert_eq!(String::from_utf8(said).unwrap(), "hello\n");
    let refused =
        cluster.upgrade("/api/v1/namespaces/default/pods/nobody/exec?command=ls", &["v5.channel.k8s.io"]).await;
    assert_eq!(refused.err().unwrap().code(), 404);
}

#[tokio::test]
async fn a_line_of_ten_megabytes_is_cut() {
    let server = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = server.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = server.accept().await.unwrap();
        let mut read = [0_u8; 4096];
        let _request = stream.read(&mut read).await.unwrap();
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\nconnection: close\r\n\r\n";
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(&vec![b'x'; 10 << 20]).await.unwrap();
        stream.write_all(b"\nlast").await.unwrap();
    });
    let cluster = Cluster::connect(&Access::new(format!("http://{address}")), &Limits::with_loopback()).unwrap();
    let mut lines = cluster.log(&PodLog::default()).await.unwrap();
    let (mut cut, mut length) = (0, 0);
    while let Some(line) = lines.next().await.unwrap() {
        assert!(line.bytes.len() <= 64 * 1024);
        if line.is_cut {
            (cut, length) = (cut + 1, length + line.bytes.len());
        } else if line.bytes != "last" {
            length += line.bytes.len();
        }
    }
    assert_eq!((cut, length), (159, 10 << 20));
}
