//! What docs/simulator.md says is what happens: its tables and examples are tried, as they stand there.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::cluster::Cluster;

fn document() -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/simulator.md");
    std::fs::read_to_string(path).unwrap()
}

/// The rows of the table below a heading, each cell without its backticks where it is one word of code.
fn table(heading: &str) -> Vec<Vec<String>> {
    let text = document();
    let part = text.split(&format!("{heading}\n")).nth(1).unwrap_or_else(|| panic!("there is no `{heading}`"));
    let rows = part.lines().skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
    let cells =
        |row: &str| row.trim_matches('|').split('|').map(|cell| cell.trim().trim_matches('`').to_owned()).collect();
    rows.skip(2).map(cells).collect()
}

/// The blocks of a language.
fn blocks(language: &str) -> Vec<String> {
    let text = document();
    let fence = format!("```{language}\n");
    let starts = text.split(fence.as_str()).skip(1);
    starts.map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

/// A pod that has one container, with probes.
fn pod(name: &str, image: &str, fault: Option<&str>) -> Value {
    let probe = json!({"httpGet": {"path": "/", "port": 80}, "periodSeconds": 1, "failureThreshold": 3});
    let mut pod = json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "annotations": {}},
        "spec": {
            "terminationGracePeriodSeconds": 5,
            "containers": [{"name": "main", "image": image, "readinessProbe": probe, "livenessProbe": probe}],
            "volumes": [{"name": "data", "emptyDir": {}}],
        },
    });
    if let Some(fault) = fault {
        pod["metadata"]["annotations"]["sim.ansflow.io/fault"] = fault.into();
    }
    pod
}

const PODS: &str = "/api/v1/namespaces/default/pods";

/// What `kubectl get pods` shows of one: READY, STATUS, RESTARTS.
async fn shown(cluster: &Cluster, name: &str) -> (String, String, u64) {
    let headers = [("accept".to_owned(), "application/json;as=Table;v=v1;g=meta.k8s.io".to_owned())];
    let told = cluster.told(Method::GET, &format!("{PODS}/{name}"), &headers, None, None).await.expect(200);
    let cell = |at: usize| told["rows"][0]["cells"][at].to_string().trim_matches('"').to_owned();
    let restarts = cell(3);
    (cell(1), cell(2), restarts.split(' ').next().unwrap().parse().unwrap_or_default())
}

/// What was seen of a pod, second by second.
async fn watched(cluster: &Cluster, name: &str, seconds: u64) -> Vec<(String, String, u64)> {
    let mut seen = Vec::new();
    for _ in 0..seconds {
        cluster.sim.advance(Duration::from_secs(1));
        seen.push(shown(cluster, name).await);
    }
    seen
}

/// The second from which a pod was ready, as far as it was.
fn ready_from(seen: &[(String, String, u64)]) -> Option<usize> {
    seen.iter().position(|(ready, _, _)| ready == "1/1")
}

async fn reasons(cluster: &Cluster, pod: &str) -> Vec<String> {
    let path = format!("/api/v1/namespaces/default/events?fieldSelector=involvedObject.name%3D{pod}");
    let events = cluster.get(&path).await.expect(200);
    let said = |event: &Value| format!("{}: {}", event["reason"], event["message"]).replace('"', "");
    events["items"].as_array().unwrap().iter().map(said).collect()
}

#[tokio::test]
async fn images_do_what_the_table_says() {
    let cluster = Cluster::start().await;
    let rows = table("### By the name of an image");
    assert!(rows.len() > 8, "{rows:#?}");
    for (at, row) in rows.iter().enumerate() {
        let (image, status) = (&row[0], &row[2]);
        let name = format!("pod-{at}");
        cluster.post(PODS, &pod(&name, image, None)).await.expect(201);
        let seen = watched(&cluster, &name, 40).await;
        assert!(seen.iter().any(|(_, seen, _)| seen == status), "{image}: {seen:#?}");
        let restarts = seen.last().unwrap().2;
        match image.split(':').nth(1).unwrap() {
            "unready" => assert_eq!((ready_from(&seen), restarts), (None, 0), "{seen:#?}"),
            "unhealthy" => assert!(restarts > 0, "{seen:#?}"),
            "slow-10s" => assert!(ready_from(&seen).is_some_and(|second| (10..16).contains(&second)), "{seen:#?}"),
            "hang" => {
                cluster.delete(&format!("{PODS}/{name}")).await.expect(200);
                let killed = watched(&cluster, &name, 4).await;
                assert!(killed.iter().all(|(_, status, _)| status == "Terminating"), "{killed:#?}");
                cluster.sim.advance(Duration::from_secs(6));
                assert_eq!(cluster.get(&format!("{PODS}/{name}")).await.code, 404);
            }
            _ => assert_eq!(ready_from(&seen[20..]), None, "{image}: {seen:#?}"),
        }
    }
    cluster.sim.stop().await;
}

#[tokio::test]
async fn annotations_do_what_the_table_says() {
    let cluster = Cluster::start().await;
    let rows = table("### By an annotation of a pod");
    for (at, row) in rows.iter().enumerate() {
        let wish: Value = serde_json::from_str(&row[0]).unwrap_or_else(|why| panic!("{why}: {}", row[0]));
        let name = format!("pod-{at}");
        cluster.post(PODS, &pod(&name, "acme/web:1", Some(&row[0]))).await.expect(201);
        let seen = watched(&cluster, &name, 130).await;
        let told = reasons(&cluster, &name).await;
        let has_said = |text: &str| told.iter().any(|said| said.starts_with(text));
        let (_, status, restarts) = seen.last().unwrap();
        match wish.as_object().and_then(|wish| wish.keys().next()).map_or("hang", String::as_str) {
            "image" if wish["image"].is_string() => {
                assert!(seen.iter().any(|(_, status, _)| status == "ImagePullBackOff"), "{seen:#?}")
            }
            "image" => assert!(ready_from(&seen).is_some_and(|second| (30..36).contains(&second)), "{seen:#?}"),
            "exit" => {
                assert_eq!((status.as_str(), *restarts, ready_from(&seen[100..])), ("Running", 2, Some(0)), "{seen:#?}")
            }
            // Its liveness probe has it killed after its grace again and again, and it waits in between.
            "hang" => assert!(seen.iter().any(|(_, status, _)| status == "Running") && *restarts > 0, "{seen:#?}"),
            "probe" => assert!(*restarts > 0 && has_said("Unhealthy: Liveness probe failed"), "{told:#?}"),
            "mount" => assert!(has_said("FailedMount: ") && status == "ContainerCreating", "{status} {told:#?}"),
            "sandbox" => {
                assert!(has_said("FailedCreatePodSandBox: ") && status == "ContainerCreating", "{status} {told:#?}")
            }
            "bind" => assert!(has_said("FailedScheduling: ") && status == "Pending", "{status} {told:#?}"),
            "evict" => {
                let pod = cluster.get(&format!("{PODS}/{name}")).await.expect(200);
                // How it has ended is its program's affair: this one ends well where it is asked to.
                let conditions = pod["status"]["conditions"].as_array().unwrap();
                let driven = |one: &Value| one["type"] == "DisruptionTarget" && one["reason"] == "TerminationByKubelet";
                assert!(pod["status"]["phase"] != "Running" && conditions.iter().any(driven), "{pod:#}");
                assert!(has_said("Evicted: The node was low on resource: memory."), "{told:#?}");
            }
            other => panic!("nobody looks whether `{other}` is true"),
        }
    }
    cluster.sim.stop().await;
}

#[tokio::test]
async fn a_rule_holds_until_it_is_taken_away_and_is_for_administrators() {
    let cluster = Cluster::start().await;
    let about = cluster.get("/sim.ansflow.io/v1").await.expect(200);
    assert_eq!((&about["simulated"], &about["seed"]), (&json!(true), &json!(1)));
    let rules = blocks("json");
    assert!(!rules.is_empty());
    let rule: Value = serde_json::from_str(&rules[0]).unwrap();
    cluster.put("/sim.ansflow.io/v1/faults/lost", &rule).await.expect(200);
    assert_eq!(cluster.get("/sim.ansflow.io/v1/faults").await.expect(200)["lost"]["what"], "nodeLost");
    let ready = async || {
        let node = cluster.get("/api/v1/nodes/node-1").await.expect(200);
        let conditions = node["status"]["conditions"].as_array().unwrap().clone();
        conditions.iter().find(|one| one["type"] == "Ready").unwrap()["status"].as_str().unwrap().to_owned()
    };
    cluster.post("/sim.ansflow.io/v1/clock", &json!({"advance": "60s"})).await.expect(200);
    assert_eq!(ready().await, "Unknown");
    cluster.delete("/sim.ansflow.io/v1/faults/lost").await.expect(200);
    cluster.post("/sim.ansflow.io/v1/clock", &json!({"advance": "60s"})).await.expect(200);
    assert_eq!(ready().await, "True");
    for (path, body) in
        [("clock", json!({"advance": "9999999h"})), ("clock", json!({})), ("faults/x", json!({"what": "war"}))]
    {
        let told = cluster
            .ask(
                if path == "clock" { Method::POST } else { Method::PUT },
                &format!("/sim.ansflow.io/v1/{path}"),
                "application/json",
                Some(&body),
            )
            .await;
        assert_eq!(told.code, 400, "{}", told.text);
    }
    let headers = [("impersonate-user".to_owned(), "ada".to_owned())];
    let told = cluster.told(Method::GET, "/sim.ansflow.io/v1/faults", &headers, None, None).await;
    assert_eq!(told.code, 403, "{}", told.text);
    cluster.sim.stop().await;
}

#[tokio::test]
async fn a_wish_that_cannot_be_read_is_told_to_who_applies_it() {
    let cluster = Cluster::start().await;
    let warned = async |manifest: &Value, path: &str| {
        let told = cluster.post(path, manifest).await;
        told.expect(201);
        told.headers
            .iter()
            .any(|(name, value)| name == "warning" && value.contains("sim.ansflow.io/fault cannot be read"))
    };
    assert!(!warned(&pod("good", "acme/web:1", Some("\"hang\"")), PODS).await);
    assert!(warned(&pod("bad", "acme/web:1", Some("{\"exit\": {\"cod\": 3}}")), PODS).await);
    let template = json!({"metadata": {"labels": {"a": "b"}, "annotations": {"sim.ansflow.io/fault": "crash"}}, "spec": {"containers": [{"name": "main", "image": "acme/web:1"}]}});
    let deployment =
        json!({"metadata": {"name": "bad"}, "spec": {"selector": {"matchLabels": {"a": "b"}}, "template": template}});
    assert!(warned(&deployment, "/apis/apps/v1/namespaces/default/deployments").await);
    cluster.sim.stop().await;
}

#[tokio::test]
async fn manifests_are_taken_as_they_stand() {
    let cluster = Cluster::start().await;
    let manifests = blocks("yaml");
    assert!(!manifests.is_empty());
    for manifest in manifests {
        let headers = [("content-type".to_owned(), "application/yaml".to_owned())];
        let told = cluster.told(Method::POST, PODS, &headers, Some(manifest), None).await;
        assert_eq!(told.code, 201, "{}", told.text);
    }
    cluster.sim.stop().await;
}

#[tokio::test]
async fn every_rule_that_is_written_down_is_taken() {
    let cluster = Cluster::start().await;
    for (at, rule) in blocks("json").iter().enumerate() {
        let rule: Value = serde_json::from_str(rule).unwrap();
        cluster.put(&format!("/sim.ansflow.io/v1/faults/rule-{at}"), &rule).await.expect(200);
    }
    for row in table("### The API itself") {
        for field in row[0].replace('`', "").split(", ") {
            let rule = json!({"on": {"path": "/nothing"}, "what": {"http": {(field): null}}});
            let told = cluster.put("/sim.ansflow.io/v1/faults/field", &rule).await;
            assert!(!told.text.contains("unknown field"), "{}", told.text);
        }
    }
    cluster.sim.stop().await;
}
