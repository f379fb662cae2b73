//! A delivery starts one run, however often and however crowded it comes.

use super::{SHARED, SHOP, push, shown, told};
use crate::world::TestApp;

#[tokio::test]
async fn a_delivery_that_is_sent_again_names_the_run_of_the_first() {
    let app = TestApp::start().await;
    app.store_pipeline("pl_shop", SHOP).await;
    let hook = app.make_hook("pl_shop").await;
    let first = app.github_says(&hook.path, &hook.secret, "d1", "push", &push()).await;
    let again = app.github_says(&hook.path, &hook.secret, "d1", "push", &push()).await;
    assert_eq!((told(&first), told(&again)), ("started".to_owned(), "duplicate it came before".to_owned()));
    assert_eq!(first.json["items"][0]["run"], again.json["items"][0]["run"]);
    assert_eq!(app.delivery_log().await, ["duplicate it came before", "started"]);
    assert_eq!(app.run_count().await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn twenty_at_once_start_one_run() {
    let app = std::sync::Arc::new(TestApp::start().await);
    app.share_with_github().await;
    app.store_pipeline("pl_1", SHOP).await;
    app.store_pipeline("pl_2", SHOP).await;
    let tasks: Vec<_> = (0..20)
        .map(|_| {
            let app = std::sync::Arc::clone(&app);
            tokio::spawn(async move { app.github_says("/api/v1/hooks/github", SHARED, "d1", "push", &push()).await })
        })
        .collect();
    let mut said = Vec::new();
    let mut runs = std::collections::BTreeSet::new();
    for task in tasks {
        let answer = task.await.unwrap();
        assert_eq!(answer.status, 202, "{}", answer.text);
        for item in answer.json["items"].as_array().unwrap() {
            said.push(shown(item));
            runs.insert(item["run"].as_str().unwrap().to_owned());
        }
    }
    assert_eq!(said.iter().filter(|said| *said == "started").count(), 2, "{said:?}");
    assert_eq!((runs.len(), app.run_count().await), (2, 2), "one of each pipeline");
}

#[tokio::test]
async fn whoever_fell_between_run_and_row_finds_the_run_again() {
    let app = TestApp::start().await;
    app.store_pipeline("pl_shop", SHOP).await;
    let hook = app.make_hook("pl_shop").await;
    let first = app.github_says(&hook.path, &hook.secret, "d1", "push", &push()).await;
    // As if the server had been killed before it wrote the row down.
    app.store.deliveries().prune(app.now(), 0).await.unwrap();
    assert!(app.delivery_log().await.is_empty());
    let again = app.github_says(&hook.path, &hook.secret, "d1", "push", &push()).await;
    assert_eq!(told(&again), "started");
    assert_eq!(first.json["items"][0]["run"], again.json["items"][0]["run"]);
    assert_eq!(app.run_count().await, 1);
}

#[tokio::test]
async fn the_same_number_at_another_hook_is_another_delivery() {
    let app = TestApp::start().await;
    app.store_pipeline("pl_1", SHOP).await;
    app.store_pipeline("pl_2", SHOP).await;
    for pipeline in ["pl_1", "pl_2"] {
        let hook = app.make_hook(pipeline).await;
        assert_eq!(told(&app.github_says(&hook.path, &hook.secret, "d1", "push", &push()).await), "started");
    }
    assert_eq!(app.run_count().await, 2);
}
