//! A Secret's values leave by one way, which is written down.

use serde_json::json;

use super::Kube;

#[tokio::test]
async fn values_are_shown_to_who_asks_for_them_by_name_and_nowhere_else() {
    let kube = Kube::start().await;
    kube.secret("db", json!({ "password": "hunter2-4711", "user": "shop" })).await;
    let everything = [
        kube.get("secrets").await.text,
        kube.get("secrets/db").await.text,
        kube.get("secrets/db?managed=true").await.text,
        kube.get("secrets/db/events").await.text,
        kube.get("objects?kind=Secret&version=v1").await.text,
        kube.get("objects/db?kind=Secret&version=v1").await.text,
    ];
    for text in &everything {
        assert!(!text.contains("4711") && !text.contains("aHVudGVyMi00NzEx"), "{text}");
    }
    assert!(everything[1].contains("<hidden: 12 bytes>"), "{}", everything[1]);
    let shown = kube.post("secrets/db/reveal", json!({ "keys": ["password"] })).await;
    assert_eq!(shown.json, json!({ "values": { "password": "hunter2-4711" } }), "{}", shown.text);
    assert_eq!(shown.header("cache-control"), "no-store");
    let rows = kube.app.store.audit().list(Default::default(), 0, 10).await.unwrap();
    let told = rows.iter().find(|row| row.action == "secret.reveal").unwrap();
    assert_eq!((told.actor.as_str(), told.object.as_str()), ("mona", "staging: Secret/db"));
    assert!(told.detail.contains("\"password\"") && !told.detail.contains("4711"), "{}", told.detail);
    assert_eq!(kube.post("secrets/db/reveal", json!({ "keys": [] })).await.problem(), (422, "invalid", "keys"));
    assert_eq!(kube.post("secrets/db/reveal", json!({ "keys": ["x"] })).await.problem(), (422, "invalid", "keys"));
}

#[tokio::test]
async fn an_edit_keeps_what_is_hidden_and_a_refusal_does_not_repeat_it() {
    let kube = Kube::start().await;
    kube.secret("db", json!({ "password": "hunter2-4711" })).await;
    let yaml = kube.get("secrets/db").await.json["yaml"].as_str().unwrap().to_owned();
    let edit = json!({ "yaml": yaml.replace("type: Opaque", "type: Opaque\nstringData:\n  token: fresh-0815") });
    let saved = kube.app.put(&kube.path("secrets/db"), edit).await;
    assert_eq!(saved.status, 200, "{}", saved.text);
    assert!(!saved.text.contains("4711") && !saved.text.contains("0815"), "{}", saved.text);
    let shown = kube.post("secrets/db/reveal", json!({ "keys": ["password", "token"] })).await.json;
    assert_eq!(shown["values"], json!({ "password": "hunter2-4711", "token": "fresh-0815" }));
    let bad = json!({ "yaml": yaml.replace("\"<hidden: 12 bytes>\"", "\"no base64! 0815\"") });
    let refused = kube.app.put(&kube.path("secrets/db"), bad).await;
    assert!((400..500).contains(&refused.status) && !refused.text.contains("0815"), "{}", refused.text);
}
