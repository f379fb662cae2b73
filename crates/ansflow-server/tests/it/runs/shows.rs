//! What is shown of a run.

use ansflow_core::run::Input;
use ansflow_core::run::event::{Gains, Report};
use serde_json::{Map, json};

use super::{SHOP, done, failed};
use crate::world::TestApp;

#[tokio::test]
async fn a_run_is_shown_with_its_attempts_and_decisions() {
    let app = TestApp::start().await;
    let text = SHOP.replace("command: make }", "command: make, retry: { attempts: 2, delay: 5s } }");
    let run = app.run_with(&text).await;
    app.engine(&run, Input::Start).await;
    app.pass(1);
    app.report(&run, 0, 1, failed()).await;
    app.pass(5);
    app.engine(&run, Input::Tick).await;
    app.pass(1);
    let outputs = Map::from_iter([("tag".to_owned(), json!("v1"))]);
    let gains = Gains { outputs, masked: vec!["password".into()], ..Gains::default() };
    app.report(&run, 0, 2, Report::Succeeded(gains)).await;

    let view = app.run_view(&run).await;
    assert_eq!((&view["status"], &view["queue_position"]), (&json!("waiting"), &json!(null)));
    let build = &view["steps"][0];
    assert_eq!(build["step_run"], format!("{run}.0"));
    let outcomes: Vec<_> = build["attempts"].as_array().unwrap().iter().map(|made| made["outcome"].clone()).collect();
    assert_eq!(outcomes, ["failed", "succeeded"]);
    assert_eq!(build["attempts"][0]["message"], "the command exited with 2");
    assert!(build["attempts"][0]["retry_at"].is_string() && build["attempts"][1]["retry_at"].is_null());
    assert_eq!((&build["duration_ms"], &build["exit_code"]), (&json!(7_000), &json!(0)));
    assert_eq!((&build["outputs"], &build["masked_outputs"]), (&json!({ "tag": "v1" }), &json!(["password"])));
    let deploy = &view["steps"][1];
    assert_eq!(
        (&deploy["status"], &deploy["may"], &deploy["needs"]),
        (&json!("waiting"), &json!(["approve", "reject"]), &json!([0]))
    );
    assert_eq!(deploy["approval"]["approvers"], json!(["mona", "ops"]));
    assert!(deploy["approval"]["opened_at"].is_string() && deploy["approval"]["deadline"].is_string());

    let path = format!("/api/v1/runs/{run}/steps/deploy/approve");
    let answer = app.post(&path, json!({ "comment": " looks good " })).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let decision = &answer.json["steps"][1]["approval"]["decisions"][0];
    assert_eq!((&decision["by"], &decision["approved"]), (&json!("mona"), &json!(true)));
    assert_eq!((&decision["comment"], &decision["via"]), (&json!("looks good"), &json!("api")));
    assert_eq!(
        answer.json["steps"][1]["why_not"]["approve"],
        "step `deploy` is not waiting for an approval, it is running"
    );

    app.pass(3);
    app.report(&run, 1, 1, done()).await;
    let view = app.run_view(&run).await;
    assert_eq!((&view["status"], &view["duration_ms"]), (&json!("success"), &json!(10_000)));
    assert_eq!(view["may"], json!(["retry", "delete"]));
    assert_eq!(view["why_not"]["cancel"], "the run has ended already: success");
    assert_eq!(view["why_not"]["retry_failed"], "no step of the run has failed; retry all of it, or from a step");
    let listed = &app.get("/api/v1/runs").await.json["items"][0];
    for key in ["id", "status", "may", "started_at", "finished_at", "duration_ms", "created_at", "pipeline"] {
        assert_eq!(listed[key], view[key], "{key}");
    }
}

#[tokio::test]
async fn who_has_the_last_event_is_sent_nothing() {
    let app = TestApp::start().await;
    let run = app.run_with(SHOP).await;
    let path = format!("/api/v1/runs/{run}");
    let get = async |tag: &str| app.send(app.request("GET", &path).header("If-None-Match", tag)).await;
    // While it is queued its place changes without an event of its own.
    assert_eq!(get("\"1\"").await.status, 200);
    app.engine(&run, Input::Start).await;
    let shown = app.get(&path).await;
    let tag = shown.headers["etag"].to_str().unwrap();
    assert_eq!(tag, format!("\"{}\"", shown.json["seq"]));
    for known in [tag, &format!("W/{tag}"), &format!("\"9\", {tag}")] {
        let answer = get(known).await;
        assert_eq!((answer.status, answer.text.as_str()), (304, ""), "{known}");
    }
    assert_eq!(get("\"1\"").await.status, 200);
    app.report(&run, 0, 1, done()).await;
    assert_eq!(get(tag).await.status, 200);
}

#[tokio::test]
async fn the_text_that_ran_stays_when_the_pipeline_changes() {
    let app = TestApp::start().await;
    let pipeline = app.pipeline_of(SHOP).await;
    let run = app.run_of(&pipeline).await;
    let etag = app.get(&format!("/api/v1/pipelines/{pipeline}")).await.headers["etag"].clone();
    let changed = json!({ "text": SHOP.replace("make", "ninja"), "note": "faster" });
    let request = app.request("PUT", &format!("/api/v1/pipelines/{pipeline}")).header("If-Match", etag);
    assert_eq!(app.send(request.json(&changed)).await.status, 200);
    let ran = app.get(&format!("/api/v1/runs/{run}/pipeline")).await;
    assert_eq!((ran.status, ran.json["text"].as_str(), ran.json["version"].as_u64()), (200, Some(SHOP), Some(1)));
}
