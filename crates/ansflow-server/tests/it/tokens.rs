//! API tokens: shown once, no stronger than who made them, over when they are.

use serde_json::{Value as Json, json};

use crate::world::{Answer, READ_ONLY, TestApp};

const DAY: i64 = 24 * 3_600;

async fn make(app: &TestApp, by: &str, days: Option<u32>, read_only: bool) -> Answer {
    let body = json!({ "name": "robot", "expires_in_days": days, "read_only": read_only });
    app.send(app.anonymous("POST", "/api/v1/tokens").bearer_auth(by).json(&body)).await
}

async fn me(app: &TestApp, token: &str) -> Answer {
    app.send(app.anonymous("GET", "/api/v1/auth/me").bearer_auth(token)).await
}

fn token(answer: &Answer) -> String {
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.json["token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_token_is_shown_once_and_works_until_it_is_removed() {
    let app = TestApp::start().await;
    let made = make(&app, crate::world::TOKEN, None, false).await;
    let secret = token(&made);
    assert_eq!(made.header("cache-control"), "no-store");
    assert_eq!(made.json["view"]["hint"].as_str().unwrap(), &secret[..9]);
    assert_eq!(me(&app, &secret).await.json["via"], "token");
    let list = app.get("/api/v1/tokens").await;
    assert!(!list.text.contains(&secret[9..]), "the token came back");
    assert!(list.json["items"].as_array().unwrap().iter().any(|item| item["name"] == "robot"));
    let id = made.json["view"]["id"].as_str().unwrap();
    assert_eq!(app.delete(&format!("/api/v1/tokens/{id}")).await.status, 204);
    assert_eq!(app.delete(&format!("/api/v1/tokens/{id}")).await.status, 404);
    assert_eq!(me(&app, &secret).await.status, 401);
    let database = std::fs::read(app.files.database()).unwrap();
    assert!(!database.windows(secret.len()).any(|part| part == secret.as_bytes()), "the token is stored");
}

#[tokio::test]
async fn a_token_ends_on_its_day_and_no_other_made_with_it_outlives_it() {
    let app = TestApp::start().await;
    let short = token(&make(&app, crate::world::TOKEN, Some(1), false).await);
    assert_eq!(make(&app, &short, Some(2), true).await.problem(), (403, "forbidden", ""));
    let child = token(&make(&app, &short, Some(1), false).await);
    let unasked = token(&make(&app, &short, None, false).await);
    app.pass(DAY - 1);
    assert_eq!((me(&app, &child).await.status, me(&app, &unasked).await.status), (200, 200));
    app.pass(1);
    for token in [short, child, unasked] {
        assert_eq!(me(&app, &token).await.status, 401);
    }
}

#[tokio::test]
async fn a_token_that_may_only_read_makes_no_token() {
    let app = TestApp::start().await;
    assert_eq!(make(&app, READ_ONLY, Some(1), true).await.problem(), (403, "forbidden", ""));
    assert_eq!(me(&app, READ_ONLY).await.json["read_only"], true);
}

#[tokio::test]
async fn what_a_token_is_to_be_keeps_its_rules() {
    let app = TestApp::start().await;
    for (body, field) in [
        (json!({ "name": " ", "expires_in_days": null, "read_only": true }), "name"),
        (json!({ "name": "x".repeat(101), "expires_in_days": null, "read_only": true }), "name"),
        (json!({ "name": "x", "expires_in_days": 0, "read_only": true }), "expires_in_days"),
        (json!({ "name": "x", "expires_in_days": 3_651, "read_only": true }), "expires_in_days"),
        (json!({ "name": "x", "expires_in_days": 1 }), "read_only"),
        (json!({ "name": "x", "read_only": false, "admin": true }), "admin"),
    ] {
        assert_eq!(app.post("/api/v1/tokens", body.clone()).await.problem(), (422, "invalid", field), "{body}");
    }
}

#[tokio::test]
async fn use_is_written_down_once_a_minute() {
    let app = TestApp::start().await;
    let used = async || {
        let list = app.get("/api/v1/tokens").await;
        list.json["items"].as_array().unwrap().iter().find(|item| item["id"] == "tok_all").unwrap()["used_at"].clone()
    };
    let first = used().await;
    assert_ne!(first, Json::Null);
    app.pass(59);
    assert_eq!(used().await, first);
    app.pass(1);
    assert_ne!(used().await, first);
}

#[tokio::test]
async fn tokens_come_in_pages() {
    let app = TestApp::start().await;
    for _ in 0..3 {
        make(&app, crate::world::TOKEN, None, true).await;
    }
    let (mut seen, mut path) = (Vec::new(), "/api/v1/tokens?limit=2".to_owned());
    loop {
        let page = app.get(&path).await.json;
        seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].to_string()));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/api/v1/tokens?limit=2&cursor={next}");
    }
    let mut once = seen.clone();
    once.dedup();
    assert_eq!((seen.len(), once.len()), (5, 5));
    assert_eq!(app.get("/api/v1/tokens?limit=0").await.problem(), (422, "invalid", "limit"));
}
