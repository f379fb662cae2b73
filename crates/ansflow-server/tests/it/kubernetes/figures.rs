//! How long the first page of many pods takes, and how large it is.

use futures_util::StreamExt as _;
use serde_json::json;
use std::time::{Duration, Instant};

use super::Kube;

/// So many pods are there. A debug build of everything shares two cores with its cluster.
fn many() -> u32 {
    std::env::var("ANSFLOW_TEST_PODS").ok().and_then(|many| many.parse().ok()).unwrap_or(300)
}

#[tokio::test]
async fn the_first_page_of_many_pods_is_small_and_comes_at_once() {
    let kube = Kube::start().await;
    let path = format!("/api/v1/namespaces/{}/pods", kube.namespace());
    let pod = |number: u32| {
        // Nothing takes them: they stay as they are.
        json!({ "apiVersion": "v1", "kind": "Pod", "metadata": { "name": format!("pod-{number:05}"), "labels": { "app": "many" } },
            "spec": { "schedulerName": "nobody", "containers": [{ "name": "app", "image": kube.far.image("web") }] } })
    };
    let made = futures_util::stream::iter(0..many()).for_each_concurrent(16, |number| kube.make(&path, pod(number)));
    made.await;
    let mut took = Vec::new();
    for _ in 0..20 {
        let begun = Instant::now();
        let page = kube.get("pods?limit=100").await;
        took.push(begun.elapsed());
        assert_eq!(page.json["items"].as_array().map(Vec::len), Some(100));
        assert!(page.text.len() < 60_000, "{} bytes", page.text.len());
    }
    took.sort();
    let slow = took[took.len() * 95 / 100 - 1];
    eprintln!("first page of {} pods: p50 {:?}, p95 {slow:?}", many(), took[took.len() / 2]);
    assert!(slow < Duration::from_millis(if cfg!(debug_assertions) { 3_000 } else { 300 }), "{slow:?}");
}
