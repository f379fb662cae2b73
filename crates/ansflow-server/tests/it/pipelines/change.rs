//! Making, changing and deleting one pipeline.

use ansflow_core::run::event::RunStatus;
use serde_json::{Value as Json, json};

use super::{keys, text};
use crate::world::{READ_ONLY, TestApp};

#[tokio::test]
async fn what_was_stored_comes_back_to_the_last_byte() {
    let app = TestApp::start().await;
    for (number, text) in [
        text("shop"),
        "\u{feff}name: mark\r\nsteps: # windows\r\n  - {name: a, type: command, command: 'true'}\r\n\r\n".to_owned(),
        "pipeline:\n   name:   构建 # 😀\n   steps:\n   - type: command\n     name: a\n     command: |+\n       x\n\n\n...\n".to_owned(),
    ]
    .into_iter()
    .enumerate()
    {
        let id = app.store_text(&text).await;
        assert_eq!(app.read_pipeline(&id).await.json["text"], json!(text), "{number}");
        let export = app.get(&format!("/api/v1/pipelines/{id}/export")).await;
        assert_eq!(export.text.trim_start_matches('\u{feff}'), text.trim_start_matches('\u{feff}'));
        assert_eq!(export.headers["content-type"], "text/yaml; charset=utf-8");
        assert!(export.headers["content-disposition"].to_str().unwrap().starts_with("attachment; filename="));
    }
}

#[tokio::test]
async fn a_view_says_what_the_text_means_and_what_may_be_done() {
    let app = TestApp::start().await;
    let text = "name: shop\ndescription: sells\ntype: hybrid\nvariables: { a: [1, x] }\ntriggers: [{ type: schedule, cron: '0 3 * * *' }, { type: webhook }]\nstages:\n- name: one\n  steps:\n  - { name: ok, type: command, command: 'echo {{ secrets.T }}', when: git_branch == 'main' }\n  - { name: web, type: k8s_deploy, config: { cluster: x, deploy_type: helm }, approval: { approvers: [li] } }\n";
    let id = app.store_text(text).await;
    let seen = app.read_pipeline(&id).await;
    assert_eq!((seen.status, seen.headers["etag"].to_str().unwrap()), (200, "\"1\""));
    let view = &seen.json;
    assert_eq!(
        keys(view),
        [
            "created_at",
            "description",
            "diagnostics",
            "enabled",
            "id",
            "kind",
            "max_runs",
            "may",
            "name",
            "outline",
            "recent",
            "steps",
            "text",
            "triggers",
            "updated_at",
            "updated_by",
            "variables",
            "version",
            "why_not"
        ]
    );
    assert_eq!(
        (&view["kind"], &view["steps"], &view["triggers"]),
        (&json!("hybrid"), &json!(2), &json!(["schedule", "webhook"]))
    );
    assert_eq!(view["variables"], json!([{ "name": "a", "value": [1, "x"] }]));
    assert_eq!(
        view["outline"]["steps"],
        json!([
            { "name": "ok", "type": "command", "stage": "one", "group": null, "needs": [], "approval": false, "when": "git_branch == 'main'" },
            { "name": "web", "type": "k8s_deploy", "stage": "one", "group": null, "needs": [0], "approval": true, "when": null },
        ])
    );
    let codes: Vec<&Json> = view["diagnostics"].as_array().unwrap().iter().map(|found| &found["code"]).collect();
    assert!(codes.contains(&&json!("missing-secret")) && codes.contains(&&json!("not-available")), "{codes:?}");
    assert_eq!(view["may"], json!(["edit", "delete", "clone", "enable"]));
    assert!(view["why_not"]["run"].as_str().unwrap().starts_with("step `web` (k8s_deploy) cannot run yet: "));

    let reader = app.send(app.anonymous("GET", &format!("/api/v1/pipelines/{id}")).bearer_auth(READ_ONLY)).await;
    assert_eq!(reader.json["may"], json!([]));
    assert_eq!(keys(&reader.json["why_not"]), ["clone", "delete", "edit", "enable", "run"]);
    let refused = app.anonymous("DELETE", &format!("/api/v1/pipelines/{id}")).bearer_auth(READ_ONLY);
    assert_eq!(app.send(refused).await.status, 403);
}

#[tokio::test]
async fn a_change_says_what_it_was_made_from() {
    let app = TestApp::start().await;
    let id = app.store_text(&text("shop")).await;
    let change = json!({ "text": text("store"), "note": "renamed" });
    let blind = app.put(&format!("/api/v1/pipelines/{id}"), change.clone()).await;
    assert_eq!((blind.status, &blind.json["code"]), (428, &json!("precondition_required")));
    for stale in ["\"0\"", "\"2\"", "W/\"1\"", "1", "\"x\"", "", "\"99999999999999999999999\""] {
        assert_eq!(app.save_pipeline(&id, stale, change.clone()).await.status, 412, "{stale}");
    }
    let changed = app.save_pipeline(&id, "\"7\", \"1\"", change.clone()).await;
    assert_eq!((changed.status, changed.headers["etag"].to_str().unwrap()), (200, "\"2\""), "{}", changed.text);
    assert_eq!((&changed.json["name"], &changed.json["version"]), (&json!("store"), &json!(2)));
    assert_eq!(app.save_pipeline(&id, "\"1\"", change).await.status, 412);
}

#[tokio::test]
async fn the_same_text_makes_no_new_version() {
    let app = TestApp::start().await;
    let id = app.store_text(&text("shop")).await;
    let same = app.save_pipeline(&id, "\"1\"", json!({ "text": text("shop"), "note": "again" })).await;
    assert_eq!((same.headers["etag"].to_str().unwrap(), &same.json["version"]), ("\"1\"", &json!(1)));
    let settings = json!({ "text": text("shop"), "note": "", "enabled": false, "max_runs": 3 });
    let other = app.save_pipeline(&id, "\"1\"", settings).await;
    assert_eq!((other.headers["etag"].to_str().unwrap(), &other.json["version"]), ("\"2\"", &json!(1)));
    assert_eq!(
        (&other.json["max_runs"], &other.json["why_not"]["run"]),
        (&json!(3), &json!("the pipeline is disabled"))
    );
    let left_out = app.save_pipeline(&id, "\"2\"", json!({ "text": text("shop") })).await;
    assert_eq!((&left_out.json["max_runs"], &left_out.json["enabled"]), (&json!(3), &json!(false)));
    let no_bound =
        app.save_pipeline(&id, "\"2\"", json!({ "text": text("shop"), "max_runs": null, "enabled": true })).await;
    assert_eq!((&no_bound.json["max_runs"], &no_bound.json["enabled"]), (&json!(null), &json!(true)));
    for (field, value) in [("max_runs", json!(0)), ("max_runs", json!(1001)), ("note", json!("a\u{0}b"))] {
        let mut body = json!({ "text": text("shop"), "note": "" });
        body[field] = value;
        let refused = app.save_pipeline(&id, "\"3\"", body).await;
        assert_eq!((refused.status, &refused.json["field"]), (422, &json!(field)));
    }
}

#[tokio::test]
async fn of_many_who_save_at_once_one_is_first() {
    let app = TestApp::start().await;
    let id = app.store_text(&text("shop")).await;
    let save = |number: usize| {
        let body = json!({ "text": format!("{}# {number}\n", text("shop")), "note": "" });
        app.send(app.request("PUT", &format!("/api/v1/pipelines/{id}")).header("If-Match", "\"1\"").json(&body))
    };
    let answers = futures_util::future::join_all((0..12).map(save)).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!((statuses[0], &statuses[1..]), (200, &[412; 11][..]));
    assert_eq!(app.get(&format!("/api/v1/pipelines/{id}/versions")).await.json["total"], 2);
}

#[tokio::test]
async fn names_are_unique_among_the_living() {
    let app = TestApp::start().await;
    let (first, second) = (app.store_text(&text("shop")).await, app.store_text(&text("store")).await);
    let taken = app.post("/api/v1/pipelines", json!({ "text": text("shop"), "note": "" })).await;
    assert_eq!((taken.status, &taken.json["field"]), (422, &json!("name")));
    let taken = app.save_pipeline(&second, "\"1\"", json!({ "text": text("shop"), "note": "" })).await;
    assert_eq!((taken.status, &taken.json["field"]), (422, &json!("name")));
    assert_eq!(app.delete(&format!("/api/v1/pipelines/{first}")).await.status, 204);
    assert_eq!(app.save_pipeline(&second, "\"1\"", json!({ "text": text("shop"), "note": "" })).await.status, 200);
}

#[tokio::test]
async fn a_pipeline_with_unfinished_runs_stays_and_a_deleted_one_keeps_its_history() {
    let app = TestApp::start().await;
    let id = app.store_text(&text("shop")).await;
    app.leave_run(&id, 1, RunStatus::Success).await;
    app.leave_run(&id, 2, RunStatus::Waiting).await;
    let seen = app.read_pipeline(&id).await;
    assert_eq!(seen.json["why_not"]["delete"], "one of its runs has not ended");
    assert_eq!(seen.json["recent"][0]["number"], 2);
    let refused = app.delete(&format!("/api/v1/pipelines/{id}")).await;
    assert_eq!((refused.status, &refused.json["code"]), (409, &json!("unfinished_runs")));

    let other = app.store_text(&text("store")).await;
    app.save_pipeline(&other, "\"1\"", json!({ "text": text("store2"), "note": "n" })).await;
    assert_eq!(app.delete(&format!("/api/v1/pipelines/{other}")).await.status, 204);
    for path in ["", "/versions", "/versions/1", "/export", "/statistics"] {
        assert_eq!(app.get(&format!("/api/v1/pipelines/{other}{path}")).await.status, 404);
    }
    assert_eq!(app.delete(&format!("/api/v1/pipelines/{other}")).await.status, 404);
    let kept = app.store.pipelines().version(&other, 1).await.unwrap();
    assert_eq!(kept.body, text("store"));
}

#[tokio::test]
async fn every_version_can_be_read_and_brought_back() {
    let app = TestApp::start().await;
    let id = app.store_text(&text("shop")).await;
    app.save_pipeline(&id, "\"1\"", json!({ "text": text("store"), "note": "why" })).await;
    let list = app.get(&format!("/api/v1/pipelines/{id}/versions?limit=1")).await;
    let newest = &list.json["items"][0];
    assert_eq!(
        (&newest["version"], &newest["note"], &newest["created_by"]),
        (&json!(2), &json!("why"), &json!("mona"))
    );
    let next = list.json["next"].as_str().unwrap();
    let older = app.get(&format!("/api/v1/pipelines/{id}/versions?limit=1&cursor={next}")).await;
    assert_eq!((&older.json["items"][0]["version"], &older.json["next"]), (&json!(1), &json!(null)));
    assert_eq!(app.get(&format!("/api/v1/pipelines/{id}/versions/1")).await.json["text"], json!(text("shop")));
    assert_eq!(app.get(&format!("/api/v1/pipelines/{id}/versions/3")).await.status, 404);
    assert_eq!(app.get(&format!("/api/v1/pipelines/{id}/versions?cursor=x")).await.status, 422);

    let back = app.post(&format!("/api/v1/pipelines/{id}/versions/1/restore"), Json::Null).await;
    assert_eq!(
        (back.status, &back.json["version"], &back.json["name"]),
        (200, &json!(3), &json!("shop")),
        "{}",
        back.text
    );
    assert_eq!(back.json["text"], json!(text("shop")));
}
