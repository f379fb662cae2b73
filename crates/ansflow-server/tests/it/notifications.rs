//! Who is told of what, and that no address ever comes back.

use ansflow_store::messages::MessageStatus;
use ansflow_store::notifications::{Address, Notification};
use serde_json::{Value as Json, json};

use crate::world::{Answer, READ_ONLY, TestApp};

const LIST: &str = "/api/v1/notifications";
const TOKEN_URL: &str = "https://hooks.slack.com/services/T0/B0/t0ken-t0ken";

fn slack() -> Json {
    json!({ "name": "on call", "kind": "slack", "enabled": true, "events": ["failure", "recovered"], "pipelines": [],
        "url": TOKEN_URL, "signing_secret": null, "to": [] })
}

fn with(mut body: Json, changes: Json) -> Json {
    let Json::Object(changes) = changes else { unreachable!("tests change fields") };
    body.as_object_mut().unwrap().extend(changes);
    body
}

async fn add(app: &TestApp, body: Json) -> String {
    let answer = app.post(LIST, body).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    format!("{LIST}/{}", answer.json["id"].as_str().unwrap())
}

async fn put(app: &TestApp, path: &str, etag: &str, body: Json) -> Answer {
    app.send(app.request("PUT", path).header("If-Match", etag).json(&body)).await
}

/// What the engine would open.
async fn stored(app: &TestApp, path: &str) -> (Notification, Address) {
    let id = path.rsplit('/').next().unwrap();
    let stored = app.store.notifications().get(id).await.unwrap();
    let place = Notification::place(id, stored.version);
    let address = serde_json::from_str(&app.keyring.open_sealed(&place, &stored.sealed).unwrap()).unwrap();
    (stored, address)
}

#[tokio::test]
async fn a_notification_is_made_shown_changed_and_forgotten() {
    let app = TestApp::start().await;
    let path = add(&app, slack()).await;
    let shown = app.get(&path).await;
    assert_eq!((shown.status, shown.headers["etag"].to_str().unwrap()), (200, "\"1\""));
    let expected = json!({ "name": "on call", "kind": "slack", "enabled": true, "events": ["failure", "recovered"],
        "pipelines": [], "target": "https://hooks.slack.com", "has_signing_secret": false, "to": [],
        "updated_by": "mona", "last": null });
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(&shown.json[field], value, "{field}");
    }
    let changed = put(&app, &path, "\"1\"", with(slack(), json!({ "name": "night", "url": null }))).await;
    assert_eq!((changed.status, changed.headers["etag"].to_str().unwrap()), (200, "\"2\""));
    assert_eq!(
        (changed.json["name"].as_str(), changed.json["target"].as_str()),
        (Some("night"), Some("https://hooks.slack.com"))
    );
    assert_eq!(stored(&app, &path).await.1.url, TOKEN_URL);
    let list = app.get(LIST).await;
    assert_eq!((list.json["items"][0]["name"].as_str(), &list.json["next"]), (Some("night"), &Json::Null));
    assert_eq!(app.delete(&path).await.status, 204);
    assert_eq!((app.delete(&path).await.status, app.get(&path).await.status), (404, 404));
}

#[tokio::test]
async fn an_address_never_comes_back_and_is_not_stored_in_clear() {
    let app = TestApp::start().await;
    let secret = json!({ "kind": "webhook", "signing_secret": "s1gning-s1gning" });
    let path = add(&app, with(slack(), secret)).await;
    app.post(&format!("{path}/test"), json!({})).await;
    let refused = put(&app, &path, "\"1\"", with(slack(), json!({ "events": [] }))).await;
    assert_eq!(refused.status, 422);
    for answer in [app.get(LIST).await, app.get(&path).await, app.get(&format!("{path}/messages")).await, refused] {
        assert!(!answer.text.contains("t0ken") && !answer.text.contains("s1gning"), "{}", answer.text);
    }
    for file in ["ansflow.db", "ansflow.db-wal"] {
        let bytes = std::fs::read(app.files.root().join(file)).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("t0ken") && !text.contains("s1gning"), "{file}");
    }
    let (one, address) = stored(&app, &path).await;
    assert!(!format!("{one:?} {address:?}").contains("t0ken"));
    assert_eq!(address.signing_secret.as_deref(), Some("s1gning-s1gning"));
}

#[tokio::test]
async fn an_old_version_changes_nothing() {
    let app = TestApp::start().await;
    let path = add(&app, slack()).await;
    assert_eq!(app.put(&path, slack()).await.status, 428);
    assert_eq!(put(&app, &path, "\"1\"", slack()).await.status, 200);
    for etag in ["\"1\"", "W/\"2\"", "2", "\"3\""] {
        assert_eq!(put(&app, &path, etag, slack()).await.status, 412, "{etag}");
    }
    // As everywhere: whichever there is, or one of several.
    assert_eq!(put(&app, &path, "*", slack()).await.status, 200);
    assert_eq!(put(&app, &path, "\"9\", \"3\"", slack()).await.status, 200);
    assert_eq!(put(&app, &format!("{LIST}/ntf_none"), "\"1\"", slack()).await.status, 404);
}

#[tokio::test]
async fn each_kind_says_what_it_needs() {
    let app = TestApp::start().await;
    let check = async |changes: Json, field: &str| {
        let answer = app.post(LIST, with(slack(), changes.clone())).await;
        assert_eq!((answer.status, answer.json["field"].as_str()), (422, Some(field)), "{changes} {}", answer.text);
        assert!(!answer.text.contains("t0ken"), "{}", answer.text);
    };
    for url in [
        json!(null),
        json!(""),
        json!("ftp://example.com/t0ken"),
        json!("file:///etc/passwd"),
        json!("//example.com/t0ken"),
        json!("https://user:t0ken@example.com/"),
        json!("https:///t0ken"),
        json!("https://exa mple.com/t0ken"),
        json!("https://example.com/t0ken\r\nHost: evil"),
        json!(format!("https://example.com/{}", "t0ken".repeat(500))),
    ] {
        check(json!({ "url": url }), "url").await;
    }
    check(json!({ "events": [] }), "events").await;
    check(json!({ "events": ["explosion"] }), "events[0]").await;
    check(json!({ "kind": "pigeon" }), "kind").await;
    check(json!({ "colour": "red" }), "colour").await;
    check(json!({ "name": " " }), "name").await;
    check(json!({ "name": "a\nb" }), "name").await;
    check(json!({ "pipelines": ["pl_none"] }), "pipelines").await;
    check(json!({ "to": ["ops@example.com"] }), "to").await;
    check(json!({ "signing_secret": "t0ken" }), "signing_secret").await;
    let email = json!({ "kind": "email", "url": null });
    for to in [
        json!([]),
        json!(["ops"]),
        json!(["ops@"]),
        json!(["@example.com"]),
        json!(["Ops <ops@example.com>"]),
        json!(["ops@example.com, evil@example.com"]),
        json!(["ops@example.com\r\nBcc: evil@example.com"]),
        json!(["a@b@example.com"]),
    ] {
        check(with(email.clone(), json!({ "to": to })), "to").await;
    }
    check(with(email.clone(), json!({ "to": ["ops@example.com"], "url": TOKEN_URL })), "url").await;
    let path = add(&app, with(slack(), with(email, json!({ "to": [" ops@example.com ", "dev@example.com"] })))).await;
    assert_eq!(app.get(&path).await.json["target"], "ops@example.com, dev@example.com");
    check(json!({}), "name").await;
}

#[tokio::test]
async fn what_was_entered_for_one_service_is_not_handed_to_another() {
    let app = TestApp::start().await;
    let path = add(&app, with(slack(), json!({ "kind": "dingtalk", "signing_secret": "SECsecret" }))).await;
    let moved = put(&app, &path, "\"1\"", with(slack(), json!({ "kind": "feishu", "url": null }))).await;
    assert_eq!((moved.status, moved.json["field"].as_str()), (422, Some("url")));
    let kept = with(slack(), json!({ "kind": "dingtalk", "url": null }));
    assert_eq!(put(&app, &path, "\"1\"", kept.clone()).await.json["has_signing_secret"], true);
    let removed = put(&app, &path, "\"2\"", with(kept, json!({ "signing_secret": "" }))).await;
    assert_eq!((removed.status, &removed.json["has_signing_secret"]), (200, &json!(false)));
}

#[tokio::test]
async fn a_test_is_written_down_for_who_sends_and_may_be_tried_again() {
    let app = TestApp::start().await;
    let path = add(&app, with(slack(), json!({ "enabled": false }))).await;
    let mut news = app.store.changes().listen_to_all();
    let test = app.post(&format!("{path}/test"), json!({})).await;
    assert_eq!(
        (test.status, test.json["event"].as_str(), test.json["status"].as_str()),
        (202, Some("test"), Some("pending"))
    );
    news.changed().await;
    let id = test.json["id"].as_str().unwrap();
    let retry = format!("{path}/messages/{id}/retry");

    app.store.messages().failed(id, "answered 404", None).await.unwrap();
    let list = app.get(&format!("{path}/messages")).await;
    let shown = &list.json["items"][0];
    assert_eq!(
        (shown["status"].as_str(), shown["error"].as_str(), shown["attempts"].as_u64()),
        (Some("failed"), Some("answered 404"), Some(1))
    );
    assert_eq!((&shown["next_at"], &shown["run"]), (&Json::Null, &Json::Null));
    assert_eq!(app.get(&path).await.json["last"]["id"], id);

    let again = app.post(&retry, json!({})).await;
    assert_eq!(
        (again.status, again.json["status"].as_str(), again.json["attempts"].as_u64()),
        (202, Some("pending"), Some(0))
    );
    news.changed().await;
    app.store.messages().sent(id, app.now()).await.unwrap();
    assert_eq!(app.post(&retry, json!({})).await.status, 409);
    let notification = path.rsplit('/').next().unwrap();
    assert_eq!(app.store.messages().get(notification, id).await.unwrap().status, MessageStatus::Sent);
    for nowhere in [format!("{LIST}/ntf_none/test"), format!("{path}/messages/msg_none/retry")] {
        assert_eq!(app.post(&nowhere, json!({})).await.status, 404);
    }
    assert_eq!(app.get(&format!("{LIST}/ntf_none/messages")).await.status, 404);
}

#[tokio::test]
async fn lists_come_in_pages() {
    let app = TestApp::start().await;
    for name in ["a", "b", "c"] {
        add(&app, with(slack(), json!({ "name": name }))).await;
    }
    let names = |answer: &Answer| -> Vec<String> {
        answer.json["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect()
    };
    let first = app.get(&format!("{LIST}?limit=2")).await;
    let rest = app.get(&format!("{LIST}?limit=2&cursor={}", first.json["next"].as_str().unwrap())).await;
    assert_eq!((names(&first), names(&rest)), (vec!["a".into(), "b".into()], vec!["c".into()]));
    assert_eq!(rest.json["next"], Json::Null);
    assert_eq!(app.get(&format!("{LIST}?limit=0")).await.status, 422);

    let path = add(&app, with(slack(), json!({ "name": "d" }))).await;
    let mut sent = Vec::new();
    for _ in 0..3 {
        sent.insert(0, app.post(&format!("{path}/test"), json!({})).await.json["id"].clone());
    }
    let ids = |answer: &Answer| -> Vec<Json> {
        answer.json["items"].as_array().unwrap().iter().map(|item| item["id"].clone()).collect()
    };
    let first = app.get(&format!("{path}/messages?limit=2")).await;
    let rest = app.get(&format!("{path}/messages?limit=2&cursor={}", first.json["next"].as_str().unwrap())).await;
    assert_eq!([ids(&first), ids(&rest)].concat(), sent);
}

#[tokio::test]
async fn who_may_only_read_changes_nothing() {
    let app = TestApp::start().await;
    let path = add(&app, slack()).await;
    for (method, path, expected) in [
        ("GET", LIST.to_owned(), 200),
        ("GET", path.clone(), 200),
        ("GET", format!("{path}/messages"), 200),
        ("POST", LIST.to_owned(), 403),
        ("PUT", path.clone(), 403),
        ("DELETE", path.clone(), 403),
        ("POST", format!("{path}/test"), 403),
        ("POST", format!("{path}/messages/msg_1/retry"), 403),
    ] {
        let request = app.anonymous(method, &path).bearer_auth(READ_ONLY).header("If-Match", "\"1\"").json(&slack());
        assert_eq!(app.send(request).await.status, expected, "{method} {path}");
        let nobody = app.anonymous(method, &path).json(&slack());
        assert_eq!(app.send(nobody).await.status, 401, "{method} {path}");
    }
}
