//! Lists that are followed by several.

use futures_util::StreamExt as _;
use serde_json::{Value as Json, json};
use std::time::Duration;

use super::Kube;

/// Reads a stream event by event.
pub(crate) struct Events {
    body: std::pin::Pin<Box<dyn futures_util::Stream<Item = reqwest::Result<bytes::Bytes>> + Send>>,
    read: String,
}

impl Events {
    pub(crate) async fn open(kube: &Kube, path: &str) -> Events {
        Events::of(kube.app.request("GET", &kube.path(path)), path).await
    }

    /// What a request of somebody else is answered with.
    pub(crate) async fn of(request: reqwest::RequestBuilder, path: &str) -> Events {
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Events { body: response.bytes_stream().boxed(), read: String::new() }
    }

    /// Reads until nothing more comes.
    pub(crate) async fn end(mut self) {
        let end = async { while let Some(Ok(_)) = self.body.next().await {} };
        tokio::time::timeout(Duration::from_secs(30), end).await.expect("the stream ends");
    }

    /// The next event with its data.
    pub(crate) async fn next(&mut self) -> (String, Json) {
        let read = async {
            loop {
                if let Some((event, rest)) = self.read.split_once("\n\n") {
                    let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
                    let (name, data) = (field("event: "), field("data: "));
                    self.read = rest.to_owned();
                    if let Some(name) = name {
                        return (name, serde_json::from_str(&data.unwrap_or_default()).unwrap_or_default());
                    }
                    continue;
                }
                let bytes = self.body.next().await.expect("the stream goes on").unwrap();
                self.read.push_str(std::str::from_utf8(&bytes).unwrap());
            }
        };
        tokio::time::timeout(Duration::from_secs(30), read).await.expect("something comes")
    }
}

#[tokio::test]
async fn whoever_looks_is_told_everything_and_then_what_changes() {
    let kube = Kube::start().await;
    kube.config_map("one", json!({})).await;
    let mut early = Events::open(&kube, "configmaps/stream?labels=of%3Dtest").await;
    let (event, first) = early.next().await;
    assert_eq!((event.as_str(), &first["reset"], &first["columns"]), ("rows", &json!(true), &json!(["keys"])));
    assert_eq!((&first["rows"][0]["name"], &first["complete"]), (&json!("one"), &json!(true)));
    kube.config_map("two", json!({ "a": "b" })).await;
    let (_, news) = early.next().await;
    assert_eq!((&news["rows"][0]["name"], &news["rows"][0]["cells"]), (&json!("two"), &json!([1])));
    let mut late = Events::open(&kube, "configmaps/stream?labels=of%3Dtest").await;
    assert_eq!(late.next().await.1["rows"].as_array().unwrap().len(), 2);
    let uid = first["rows"][0]["uid"].clone();
    assert_eq!(kube.app.delete(&kube.path("configmaps/one")).await.status, 204);
    for viewer in [&mut early, &mut late] {
        assert_eq!(viewer.next().await.1["gone"], json!([uid]));
    }
}

#[tokio::test]
async fn so_many_lists_are_followed_and_one_more_is_refused_with_what_helps() {
    let kube = Kube::start().await;
    kube.config_map("one", json!({})).await;
    let mut open = Vec::new();
    for number in 0..64 {
        open.push(Events::open(&kube, &format!("configmaps/stream?labels=of%21%3D{number}")).await);
    }
    let more = kube.get("configmaps/stream?labels=of%3Dtest").await;
    assert_eq!(more.status, 429, "{}", more.text);
    assert!(more.text.contains("close one that nobody needs"), "{}", more.text);
    // A list that is followed already has room for everybody.
    let mut again = Events::open(&kube, "configmaps/stream?labels=of%21%3D7").await;
    assert_eq!(again.next().await.0, "rows");
}
