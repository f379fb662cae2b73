//! What people do to runs, and what they may not.

use ansflow_core::run::Input;
use ansflow_store::people::{NewToken, Person};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::{SHOP, done, failed};
use crate::world::TestApp;

impl TestApp {
    /// Somebody else, with a token of the same name.
    async fn add(&self, name: &str) {
        let id = format!("usr_{name}");
        let person = Person { id: id.clone(), name: name.into(), password: "!".into(), role: "admin".into() };
        self.store.people().add(&person, self.now()).await.unwrap();
        let hash: String = Sha256::digest(name).iter().map(|byte| format!("{byte:02x}")).collect();
        let token_id = format!("tok_{name}");
        let token =
            NewToken { id: &token_id, person: &id, name, hash: &hash, hint: "", read_only: false, expires_at: None };
        self.store.people().add_token(&token, self.now()).await.unwrap();
    }
}

#[tokio::test]
async fn nobody_who_is_not_asked_says_yes_whatever_they_claim() {
    let app = TestApp::start().await;
    app.add("eve").await;
    let run = app.waiting_run().await;
    let path = format!("/api/v1/runs/{run}/steps/deploy/approve");
    let attempts = [json!({}), json!({ "via": "yes" }), json!({ "via": "terminal" }), json!({ "by": "mona" })];
    for body in attempts {
        let answer = app.send(app.anonymous("POST", &path).bearer_auth("eve").json(&body)).await;
        let expect = if body == json!({}) { 403 } else { 422 };
        assert_eq!(answer.status, expect, "{body}: {}", answer.text);
    }
    for query in ["?via=yes", "?by=mona"] {
        let answer = app.send(app.anonymous("POST", &format!("{path}{query}")).bearer_auth("eve")).await;
        assert_eq!(answer.status, 403, "{}", answer.text);
        assert!(answer.text.contains("`eve` is not an approver of step `deploy`, who are: mona, ops"));
    }
    let header = app.anonymous("POST", &path).bearer_auth("eve").header("Via", "yes");
    assert_eq!(app.send(header).await.status, 403);
    let view = app.send(app.anonymous("GET", &format!("/api/v1/runs/{run}")).bearer_auth("eve")).await.json;
    assert_eq!((&view["status"], &view["steps"][1]["may"]), (&json!("waiting"), &json!([])));
    let events = app.store.runs().load(&run).await.unwrap();
    assert!(!format!("{events:?}").contains("Approved"));
}

#[tokio::test]
async fn an_approver_decides_once_and_others_do_not() {
    let app = TestApp::start().await;
    app.add("eve").await;
    let text = SHOP.replace("timeout: 1h", "required: 2");
    let run = app.run_with(&text).await;
    app.engine(&run, Input::Start).await;
    app.report(&run, 0, 1, done()).await;
    let path = format!("/api/v1/runs/{run}/steps/deploy/approve");
    assert_eq!(app.post(&path, json!({})).await.status, 200);
    let again = app.post(&path, json!({})).await;
    assert_eq!((again.status, again.json["detail"].as_str()), (409, Some("`mona` has approved step `deploy` already")));
    let other = app.send(app.anonymous("POST", &path.replace("approve", "reject")).bearer_auth("eve")).await;
    assert_eq!(other.status, 403);
    let no = app.post(&path.replace("approve", "reject"), json!({ "comment": "not today" })).await;
    assert_eq!((no.status, &no.json["status"]), (200, &json!("failed")));
    assert_eq!(no.json["steps"][1]["why"], "rejected by mona: not today");
    let late = app.post(&path, json!({})).await;
    assert_eq!(late.status, 409);
}

#[tokio::test]
async fn a_run_is_cancelled_once() {
    let app = TestApp::start().await;
    let run = app.run_with(SHOP).await;
    app.engine(&run, Input::Start).await;
    let path = format!("/api/v1/runs/{run}/cancel");
    let first = app.send(app.request("POST", &path)).await;
    assert_eq!((first.status, &first.json["status"]), (200, &json!("running")));
    let again = app.send(app.request("POST", &path)).await;
    assert_eq!(again.status, 409);
    assert_eq!(first.json["why_not"]["cancel"], again.json["detail"]);
}

#[tokio::test]
async fn what_has_not_ended_is_neither_repeated_nor_forgotten() {
    let app = TestApp::start().await;
    let run = app.waiting_run().await;
    let retry = app.post(&format!("/api/v1/runs/{run}/retry"), json!({})).await;
    assert_eq!((retry.status, retry.json["detail"].as_str()), (409, Some("the run has not ended, it is waiting")));
    let delete = app.delete(&format!("/api/v1/runs/{run}")).await;
    assert_eq!((delete.status, delete.json["detail"].as_str()), (409, Some("the run has not ended; cancel it first")));
}

#[tokio::test]
async fn a_retry_takes_over_what_stands_and_works_in_a_directory_of_its_own() {
    let app = TestApp::start().await;
    let run = failed_run(&app).await;
    let path = format!("/api/v1/runs/{run}/retry");
    let gone = app.post(&path, json!({ "failed_only": true })).await;
    assert_eq!((gone.status, gone.json["code"].as_str()), (409, Some("workspace_gone")));
    assert_eq!(app.run_view(&run).await["why_not"]["retry_failed"], gone.json["detail"]);
    std::fs::create_dir_all(app.files.workspace(&run)).unwrap();
    assert_eq!(app.run_view(&run).await["may"], json!(["retry", "retry_failed", "delete"]));

    let again = app.post(&path, json!({ "failed_only": true })).await;
    assert_eq!(again.status, 201, "{}", again.text);
    let new = &again.json;
    assert_eq!((&new["trigger"], &new["retry_of"], &new["number"]), (&json!("retry"), &json!(run), &json!(2)));
    assert_eq!((&new["version"], &new["branch"]), (&json!(1), &json!("main")));
    let statuses: Vec<_> = new["steps"].as_array().unwrap().iter().map(|step| step["status"].clone()).collect();
    assert_eq!(statuses, ["success", "pending"]);
    let id = new["id"].as_str().unwrap();
    let facts = app.store.runs().replay(id).await.unwrap().created().facts.clone();
    assert_eq!(facts.workspace, app.files.workspace(id).to_string_lossy());

    // It copies the files when its turn comes, and until then nobody takes them away.
    let needed = app.delete(&format!("/api/v1/runs/{run}")).await;
    assert_eq!(needed.status, 409, "{}", needed.text);
    app.send(app.request("POST", &format!("/api/v1/runs/{id}/cancel"))).await;
    assert_eq!(app.post(&path, json!({ "from": "deploy" })).await.status, 201);
}

#[tokio::test]
async fn a_retry_from_nowhere_is_refused_by_name() {
    let app = TestApp::start().await;
    let run = failed_run(&app).await;
    let path = format!("/api/v1/runs/{run}/retry");
    let unknown = app.post(&path, json!({ "from": "deplyo" })).await;
    assert_eq!((unknown.status, unknown.json["field"].as_str()), (422, Some("from")));
    assert_eq!(unknown.json["help"], "did you mean `deploy`?");
    assert_eq!(app.post(&path, json!({ "from": "deploy", "failed_only": true })).await.status, 422);
    let pipeline = app.run_view(&run).await["pipeline"]["id"].as_str().unwrap().to_owned();
    assert_eq!(app.delete(&format!("/api/v1/pipelines/{pipeline}")).await.status, 204);
    let orphan = app.post(&path, json!({})).await;
    assert_eq!((orphan.status, orphan.json["code"].as_str()), (409, Some("pipeline_deleted")));
    assert_eq!(app.get(&format!("/api/v1/runs/{run}/pipeline")).await.status, 200);
}

#[tokio::test]
async fn a_run_is_forgotten_with_its_folder() {
    let app = TestApp::start().await;
    let run = failed_run(&app).await;
    drop(app.log_of(&run, 0, 1));
    assert_eq!(app.delete(&format!("/api/v1/runs/{run}")).await.status, 204);
    assert!(!app.files.run(&run).exists());
    for path in ["", "/events", "/artifacts", "/pipeline", "/steps/build/log"] {
        assert_eq!(app.get(&format!("/api/v1/runs/{run}{path}")).await.status, 404, "{path}");
    }
    assert_eq!(app.delete(&format!("/api/v1/runs/{run}")).await.status, 404);
}

async fn failed_run(app: &TestApp) -> String {
    let pipeline = app.pipeline_of(&SHOP.replace(", approval: { approvers: [mona, ops], timeout: 1h }", "")).await;
    let path = format!("/api/v1/pipelines/{pipeline}/run");
    let run = app.post(&path, json!({ "branch": "main" })).await.json["id"].as_str().unwrap().to_owned();
    app.engine(&run, Input::Start).await;
    app.report(&run, 0, 1, done()).await;
    app.report(&run, 1, 1, failed()).await;
    run
}
