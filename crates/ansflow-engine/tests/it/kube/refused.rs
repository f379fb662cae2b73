//! What cannot be deployed is refused with a verdict, and nothing of it is written.

use std::fs;

use ansflow_kube::Access;
use serde_json::{Value, json};

use super::far::{Far, name};
use crate::engine::Bench;

fn fact<'t>(text: &'t str, kind: &str) -> Option<Value> {
    let is_it = |line: &&'t str| line.contains(&format!("\"kind\":\"{kind}\""));
    let (_, fact) = text.lines().find(is_it)?.split_once(' ')?;
    serde_json::from_str(fact).ok()
}

fn deploy(cluster: &str, content: &Value) -> Value {
    let params = json!({ "cluster": cluster, "namespace": "default", "manifest_content": content });
    json!([{ "name": "deploy", "type": "k8s_deploy", "needs": [], "params": params }])
}

#[test]
fn a_cluster_that_nobody_named_is_told_with_those_there_are() {
    let far = Far::start("left");
    let bench = Bench::new(&deploy("rihgt", &json!({ "apiVersion": "v1", "kind": "ConfigMap" })));
    name(bench.root(), &[("left", &far)]);
    let text = bench.drive().rest();
    assert!(text.contains("there is no cluster `rihgt`, known are `left`"), "{text}");
}

/// The verdict of a deploy to a cluster that is none.
fn judged(access: &Access) -> Value {
    let bench = Bench::new(&deploy("far", &json!({ "apiVersion": "v1", "kind": "ConfigMap" })));
    fs::write(bench.root().join("clusters.json"), json!({ "far": access }).to_string()).unwrap();
    let text = bench.drive().rest();
    let judged = fact(&text, "judged").unwrap_or_else(|| panic!("{text}"));
    assert_eq!(fact(&text, "step_finished").unwrap()["status"], "failed", "{text}");
    judged["verdict"].clone()
}

#[test]
fn a_name_without_an_address_is_given_up_after_a_few_seconds_and_not_after_the_time_out() {
    let verdict = judged(&Access::new("https://cluster.invalid:6443"));
    assert_eq!(verdict["cause"], "cluster_unreachable", "{verdict}");
    let summary = verdict["summary"].as_str().unwrap();
    assert!(summary.contains("the name `cluster.invalid` has no address"), "{verdict}");
    assert!(verdict["remarks"][0].as_str().unwrap().contains(" and never answered; "), "{verdict}");
}

#[test]
fn a_cluster_of_another_authority_is_given_up_at_once() {
    let (far, other) = (Far::start("left"), Far::start("right"));
    let mut access = far.access();
    access.tls.roots = other.access().tls.roots;
    let verdict = judged(&access);
    assert_eq!(verdict["cause"], "certificate", "{verdict}");
    assert!(
        verdict["summary"].as_str().unwrap().contains("is from another authority than the one that is trusted"),
        "{verdict}"
    );
    assert_eq!(verdict["remarks"], Value::Null, "it was not asked again: {verdict}");
}

#[test]
fn one_refusal_writes_nothing_and_its_verdict_stands_before_the_end_of_the_attempt() {
    let far = Far::start("left");
    let good = json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": "good" }, "data": {} });
    let bad = json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": "bad" }, "dtaa": {} });
    let bench = Bench::new(&deploy("left", &json!([good, bad])));
    name(bench.root(), &[("left", &far)]);
    let text = bench.drive().rest();
    let judged = fact(&text, "judged").unwrap();
    assert_eq!(
        (&judged["verdict"]["cause"], &judged["simulated"]),
        (&json!("invalid_manifest"), &json!(true)),
        "{text}"
    );
    assert!(text.find("\"kind\":\"judged\"") < text.find("\"kind\":\"attempt_ended\""), "{text}");
    let finished = fact(&text, "step_finished").unwrap();
    assert_eq!((&finished["status"], &finished["why"]), (&json!("failed"), &judged["verdict"]["summary"]));
    assert!(text.contains("ansflow: cluster left (https://127.0.0.1:"), "{text}");
    let names: Vec<_> = far.all("ConfigMap", "default").iter().map(|map| map.key().name).collect();
    assert!(!names.iter().any(|name| name == "good"), "{names:?}");
}
