//! Registries that pipelines name: a word at saving, a refusal at the start.

use serde_json::json;

use super::{add, harbor};
use crate::world::{Answer, TestApp};

const TEXT: &str =
    "name: shop\nsteps:\n  - { name: get, type: docker_pull, config: { image: shop, registry: harbor } }\n";

fn warnings(answer: &Answer) -> Vec<String> {
    let found = answer.json["diagnostics"].as_array().unwrap();
    found.iter().map(|one| format!("{}:{} {}", one["line"], one["column"], one["message"].as_str().unwrap())).collect()
}

#[tokio::test]
async fn one_that_is_not_there_is_a_warning_at_saving_and_refused_at_the_start() {
    let app = TestApp::start().await;
    let saved = app.post("/api/v1/pipelines", json!({ "text": TEXT })).await;
    assert_eq!(saved.status, 201, "{}", saved.text);
    assert_eq!(warnings(&saved), ["3:70 there is no registry `harbor`"]);
    let pipeline = format!("/api/v1/pipelines/{}", saved.json["id"].as_str().unwrap());
    let refused = app.post(&format!("{pipeline}/run"), json!({})).await;
    assert_eq!(refused.problem(), (422, "cannot_run", ""));
    assert!(refused.json["detail"].as_str().unwrap().contains("there is no registry `harbor`"), "{}", refused.text);
    assert_eq!(app.get("/api/v1/runs").await.json["items"], json!([]));
    // What a text means is remembered; which registries there are is not.
    let harbor = add(&app, harbor()).await;
    assert_eq!(warnings(&app.get(&pipeline).await), Vec::<String>::new());
    let validated = app.post("/api/v1/pipelines/validate", json!({ "text": TEXT })).await;
    assert_eq!(warnings(&validated), Vec::<String>::new());
    assert_eq!(app.post(&format!("{pipeline}/run"), json!({})).await.status, 201);
    app.delete(&harbor).await;
    assert_eq!(warnings(&app.get(&pipeline).await).len(), 1);
}

#[tokio::test]
async fn an_id_and_default_are_names_too() {
    let app = TestApp::start().await;
    let path = add(&app, harbor()).await;
    let id = path.rsplit('/').next().unwrap();
    let text = |registry: &str| json!({ "text": TEXT.replace("registry: harbor", &format!("registry: {registry}")) });
    let told = async |registry: &str| warnings(&app.post("/api/v1/pipelines/validate", text(registry)).await).len();
    assert_eq!((told(id).await, told("default").await, told("reg_none").await), (0, 1, 1));
    app.post(&format!("{path}/set-default"), json!({})).await;
    assert_eq!((told(id).await, told("default").await), (0, 0));
}

#[tokio::test]
async fn a_push_that_names_none_needs_a_default_one() {
    let app = TestApp::start().await;
    let text = "name: shop\nsteps:\n  - { name: put, type: docker_push, config: { image: shop } }\n";
    let saved = app.post("/api/v1/pipelines", json!({ "text": text })).await;
    assert_eq!((saved.status, warnings(&saved).len()), (201, 1), "{}", saved.text);
    let pipeline = format!("/api/v1/pipelines/{}", saved.json["id"].as_str().unwrap());
    let refused = app.post(&format!("{pipeline}/run"), json!({})).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert!(refused.json["detail"].as_str().unwrap().contains("`put` (`docker_push`) has no `registry`"));
    let path = add(&app, harbor()).await;
    app.post(&format!("{path}/set-default"), json!({})).await;
    assert_eq!(warnings(&app.get(&pipeline).await), Vec::<String>::new());
    assert_eq!(app.post(&format!("{pipeline}/run"), json!({})).await.status, 201);
}
