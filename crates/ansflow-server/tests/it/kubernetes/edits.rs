//! Creating, editing, deleting.

use serde_json::json;

use super::Kube;

#[tokio::test]
async fn an_edit_shows_its_difference_first_and_conflicts_with_another() {
    let kube = Kube::start().await;
    kube.config_map("c", json!({ "a": "1" })).await;
    let object = kube.get("configmaps/c").await.json;
    let yaml = object["yaml"].as_str().unwrap().replace("a: \"1\"", "a: \"2\"");
    let mut edit = json!({ "yaml": yaml, "resource_version": object["resource_version"], "dry_run": true });
    let looked = kube.app.put(&kube.path("configmaps/c"), edit.clone()).await;
    assert!(looked.json["lines"].as_str().unwrap().contains("+  a: \"2\""), "{}", looked.text);
    assert_eq!(kube.get("configmaps/c").await.json["resource_version"], object["resource_version"]);
    edit["dry_run"] = json!(false);
    let saved = kube.app.put(&kube.path("configmaps/c"), edit.clone()).await;
    assert_eq!((saved.status, &saved.json["after"]), (200, &looked.json["after"]));
    assert_eq!(kube.app.put(&kube.path("configmaps/c"), edit).await.problem(), (409, "conflict", ""));
    let unread = kube.app.put(&kube.path("configmaps/c"), json!({ "yaml": "a: [" })).await;
    assert_eq!(unread.problem(), (422, "invalid", "yaml"));
}

#[tokio::test]
async fn objects_are_made_looked_at_and_deleted_and_each_is_written_down() {
    let kube = Kube::start().await;
    let yaml = "{ apiVersion: v1, kind: ConfigMap, metadata: { name: made }, data: { a: b } }";
    let looked = kube.post("objects", json!({ "yaml": yaml, "dry_run": true })).await;
    assert_eq!((looked.status, kube.get("configmaps/made").await.status), (200, 404), "{}", looked.text);
    let made = kube.post("configmaps", json!({ "yaml": yaml })).await;
    assert_eq!((made.status, &made.json["items"][0]["name"]), (201, &json!("made")), "{}", made.text);
    assert_eq!(kube.post("configmaps", json!({ "yaml": yaml })).await.problem(), (409, "conflict", ""));
    assert_eq!(kube.app.delete(&kube.path("configmaps/made?uid=another")).await.problem(), (409, "conflict", ""));
    assert_eq!(kube.app.delete(&kube.path("configmaps/made")).await.status, 204);
    assert_eq!(kube.app.delete(&kube.path("configmaps/made")).await.problem(), (404, "not_found", ""));
    let rows = kube.app.store.audit().list(Default::default(), 0, 50).await.unwrap();
    let made = rows.iter().find(|row| row.action == "object.create").unwrap();
    assert!(made.object.ends_with(": ConfigMap/made"), "{}", made.object);
    let told: Vec<String> = rows.into_iter().map(|row| row.action).collect();
    assert!(told.contains(&"object.create".to_owned()) && told.contains(&"object.delete".to_owned()), "{told:?}");
}
