//! The API server is gone in mid-rollout, and comes back: the run waits for it, ends right, and says from when to when nothing
//! was known.
//!
//! The suite's is gone for six seconds; `make crash` makes it a minute.

use std::io::{BufRead as _, BufReader};
use std::time::Duration;

use ansflow_sim::testing::Wire;
use serde_json::{Value as Json, json};

use super::Far;

/// From so many crashes on it is a campaign.
const CAMPAIGN: u64 = 50;

/// The kubeconfig that leads through it. The certificate is still the cluster's own.
fn through(wire: &Wire, kubeconfig: &str, server: &str) -> String {
    let host = server.trim_start_matches("https://").rsplit_once(':').unwrap().0.trim_matches(['[', ']']);
    let line = kubeconfig.lines().find(|line| line.trim().trim_start_matches("- ").starts_with("server:")).unwrap();
    let indent = &line[..line.find("server:").unwrap()].replace('-', " ");
    let other = line.replace(line.split("server:").nth(1).unwrap(), &format!(" https://{}", wire.address()));
    kubeconfig.replace(line, &format!("{other}\n{indent}tls-server-name: \"{host}\""))
}

fn pipeline(namespace: &str, image: &str) -> String {
    let container = json!({
        "name": "web", "image": image, "command": ["sh", "-c", "sleep 4; touch /tmp/ready; sleep 3600"],
        "readinessProbe": { "exec": { "command": ["test", "-e", "/tmp/ready"] }, "periodSeconds": 1 },
    });
    let manifest = json!({
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": { "name": "web" },
        "spec": { "replicas": 2, "selector": { "matchLabels": { "app": "web" } }, "template": {
            "metadata": { "labels": { "app": "web" } },
            "spec": { "terminationGracePeriodSeconds": 0, "containers": [container] } } },
    });
    format!(
        "name: away
steps:
  - {{ name: deploy, type: k8s_deploy, config: {{ cluster: far, namespace: {namespace}, manifest_content: {manifest} }} }}
  - {{ name: wait, type: k8s_wait, config: {{ cluster: far, namespace: {namespace}, resource_name: web }} }}
"
    )
}

#[test]
fn an_api_server_that_is_gone_like_after_a_crash_is_waited_for_and_the_log_says_for_how_long() {
    let crashes: u64 = std::env::var("ANSFLOW_CRASHES").ok().and_then(|text| text.parse().ok()).unwrap_or_default();
    let away = if crashes >= CAMPAIGN { 60 } else { 6 };
    let far = Far::new();
    let namespace = far.namespace();
    let server = &far.cluster.access().server;
    let wire = far.cluster.wire();
    far.world.write("kubeconfig", through(&wire, far.cluster.kubeconfig(), server));
    far.world.write("p.yml", pipeline(&namespace, &far.cluster.image("busybox")));
    let mut child = far.world.start(&["run", "p.yml", "-o", "json", "--cluster", "far=kubeconfig"]);
    let mut events: Vec<Json> = Vec::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let event: Json = serde_json::from_str(&line.unwrap()).unwrap();
        // It is in the middle of it: cut, and mended after a while by somebody else.
        if event["event"] == "waiting" && wire.is_whole() && !events.iter().any(|it| it["event"] == "waiting") {
            wire.cut();
            let wire = wire.clone();
            std::thread::spawn(move || {
                std::thread::park_timeout(Duration::from_secs(away));
                wire.mend();
            });
        }
        events.push(event);
    }
    assert!(child.wait().unwrap().success(), "{events:#?}");
    let lines: Vec<&str> = events.iter().filter_map(|event| event["line"].as_str()).collect();
    let told: Vec<&&str> = lines.iter().filter(|line| line.contains("does not answer")).collect();
    assert!(told[0].contains("does not answer since 1 s: "), "{lines:#?}");
    assert!(told.len() as u64 <= 2 + away / 30, "it is told again and again: {lines:#?}");
    let back = lines.iter().find_map(|line| line.split_once("the cluster answers again after ")).unwrap().1;
    let seconds: u64 = back.split(' ').next().unwrap().parse().unwrap();
    assert!(seconds + 1 >= away, "{lines:#?}");
    let verdicts: Vec<&Json> = events.iter().filter(|event| event["event"] == "verdict").collect();
    assert!(verdicts.len() == 2 && verdicts.iter().all(|verdict| verdict["outcome"] == "ready"), "{verdicts:#?}");
    println!("{}", lines.join("\n"));
}
