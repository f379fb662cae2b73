//! What an administrator sets for the whole server.

use serde_json::{Value as Json, json};

use crate::world::{Answer, TestApp};

/// Settings that can be put, with these instead of some of them.
pub(crate) fn input(with: &Json) -> Json {
    let mut all = json!({
        "base_url": null, "max_runs": 8, "steps_per_run": 4, "keep_runs_days": 90, "keep_workspaces_days": 7,
        "mail": null, "hook_secrets": {}
    });
    for (key, value) in with.as_object().unwrap() {
        all[key] = value.clone();
    }
    all
}

fn mail(with: &Json) -> Json {
    let mut mail = json!({
        "host": "mail.example.com", "port": 587, "security": "starttls", "username": "ci", "from": "ci@example.com",
        "password": null
    });
    for (key, value) in with.as_object().unwrap() {
        mail[key] = value.clone();
    }
    input(&json!({ "mail": mail }))
}

async fn put(app: &TestApp, known: &str, body: &Json) -> Answer {
    app.send(app.request("PUT", "/api/v1/settings").header("if-match", known).json(body)).await
}

#[tokio::test]
async fn settings_have_defaults_and_remember_who_read_what() {
    let app = TestApp::start().await;
    let first = app.get("/api/v1/settings").await;
    assert_eq!(first.header("etag"), "\"0\"");
    assert!(first.json["max_runs"].as_u64().unwrap() >= 8 && first.json["steps_per_run"].as_u64().unwrap() >= 4);
    assert_eq!((&first.json["keep_runs_days"], &first.json["mail"]), (&json!(90), &Json::Null));
    let body = input(&json!({ "base_url": "https://ci.example.com/", "max_runs": 3 }));
    let unread = app.put("/api/v1/settings", body.clone()).await;
    assert_eq!(unread.problem().0, 428);
    let set = put(&app, "\"0\"", &body).await;
    assert_eq!((set.status, set.header("etag")), (200, "\"1\""), "{}", set.text);
    assert_eq!((&set.json["base_url"], &set.json["max_runs"]), (&json!("https://ci.example.com"), &json!(3)));
    assert_eq!(put(&app, "\"0\"", &body).await.problem().0, 412);
    assert_eq!(app.get("/api/v1/settings").await.json, set.json);
}

#[tokio::test]
async fn ranges_and_texts_are_checked_by_name() {
    let app = TestApp::start().await;
    for (body, field) in [
        (input(&json!({ "max_runs": 0 })), "max_runs"),
        (input(&json!({ "max_runs": 1_001 })), "max_runs"),
        (input(&json!({ "max_runs": -1 })), "max_runs"),
        (input(&json!({ "steps_per_run": 257 })), "steps_per_run"),
        (input(&json!({ "keep_runs_days": 3_651 })), "keep_runs_days"),
        (input(&json!({ "base_url": "javascript:alert(1)" })), "base_url"),
        (input(&json!({ "base_url": "https://a\" onclick=x" })), "base_url"),
        (input(&json!({ "hook_secrets": { "sourcehut": "x" } })), "hook_secrets"),
        (mail(&json!({ "host": "a b" })), "mail.host"),
        (mail(&json!({ "port": 0 })), "mail.port"),
        (mail(&json!({ "port": 65_536 })), "mail.port"),
        (mail(&json!({ "from": "ci@example.com\r\nBcc: all@example.com" })), "mail.from"),
        (mail(&json!({ "ssl": true })), "mail.ssl"),
    ] {
        let answer = put(&app, "\"0\"", &body).await;
        assert_eq!(answer.status, 422, "{body}");
        assert!(answer.problem().2.starts_with(field), "{}", answer.text);
    }
    assert_eq!(app.get("/api/v1/settings").await.header("etag"), "\"0\"", "nothing was set");
}

#[tokio::test]
async fn what_is_sealed_stays_goes_and_never_moves() {
    let app = TestApp::start().await;
    let stored = async || app.store.settings(&app.keyring).get().await.unwrap();
    let password = async || stored().await.mail_password().unwrap().map(|password| password.as_str().to_owned());
    assert_eq!(put(&app, "\"0\"", &mail(&json!({ "password": "hunter22" }))).await.json["mail"]["has_password"], true);
    assert_eq!(password().await.as_deref(), Some("hunter22"));
    assert_eq!(put(&app, "\"1\"", &mail(&json!({ "from": "x@example.com" }))).await.status, 200);
    assert_eq!(password().await.as_deref(), Some("hunter22"), "null keeps it");
    for moved in [json!({ "host": "evil.example" }), json!({ "port": 25 })] {
        assert_eq!(put(&app, "\"2\"", &mail(&moved)).await.problem(), (422, "invalid", "mail.password"));
    }
    let hooks = input(&json!({ "hook_secrets": { "github": "one", "gitea": "two" } }));
    let set = put(&app, "\"2\"", &hooks).await;
    assert_eq!((&set.json["hook_secrets"], &set.json["mail"]), (&json!(["github", "gitea"]), &Json::Null));
    assert_eq!(password().await, None, "no mail server, no password");
    let fewer = put(&app, "\"3\"", &input(&json!({ "hook_secrets": { "github": "" } }))).await;
    assert_eq!(fewer.json["hook_secrets"], json!(["gitea"]));
    let gitea = stored().await.hook_secret(ansflow_store::settings::Forge::Gitea).unwrap().unwrap();
    assert_eq!(gitea.as_str(), "two");
}
