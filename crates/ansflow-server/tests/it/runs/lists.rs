//! Lists of runs.

use ansflow_core::run::Input;
use serde_json::json;

use super::{SHOP, done};
use crate::world::TestApp;

impl TestApp {
    /// The ids that a list has.
    async fn ids(&self, query: &str) -> Vec<String> {
        let answer = self.get(&format!("/api/v1/runs?{query}")).await;
        assert_eq!(answer.status, 200, "{query}: {}", answer.text);
        let items = answer.json["items"].as_array().unwrap();
        items.iter().map(|run| run["id"].as_str().unwrap().to_owned()).collect()
    }
}

#[tokio::test]
async fn each_filter_finds_its_runs_and_no_others() {
    let app = TestApp::start().await;
    let shop = app.pipeline_of(SHOP).await;
    let start = async |pipeline: &str, body| {
        app.pass(1);
        let answer = app.post(&format!("/api/v1/pipelines/{pipeline}/run"), body).await;
        answer.json["id"].as_str().unwrap().to_owned()
    };
    let one = start(&shop, json!({ "branch": "main", "commit": "0123456789abcdef" })).await;
    let two = start(&shop, json!({ "branch": "feature/ümläut" })).await;
    let other = app.pipeline_of(&SHOP.replace("shop", "Ladengeschäft")).await;
    app.pass(1);
    let middle = app.now();
    let three = start(&other, json!({})).await;
    app.engine(&one, Input::Start).await;
    app.report(&one, 0, 1, done()).await;
    app.engine(&two, Input::Cancel { by: "mona".into() }).await;

    let check = async |query: &str, expect: &[&String]| {
        assert_eq!(app.ids(query).await.iter().collect::<Vec<_>>(), expect, "{query}");
    };
    check("", &[&three, &two, &one]).await;
    check(&format!("pipeline={shop}"), &[&two, &one]).await;
    check("status=waiting", &[&one]).await;
    check("status=waiting,cancelled,waiting", &[&two, &one]).await;
    check(&format!("status=queued,cancelled&pipeline={shop}"), &[&two]).await;
    check("branch=main", &[&one]).await;
    check("branch=mai", &[]).await;
    check("by=mona&trigger=api", &[&three, &two, &one]).await;
    check("by=eve", &[]).await;
    check("trigger=schedule", &[]).await;
    check(&format!("since={middle}"), &[&three]).await;
    check(&format!("until={middle}"), &[&two, &one]).await;
    check("search=SHOP", &[&two, &one]).await;
    check("search=laden", &[&three]).await;
    check("search=0123456", &[&one]).await;
    check("search=0123457", &[]).await;
    check("search=%231", &[&three, &one]).await;
    check("search=ÜML", &[&two]).await;
    check("search=main&status=cancelled", &[]).await;
    check("search=%25", &[]).await;
    check(&format!("pipeline={}", "'; DROP TABLE run; --"), &[]).await;
    for bad in ["status=done", "since=yesterday", "limit=0", "limit=201", "cursor=x", "limit=x", "by=%00"] {
        assert_eq!(app.get(&format!("/api/v1/runs?{bad}")).await.status, 422, "{bad}");
    }
}

#[tokio::test]
async fn pages_stay_whole_while_runs_are_made_and_forgotten() {
    let app = TestApp::start().await;
    let pipeline = app.pipeline_of(SHOP).await;
    let mut made = Vec::new();
    for _ in 0..9 {
        made.push(app.run_of(&pipeline).await); // All at the same moment.
    }
    let mut whole = app.ids("").await;
    whole.sort_unstable();
    made.sort_unstable();
    assert_eq!(whole, made);
    let mut expect = app.ids("").await;

    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = app.get(&format!("/api/v1/runs?limit=2{cursor}")).await.json;
        seen.extend(page["items"].as_array().unwrap().iter().map(|run| run["id"].as_str().unwrap().to_owned()));
        app.pass(1);
        app.run_of(&pipeline).await;
        // The run that the cursor names is forgotten: the next page begins behind its place all the same.
        let last = seen.last().unwrap();
        app.engine(last, Input::Cancel { by: "mona".into() }).await;
        assert_eq!(app.delete(&format!("/api/v1/runs/{last}")).await.status, 204);
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    expect.sort_unstable();
    seen.sort_unstable();
    assert_eq!(seen, expect);
}
