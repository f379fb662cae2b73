//! Watches tell what is there and what changes, and speak of gaps.

use super::cluster;
use super::objects::{deployment, object};
use ansflow_kube::Kind;
use ansflow_kube::cluster::{Apply, Delete, News, Selector};
use ansflow_kube::facts::Deployment;
use ansflow_kube::object::Obj;
use ansflow_sim::testing;
use futures_util::{Stream, StreamExt as _};
use serde_json::json;
use std::pin::pin;
use std::time::Duration;

/// The next news; a watch that is silent for half a minute has failed.
async fn next<T>(watch: &mut (impl Stream<Item = News<T>> + Unpin)) -> News<T> {
    tokio::time::timeout(Duration::from_secs(30), watch.next()).await.unwrap().unwrap()
}

/// News of objects, in few words.
async fn told(watch: &mut (impl Stream<Item = News<Obj>> + Unpin)) -> String {
    match next(watch).await {
        News::Restarted(all) => {
            let mut names: Vec<&str> = all.iter().map(Obj::name).collect();
            names.sort_unstable();
            format!("restarted {}", names.join(" "))
        }
        News::Changed(object) => format!("changed {}", object.name()),
        News::Gone(head, last) => format!("gone {} {}", head.name, if last.is_some() { "seen" } else { "unseen" }),
        News::Unknown(why) => format!("unknown {}", why.code()),
        News::Known => "known".to_owned(),
    }
}

fn map(namespace: &str, name: &str) -> Obj {
    object(
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": namespace, "labels": {"a": "b"}}}),
    )
}

#[tokio::test]
async fn a_deployment_is_followed_until_it_is_ready() {
    let (tests, cluster) = (testing::Cluster::get().await, cluster().await);
    let space = tests.namespace().await;
    let kind = Kind::builtin("apps", "Deployment").unwrap();
    let mut watch = pin!(cluster.watch::<Deployment>(&kind, Some(&space), &Selector::all()));
    assert!(matches!(next(&mut watch).await, News::Restarted(all) if all.is_empty()));
    cluster.apply(&deployment(&space, "web", &tests.image("web"), 2), Apply::default()).await.unwrap();
    loop {
        let News::Changed(changed) = next(&mut watch).await else { panic!("only changes were expected") };
        if changed.status.available_replicas == 2 {
            break;
        }
    }
}

#[tokio::test]
async fn a_watch_tells_what_is_there_what_changes_and_what_goes() {
    let (cluster, space) = (cluster().await, testing::Cluster::get().await.namespace().await);
    let kind = Kind::builtin("", "ConfigMap").unwrap();
    cluster.create(&map(&space, "one"), false).await.unwrap();
    let mut watch = pin!(cluster.watch::<Obj>(&kind, Some(&space), &Selector::labels("a=b")));
    assert_eq!(told(&mut watch).await, "restarted one");
    cluster.create(&map(&space, "two"), false).await.unwrap();
    assert_eq!(told(&mut watch).await, "changed two");
    cluster.delete(&map(&space, "one").key(), &Delete::default()).await.unwrap();
    assert_eq!(told(&mut watch).await, "gone one seen");
}

#[tokio::test]
async fn simulated_what_went_while_a_version_was_forgotten_is_told_as_gone() {
    let tests = testing::Cluster::get().await;
    let Some(faults) = tests.simulated() else { return };
    let (cluster, space) = (cluster().await, tests.namespace().await);
    let kind = Kind::builtin("", "ConfigMap").unwrap();
    cluster.create(&map(&space, "one"), false).await.unwrap();
    cluster.create(&map(&space, "two"), false).await.unwrap();
    // The first watch ends after an event with 410, and the second is not begun until both are changed.
    faults.put(json!({"on": {"namespace": &*space, "verb": "watch", "resource": "configmaps"},
        "what": {"http": {"watch": {"events": 1, "end": "expired"}, "times": 1}}}));
    let mut watch = pin!(cluster.watch::<Obj>(&kind, Some(&space), &Selector::labels("a=b")));
    assert_eq!(told(&mut watch).await, "restarted one two");
    faults.put(json!({"on": {"namespace": &*space, "verb": "list", "resource": "configmaps"}, "what": {"http": {"status": 500, "times": 2}}}));
    cluster.create(&map(&space, "three"), false).await.unwrap();
    assert_eq!(told(&mut watch).await, "changed three");
    assert_eq!(told(&mut watch).await, "unknown 500");
    cluster.delete(&map(&space, "one").key(), &Delete::default()).await.unwrap();
    assert_eq!(told(&mut watch).await, "gone one unseen");
    assert_eq!(told(&mut watch).await, "restarted three two");
    assert_eq!(told(&mut watch).await, "known");
    cluster.create(&map(&space, "four"), false).await.unwrap();
    assert_eq!(told(&mut watch).await, "changed four");
}

#[tokio::test]
async fn simulated_a_watch_that_breaks_goes_on_where_it_ended_without_a_word() {
    let tests = testing::Cluster::get().await;
    let Some(faults) = tests.simulated() else { return };
    let (cluster, space) = (cluster().await, tests.namespace().await);
    let kind = Kind::builtin("", "ConfigMap").unwrap();
    for end in ["break", "close"] {
        faults.put(json!({"on": {"namespace": &*space, "verb": "watch", "resource": "configmaps"},
            "what": {"http": {"watch": {"events": 1, "end": end}, "times": 3}}}));
        let mut watch = pin!(cluster.watch::<Obj>(&kind, Some(&space), &Selector::labels("a=b")));
        assert!(told(&mut watch).await.starts_with("restarted"));
        for number in 0..6 {
            cluster.create(&map(&space, &format!("{end}-{number}")), false).await.unwrap();
            assert_eq!(told(&mut watch).await, format!("changed {end}-{number}"));
        }
        faults.clear();
    }
}

#[tokio::test]
async fn simulated_a_cluster_that_does_not_answer_is_told_once_and_asked_again() {
    let tests = testing::Cluster::get().await;
    let Some(faults) = tests.simulated() else { return };
    let (cluster, space) = (cluster().await, tests.namespace().await);
    let kind = Kind::builtin("", "ConfigMap").unwrap();
    faults.put(json!({"on": {"namespace": &*space, "resource": "configmaps", "verb": "list"}, "what": {"http": {"reset": true, "times": 4}}}));
    let mut watch = pin!(cluster.watch::<Obj>(&kind, Some(&space), &Selector::labels("a=b")));
    assert_eq!(told(&mut watch).await, "unknown 0");
    assert_eq!(told(&mut watch).await, "restarted ");
    assert_eq!(told(&mut watch).await, "known");
}
