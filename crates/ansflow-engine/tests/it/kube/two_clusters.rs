//! Whatever runs beside it: what a step deploys is in the cluster that it names, and in no other.

use serde_json::{Value, json};

use super::far::{Far, name};
use crate::engine::Bench;

/// How often each of the two is deployed to.
const TIMES: usize = 100;

fn step(cluster: &str, number: usize) -> Value {
    let manifest = json!({
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": format!("here-{number}") },
        "data": { "cluster": cluster },
    });
    json!({
        "name": format!("{cluster} {number}"), "type": "k8s_deploy", "needs": [],
        "params": { "cluster": cluster, "namespace": "default", "manifest_content": manifest },
    })
}

#[test]
fn of_two_clusters_at_once_each_gets_its_own_objects_a_hundred_times() {
    let (left, right) = (Far::start("left"), Far::start("right"));
    let steps: Vec<Value> = (0..TIMES).flat_map(|number| [step("left", number), step("right", number)]).collect();
    let bench = Bench::new(&json!(steps));
    name(bench.root(), &[("left", &left), ("right", &right)]);
    let text = bench.drive().rest();
    let last = text.lines().rev().take(3).collect::<Vec<_>>();
    assert!(text.contains("status Success"), "{last:#?}");
    for (cluster, far) in [("left", &left), ("right", &right)] {
        let found = far.all("ConfigMap", "default");
        let ours: Vec<_> = found.iter().filter_map(|map| map.text(&["data", "cluster"])).collect();
        assert_eq!(ours.len(), TIMES, "{cluster}");
        assert!(ours.iter().all(|found| *found == cluster), "{cluster} has objects of the other");
    }
}
