//! Signing in, and staying so.

use serde_json::{Value as Json, json};

use crate::world::{Answer, PASSWORD, Start, TestApp};

const MINUTE: i64 = 60;
const DAY: i64 = 24 * 3_600;

async fn log_in(app: &TestApp, name: &str, password: &str) -> Answer {
    let body = json!({ "name": name, "password": password });
    app.send(app.anonymous("POST", "/api/v1/auth/login").json(&body)).await
}

async fn me(app: &TestApp, cookie: &str) -> u16 {
    app.send(app.browser("GET", "/api/v1/auth/me", cookie)).await.status
}

/// How many passwords were checked since the start.
async fn checks(app: &TestApp) -> u64 {
    let text = app.get("/metrics").await.text;
    text.lines().find_map(|line| line.strip_prefix("ansflow_password_checks_total ")?.parse().ok()).unwrap()
}

#[tokio::test]
async fn a_wrong_name_and_a_wrong_password_look_the_same_and_cost_the_same() {
    let app = TestApp::start().await;
    let mut seen: Vec<Json> = Vec::new();
    for (name, password) in [("mona", "wrong password"), ("nobody", PASSWORD), (&"x".repeat(1_000), PASSWORD), ("", "")]
    {
        let before = checks(&app).await;
        let mut answer = log_in(&app, name, password).await;
        assert_eq!((answer.status, answer.header("set-cookie")), (401, ""));
        assert_eq!(checks(&app).await - before, 1, "`{name}` was answered without the work");
        answer.json["request_id"] = Json::Null;
        seen.push(answer.json);
    }
    assert!(seen.iter().all(|answer| *answer == seen[0]), "{seen:?}");
}

#[tokio::test]
async fn a_cookie_is_out_of_reach_of_scripts_and_of_other_sites() {
    let app = TestApp::start().await;
    let cookie = log_in(&app, "mona", PASSWORD).await.header("set-cookie").to_owned();
    let (value, flags) = cookie.split_once(';').unwrap();
    assert_eq!(flags, " Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax");
    assert_eq!(value.strip_prefix("ansflow_session=").unwrap().len(), 43, "256 bits");

    let mut start = Start::default();
    start.config.secure_cookies = true;
    let app = TestApp::start_with(start).await;
    let answer = log_in(&app, "mona", PASSWORD).await;
    assert!(answer.header("set-cookie").starts_with("__Host-ansflow_session="));
    assert!(answer.header("set-cookie").ends_with("; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure"));
    let cookie = answer.cookie();
    assert_eq!(me(&app, &cookie).await, 200);
    let unprefixed = cookie.trim_start_matches("__Host-").to_owned();
    assert_eq!(me(&app, &unprefixed).await, 401, "a neighbour's page could set a cookie without the prefix");
}

#[tokio::test]
async fn a_session_that_somebody_else_has_put_there_is_not_taken_over() {
    let app = TestApp::start().await;
    let planted = "ansflow_session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let body = json!({ "name": "mona", "password": PASSWORD });
    let login = app.browser("POST", "/api/v1/auth/login", planted).json(&body);
    let first = app.send(login).await.cookie();
    assert_ne!(first, planted);
    assert_eq!((me(&app, planted).await, me(&app, &first).await), (401, 200));
    let again = app.send(app.browser("POST", "/api/v1/auth/login", &first).json(&body)).await.cookie();
    assert_eq!((me(&app, &first).await, me(&app, &again).await), (401, 200), "the old one is over");
}

#[tokio::test]
async fn wrong_passwords_are_counted_by_name_and_by_address() {
    let app = TestApp::start().await;
    for _ in 0..10 {
        assert_eq!(log_in(&app, "mona", "wrong").await.status, 401);
    }
    let refused = log_in(&app, "mona", PASSWORD).await;
    assert_eq!(refused.problem().0, 429);
    assert_eq!(log_in(&app, "nobody", PASSWORD).await.status, 401, "another name is not held back");
    app.pass(refused.header("retry-after").parse().unwrap());
    assert_eq!(log_in(&app, "mona", PASSWORD).await.status, 200);

    let from = async |address: &str, name: &str| {
        let body = json!({ "name": name, "password": "wrong" });
        let request = app.anonymous("POST", "/api/v1/auth/login").header("x-forwarded-for", address);
        app.send(request.json(&body)).await.status
    };
    let before = checks(&app).await;
    let mut statuses = Vec::new();
    for number in 0..101 {
        statuses.push(from(&format!("10.9.9.9, 203.0.113.{}", 7), &format!("n{number}")).await);
    }
    assert_eq!(statuses.iter().filter(|status| **status == 401).count(), 100);
    assert_eq!(statuses[100], 429, "many names from one address");
    assert_eq!(checks(&app).await - before, 100, "who is held back costs no work");
    assert_eq!(from("203.0.113.7, 10.9.9.9", "n0").await, 401, "another address is not held back");
}

#[tokio::test]
async fn a_session_ends_when_nobody_uses_it_and_at_last_in_any_case() {
    let app = TestApp::start().await;
    let idle = app.log_in().await;
    let used = app.log_in().await;
    for day in 0..29 {
        app.pass(DAY);
        assert_eq!(me(&app, &used).await, 200, "day {day}");
        if day == 7 {
            assert_eq!(me(&app, &idle).await, 401, "a week is over");
        }
    }
    app.pass(DAY);
    assert_eq!(me(&app, &used).await, 401, "a month is over");
}

#[tokio::test]
async fn being_seen_is_written_down_once_a_minute() {
    let app = TestApp::start().await;
    let cookie = app.log_in().await;
    let seen = async || {
        let sessions = app.send(app.browser("GET", "/api/v1/auth/sessions", &cookie)).await;
        sessions.json["items"][0]["seen_at"].as_str().unwrap().to_owned()
    };
    let first = seen().await;
    app.pass(MINUTE - 1);
    assert_eq!(seen().await, first);
    app.pass(1);
    assert_ne!(seen().await, first);
}

#[tokio::test]
async fn logging_out_ends_the_session_and_takes_the_cookie_away() {
    let app = TestApp::start().await;
    let (here, there) = (app.log_in().await, app.log_in().await);
    let answer = app.send(app.browser("POST", "/api/v1/auth/logout", &here)).await;
    assert_eq!(answer.status, 204);
    assert!(answer.header("set-cookie").starts_with("ansflow_session=; Path=/; Max-Age=0;"));
    assert_eq!((me(&app, &here).await, me(&app, &there).await), (401, 200));
    assert_eq!(app.post("/api/v1/auth/logout", json!({})).await.status, 204, "a token has no session");
}

#[tokio::test]
async fn sessions_are_listed_and_ended_by_their_owner_only() {
    let app = TestApp::start().await;
    let (here, there) = (app.log_in().await, app.log_in().await);
    let list = app.send(app.browser("GET", "/api/v1/auth/sessions", &here)).await;
    let items = list.json["items"].as_array().unwrap();
    assert_eq!(items.iter().filter(|item| item["current"] == true).count(), 1);
    assert!(!list.text.contains(here.split('=').nth(1).unwrap()), "the cookie's value is nowhere");
    let other = items.iter().find(|item| item["current"] == false).unwrap()["id"].as_str().unwrap();
    let end = format!("/api/v1/auth/sessions/{other}");
    let first = app.get("/api/v1/auth/sessions?limit=1").await;
    let next = app.get(&format!("/api/v1/auth/sessions?limit=1&cursor={}", first.json["next"].as_str().unwrap())).await;
    assert_ne!(first.json["items"][0]["id"], next.json["items"][0]["id"]);
    assert_eq!(next.json["next"], Json::Null);
    assert_eq!(app.get("/api/v1/auth/sessions?cursor=x").await.problem(), (422, "invalid", "cursor"));
    let bob = ansflow_store::people::Person {
        id: "usr_bob".into(),
        name: "bob".into(),
        password: "!".into(),
        role: "admin".into(),
    };
    app.store.people().add(&bob, app.now()).await.unwrap();
    assert!(app.store.people().end_session("usr_bob", other).await.is_err(), "not bob's to end");
    assert_eq!(app.send(app.browser("DELETE", &end, &here)).await.status, 204);
    assert_eq!((me(&app, &here).await, me(&app, &there).await), (200, 401));
    assert_eq!(app.send(app.browser("DELETE", &end, &here)).await.status, 404);
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions_and_needs_the_old_one() {
    let app = TestApp::start().await;
    let (here, there) = (app.log_in().await, app.log_in().await);
    let change = async |current: &str, new: &str| {
        let body = json!({ "current": current, "new": new });
        app.send(app.browser("PUT", "/api/v1/auth/me/password", &here).json(&body)).await
    };
    assert_eq!(change("wrong password", "another horse").await.problem(), (422, "invalid", "current"));
    assert_eq!(change(PASSWORD, "short").await.problem(), (422, "invalid", "new"));
    assert_eq!(me(&app, &there).await, 200);
    assert_eq!(change(PASSWORD, "another horse").await.status, 204);
    assert_eq!((me(&app, &here).await, me(&app, &there).await), (200, 401));
    assert_eq!(log_in(&app, "mona", PASSWORD).await.status, 401);
    assert_eq!(log_in(&app, "mona", "another horse").await.status, 200);
    for _ in 0..10 {
        change("guess", "another horse").await;
    }
    assert_eq!(change("another horse", "yet another horse").await.status, 429, "an open browser guesses no password");
}
