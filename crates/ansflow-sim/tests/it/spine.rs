//! What writes and the world's hours rest on, beyond the basics: a PUT that makes, events that are forgotten.

use std::time::Duration;

use serde_json::{Value, json};

use crate::cluster::Cluster;

const HOUR: Duration = Duration::from_secs(3_600);

fn pod(name: &str, image: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": {"containers": [{"name": "app", "image": image}]}})
}

#[tokio::test]
async fn a_put_makes_a_lease_but_no_config_map() {
    let cluster = Cluster::start().await;
    let lease = json!({"apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": {"name": "mine"}});
    let path = "/apis/coordination.k8s.io/v1/namespaces/default/leases/mine";
    let made = cluster.put(path, &lease).await.expect(201);
    assert!(!made["metadata"]["uid"].as_str().unwrap().is_empty());
    assert_eq!(cluster.get(path).await.expect(200), made);
    let map = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "mine"}});
    cluster.put("/api/v1/namespaces/default/configmaps/mine", &map).await.expect(404);
    cluster.sim.stop().await;
}

#[tokio::test]
async fn events_are_forgotten_an_hour_after_they_were_told_last() {
    let cluster = Cluster::start().await;
    cluster.post("/api/v1/namespaces/default/pods", &pod("web", "nginx:1.25")).await.expect(201);
    cluster.sim.advance(Duration::from_secs(30));
    let told = |list: Value| -> Vec<String> {
        let of = |event: &Value| event["involvedObject"]["name"] == "web";
        let events = list["items"].as_array().unwrap().iter().filter(|event| of(event));
        events.map(|event| event["reason"].as_str().unwrap().to_owned()).collect()
    };
    let events = || cluster.get("/api/v1/namespaces/default/events");
    assert!(told(events().await.expect(200)).contains(&"Started".to_owned()));
    cluster.sim.advance(HOUR - Duration::from_secs(31));
    assert!(!told(events().await.expect(200)).is_empty());
    cluster.sim.advance(Duration::from_secs(40));
    assert_eq!(told(events().await.expect(200)), Vec::<String>::new());
    cluster.sim.stop().await;
}
