//! What nodes and the scheduler do with pods that no recording has: evictions, deadlines, hooks, preemption, late volumes.

use std::time::Duration;

use serde_json::{Value, json};

use crate::cluster::Cluster;

const PODS: &str = "/api/v1/namespaces/default/pods";
const SERVES: &str = "trap 'exit 0' TERM; echo serving; while true; do sleep 1; done";

fn pod(name: &str, spec: &Value) -> Value {
    let mut pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": spec});
    let container = &mut pod["spec"]["containers"][0];
    container["name"] = "app".into();
    for (field, usual) in [("image", json!("busybox:1.36")), ("command", json!(["sh", "-c", SERVES]))] {
        if container.get(field).is_none() {
            container[field] = usual;
        }
    }
    pod
}

async fn started(cluster: &Cluster, pod: &Value) {
    cluster.post(PODS, pod).await.expect(201);
    cluster.sim.advance(Duration::from_secs(3));
}

async fn status(cluster: &Cluster, name: &str) -> Value {
    cluster.get(&format!("{PODS}/{name}")).await.expect(200)["status"].clone()
}

async fn events(cluster: &Cluster, name: &str) -> Vec<String> {
    let path = format!("/api/v1/namespaces/default/events?fieldSelector=involvedObject.name={name}");
    let list = cluster.get(&path).await.expect(200);
    let said = |event: &Value| format!("{}: {}", event["reason"].as_str().unwrap(), event["message"].as_str().unwrap());
    list["items"].as_array().unwrap().iter().map(said).collect()
}

fn condition<'s>(status: &'s Value, kind: &str) -> &'s Value {
    let all = status["conditions"].as_array().unwrap();
    all.iter().find(|condition| condition["type"] == kind).unwrap_or(&Value::Null)
}

#[tokio::test]
async fn a_pod_that_the_node_has_no_room_for_fails_as_evicted() {
    let cluster = Cluster::start().await;
    let mut wanted = pod("big", &json!({"containers": [{"command": ["sh", "-c", "sleep 1000"]}]}));
    wanted["metadata"]["annotations"] = json!({"sim.ansflow.io/fault": r#"{"evict": {"after": "5s"}}"#});
    started(&cluster, &wanted).await;
    assert_eq!(status(&cluster, "big").await["phase"], "Running");
    cluster.sim.advance(Duration::from_secs(25));
    let status = status(&cluster, "big").await;
    assert_eq!((&status["phase"], &status["reason"]), (&json!("Failed"), &json!("Evicted")), "{status:#}");
    assert_eq!(condition(&status, "DisruptionTarget")["reason"], "TerminationByKubelet");
    let told = events(&cluster, "big").await;
    assert!(told.iter().any(|event| event.starts_with("Evicted: The node was low on resource: memory.")), "{told:#?}");
}

#[tokio::test]
async fn a_pod_that_is_active_for_too_long_fails() {
    let cluster = Cluster::start().await;
    started(&cluster, &pod("slow", &json!({"activeDeadlineSeconds": 10, "containers": [{}]}))).await;
    cluster.sim.advance(Duration::from_secs(15));
    let status = status(&cluster, "slow").await;
    assert_eq!((&status["phase"], &status["reason"]), (&json!("Failed"), &json!("DeadlineExceeded")), "{status:#}");
    assert_eq!(status["message"], "Pod was active on the node longer than the specified deadline");
}

#[tokio::test]
async fn a_request_as_hook_has_to_be_answered() {
    let cluster = Cluster::start().await;
    let hook = |port| {
        json!({"lifecycle": {"postStart": {"httpGet": {"path": "/", "port": port}}}, "image": "nginx:1.22",
        "command": null})
    };
    started(&cluster, &pod("good", &json!({"containers": [hook(80)]}))).await;
    assert_eq!(status(&cluster, "good").await["containerStatuses"][0]["ready"], true);
    started(&cluster, &pod("bad", &json!({"containers": [hook(81)]}))).await;
    let told = events(&cluster, "bad").await;
    assert!(told.iter().any(|event| event == "FailedPostStartHook: PostStartHook failed"), "{told:#?}");
    let waiting = &status(&cluster, "bad").await["containerStatuses"][0]["state"]["waiting"];
    assert!(matches!(waiting["reason"].as_str(), Some("PostStartHookError" | "CrashLoopBackOff")), "{waiting}");
}

#[tokio::test]
async fn a_sleep_before_the_end_is_slept_out() {
    let cluster = Cluster::start().await;
    let container = json!({"lifecycle": {"preStop": {"sleep": {"seconds": 8}}}});
    started(&cluster, &pod("sleepy", &json!({"containers": [container]}))).await;
    cluster.delete(&format!("{PODS}/sleepy")).await.expect(200);
    cluster.sim.advance(Duration::from_secs(7));
    assert_eq!(status(&cluster, "sleepy").await["phase"], "Running");
    cluster.sim.advance(Duration::from_secs(6));
    assert_eq!(cluster.get(&format!("{PODS}/sleepy")).await.code, 404);
}

#[tokio::test]
async fn less_important_pods_make_room() {
    let cluster = Cluster::start().await;
    for (name, value) in [("low", 10), ("high", 1_000)] {
        let class = json!({"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": {"name": name},
            "value": value});
        cluster.post("/apis/scheduling.k8s.io/v1/priorityclasses", &class).await.expect(201);
    }
    let asks = |class: &str, cpu: &str| {
        json!({"priorityClassName": class, "terminationGracePeriodSeconds": 2,
            "containers": [{"resources": {"requests": {"cpu": cpu}}}]})
    };
    for name in ["a", "b", "c"] {
        started(&cluster, &pod(name, &asks("low", "3"))).await;
    }
    started(&cluster, &pod("urgent", &asks("high", "2"))).await;
    cluster.sim.advance(Duration::from_secs(10));
    let urgent = cluster.get(&format!("{PODS}/urgent")).await.expect(200);
    assert_eq!(urgent["status"]["phase"], "Running", "{urgent:#}");
    let left = cluster.get(PODS).await.expect(200);
    assert_eq!(left["items"].as_array().unwrap().len(), 3, "one of three made room");
    let all = cluster.get("/api/v1/namespaces/default/events").await.expect(200);
    let preempted = |event: &&Value| event["reason"] == "Preempted";
    assert_eq!(all["items"].as_array().unwrap().iter().filter(preempted).count(), 1);
    // Among equals nobody has to go.
    started(&cluster, &pod("equal", &asks("low", "3"))).await;
    let told = events(&cluster, "equal").await;
    let expected = "0/3 nodes are available: 3 Insufficient cpu. no new claims to deallocate, preemption: 0/3 nodes are \
                    available: 3 No preemption victims found for incoming pod.";
    assert!(told.iter().any(|event| event.ends_with(expected)), "{told:#?}");
}

#[tokio::test]
async fn a_volume_for_the_first_consumer_is_made_when_there_is_one() {
    let cluster = Cluster::start().await;
    let class = json!({"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": "late"},
        "provisioner": "sim.ansflow.io/standard", "volumeBindingMode": "WaitForFirstConsumer"});
    cluster.post("/apis/storage.k8s.io/v1/storageclasses", &class).await.expect(201);
    let claim = json!({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "data"},
        "spec": {"storageClassName": "late", "accessModes": ["ReadWriteOnce"],
            "resources": {"requests": {"storage": "1Gi"}}}});
    let path = "/api/v1/namespaces/default/persistentvolumeclaims";
    cluster.post(path, &claim).await.expect(201);
    cluster.sim.advance(Duration::from_secs(20));
    assert_eq!(cluster.get(&format!("{path}/data")).await.expect(200)["status"]["phase"], "Pending");
    let spec = json!({"containers": [{"volumeMounts": [{"name": "data", "mountPath": "/data"}]}],
        "volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]});
    started(&cluster, &pod("first", &spec)).await;
    let claim = cluster.get(&format!("{path}/data")).await.expect(200);
    assert_eq!(claim["status"]["phase"], "Bound");
    let node = &cluster.get(&format!("{PODS}/first")).await.expect(200)["spec"]["nodeName"];
    assert_eq!(claim["metadata"]["annotations"]["volume.kubernetes.io/selected-node"], *node);
    assert_eq!(status(&cluster, "first").await["phase"], "Running");
}
