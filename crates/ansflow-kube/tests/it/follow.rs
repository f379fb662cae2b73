//! Rollouts of a live cluster, followed to their end.

mod ear;
mod gaps;
mod memory;
mod simulated_faults;

use crate::live::cluster;
use crate::live::objects::deployment;
use ansflow_core::verdict::{Cause, End};
use ansflow_kube::Cluster;
use ansflow_kube::cluster::{Apply, Delete};
use ansflow_kube::follow::{Followed, follow, now};
use ansflow_kube::goal::{Goal, Want};
use ansflow_kube::object::Obj;
use ansflow_kube::sink::Stop;
use ansflow_sim::testing;
use ear::Ear;
use std::time::Duration;

/// Applies objects, and what is to be waited for then.
pub(crate) async fn apply(cluster: &Cluster, objects: &[Obj]) -> Goal {
    let since = now();
    let mut wants = Vec::new();
    for object in objects {
        let written = cluster.apply(object, Apply::default()).await.unwrap();
        let generation = Some(written.object.generation());
        wants.push(Want { key: written.object.key(), generation, manifest: Some(object.clone()) });
    }
    Goal { wants, since }
}

/// Follows until it ends, or for so many seconds.
pub(crate) async fn end(cluster: &Cluster, goal: Goal, ear: &Ear, seconds: u64) -> Followed {
    let stop = async {
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        Stop::Deadline
    };
    follow(cluster, goal, ear, stop).await
}

#[tokio::test]
async fn a_deployment_is_ready_when_its_pods_are() {
    let (tests, cluster) = (testing::Cluster::get().await, cluster().await);
    let (space, ear) = (tests.namespace().await, Ear::default());
    let web = deployment(&space, "web", &tests.image("web"), 3);
    let goal = apply(&cluster, std::slice::from_ref(&web)).await;
    let followed = end(&cluster, goal, &ear, 120).await;
    assert_eq!(followed.verdict.outcome, End::Ready, "{:?}", followed.verdict);
    let pods = &ear.snapshot().rollouts[0].revisions[0].pods;
    assert_eq!(pods.iter().map(|pod| pod.state.as_str()).collect::<Vec<_>>(), ["ready"; 3]);

    // The second version replaces the first, and is not taken for ready because that is.
    let mut other = web.clone();
    let template = &mut other.map_mut()["spec"]["template"];
    template["metadata"]["annotations"] = serde_json::json!({"version": "2"});
    let goal = apply(&cluster, &[other]).await;
    let followed = end(&cluster, goal, &ear, 120).await;
    assert_eq!(followed.verdict.outcome, End::Ready, "{:?}", followed.verdict);
    let rollout = &ear.snapshot().rollouts[0];
    assert_eq!(rollout.revisions[0].pods.iter().filter(|pod| pod.state == "ready").count(), 3, "{rollout:?}");
    assert!(ear.words().iter().all(|words| !words.contains("does not answer")), "{:?}", ear.words());
}

#[tokio::test]
async fn an_image_that_is_not_there_is_told_within_five_seconds_and_said_before() {
    let (tests, cluster) = (testing::Cluster::get().await, cluster().await);
    let (space, ear) = (tests.namespace().await, Ear::default());
    let image = format!("{}.nosuch", tests.image("busybox"));
    let goal = apply(&cluster, &[deployment(&space, "web", &image, 1)]).await;
    let since = goal.since;
    let followed = end(&cluster, goal, &ear, 60).await;
    let took = now() - since;
    assert_eq!(followed.verdict.cause, Some(Cause::ImagePull), "{:?}", followed.verdict);
    assert!(took < 5_000, "{took} ms");
    assert!(ear.words().iter().any(|words| words.contains("nosuch")), "{:?}", ear.words());
    assert!(ear.snapshot().events.iter().any(|event| event.text.contains("nosuch")));
}

#[tokio::test]
async fn what_is_not_wanted_any_more_is_cancelled_at_once_and_what_takes_too_long_times_out() {
    let (tests, cluster) = (testing::Cluster::get().await, cluster().await);
    let (space, ear) = (tests.namespace().await, Ear::default());
    let mut web = deployment(&space, "web", &tests.image("busybox"), 1);
    web.map_mut()["spec"]["template"]["spec"]["containers"][0]["command"] =
        serde_json::json!(["sh", "-c", "sleep 600"]);
    web.map_mut()["spec"]["template"]["spec"]["containers"][0]["readinessProbe"] =
        serde_json::json!({"exec": {"command": ["false"]}, "periodSeconds": 1});
    let goal = apply(&cluster, &[web]).await;
    let followed = follow(&cluster, goal.clone(), &ear, async { Stop::Cancelled }).await;
    assert_eq!(followed.verdict.cause, Some(Cause::Cancelled), "{:?}", followed.verdict);
    let followed = end(&cluster, goal, &ear, 6).await;
    assert_eq!(followed.verdict.cause, Some(Cause::ReadinessProbe), "{:?}", followed.verdict);
}

#[tokio::test]
async fn a_job_that_is_deleted_when_it_has_ended_well_is_ready() {
    let (tests, cluster) = (testing::Cluster::get().await, cluster().await);
    let (space, ear) = (tests.namespace().await, Ear::default());
    let job = serde_json::json!({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "once", "namespace": &*space},
        "spec": {"ttlSecondsAfterFinished": 0, "template": {"spec": {"restartPolicy": "Never",
            "containers": [{"name": "app", "image": tests.image("busybox"), "command": ["true"]}]}}}});
    let goal = apply(&cluster, &[Obj::new(job).unwrap()]).await;
    let key = goal.wants[0].key.clone();
    let followed = end(&cluster, goal, &ear, 60).await;
    assert_eq!(followed.verdict.outcome, End::Ready, "{:?}", followed.verdict);
    cluster.delete(&key, &Delete::default()).await.unwrap();
}

#[tokio::test]
async fn what_is_known_whole_is_not_forgotten_when_something_is_suspected() {
    let (tests, cluster) = (testing::Cluster::get().await, cluster().await);
    let (space, ear) = (tests.namespace().await, Ear::default());
    let service = serde_json::json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": &*space},
        "spec": {"selector": {"app": "web"}, "ports": [{"port": 80}]}});
    let mut web = deployment(&space, "web", &tests.image("web"), 1);
    web.map_mut()["spec"]["template"]["spec"]["containers"][0]["envFrom"] =
        serde_json::json!([{"configMapRef": {"name": "settings"}}]);
    let goal = apply(&cluster, &[Obj::new(service).unwrap(), web]).await;
    // What is missing comes within the grace, after names were looked at.
    let heal = async {
        tokio::time::sleep(Duration::from_secs(2)).await;
        let settings = serde_json::json!({"apiVersion": "v1", "kind": "ConfigMap",
            "metadata": {"name": "settings", "namespace": &*space}, "data": {"a": "1"}});
        cluster.apply(&Obj::new(settings).unwrap(), Apply::default()).await.unwrap();
    };
    let (followed, ()) = tokio::join!(end(&cluster, goal, &ear, 60), heal);
    assert_eq!(followed.verdict.outcome, End::Ready, "{:?} {:?}", followed.verdict, ear.words());
    assert!(ear.words().iter().all(|words| !words.contains("no address")), "{:?}", ear.words());
}
