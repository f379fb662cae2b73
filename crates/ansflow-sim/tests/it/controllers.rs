//! What controllers bring about, on a clock that is moved.

use std::time::Duration;

use serde_json::{Value, json};

use crate::cluster::Cluster;

const PODS: &str = "/api/v1/namespaces/default/pods";

async fn after(cluster: &Cluster, seconds: u64) {
    cluster.sim.advance(Duration::from_secs(seconds));
}

fn items(list: &Value) -> Vec<Value> {
    list["items"].as_array().unwrap().clone()
}

fn names(list: &[Value]) -> Vec<&str> {
    list.iter().map(|item| item["metadata"]["name"].as_str().unwrap()).collect()
}

fn template(labels: &Value, spec: &Value) -> Value {
    json!({"metadata": {"labels": labels}, "spec": spec})
}

/// An indexed job whose pods run a line of shell.
fn indexed(completions: u32, more: &Value, line: &str) -> Value {
    let container = json!({"name": "main", "image": "busybox:1.36", "command": ["sh", "-c", line]});
    let pod = template(&json!({}), &json!({"restartPolicy": "Never", "containers": [container]}));
    let mut spec =
        json!({"completionMode": "Indexed", "completions": completions, "parallelism": completions, "template": pod});
    spec.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "work"}, "spec": spec})
}

async fn job_after(job: &Value, seconds: u64) -> Value {
    let cluster = Cluster::start().await;
    cluster.post("/apis/batch/v1/namespaces/default/jobs", job).await.expect(201);
    after(&cluster, seconds).await;
    let job = cluster.get("/apis/batch/v1/namespaces/default/jobs/work").await.expect(200);
    cluster.sim.stop().await;
    job
}

fn condition<'o>(object: &'o Value, kind: &str) -> &'o Value {
    let all = object["status"]["conditions"].as_array().unwrap();
    all.iter().find(|one| one["type"] == kind).unwrap_or_else(|| panic!("no {kind}: {all:#?}"))
}

#[tokio::test]
async fn a_number_that_fails_for_good_leaves_the_others_alone() {
    let job = indexed(3, &json!({"backoffLimitPerIndex": 1}), "[ $JOB_COMPLETION_INDEX != 1 ]");
    assert_eq!(job_after(&job, 5).await["status"]["completedIndexes"], "0,2");
    let job = job_after(&job, 60).await;
    assert_eq!(job["spec"]["backoffLimit"], i32::MAX);
    assert_eq!((&job["status"]["completedIndexes"], &job["status"]["failedIndexes"]), (&json!("0,2"), &json!("1")));
    assert_eq!((&job["status"]["succeeded"], &job["status"]["failed"]), (&json!(2), &json!(2)));
    let failed = condition(&job, "Failed");
    assert_eq!((&failed["reason"], &failed["message"]), (&json!("FailedIndexes"), &json!("Job has failed indexes")));
}

#[tokio::test]
async fn a_job_succeeds_when_its_policy_says_so() {
    let policy = json!({"successPolicy": {"rules": [{"succeededIndexes": "0", "succeededCount": 1}]}});
    let job = job_after(&indexed(3, &policy, "[ $JOB_COMPLETION_INDEX = 0 ] || sleep 600"), 60).await;
    let complete = condition(&job, "Complete");
    assert_eq!(
        (&complete["reason"], &complete["message"]),
        (&json!("SuccessPolicy"), &json!("Matched rules at index 0"))
    );
    assert_eq!(job["status"]["completedIndexes"], "0");
}

#[tokio::test]
async fn a_daemon_that_may_surge_is_replaced_by_one_beside_it() {
    let cluster = Cluster::start().await;
    let pod = |image: &str| template(&json!({"app": "d"}), &json!({"containers": [{"name": "main", "image": image}]}));
    let set = json!({"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "d"}, "spec": {
        "selector": {"matchLabels": {"app": "d"}}, "template": pod("nginx:1.22"),
        "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}}});
    let sets = "/apis/apps/v1/namespaces/default/daemonsets";
    cluster.post(sets, &set).await.expect(201);
    after(&cluster, 20).await;
    cluster.merge(&format!("{sets}/d"), &json!({"spec": {"template": pod("nginx:1.25")}})).await.expect(200);
    let mut most = 0;
    for _ in 0..120 {
        cluster.sim.advance(Duration::from_millis(500));
        let pods = items(&cluster.get(PODS).await.expect(200));
        let ready = |pod: &&Value| {
            pod["metadata"]["deletionTimestamp"].is_null()
                && pod["status"]["conditions"]
                    .as_array()
                    .is_some_and(|all| all.iter().any(|one| one["type"] == "Ready" && one["status"] == "True"))
        };
        assert!(pods.iter().filter(ready).count() >= 3, "{:?}", names(&pods));
        most = most.max(pods.iter().filter(|pod| pod["metadata"]["deletionTimestamp"].is_null()).count());
    }
    assert_eq!(most, 4);
    let status = cluster.get(&format!("{sets}/d")).await.expect(200)["status"].clone();
    assert_eq!((&status["updatedNumberScheduled"], &status["numberAvailable"]), (&json!(3), &json!(3)));
    cluster.sim.stop().await;
}

#[tokio::test]
async fn a_set_gives_its_claims_to_whom_they_go_with() {
    let cluster = Cluster::start().await;
    let pod = template(&json!({"app": "db"}), &json!({"containers": [{"name": "main", "image": "nginx:1.22"}]}));
    let claim = json!({"metadata": {"name": "data"}, "spec": {"accessModes": ["ReadWriteOnce"],
        "storageClassName": "standard", "resources": {"requests": {"storage": "1Gi"}}}});
    let set = json!({"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "db"}, "spec": {
        "serviceName": "db", "replicas": 2, "podManagementPolicy": "Parallel",
        "selector": {"matchLabels": {"app": "db"}}, "template": pod, "volumeClaimTemplates": [claim],
        "persistentVolumeClaimRetentionPolicy": {"whenScaled": "Delete", "whenDeleted": "Retain"}}});
    let sets = "/apis/apps/v1/namespaces/default/statefulsets";
    let claims = "/api/v1/namespaces/default/persistentvolumeclaims";
    cluster.post(sets, &set).await.expect(201);
    after(&cluster, 30).await;
    assert_eq!(names(&items(&cluster.get(claims).await.expect(200))), ["data-db-0", "data-db-1"]);
    cluster.merge(&format!("{sets}/db"), &json!({"spec": {"replicas": 1}})).await.expect(200);
    after(&cluster, 60).await;
    assert_eq!(names(&items(&cluster.get(claims).await.expect(200))), ["data-db-0"]);
    let policy = json!({"spec": {"persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Delete"}}});
    cluster.merge(&format!("{sets}/db"), &policy).await.expect(200);
    after(&cluster, 5).await;
    let owner = cluster.get(&format!("{claims}/data-db-0")).await.expect(200)["metadata"]["ownerReferences"].clone();
    assert_eq!((&owner[0]["kind"], &owner[0]["name"]), (&json!("StatefulSet"), &json!("db")));
    cluster.delete(&format!("{sets}/db")).await.expect(200);
    after(&cluster, 60).await;
    assert!(items(&cluster.get(claims).await.expect(200)).is_empty());
    cluster.sim.stop().await;
}

#[tokio::test]
async fn a_service_has_endpoints_of_its_name_for_as_long_as_it_is() {
    let cluster = Cluster::start().await;
    let labels = json!({"app": "web"});
    let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web", "labels": labels},
        "spec": {"containers": [{"name": "main", "image": "nginx:1.22", "ports": [{"name": "http", "containerPort": 80}]}]}});
    let service = json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"},
        "spec": {"selector": labels, "ports": [{"port": 8080, "targetPort": "http"}]}});
    cluster.post("/api/v1/namespaces/default/services", &service).await.expect(201);
    cluster.post(PODS, &pod).await.expect(201);
    after(&cluster, 20).await;
    let path = "/api/v1/namespaces/default/endpoints/web";
    let subset = cluster.get(path).await.expect(200)["subsets"][0].clone();
    assert_eq!(subset["ports"], json!([{"port": 80, "protocol": "TCP"}]));
    assert_eq!(subset["addresses"][0]["targetRef"]["name"], "web");
    cluster.delete("/api/v1/namespaces/default/services/web").await.expect(200);
    after(&cluster, 5).await;
    cluster.get(path).await.expect(404);
    cluster.sim.stop().await;
}
