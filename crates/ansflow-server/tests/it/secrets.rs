//! Secrets go in and never come out.

use ansflow_server::guard::table;
use serde_json::{Value as Json, json};

use crate::world::TestApp;

const VALUE: &str = "s3cr3t-VALUE-of-this-test";

#[tokio::test]
async fn a_secret_is_set_changed_and_removed() {
    let app = TestApp::start().await;
    let put = async |body: Json| app.put("/api/v1/secrets/DEPLOY_KEY", body).await;
    assert_eq!(put(json!({ "value": null, "description": "" })).await.problem(), (422, "invalid", "value"));
    assert_eq!(put(json!({ "value": VALUE, "description": "for ssh" })).await.status, 201);
    let kept = put(json!({ "value": null, "description": "for scp" })).await;
    assert_eq!((kept.status, kept.json["description"].as_str()), (200, Some("for scp")));
    assert_eq!(app.store.secrets(&app.keyring).values().await.unwrap()["DEPLOY_KEY"], VALUE);
    assert_eq!(put(json!({ "value": "other", "description": "" })).await.status, 200);
    assert_eq!(app.store.secrets(&app.keyring).values().await.unwrap()["DEPLOY_KEY"], "other");
    let list = app.get("/api/v1/secrets").await.json;
    assert_eq!((&list["items"][0]["name"], &list["items"][0]["updated_by"]), (&json!("DEPLOY_KEY"), &json!("mona")));
    assert_eq!(app.delete("/api/v1/secrets/DEPLOY_KEY").await.status, 204);
    assert_eq!(app.delete("/api/v1/secrets/DEPLOY_KEY").await.status, 404);
}

#[tokio::test]
async fn names_and_values_keep_their_rules() {
    let app = TestApp::start().await;
    for name in ["1A", "a-b", "a%20b", "%E5%AF%86", "a.b", &"x".repeat(101)] {
        let answer = app.put(&format!("/api/v1/secrets/{name}"), json!({ "value": "x", "description": "" })).await;
        assert_eq!(answer.problem(), (422, "invalid", "name"), "{name}");
    }
    for (value, status) in [(String::new(), 422), ("x".repeat(64 * 1_024), 201), ("x".repeat(64 * 1_024 + 1), 422)] {
        let answer = app.put("/api/v1/secrets/A", json!({ "value": value, "description": "" })).await;
        assert_eq!(answer.status, status, "{} bytes", value.len());
    }
    let huge = app.put("/api/v1/secrets/B", json!({ "value": "x".repeat(3 << 20), "description": "" })).await;
    assert_eq!(huge.problem().0, 413);
}

#[tokio::test]
async fn how_git_signs_in_is_bound_to_its_host() {
    let app = TestApp::start().await;
    let body = |host: &str, secret: Option<&str>| json!({ "host": host, "kind": "password", "username": "ci", "secret": secret });
    let made = app.post("/api/v1/git-credentials", body("https://Git.Example.com/", Some(VALUE))).await;
    assert_eq!((made.status, made.json["host"].as_str()), (201, Some("git.example.com")), "{}", made.text);
    let twice = app.post("/api/v1/git-credentials", body("git.example.com", Some(VALUE))).await;
    assert_eq!(twice.problem(), (422, "invalid", "host"));
    let path = format!("/api/v1/git-credentials/{}", made.json["id"].as_str().unwrap());
    let moved = app.put(&path, body("evil.example", None)).await;
    assert_eq!(moved.problem(), (422, "invalid", "secret"), "a stored password went to another host");
    assert_eq!(app.put(&path, body("git.example.com", None)).await.status, 200);
    assert_eq!(app.put(&path, body("other.example", Some("new"))).await.status, 200);
    let all = app.store.git_credentials(&app.keyring).all().await.unwrap();
    assert_eq!((all[0].about.host.as_str(), all[0].secret.as_str()), ("other.example", "new"));
    let lines = app.post("/api/v1/git-credentials", body("a.example", Some("a\nhost=evil.example"))).await;
    assert_eq!(lines.problem(), (422, "invalid", "secret"));
    let dash = app.post("/api/v1/git-credentials", body("-oProxyCommand=x", Some("x"))).await;
    assert_eq!(dash.problem(), (422, "invalid", "host"));
    assert_eq!(app.delete(&path).await.status, 204);
    assert_eq!(app.get("/api/v1/git-credentials").await.json["items"], json!([]));
}

/// Everything that is secret is put in by every way that there is; then every answer is looked through.
#[tokio::test]
async fn no_answer_and_no_line_of_the_log_has_a_secret() {
    let log = crate::log::listen();
    let app = TestApp::start().await;
    let of = |what: &str| format!("{VALUE}-{what}");
    let mut answers = String::new();
    let mut take = |answer: crate::world::Answer| {
        answers.push_str(&format!("{:?}\n{}\n", answer.headers, answer.text));
        answer
    };
    let secret = json!({ "value": of("secret"), "description": "d" });
    assert_eq!(take(app.put("/api/v1/secrets/A", secret).await).status, 201);
    let git = json!({ "host": "git.example.com", "kind": "password", "username": "ci", "secret": of("git") });
    let git = take(app.post("/api/v1/git-credentials", git).await);
    let key = json!({ "host": "ssh.example.com", "kind": "ssh_key", "username": "git", "secret": of("key") });
    assert_eq!(take(app.post("/api/v1/git-credentials", key).await).status, 201);
    let settings = crate::settings::input(&json!({
        "mail": { "host": "mail.example.com", "port": 587, "security": "starttls", "username": "ci", "from": "ci@example.com",
                  "password": of("mail") },
        "hook_secrets": { "github": of("hook") }
    }));
    let put = app.request("PUT", "/api/v1/settings").header("if-match", "\"0\"").json(&settings);
    assert_eq!(take(app.send(put).await).status, 200);
    for bad in [
        json!({ "value": of("bad") }),
        json!({ "value": of("bad"), "description": 1 }),
        json!({ "value": [of("bad")] }),
    ] {
        take(app.put("/api/v1/secrets/B", bad).await);
    }
    take(app.put("/api/v1/secrets/1", json!({ "value": of("bad"), "description": "" })).await);
    let login = json!({ "name": "mona", "password": of("password") });
    take(app.send(app.anonymous("POST", "/api/v1/auth/login").json(&login)).await);
    let id = git.json["id"].as_str().unwrap();
    for (method, route, _) in table() {
        let path = route.replace("{name}", "A").replace("{id}", id).replace(['{', '}', '*'], "");
        if method == "GET" {
            take(app.get(&path).await);
        }
    }
    app.log_in().await;
    let at = answers.find(VALUE).map(|at| &answers[at.saturating_sub(300)..]);
    assert_eq!(at, None, "a secret came back");
    for place in [app.files.database(), app.files.database().with_extension("db-wal")] {
        let stored = std::fs::read(place).unwrap_or_default();
        assert!(!stored.windows(VALUE.len()).any(|part| part == VALUE.as_bytes()), "a secret is stored as it is");
    }
    let log = log.text();
    for secret in [VALUE, crate::world::TOKEN, crate::world::PASSWORD] {
        assert!(!log.contains(secret), "`{secret}` is in the log");
    }
}
