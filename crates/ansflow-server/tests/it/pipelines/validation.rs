//! Looking at a text without storing it.

use serde_json::{Value as Json, json};

use super::text;
use crate::world::{Answer, READ_ONLY, TestApp};

async fn validate(app: &TestApp, text: &str) -> Answer {
    let answer = app.post("/api/v1/pipelines/validate", json!({ "text": text })).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer
}

fn codes(answer: &Answer) -> Vec<&str> {
    answer.json["diagnostics"].as_array().unwrap().iter().map(|found| found["code"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_text_that_is_not_well_is_an_answer() {
    let app = TestApp::start().await;
    for bad in
        ["", "\u{0}", "[", "a: &a [*a]", "name: x\nsteps:\n- 7\n", &"- ".repeat(5_000), &"x".repeat(1024 * 1024 + 1)]
    {
        let answer = validate(&app, bad).await;
        assert!(answer.json["outline"].is_null() && !codes(&answer).is_empty(), "{}", answer.text);
    }
    let nameless = "steps: [{ name: a, type: command, command: 'true' }]\n";
    assert_eq!(codes(&validate(&app, nameless).await), ["bad-name"]);
    let named = app.post("/api/v1/pipelines/validate", json!({ "text": nameless, "name": "x" })).await;
    assert_eq!((&named.json["outline"]["name"], &named.json["diagnostics"]), (&json!("x"), &json!([])));
}

#[tokio::test]
async fn what_cannot_run_yet_and_secrets_that_are_not_there_are_named_with_their_place() {
    let app = TestApp::start().await;
    let text = "name: x\nenv: { A: '{{ secrets.ALL }}' }\nsteps:\n- { name: b, type: k8s_deploy, config: { cluster: x, deploy_type: helm }, when: false }\n- name: c\n  type: command\n  command: echo \"{{ secrets.ONE }}\" '{{ default(secrets.TWO, 1) }}'\n";
    let answer = validate(&app, text).await;
    let found: Vec<(u64, u64, &str)> = answer.json["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|found| {
            ["not-available", "missing-secret", "missing-cluster"].contains(&found["code"].as_str().unwrap())
        })
        .map(|found| {
            assert_eq!(found["severity"], "warning");
            (found["line"].as_u64().unwrap(), found["column"].as_u64().unwrap(), found["code"].as_str().unwrap())
        })
        .collect();
    assert_eq!(
        found,
        [(2, 15, "missing-secret"), (4, 11, "not-available"), (4, 51, "missing-cluster"), (7, 21, "missing-secret")],
        "{}",
        answer.text
    );
    assert_eq!(answer.json["outline"]["steps"][1]["needs"], json!([0]));
}

#[tokio::test]
async fn values_that_a_run_is_told_are_not_missed() {
    let app = TestApp::start().await;
    let text = "name: x\nsteps:\n- { name: a, type: command, command: 'echo {{ git_branch }} {{ git_commit }} {{ environment }}' }\n";
    let answer = validate(&app, text).await;
    assert_eq!((codes(&answer), answer.json["outline"].is_object()), (vec![], true), "{}", answer.text);
    let id = app.store_text(text).await;
    assert_eq!(app.read_pipeline(&id).await.json["may"][0], "run");
}

#[tokio::test]
async fn who_may_only_read_may_ask_what_a_text_means() {
    let app = TestApp::start().await;
    let ask = app.anonymous("POST", "/api/v1/pipelines/validate").bearer_auth(READ_ONLY);
    assert_eq!(app.send(ask.json(&json!({ "text": text("x") }))).await.status, 200);
    assert_eq!(app.get("/api/v1/pipelines").await.json["items"], Json::Array(Vec::new()));
}
