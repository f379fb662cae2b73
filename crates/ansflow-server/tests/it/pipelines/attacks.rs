//! Hostile names and texts: refused with the reason, never an answer of 500, never slow.

use std::time::{Duration, Instant};

use serde_json::json;

use super::text;
use crate::world::TestApp;

#[tokio::test]
async fn hostile_texts_are_refused_in_time() {
    let app = TestApp::start().await;
    let bomb: String =
        (0..30).map(|n| format!("a{n}: &a{n} [{}]\n", format!("*a{}, ", n.max(1) - 1).repeat(9))).collect();
    for (what, text) in [
        ("brackets", "[".repeat(1024 * 1024)),
        ("braces", "{".repeat(1024 * 1024)),
        ("dashes", "- ".repeat(512 * 1024)),
        ("quotes", "\"".repeat(1024 * 1024)),
        ("anchors", "&a ".repeat(300_000)),
        ("too long", "#".repeat(1024 * 1024 + 1)),
        ("a bomb", bomb),
        ("a NUL", "name: a\u{0}\nsteps: []\n".to_owned()),
        ("a NUL in quotes", "name: \"a\\0b\"\nsteps: [{ name: a, type: command, command: 'true' }]\n".to_owned()),
        ("a long name", text(&"x".repeat(201))),
        ("a line break", text("\"a\\nb\"")),
        ("no name", "steps: [{ name: a, type: command, command: 'true' }]\n".to_owned()),
    ] {
        let began = Instant::now();
        let refused = app.post("/api/v1/pipelines", json!({ "text": text, "note": "" })).await;
        assert_eq!((refused.status, &refused.json["field"]), (422, &json!("text")), "{what}: {}", refused.text);
        assert!(!refused.json["diagnostics"].as_array().unwrap().is_empty(), "{what}");
        assert!(began.elapsed() < Duration::from_secs(20), "{what} took {:?}", began.elapsed());
    }
    assert_eq!(app.get("/api/v1/pipelines").await.json["total"], 0);
}

#[tokio::test]
async fn what_is_no_json_is_not_understood() {
    let app = TestApp::start().await;
    let raw = async |body: &'static [u8]| {
        let request = app.request("POST", "/api/v1/pipelines").header("Content-Type", "application/json");
        app.send(request.body(body)).await.status
    };
    assert_eq!(raw(b"{\"text\": \"\xff\xfe\", \"note\": \"\"}").await, 400);
    assert_eq!(raw(b"{\"text\": \"\\ud800\", \"note\": \"\"}").await, 400);
    assert_eq!(raw(b"{").await, 400);
    assert_eq!(raw(b"{\"text\": \"x\", \"note\": \"\", \"nmae\": 1}").await, 422);
    assert_eq!(raw(b"{\"text\": 7, \"note\": \"\"}").await, 422);
    let no_type = app.request("POST", "/api/v1/pipelines").body("{}");
    assert_eq!(app.send(no_type).await.status, 415);
    let huge = json!({ "text": "x".repeat(8 * 1024 * 1024), "note": "" });
    assert_eq!(app.post("/api/v1/pipelines", huge).await.status, 413);
}

#[tokio::test]
async fn names_of_every_kind_are_names_and_nothing_else() {
    let app = TestApp::start().await;
    for name in [
        "'; DROP TABLE pipeline; --",
        "../../etc/passwd",
        "<script>",
        "{{ x }}",
        "%00",
        "a\u{202e}b",
        "😀",
        "\"",
        "a\\b",
        "import",
    ] {
        let id = app.store_text(&text(&json!(name).to_string())).await;
        assert_eq!(app.read_pipeline(&id).await.json["name"], json!(name));
        let export = app.get(&format!("/api/v1/pipelines/{id}/export")).await;
        let disposition = String::from_utf8(export.headers["content-disposition"].as_bytes().to_vec()).unwrap();
        assert!(disposition.is_ascii() && !disposition.contains(['/', '\\', '<']), "{disposition}");
    }
}

#[tokio::test]
async fn what_cannot_be_an_id_is_not_found() {
    let app = TestApp::start().await;
    let long = "a".repeat(5_000);
    for id in ["%00", "%ff", "pl_%00", "'", "..%2f..", "pl_none", &long] {
        for (method, rest) in [
            ("GET", ""),
            ("DELETE", ""),
            ("GET", "/export"),
            ("GET", "/versions"),
            ("GET", "/versions/1"),
            ("POST", "/versions/1/restore"),
        ] {
            let answer = app.send(app.request(method, &format!("/api/v1/pipelines/{id}{rest}"))).await;
            assert_eq!(answer.status, 404, "{method} {id}{rest}: {}", answer.text);
        }
    }
    let id = app.store_text(&text("shop")).await;
    for version in ["0", "-1", "x", "18446744073709551615", "99999999999999999999"] {
        assert_eq!(app.get(&format!("/api/v1/pipelines/{id}/versions/{version}")).await.status, 404, "{version}");
    }
}

#[tokio::test]
async fn a_description_may_hold_what_a_database_does_not() {
    let app = TestApp::start().await;
    let id =
        app.store_text("name: x\ndescription: \"a\\0b\"\nsteps: [{ name: a, type: command, command: 'true' }]\n").await;
    assert_eq!(app.read_pipeline(&id).await.json["description"], "a\u{fffd}b");
}
