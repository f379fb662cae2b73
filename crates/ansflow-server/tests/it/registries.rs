//! Image registries: kept, changed by who may, and their passwords shown to nobody.

mod asked;
mod far;
mod pipelines;

use serde_json::{Value as Json, json};

use self::far::Far;
use crate::world::{Answer, READ_ONLY, TestApp};

const LIST: &str = "/api/v1/docker/registries";
const PASSWORD: &str = "p4ssw0rd-of-this-test";

fn harbor() -> Json {
    json!({ "name": "harbor", "kind": "harbor", "address": "https://Harbor.example.com/team/", "insecure": false,
        "username": "robot", "password": PASSWORD })
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

/// A registry at a port of this machine.
async fn add_far(app: &TestApp, port: u16, password: Option<&str>) -> String {
    let username = if password.is_some() { "robot" } else { "" };
    let address = format!("127.0.0.1:{port}");
    let body = json!({ "name": address, "kind": "private", "address": address, "insecure": false,
        "username": username, "password": password });
    add(app, body).await
}

async fn put(app: &TestApp, path: &str, etag: &str, body: Json) -> Answer {
    app.send(app.request("PUT", path).header("If-Match", etag).json(&body)).await
}

#[tokio::test]
async fn a_registry_is_made_shown_changed_and_forgotten() {
    let app = TestApp::start().await;
    let path = add(&app, harbor()).await;
    let shown = app.get(&path).await;
    assert_eq!((shown.status, shown.header("etag")), (200, "\"1\""));
    let expected = json!({ "name": "harbor", "kind": "harbor", "address": "harbor.example.com/team", "insecure": false,
        "username": "robot", "has_password": true, "is_default": false, "last_check": null, "updated_by": "mona" });
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(&shown.json[field], value, "{field}");
    }
    let changed = put(&app, &path, "\"1\"", with(harbor(), json!({ "name": "new", "password": null }))).await;
    assert_eq!((changed.status, changed.header("etag")), (200, "\"2\""), "{}", changed.text);
    assert_eq!((&changed.json["name"], &changed.json["has_password"]), (&json!("new"), &json!(true)));
    assert_eq!(put(&app, &path, "\"1\"", harbor()).await.problem(), (412, "stale", ""));
    assert_eq!(app.put(&path, harbor()).await.status, 428);
    add(&app, with(harbor(), json!({ "name": "a" }))).await;
    let list = app.get(&format!("{LIST}?limit=1")).await.json;
    assert_eq!((&list["items"][0]["name"], &list["next"]), (&json!("a"), &json!("a")));
    let rest = app.get(&format!("{LIST}?cursor=a")).await.json;
    assert_eq!((&rest["items"][0]["name"], &rest["next"]), (&json!("new"), &Json::Null));
    let taken = put(&app, &path, "*", with(harbor(), json!({ "name": "a", "password": null }))).await;
    assert_eq!(taken.problem(), (422, "invalid", "name"));
    assert_eq!(app.delete(&path).await.status, 204);
    assert_eq!((app.delete(&path).await.status, app.get(&path).await.status), (404, 404));
}

#[tokio::test]
async fn a_password_is_shown_nowhere_and_not_stored_in_clear() {
    let app = TestApp::start().await;
    let path = add(&app, with(harbor(), json!({ "address": format!("127.0.0.1:{}", Far::gone()) }))).await;
    let refused = put(&app, &path, "\"1\"", with(harbor(), json!({ "name": "" }))).await;
    let answers = [
        app.get(LIST).await,
        app.get(&path).await,
        app.post(&format!("{path}/test-connection"), json!({})).await,
        app.get(&format!("{path}/repositories")).await,
        app.post(&format!("{path}/set-default"), json!({})).await,
        app.post(LIST, harbor()).await,
        refused,
    ];
    for answer in answers {
        assert!(!answer.text.contains("p4ssw0rd"), "{}", answer.text);
    }
    for file in ["ansflow.db", "ansflow.db-wal"] {
        let bytes = std::fs::read(app.files.root().join(file)).unwrap_or_default();
        assert!(!String::from_utf8_lossy(&bytes).contains("p4ssw0rd"), "{file}");
    }
    let opened = app.store.registries(&app.keyring).all().await.unwrap();
    assert_eq!(opened[0].password.as_ref().unwrap().as_str(), PASSWORD);
}

#[tokio::test]
async fn a_stored_password_follows_no_change_of_address() {
    let app = TestApp::start().await;
    let path = add(&app, harbor()).await;
    for change in [
        json!({ "address": "evil.example" }),
        json!({ "insecure": true }),
        json!({ "address": "http://harbor.example.com" }),
    ] {
        let moved = put(&app, &path, "\"1\"", with(with(harbor(), json!({ "password": null })), change.clone())).await;
        assert_eq!(moved.problem(), (422, "invalid", "password"), "{change}");
    }
    let path_only = with(harbor(), json!({ "password": null, "address": "harbor.example.com/other" }));
    assert_eq!(put(&app, &path, "\"1\"", path_only).await.status, 200);
    let nobody = with(harbor(), json!({ "password": null, "username": "", "address": "evil.example" }));
    let left = put(&app, &path, "\"2\"", nobody).await;
    assert_eq!((left.status, &left.json["has_password"]), (200, &json!(false)), "nobody signs in there");
}

#[tokio::test]
async fn each_field_says_what_is_wrong_with_it() {
    let app = TestApp::start().await;
    for (changes, field) in [
        (json!({ "name": " " }), "name"),
        (json!({ "name": "a\nb" }), "name"),
        (json!({ "name": "a\u{0}b" }), "name"),
        (json!({ "name": "default" }), "name"),
        (json!({ "name": "reg_1" }), "name"),
        (json!({ "name": "{{ secrets.X }}" }), "name"),
        (json!({ "kind": "quay" }), "kind"),
        (json!({ "address": "" }), "address"),
        (json!({ "address": "https://robot:p4ssw0rd@harbor.example.com" }), "address"),
        (json!({ "address": "ftp://harbor.example.com" }), "address"),
        (json!({ "address": "harbor.example.com/UPPER" }), "address"),
        (json!({ "address": "harbor.example.com\u{0}" }), "address"),
        (json!({ "kind": "dockerhub" }), "address"),
        (json!({ "kind": "dockerhub", "address": "", "insecure": true }), "insecure"),
        (json!({ "username": "ro:bot" }), "username"),
        (json!({ "username": "ro\r\nbot" }), "username"),
        (json!({ "username": "" }), "username"),
        (json!({ "password": null }), "password"),
        (json!({ "password": "" }), "password"),
        (json!({ "password": "a\u{0}p4ssw0rd" }), "password"),
        (json!({ "password": "p4ssw0rd".repeat(9_000) }), "password"),
        (json!({ "default": true }), "default"),
    ] {
        let answer = app.post(LIST, with(harbor(), changes.clone())).await;
        let shown: String = changes.to_string().chars().take(80).collect();
        assert_eq!(answer.problem(), (422, "invalid", field), "{shown} {}", answer.text);
        assert!(!answer.text.contains("p4ssw0rd"), "{}", answer.text);
    }
    assert_eq!(app.get(LIST).await.json["items"], json!([]));
    let hub = with(harbor(), json!({ "kind": "dockerhub", "address": "" }));
    let path = add(&app, hub).await;
    assert_eq!(app.get(&path).await.json["address"], "docker.io");
    let http = with(harbor(), json!({ "name": "http", "address": "http://harbor.example.com" }));
    let path = add(&app, http).await;
    assert_eq!(app.get(&path).await.json["insecure"], true);
}

#[tokio::test]
async fn one_is_the_default_and_only_who_administers_says_which() {
    let app = TestApp::start().await;
    let (first, second) = (add(&app, harbor()).await, add(&app, with(harbor(), json!({ "name": "b" }))).await);
    for path in [&first, &second] {
        assert_eq!(app.post(&format!("{path}/set-default"), json!({})).await.json["is_default"], true);
    }
    assert_eq!(app.get(&first).await.json["is_default"], false);
    for (method, path) in [
        ("POST", format!("{first}/set-default")),
        ("POST", format!("{first}/test-connection")),
        ("DELETE", first.clone()),
    ] {
        let answer = app.send(app.anonymous(method, &path).bearer_auth(READ_ONLY).json(&json!({}))).await;
        assert_eq!(answer.status, 403, "{method} {path}");
    }
    assert_eq!(app.send(app.anonymous("GET", &first).bearer_auth(READ_ONLY)).await.status, 200);
    assert_eq!(app.post(&format!("{LIST}/reg_none/set-default"), json!({})).await.problem().0, 404);
    assert_eq!(app.get(&second).await.json["is_default"], true, "what failed changed nothing");
}
