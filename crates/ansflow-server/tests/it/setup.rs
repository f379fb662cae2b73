//! The first administrator: one, with the code, and nobody after that.

use futures_util::future::join_all;
use serde_json::{Value as Json, json};

use crate::world::{Answer, Start, TestApp};

async fn empty() -> TestApp {
    TestApp::start_with(Start { mona: false, ..Start::default() }).await
}

async fn set_up(app: &TestApp, body: Json) -> Answer {
    app.send(app.anonymous("POST", "/api/v1/auth/setup").json(&body)).await
}

fn ada(code: &str) -> Json {
    json!({ "code": code, "name": "ada", "password": "correct horse" })
}

#[tokio::test]
async fn who_has_the_code_becomes_the_administrator_and_is_signed_in() {
    let app = empty().await;
    assert_eq!(app.get("/api/v1/auth/state").await.json, json!({ "setup_required": true }));
    let answer = set_up(&app, ada("testCODE")).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    assert_eq!((&answer.json["name"], &answer.json["role"]), (&json!("ada"), &json!("admin")));
    let me = app.send(app.browser("GET", "/api/v1/auth/me", &answer.cookie())).await;
    assert_eq!(me.json["via"], "session");
    assert_eq!(app.get("/api/v1/auth/state").await.json, json!({ "setup_required": false }));
    let again = set_up(&app, ada("TEST-code")).await;
    assert_eq!(again.problem(), (409, "already_set_up", ""));
    let stored = app.store.people().by_name("ada").await.unwrap().unwrap().password;
    assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
}

#[tokio::test]
async fn ten_wrong_codes_are_enough_for_a_while() {
    let app = empty().await;
    for code in ["", "0", "test", "test-codes", "TEST_code", "te", "tes", "x", "y", "z"] {
        assert_eq!(set_up(&app, ada(code)).await.problem(), (422, "invalid", "code"), "{code}");
    }
    let refused = set_up(&app, ada("test-code")).await;
    assert_eq!(refused.problem(), (429, "too_many_requests", ""), "even the right one");
    let wait: i64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=900).contains(&wait), "{wait}");
    app.pass(wait);
    assert_eq!(set_up(&app, ada("test-code")).await.status, 201);
}

#[tokio::test]
async fn of_many_at_once_one_becomes_the_administrator() {
    let app = empty().await;
    let body =
        |number: usize| json!({ "code": "test-code", "name": format!("p{number}"), "password": "correct horse" });
    let answers = join_all((0..6).map(|number| set_up(&app, body(number)))).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409, 409, 409, 409]);
    assert_eq!(answers.iter().filter(|answer| !answer.header("set-cookie").is_empty()).count(), 1);
}

#[tokio::test]
async fn many_guesses_at_once_are_counted_too() {
    let app = empty().await;
    let answers = join_all((0..30).map(|number| set_up(&app, ada(&number.to_string())))).await;
    let guessed = answers.iter().filter(|answer| answer.status == 422).count();
    assert_eq!((guessed, answers.iter().filter(|answer| answer.status == 429).count()), (10, 20));
}

#[tokio::test]
async fn a_server_without_a_code_makes_nobody_an_administrator() {
    let mut start = Start { mona: false, ..Start::default() };
    start.config.setup_code = None;
    let app = TestApp::start_with(start).await;
    assert_eq!(set_up(&app, ada("")).await.problem(), (422, "invalid", "code"));
}

#[tokio::test]
async fn names_and_passwords_keep_their_rules() {
    let app = empty().await;
    for (field, name, password) in [
        ("name", "", "correct horse"),
        ("name", " ada", "correct horse"),
        ("name", "a\u{7}da", "correct horse"),
        ("name", &"x".repeat(65), "correct horse"),
        ("password", "ada", "123456789"),
        ("password", "ada", &"x".repeat(201)),
    ] {
        let answer = set_up(&app, json!({ "code": "test-code", "name": name, "password": password })).await;
        assert_eq!(answer.problem(), (422, "invalid", field), "{name:?} {password:?}");
        assert!(!answer.text.contains(password), "a password came back");
    }
}

#[tokio::test]
async fn fields_that_nobody_knows_and_fields_that_are_missing_are_named() {
    let app = empty().await;
    let mut body = ada("x");
    body["role"] = json!("owner");
    assert_eq!(set_up(&app, body).await.problem(), (422, "invalid", "role"));
    assert_eq!(set_up(&app, json!({ "code": "x", "name": "ada" })).await.problem(), (422, "invalid", "password"));
    assert_eq!(set_up(&app, json!({ "code": 1 })).await.problem(), (422, "invalid", "code"));
    assert_eq!(set_up(&app, json!([])).await.problem(), (422, "invalid", "body"));
}
