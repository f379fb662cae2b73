//! Pods on a busy node.

use std::time::Duration;

use ansflow_sim::{NodeSpec, SimConfig, Speed};
use serde_json::json;

use crate::cluster::Cluster;

const PODS: &str = "/api/v1/namespaces/default/pods";

#[tokio::test]
async fn a_pod_that_is_deleted_at_any_moment_of_its_start_goes() {
    let nodes = vec![NodeSpec::named("vm")];
    let cluster = Cluster::with(SimConfig { speed: Speed::Manual, nodes, ..SimConfig::default() }).await;
    for number in 0..60 {
        let pod = json!({"metadata": {"name": format!("p-{number}")}, "spec": {"terminationGracePeriodSeconds": 2,
            "containers": [{"name": "app", "image": "nginx:1.22"}]}});
        cluster.post(PODS, &pod).await.expect(201);
        cluster.sim.advance(Duration::from_millis(23));
        // So long after it was made: from the same moment to a second and a half.
        let other = number / 2;
        if number % 2 == 1 {
            cluster.delete(&format!("{PODS}/p-{other}")).await.expect(200);
        }
    }
    for other in 30..60 {
        cluster.delete(&format!("{PODS}/p-{other}")).await.expect(200);
        cluster.sim.advance(Duration::from_millis(7));
    }
    cluster.sim.advance(Duration::from_secs(20));
    let left = cluster.get(PODS).await.expect(200);
    let left: Vec<&str> =
        left["items"].as_array().unwrap().iter().filter_map(|pod| pod["metadata"]["name"].as_str()).collect();
    assert!(left.is_empty(), "{left:?}");
    cluster.sim.stop().await;
}
