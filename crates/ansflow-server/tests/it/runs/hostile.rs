//! Names and numbers that nobody has: refused by name, never a fault of ours.

use ansflow_core::run::Input;
use serde_json::json;

use super::done;
use crate::world::TestApp;

#[tokio::test]
async fn what_is_not_there_is_not_found_whatever_it_is_called() {
    let app = TestApp::start().await;
    let run = app.run_with(super::SHOP).await;
    let long = "x".repeat(10_000);
    let names = [
        "a%2Fb",
        "%2e%2e%2f%2e%2e",
        "%E6%9E%84%E5%BB%BA",
        "%FF%FE",
        "%00",
        "build%00",
        "'%20OR%201=1--",
        "%0d%0a",
        &long,
    ];
    for name in names {
        for path in ["", "/events", "/pipeline", "/artifacts", "/steps/build/log", "/steps/build/log/stream"] {
            let answer = app.get(&format!("/api/v1/runs/{name}{path}")).await;
            assert_eq!((answer.status, &answer.json["status"]), (404, &json!(404)), "{name}{path}: {}", answer.text);
        }
        for path in ["log", "log/lines", "log/search?q=x", "log/stream"] {
            let answer = app.get(&format!("/api/v1/runs/{run}/steps/{name}/{path}")).await;
            assert_eq!((answer.status, &answer.json["status"]), (404, &json!(404)), "{name} {path}: {}", answer.text);
        }
        for path in [
            format!("runs/{name}/cancel"),
            format!("runs/{name}/retry"),
            format!("runs/{run}/steps/{name}/approve"),
            format!("runs/{run}/steps/{name}/reject"),
            format!("pipelines/{name}/run"),
        ] {
            let answer = app.post(&format!("/api/v1/{path}"), json!({})).await;
            assert_eq!((answer.status, &answer.json["status"]), (404, &json!(404)), "{path}: {}", answer.text);
        }
        assert_eq!(app.delete(&format!("/api/v1/runs/{name}")).await.status, 404);
    }
}

#[tokio::test]
async fn a_step_may_be_called_anything() {
    let app = TestApp::start().await;
    let text = "name: s\nsteps:\n- { name: '构建镜像', type: command, command: 'true' }\n\
                - { name: 'a/b?c#d', type: command, command: 'true', approval: {} }\n";
    let run = app.run_with(text).await;
    app.engine(&run, Input::Start).await;
    super::say(&mut app.log_of(&run, 0, 1), "hello\n");
    let path = format!("/api/v1/runs/{run}/steps/%E6%9E%84%E5%BB%BA%E9%95%9C%E5%83%8F/log");
    assert_eq!(app.get(&path).await.text, "hello\n");
    assert_eq!(app.get(&format!("{path}/lines")).await.json["lines"][0]["text"], "hello");
    let name = app.get(&format!("{path}?download=true")).await.headers["content-disposition"].clone();
    assert!(name.to_str().unwrap().contains("filename=\"s-1-____-1.log\""));
    app.report(&run, 0, 1, done()).await;
    let approved = app.post(&format!("/api/v1/runs/{run}/steps/a%2Fb%3Fc%23d/approve"), json!({})).await;
    assert_eq!(approved.status, 200, "{}", approved.text);
}

#[tokio::test]
async fn a_zero_byte_in_a_request_is_no_fault_of_ours() {
    let app = TestApp::start().await;
    let run = app.waiting_run().await;
    let comment = app.post(&format!("/api/v1/runs/{run}/steps/deploy/approve"), json!({ "comment": "a\0b" })).await;
    assert_eq!(comment.status, 200, "{}", comment.text);
    let pipeline = app.run_view(&run).await["pipeline"]["id"].as_str().unwrap().to_owned();
    let start = async |body| app.post(&format!("/api/v1/pipelines/{pipeline}/run"), body).await;
    let branch = start(json!({ "branch": "ma\0in", "commit": "\0", "variables": { "x": "\0" } })).await;
    assert_eq!((branch.status, &branch.json["branch"]), (201, &json!("main")), "{}", branch.text);
    assert_eq!(start(json!({ "from": "\0" })).await.status, 422);
    let long =
        app.post(&format!("/api/v1/runs/{run}/steps/deploy/reject"), json!({ "comment": "x".repeat(5_000) })).await;
    assert_eq!((long.status, &long.json["field"]), (422, &json!("comment")));
}
