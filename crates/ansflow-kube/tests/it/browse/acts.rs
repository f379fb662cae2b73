//! Scale, restart, roll back, delete.

use super::{Here, kind};
use ansflow_kube::browse::act::{Scaled, delete, history, restart, roll_back, scale, suspend};
use ansflow_kube::browse::{Fault, overview};
use ansflow_kube::cluster::{Delete, Patch, Precondition};
use ansflow_kube::object::Obj;
use jiff::Timestamp;
use serde_json::json;

#[tokio::test]
async fn replicas_are_changed_where_as_many_are_wanted_as_somebody_saw() {
    let here = Here::new().await;
    here.deployment("web", 0).await;
    let key = kind("apps", "Deployment").key(Some(here.namespace()), "web");
    assert_eq!(scale(&here.cluster, &key, 2, Some(0)).await.unwrap(), Scaled { before: 0, after: 2 });
    let late = scale(&here.cluster, &key, 3, Some(0)).await.unwrap_err();
    assert_eq!(late.to_string(), "Deployment/web has changed since it was read: 2 replicas are wanted now, not 0");
    assert_eq!(scale(&here.cluster, &key, 2, None).await.unwrap(), Scaled { before: 2, after: 2 });
    let none = kind("apps", "Deployment").key(Some(here.namespace()), "none");
    assert!(scale(&here.cluster, &none, 2, None).await.unwrap_err().is_not_found());
    assert!(matches!(scale(&here.cluster, &key, -1, None).await, Err(Fault::Now(_))));
}

#[tokio::test]
async fn a_restart_is_a_new_revision_and_a_roll_back_goes_to_the_template_before() {
    let here = Here::new().await;
    here.deployment("web", 1).await;
    let key = kind("apps", "Deployment").key(Some(here.namespace()), "web");
    here.until(async |cluster| (history(cluster, &key).await.unwrap().len() == 1).then_some(())).await;
    restart(&here.cluster, &key, Timestamp::now()).await.unwrap();
    let revisions = here.until(async |cluster| {
        let found = history(cluster, &key).await.unwrap();
        (found.len() == 2 && found[0].number == 2 && found[0].current).then_some(found)
    });
    let revisions = revisions.await;
    assert!(revisions[0].template().to_string().contains("restartedAt") && !revisions[1].current);
    assert_eq!(roll_back(&here.cluster, &key, None).await.unwrap().number, 1);
    let now: Obj = here.cluster.get(&key).await.unwrap().unwrap();
    assert!(!now.map()["spec"].to_string().contains("restartedAt"));
    let back = here.until(async |cluster| {
        let found = history(cluster, &key).await.unwrap();
        (found[0].number == 3 && found[0].current).then_some(found)
    });
    assert_eq!(back.await.len(), 2);
    let refused = roll_back(&here.cluster, &key, Some(9)).await.err().unwrap();
    assert_eq!(refused.to_string(), "Deployment/web has no revision 9; there are: 3, 2");
    let refused = roll_back(&here.cluster, &key, Some(3)).await.err().unwrap();
    assert_eq!(refused.to_string(), "Deployment/web is at revision 3 already");
}

#[tokio::test]
async fn a_stateful_sets_revisions_are_its_controllers() {
    let here = Here::new().await;
    let path = format!("/apis/apps/v1/namespaces/{}/statefulsets", here.namespace());
    let set = json!({ "apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": { "name": "db" }, "spec": {
        "replicas": 1, "serviceName": "db", "selector": { "matchLabels": { "app": "db" } },
        "template": { "metadata": { "labels": { "app": "db" } }, "spec": { "containers": [{ "name": "app", "image": here.far.image("web") }] } } } });
    here.make(&path, set).await;
    let key = kind("apps", "StatefulSet").key(Some(here.namespace()), "db");
    here.until(async |cluster| (history(cluster, &key).await.unwrap().len() == 1).then_some(())).await;
    restart(&here.cluster, &key, Timestamp::now()).await.unwrap();
    here.until(async |cluster| (history(cluster, &key).await.unwrap().len() == 2).then_some(())).await;
    assert_eq!(roll_back(&here.cluster, &key, Some(1)).await.unwrap().number, 1);
    let now: Obj = here.cluster.get(&key).await.unwrap().unwrap();
    assert!(!now.map()["spec"].to_string().contains("restartedAt"));
}

#[tokio::test]
async fn what_is_paused_or_not_rolled_out_says_so() {
    let here = Here::new().await;
    here.deployment("web", 0).await;
    let key = kind("apps", "Deployment").key(Some(here.namespace()), "web");
    here.cluster.patch(&key, &Patch::Merge(json!({ "spec": { "paused": true } })), false).await.unwrap();
    for refused in [
        restart(&here.cluster, &key, Timestamp::now()).await.err().unwrap(),
        roll_back(&here.cluster, &key, None).await.err().unwrap(),
    ] {
        assert!(refused.to_string().starts_with("Deployment/web is paused; "), "{refused}");
    }
    here.config_map("c", json!({})).await;
    let map = kind("", "ConfigMap").key(Some(here.namespace()), "c");
    let refused = restart(&here.cluster, &map, Timestamp::now()).await.err().unwrap();
    assert!(refused.to_string().contains("is not rolled out"), "{refused}");
    assert!(suspend(&here.cluster, &map, true).await.is_err());
}

#[tokio::test]
async fn only_the_object_that_is_meant_is_deleted() {
    let here = Here::new().await;
    here.config_map("c", json!({})).await;
    let key = kind("", "ConfigMap").key(Some(here.namespace()), "c");
    let of =
        |uid: &str| Delete { only: Precondition { uid: Some(uid.to_owned()), version: None }, ..Delete::default() };
    assert!(matches!(delete(&here.cluster, &key, &of("another")).await, Err(Fault::Stale { .. })));
    delete(&here.cluster, &key, &Delete::default()).await.unwrap();
    assert!(delete(&here.cluster, &key, &Delete::default()).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn an_overview_counts_what_there_is_and_names_what_is_in_trouble() {
    let here = Here::new().await;
    here.deployment("web", 0).await;
    let key = kind("apps", "Deployment").key(Some(here.namespace()), "web");
    here.cluster.patch(&key, &Patch::Merge(json!({ "spec": { "paused": true, "replicas": 2 } })), false).await.unwrap();
    let seen = here.until(async |cluster| {
        let seen = overview::overview(cluster, Some(here.namespace()), Timestamp::now()).await.unwrap();
        (seen.health["stuck"] == 1).then_some(seen)
    });
    let seen = seen.await;
    assert_eq!((seen.counts["deployments"], seen.counts["services"]), (Some(1), Some(0)));
    assert_eq!((seen.troubled[0].0, &*seen.troubled[0].1.name), ("Deployment", "web"));
    assert!(seen.nodes.is_some_and(|nodes| !nodes.is_empty()) && seen.unseen.is_empty());
}
