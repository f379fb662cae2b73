//! Numbers of pods.

use super::{Here, Told, late};
use ansflow_core::spec::{K8sScale, Place};
use ansflow_core::verdict::{Cause, End};
use ansflow_kube::scale::scale;
use serde_json::json;

fn to(replicas: u32) -> K8sScale {
    let place = Place::default();
    let (kind, name) = ("deployment".to_owned(), "web".to_owned());
    K8sScale { place, kind, name, replicas, current: None, wait: true, timeout_ms: 60_000 }
}

async fn deployment(here: &Here, replicas: u32) {
    let path = format!("/apis/apps/v1/namespaces/{}/deployments", &*here.namespace);
    let labels = json!({ "app": "web" });
    let deployment = json!({ "apiVersion": "apps/v1", "kind": "Deployment", "metadata": { "name": "web" }, "spec": {
        "replicas": replicas, "selector": { "matchLabels": labels },
        "template": { "metadata": { "labels": labels }, "spec": { "terminationGracePeriodSeconds": 1,
            "containers": [{ "name": "app", "image": here.far.image("web") }] } } } });
    here.make(&path, deployment).await;
}

async fn pods(here: &Here) -> usize {
    let (_, list) = here.far.ask("GET", &format!("{}?labelSelector=app%3Dweb", here.path("pods")), None).await;
    list["items"].as_array().unwrap().len()
}

#[tokio::test]
async fn a_deployment_is_scaled_up_until_it_is_ready_and_down_until_the_last_pod_is_gone() {
    let here = Here::new().await;
    deployment(&here, 1).await;
    let told = Told::default();
    let verdict = scale(&here.cluster, &here.namespace, &to(3), &told, late()).await.verdict;
    assert_eq!((verdict.outcome, pods(&here).await), (End::Ready, 3), "{}", verdict.summary);
    let again = scale(&here.cluster, &here.namespace, &to(3), &told, late()).await.verdict;
    assert!(again.outcome == End::Ready && told.all().contains("Deployment/web: already 3"), "{}", told.all());
    let verdict = scale(&here.cluster, &here.namespace, &to(0), &told, late()).await.verdict;
    assert_eq!((verdict.outcome, pods(&here).await), (End::Ready, 0), "{}", verdict.summary);
}

#[tokio::test]
async fn where_another_number_is_meant_nothing_is_changed() {
    let here = Here::new().await;
    deployment(&here, 1).await;
    let told = Told::default();
    let meant = K8sScale { current: Some(2), ..to(3) };
    let verdict = scale(&here.cluster, &here.namespace, &meant, &told, late()).await.verdict;
    assert_eq!(verdict.cause, Some(Cause::FieldConflict));
    assert_eq!(verdict.summary, "Deployment/web was to have 2 replicas before it is scaled, and has 1");
    let none = K8sScale { name: "none".to_owned(), ..to(3) };
    let verdict = scale(&here.cluster, &here.namespace, &none, &told, late()).await.verdict;
    assert!(verdict.summary.starts_with("Deployment/none cannot be scaled: there is none"), "{}", verdict.summary);
}
