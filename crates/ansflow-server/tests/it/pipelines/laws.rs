//! What goes in comes out: random pipelines over the whole catalogue, imported, read, exported and copied.

// One generator for both: what the core's laws are tried on, the server's are.
#[path = "../../../../ansflow-core/src/pipeline/tests/any_step.rs"]
mod any_step;

use ansflow_core::catalog;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRng, TestRunner};
use serde_json::json;

use crate::world::TestApp;

/// So many random pipelines under one name each.
fn texts(count: usize) -> Vec<String> {
    let mut rng: TestRng = TestRunner::new(Config::default()).new_rng();
    let mut pick = |below: usize| usize::try_from(rng.next_u64() % below as u64).expect("it is below a usize");
    (0..count).map(|number| any_step::pipeline(&format!("p{number}"), &mut pick)).collect()
}

#[tokio::test]
async fn what_goes_in_comes_out() {
    let app = TestApp::start().await;
    let texts = texts(60);
    let items: Vec<_> = texts.iter().map(|text| json!({ "text": text, "name": null })).collect();
    let done = app.post("/api/v1/pipelines/import", json!({ "items": items, "on_conflict": "fail" })).await;
    for (item, text) in done.json["items"].as_array().unwrap().iter().zip(&texts) {
        assert!(item["problem"].is_null(), "{item}\nin\n{text}");
        let path = format!("/api/v1/pipelines/{}", item["pipeline"].as_str().unwrap());
        assert_eq!(app.get(&format!("{path}/export")).await.text, *text);
        assert_eq!(app.get(&path).await.json["text"], json!(text));
        let saved = format!("{text}# {}\n", item["name"]);
        let request = app.request("PUT", &path).header("If-Match", "\"1\"");
        let answer = app.send(request.json(&json!({ "text": saved, "note": "" }))).await;
        assert_eq!((answer.status, &answer.json["text"]), (200, &json!(saved)), "{}", answer.text);

        let name = format!("copy of {}", item["name"].as_str().unwrap());
        let copy = app.post(&format!("{path}/clone"), json!({ "name": name })).await;
        let expect = saved.replacen(item["name"].as_str().unwrap(), &name, 1);
        assert_eq!((copy.status, &copy.json["text"]), (201, &json!(expect)), "{}", copy.text);
    }
}
