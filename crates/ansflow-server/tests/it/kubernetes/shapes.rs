//! What the pages are built on: examples of answers, which `UPDATE_EXPECT=1` writes, and whose fields stay as they are.

use serde_json::{Value as Json, json};

use super::Kube;
use super::streams::Events;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/src/lib/__fixtures__/kube");

/// The names of all fields, with their places.
fn fields(value: &Json, place: &str, found: &mut std::collections::BTreeSet<String>) {
    match value {
        // Labels and counts are named by others.
        Json::Object(map) if !["/labels", "/why_not", "/values"].contains(&place) => {
            for (name, inner) in map {
                found.insert(format!("{place}/{name}"));
                fields(inner, &format!("{place}/{name}"), found);
            }
        }
        Json::Array(items) => items.iter().take(1).for_each(|item| fields(item, &format!("{place}/-"), found)),
        _ => {}
    }
}

fn check(name: &str, answer: &Json) {
    let path = format!("{FOLDER}/{name}.json");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::create_dir_all(FOLDER).unwrap();
        std::fs::write(&path, serde_json::to_string_pretty(answer).unwrap() + "\n").unwrap();
    }
    let stored: Json = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    let (mut known, mut found) = Default::default();
    fields(&stored, "", &mut known);
    fields(answer, "", &mut found);
    assert_eq!(found, known, "{name}: run this test with UPDATE_EXPECT=1, and tell the pages");
}

#[tokio::test]
async fn answers_have_the_fields_that_the_pages_know() {
    let kube = Kube::start().await;
    kube.deployment("web", 2).await;
    kube.secret("db", json!({ "password": "x" })).await;
    let object = kube.until("deployments/web", |object| object["state"] == "ready").await;
    check("object", &object);
    check("objects", &kube.get("pods").await.json);
    check("secret", &kube.get("secrets/db").await.json);
    check("reveal", &kube.post("secrets/db/reveal", json!({ "keys": ["password"] })).await.json);
    check("history", &kube.get("deployments/web/history").await.json);
    let edit =
        json!({ "yaml": object["yaml"].as_str().unwrap().replace("replicas: 2", "replicas: 3"), "dry_run": true });
    check("edit", &kube.app.put(&kube.path("deployments/web"), edit).await.json);
    let overview = format!("/api/v1/kubernetes/clusters/staging/overview?namespace={}", kube.namespace());
    check("overview", &kube.app.get(&overview).await.json);
    check("rows", &Events::open(&kube, "pods/stream").await.next().await.1);
}
