//! Deletions.

use super::{Here, Told, late, up_after};
use ansflow_core::verdict::{Cause, End};
use ansflow_kube::delete::{How, delete};
use ansflow_kube::object::read_all;
use ansflow_kube::objects::What;
use serde_json::json;
use std::time::Duration;

fn how() -> How {
    How { wait: true, ..How::default() }
}

fn named(kind: &str, names: &[&str]) -> What {
    What::Named { kind: kind.to_owned(), names: names.iter().map(ToString::to_string).collect() }
}

async fn config_map(here: &Here, name: &str, finalizers: &[&str]) {
    let map = json!({ "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": { "name": name, "labels": { "app": "shop" }, "finalizers": finalizers } });
    here.make(&here.path("configmaps"), map).await;
}

#[tokio::test]
async fn a_pod_is_gone_when_the_step_ends() {
    let here = Here::new().await;
    here.pod("web", "sleep 3600").await;
    let told = Told::default();
    let verdict = delete(&here.cluster, &here.namespace, &named("pod", &["web"]), &how(), &told, late()).await;
    assert_eq!((verdict.outcome, verdict.summary.as_str()), (End::Ready, "Pod/web is gone"));
    assert!(told.all().contains("Pod/web: deleted"), "{}", told.all());
    assert_eq!(here.far.ask("GET", &format!("{}/web", here.path("pods")), None).await.0, 404);
}

#[tokio::test]
async fn nothing_is_deleted_where_one_is_missing_unless_that_is_allowed() {
    let here = Here::new().await;
    config_map(&here, "one", &[]).await;
    let both = named("cm", &["one", "two"]);
    let told = Told::default();
    let verdict = delete(&here.cluster, &here.namespace, &both, &how(), &told, late()).await;
    assert_eq!(verdict.summary, "ConfigMap/two cannot be deleted: there is none; nothing was deleted");
    assert_eq!(here.far.ask("GET", &format!("{}/one", here.path("configmaps")), None).await.0, 200);
    let ignoring = How { ignore_not_found: true, ..how() };
    let verdict = delete(&here.cluster, &here.namespace, &both, &ignoring, &told, late()).await;
    assert_eq!(verdict.summary, "ConfigMap/one is gone");
}

#[tokio::test]
async fn who_holds_an_object_is_named() {
    let here = Here::new().await;
    config_map(&here, "held", &["example.com/hold"]).await;
    let told = Told::default();
    let soon = up_after(Duration::from_secs(1));
    let verdict = delete(&here.cluster, &here.namespace, &named("cm", &["held"]), &how(), &told, soon).await;
    assert_eq!(verdict.cause, Some(Cause::Timeout));
    let held = "ConfigMap/held is held by the finalizer example.com/hold";
    assert!(verdict.summary.contains(held) && told.all().contains(&format!("waiting: {held}")), "{}", verdict.summary);
    let path = format!("{}/held", here.path("configmaps"));
    let (_, mut map) = here.far.ask("GET", &path, None).await;
    map["metadata"]["finalizers"] = json!([]);
    assert_eq!(here.far.ask("PUT", &path, Some(&map)).await.0, 200);
}

#[tokio::test]
async fn labels_choose_and_manifests_go_in_reverse_order() {
    let here = Here::new().await;
    config_map(&here, "one", &[]).await;
    config_map(&here, "two", &[]).await;
    let told = Told::default();
    let labels = What::Selected { kind: "configmaps".to_owned(), selector: "app=shop".to_owned() };
    let verdict = delete(&here.cluster, &here.namespace, &labels, &how(), &told, late()).await;
    assert_eq!(verdict.summary, "2 objects are gone");
    config_map(&here, "first", &[]).await;
    here.make(&here.path("secrets"), json!({ "apiVersion": "v1", "kind": "Secret", "metadata": { "name": "second" } }))
        .await;
    let text = "{ apiVersion: v1, kind: ConfigMap, metadata: { name: first } }\n---\n{ apiVersion: v1, kind: Secret, metadata: { name: second } }\n";
    let told = Told::default();
    let manifests = What::Objects(read_all(text).unwrap());
    delete(&here.cluster, &here.namespace, &manifests, &how(), &told, late()).await;
    assert!(told.all().starts_with("Secret/second: deleted\nConfigMap/first: deleted"), "{}", told.all());
}
