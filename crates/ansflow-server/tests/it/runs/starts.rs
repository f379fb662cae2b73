//! Starting runs.

use ansflow_store::Error;
use serde_json::json;

use super::SHOP;
use crate::world::{READ_ONLY, TestApp};

#[tokio::test]
async fn a_run_is_queued_with_what_was_asked_for() {
    let app = TestApp::start().await;
    let pipeline = app.pipeline_of(SHOP).await;
    let body = json!({ "variables": { "colour": "blue" }, "branch": "main", "commit": "0123abcd" });
    let answer = app.post(&format!("/api/v1/pipelines/{pipeline}/run"), body).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    let run = &answer.json;
    assert_eq!(answer.headers["location"], format!("/api/v1/runs/{}", run["id"].as_str().unwrap()));
    assert_eq!(run["pipeline"], json!({ "id": pipeline, "name": "shop" }));
    assert_eq!(
        (run["number"].as_u64(), run["status"].as_str(), run["version"].as_u64()),
        (Some(1), Some("queued"), Some(1))
    );
    assert_eq!((&run["trigger"], &run["by"]), (&json!("api"), &json!("mona")));
    assert_eq!((&run["branch"], &run["commit"]), (&json!("main"), &json!("0123abcd")));
    assert_eq!((&run["variables"], &run["queue_position"]), (&json!({ "colour": "blue" }), &json!(1)));
    assert_eq!(
        (&run["started_at"], &run["retry_of"], &run["workspace_kept"]),
        (&json!(null), &json!(null), &json!(false))
    );
    let second = app.post(&format!("/api/v1/pipelines/{pipeline}/run"), json!({})).await.json;
    assert_eq!((second["number"].as_u64(), second["queue_position"].as_u64()), (Some(2), Some(2)));
    let workspace = app.files.workspace(second["id"].as_str().unwrap());
    let run = app.store.runs().replay(second["id"].as_str().unwrap()).await.unwrap();
    assert_eq!(run.created().facts.workspace, workspace.to_string_lossy());
}

#[tokio::test]
async fn a_request_that_comes_twice_is_one_run() {
    let app = TestApp::start().await;
    let (one, other) = (app.pipeline_of(SHOP).await, app.pipeline_of(&SHOP.replace("shop", "other")).await);
    let start = async |pipeline: &str, key: &str| {
        let request = app.request("POST", &format!("/api/v1/pipelines/{pipeline}/run"));
        app.send(request.header("Idempotency-Key", key)).await
    };
    let first = start(&one, "k1").await;
    let again = start(&one, "k1").await;
    assert_eq!((first.status, again.status), (201, 200));
    assert_eq!(first.json["id"], again.json["id"]);
    assert_ne!(start(&one, "k2").await.json["id"], first.json["id"]);
    let elsewhere = start(&other, "k1").await;
    assert_eq!((elsewhere.status, &elsewhere.json["pipeline"]["id"]), (201, &json!(other)));
    let all: Vec<_> = futures_util::future::join_all((0..8).map(|_| start(&one, "k3"))).await;
    assert!(all.iter().all(|answer| answer.json["id"] == all[0].json["id"]), "{all:?}");
    assert_eq!(all.iter().filter(|answer| answer.status == 201).count(), 1);
    for bad in ["", &"x".repeat(201)] {
        assert_eq!(start(&one, bad).await.status, 422);
    }
}

#[tokio::test]
async fn what_cannot_run_is_refused_and_nothing_is_stored() {
    let app = TestApp::start().await;
    let check = async |text: &str, body, status, field: Option<&str>, says: &str| {
        let pipeline = app.pipeline_of(text).await;
        let answer = app.post(&format!("/api/v1/pipelines/{pipeline}/run"), body).await;
        assert_eq!((answer.status, answer.json["field"].as_str()), (status, field), "{}", answer.text);
        assert!(answer.text.contains(says), "{}", answer.text);
        assert_eq!(app.delete(&format!("/api/v1/pipelines/{pipeline}")).await.status, 204);
    };
    check(SHOP, json!({ "from": "biuld" }), 422, Some("from"), "did you mean `build`?").await;
    check(SHOP, json!({ "from": "build", "only": "build" }), 422, Some("only"), "exclude").await;
    check(SHOP, json!({ "variables": { "secrets": 1 } }), 422, Some("variables"), "AnsFlow's own").await;
    check(SHOP, json!({ "varables": {} }), 422, Some("varables"), "unknown field").await;
    let secret = "name: s\nsteps: [{ name: a, type: command, command: 'echo {{ secrets.TOKEN }}' }]\n";
    check(secret, json!({}), 422, None, "`TOKEN`").await;
    let branch = "name: s\nsteps: [{ name: a, type: command, command: 'echo {{ git_branch }}' }]\n";
    check(branch, json!({}), 422, Some("text"), "git_branch").await;
    let nowhere = app.post("/api/v1/pipelines/pl_none/run", json!({})).await;
    assert_eq!(nowhere.status, 404);
    assert_eq!(app.get("/api/v1/runs").await.json["items"], json!([]));
    assert!(matches!(app.store.runs().get("run_none").await, Err(Error::NotFound(_))));
}

#[tokio::test]
async fn only_one_step_and_what_is_left_out_needs_no_secret() {
    let app = TestApp::start().await;
    let text = "name: s\nsteps:\n- { name: a, type: command, command: 'true' }\n\
                - { name: b, type: command, command: 'echo {{ secrets.TOKEN }}' }\n";
    let pipeline = app.pipeline_of(text).await;
    let answer = app.post(&format!("/api/v1/pipelines/{pipeline}/run"), json!({ "only": "a" })).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    let run = app.store.runs().replay(answer.json["id"].as_str().unwrap()).await.unwrap();
    assert_eq!(run.created().deselected, [(1, "only `a` was asked for".to_owned())]);
}

#[tokio::test]
async fn a_pipeline_that_is_switched_off_starts_nothing() {
    let app = TestApp::start().await;
    let pipeline = app.pipeline_of(SHOP).await;
    let off = json!({ "action": "disable", "pipelines": [pipeline] });
    assert_eq!(app.post("/api/v1/pipelines/batch", off).await.status, 200);
    let answer = app.post(&format!("/api/v1/pipelines/{pipeline}/run"), json!({})).await;
    assert_eq!((answer.status, answer.json["code"].as_str()), (409, Some("disabled")));
}

#[tokio::test]
async fn who_may_only_read_starts_and_decides_nothing() {
    let app = TestApp::start().await;
    let run = app.waiting_run().await;
    let pipeline = app.run_view(&run).await["pipeline"]["id"].as_str().unwrap().to_owned();
    for path in [
        format!("pipelines/{pipeline}/run"),
        format!("runs/{run}/cancel"),
        format!("runs/{run}/retry"),
        format!("runs/{run}/steps/deploy/approve"),
        format!("runs/{run}/steps/deploy/reject"),
    ] {
        let request = app.anonymous("POST", &format!("/api/v1/{path}"));
        assert_eq!(app.send(request.bearer_auth(READ_ONLY).json(&json!({}))).await.status, 403, "{path}");
    }
    let request = app.anonymous("GET", &format!("/api/v1/runs/{run}")).bearer_auth(READ_ONLY);
    let view = app.send(request).await.json;
    assert_eq!((&view["may"], &view["steps"][1]["may"]), (&json!([]), &json!([])));
    assert_eq!(view["why_not"]["cancel"], "this API token may only read");
}
