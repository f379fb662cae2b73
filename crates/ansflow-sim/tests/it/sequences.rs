//! What becomes of those that a Deployment owns, step by step as recorded: deleted in its foreground, in its background, or left
//! behind.

use std::time::Duration;

use ansflow_sim::{NodeSpec, SimConfig, Speed};
use reqwest::Method;
use serde_json::{Value, json};

use crate::cluster::Cluster;

const KINDS: [(&str, &str); 3] = [
    ("Deployment", "/apis/apps/v1/namespaces/default/deployments"),
    ("ReplicaSet", "/apis/apps/v1/namespaces/default/replicasets"),
    ("Pod", "/api/v1/namespaces/default/pods"),
];

/// An event, without what is made up: how it is called, whether it is going, who holds it, whether it has an owner.
fn told(what: &Value, metadata: &Value, phase: &Value) -> String {
    let going = if metadata["deletionTimestamp"].is_string() { " going" } else { "" };
    let owned = if metadata["ownerReferences"].is_array() { " owned" } else { "" };
    let (grace, held) = (&metadata["deletionGracePeriodSeconds"], &metadata["finalizers"]);
    format!("{} grace {grace} held {held}{going}{owned} {}", what.as_str().unwrap(), phase.as_str().unwrap_or_default())
}

async fn comes_out(how: &str) {
    let name = format!("gc-{how}");
    let path = format!("{}/tests/fixtures/api/gc-sequence-{how}.json", env!("CARGO_MANIFEST_DIR"));
    let recording: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let nodes = vec![NodeSpec::named("vm")];
    let cluster = Cluster::with(SimConfig { speed: Speed::Manual, nodes, ..SimConfig::default() }).await;
    let container = json!({"name": "app", "image": "nginx:1.22", "ports": [{"containerPort": 80}]});
    let deployment = json!({"metadata": {"name": name}, "spec": {
        "replicas": 1, "selector": {"matchLabels": {"app": name}},
        "template": {"metadata": {"labels": {"app": name}},
            "spec": {"terminationGracePeriodSeconds": 2, "containers": [container]}},
    }});
    cluster.post(KINDS[0].1, &deployment).await.expect(201);
    cluster.sim.advance(Duration::from_secs(3));
    let list = cluster.get(KINDS[0].1).await.expect(200);
    let before = list["metadata"]["resourceVersion"].as_str().unwrap().to_owned();
    let at = format!("{}/{name}", KINDS[0].1);
    cluster.ask(Method::DELETE, &at, "application/json", Some(&recording["request"]["body"])).await.expect(200);
    cluster.sim.advance(Duration::from_secs(6));
    for (kind, path) in KINDS {
        // What was there when the recording began stands at its head.
        let all = recording["watch"].as_array().unwrap().iter();
        let wanted: Vec<String> = all
            .filter(|event| event["kind"] == kind && event["t_ms"].as_i64().unwrap() >= 0)
            .map(|event| told(&event["type"], event, &event["phase"]))
            .collect();
        let lines = cluster.watch(&format!("{path}?watch=true&timeoutSeconds=1&resourceVersion={before}")).await;
        let got: Vec<String> = lines
            .iter()
            .map(|line| told(&line["type"], &line["object"]["metadata"], &line["object"]["status"]["phase"]))
            .collect();
        assert_eq!(got, wanted, "{how}: {kind}");
    }
    cluster.sim.stop().await;
}

#[tokio::test]
async fn in_the_foreground_an_owner_goes_last() {
    comes_out("foreground").await;
}

#[tokio::test]
async fn in_the_background_an_owner_goes_first() {
    comes_out("background").await;
}

#[tokio::test]
async fn orphans_stay() {
    comes_out("orphan").await;
}
