//! What every client relies on, over HTTP: objects, pages, watches, and what is gone.

use serde_json::{Value, json};

use crate::cluster::Cluster;

const MAPS: &str = "/api/v1/namespaces/quiet/configmaps";

/// A cluster with a namespace in which nobody has done anything yet.
async fn quiet() -> Cluster {
    let cluster = Cluster::start().await;
    cluster.post("/api/v1/namespaces", &json!({"metadata": {"name": "quiet"}})).await.expect(201);
    cluster
}

fn map(name: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "labels": {"set": "page"}}, "data": {"a": "1"}})
}

fn names(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|item| item["metadata"]["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn an_object_is_made_read_changed_and_deleted() {
    let cluster = quiet().await;
    let made = cluster.post(MAPS, &map("a")).await.expect(201);
    assert_eq!(made["metadata"]["managedFields"][0]["manager"], "ansflow");
    assert_eq!(cluster.get(&format!("{MAPS}/a")).await.expect(200), made);
    let again = cluster.post(MAPS, &map("a")).await.expect(409);
    assert_eq!(again["message"], "configmaps \"a\" already exists");

    let changed = cluster.merge(&format!("{MAPS}/a"), &json!({"data": {"a": "2"}})).await.expect(200);
    assert_eq!(changed["data"]["a"], "2");
    let same = cluster.merge(&format!("{MAPS}/a"), &json!({"data": {"a": "2"}})).await.expect(200);
    assert_eq!(same["metadata"]["resourceVersion"], changed["metadata"]["resourceVersion"]);
    let conflict = cluster.put(&format!("{MAPS}/a"), &made).await.expect(409);
    assert_eq!(conflict["reason"], "Conflict");

    let gone = cluster.delete(&format!("{MAPS}/a")).await.expect(200);
    assert_eq!(gone["status"], "Success");
    assert_eq!(cluster.get(&format!("{MAPS}/a")).await.expect(404)["message"], "configmaps \"a\" not found");
    cluster.sim.stop().await;
}

#[tokio::test]
async fn a_list_comes_in_pages_of_one_revision() {
    let cluster = quiet().await;
    for name in ["a", "b", "c"] {
        cluster.post(MAPS, &map(name)).await.expect(201);
    }
    let first = cluster.get(&format!("{MAPS}?limit=2")).await.expect(200);
    assert_eq!((names(&first), &first["metadata"]["remainingItemCount"]), (vec!["a", "b"], &json!(1)));
    cluster.delete(&format!("{MAPS}/c")).await.expect(200);
    let token = first["metadata"]["continue"].as_str().unwrap();
    let second = cluster.get(&format!("{MAPS}?limit=2&continue={token}")).await.expect(200);
    assert_eq!(names(&second), ["c"]);
    assert_eq!(second["metadata"]["resourceVersion"], first["metadata"]["resourceVersion"]);
    cluster.sim.stop().await;
}

#[tokio::test]
async fn a_watch_tells_what_was_there_and_what_changes_and_how_far_it_is() {
    let cluster = quiet().await;
    cluster.post(MAPS, &map("a")).await.expect(201);
    let made = cluster.post(MAPS, &map("b")).await.expect(201);
    cluster.merge(&format!("{MAPS}/b"), &json!({"metadata": {"labels": {"set": "other"}}})).await.expect(200);
    let from = made["metadata"]["resourceVersion"].as_str().unwrap();
    let told = cluster
        .watch(&format!("{MAPS}?watch=1&timeoutSeconds=1&resourceVersion={from}&labelSelector=set%3Dpage"))
        .await;
    assert_eq!(told.iter().map(|event| &event["type"]).collect::<Vec<_>>(), ["DELETED"]);

    let initial = "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
    let told = cluster.watch(&format!("{MAPS}?watch=1&timeoutSeconds=1&{initial}")).await;
    let types: Vec<&Value> = told.iter().map(|event| &event["type"]).collect();
    assert_eq!(types, ["ADDED", "ADDED", "BOOKMARK"]);
    assert_eq!(told[2]["object"]["metadata"]["annotations"]["k8s.io/initial-events-end"], "true");
    cluster.sim.stop().await;
}

#[tokio::test]
async fn what_the_log_no_longer_has_is_gone() {
    let cluster = quiet().await;
    let list = cluster.get(&format!("{MAPS}?resourceVersion=1&resourceVersionMatch=Exact")).await.expect(410);
    assert_eq!(list["message"], "The resourceVersion for the provided list is too old.");
    let told = cluster.watch(&format!("{MAPS}?watch=1&resourceVersion=1")).await;
    assert_eq!(told[0]["object"]["code"], 410);
    assert_eq!(cluster.get(&format!("{MAPS}?resourceVersion=999999")).await.expect(504)["reason"], "Timeout");
    cluster.sim.stop().await;
}
