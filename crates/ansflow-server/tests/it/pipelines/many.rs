//! Many pipelines at once.

use ansflow_core::run::event::RunStatus;
use serde_json::{Value as Json, json};

use super::text;
use crate::world::{READ_ONLY, TestApp};

const NAMELESS: &str = "# mine\nsteps:\n- { name: a, type: command, command: 'true' }\n";

async fn import(app: &TestApp, on_conflict: &str, items: Json) -> Vec<Json> {
    let done = app.post("/api/v1/pipelines/import", json!({ "items": items, "on_conflict": on_conflict })).await;
    assert_eq!(done.status, 200, "{}", done.text);
    done.json["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn each_text_is_imported_by_itself() {
    let app = TestApp::start().await;
    let items = json!([
        { "text": text("shop"), "name": null },
        { "text": "steps: [", "name": "broken" },
        { "text": NAMELESS, "name": "from a file" },
        { "text": NAMELESS, "name": null },
        { "text": text("shop"), "name": "ignored" },
    ]);
    let done = import(&app, "fail", items).await;
    let fields: Vec<&Json> = done.iter().map(|item| &item["problem"]["field"]).collect();
    assert_eq!(fields, [&Json::Null, &json!("text"), &Json::Null, &json!("text"), &json!("name")]);
    let names: Vec<&Json> = done.iter().map(|item| &item["name"]).collect();
    assert_eq!(names, ["shop", "broken", "from a file", "text 4", "shop"]);
    assert!(done[1]["problem"]["diagnostics"][0]["line"].is_u64());
    let id = done[2]["pipeline"].as_str().unwrap();
    let seen = app.read_pipeline(id).await;
    assert_eq!((&seen.json["text"], &seen.json["name"]), (&json!(NAMELESS), &json!("from a file")));
    // It gave no name, and may go on without one.
    let changed = app.save_pipeline(id, "\"1\"", json!({ "text": format!("{NAMELESS}# more\n"), "note": "" })).await;
    assert_eq!((changed.status, &changed.json["name"]), (200, &json!("from a file")), "{}", changed.text);
}

#[tokio::test]
async fn a_name_that_is_taken_gets_a_new_version_or_a_number() {
    let app = TestApp::start().await;
    let id = app.store_text(&text("shop")).await;
    let other = format!("{}# more\n", text("shop"));
    let done = import(&app, "new_version", json!([{ "text": other, "name": null }])).await;
    assert_eq!(done[0]["pipeline"], json!(id));
    assert_eq!(app.read_pipeline(&id).await.json["version"], 2);
    let twice =
        json!([{ "text": other, "name": null }, { "text": other, "name": null }, { "text": NAMELESS, "name": "shop" }]);
    let done = import(&app, "rename", twice).await;
    let names: Vec<&Json> = done.iter().map(|item| &item["name"]).collect();
    assert_eq!(names, ["shop 2", "shop 3", "shop 4"]);
    let texts = [text("shop 2") + "# more\n", text("shop 3") + "# more\n", NAMELESS.to_owned()];
    for (item, text) in done.iter().zip(texts) {
        assert_eq!(app.read_pipeline(item["pipeline"].as_str().unwrap()).await.json["text"], json!(text));
    }
}

#[tokio::test]
async fn a_batch_does_one_thing_with_each() {
    let app = TestApp::start().await;
    let (first, second) = (app.store_text(&text("one")).await, app.store_text(&text("two")).await);
    app.leave_run(&second, 1, RunStatus::Running).await;
    let batch = async |action: &str| {
        let body = json!({ "action": action, "pipelines": [first, second, "pl_none", "\u{0}"] });
        let done = app.post("/api/v1/pipelines/batch", body).await;
        assert_eq!(done.status, 200, "{}", done.text);
        let status = |item: &Json| item["problem"]["status"].as_u64();
        done.json["items"].as_array().unwrap().iter().map(status).collect::<Vec<_>>()
    };
    assert_eq!(batch("disable").await, [None, None, Some(404), Some(404)]);
    assert_eq!(app.read_pipeline(&first).await.json["enabled"], false);
    assert_eq!(batch("enable").await, [None, None, Some(404), Some(404)]);
    assert_eq!(batch("delete").await, [None, Some(409), Some(404), Some(404)]);

    let run = app.anonymous("POST", "/api/v1/pipelines/batch").bearer_auth(READ_ONLY);
    assert_eq!(app.send(run.json(&json!({ "action": "run", "pipelines": [] }))).await.status, 403);
    let odd = app.post("/api/v1/pipelines/batch", json!({ "action": "burn", "pipelines": [] })).await;
    assert_eq!(odd.status, 422);
}
