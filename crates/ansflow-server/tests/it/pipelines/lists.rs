//! Lists: searched, sorted, page by page.

use std::time::Instant;

use ansflow_core::run::event::RunStatus;
use serde_json::json;

use super::{names, text};
use crate::world::TestApp;

#[tokio::test]
async fn a_list_goes_on_where_it_stopped_whatever_it_is_sorted_by() {
    let app = TestApp::start().await;
    let mut ids = Vec::new();
    for name in ["d", "b", "a", "c", "e"] {
        app.pass(1);
        ids.push(app.store_text(&text(name)).await);
    }
    app.leave_run(&ids[1], 1, RunStatus::Success).await;
    app.pass(1);
    app.leave_run(&ids[4], 1, RunStatus::Queued).await;
    for (sort, expect) in [
        ("name", ["a", "b", "c", "d", "e"]),
        ("updated", ["e", "c", "a", "b", "d"]),
        ("last_run", ["e", "b", "c", "a", "d"]),
    ] {
        let (mut found, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = app.get(&format!("/api/v1/pipelines?sort={sort}&limit=2{cursor}")).await;
            assert_eq!(page.json["total"], 5, "{}", page.text);
            found.extend(names(&page).into_iter().map(str::to_owned));
            let Some(next) = page.json["next"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(found, expect, "{sort}");
    }
    let recent = app.get("/api/v1/pipelines?sort=last_run&limit=1").await;
    assert_eq!(recent.json["items"][0]["recent"][0]["status"], "queued");
}

#[tokio::test]
async fn a_search_takes_every_character_as_it_is_and_no_case() {
    let app = TestApp::start().await;
    for name in ["Ünit_A", "100% sure", "plain", "'; DROP TABLE pipeline; --", "a!b"] {
        app.store_text(&text(&json!(name).to_string())).await;
    }
    app.store_text("name: told\ndescription: Sells SHOES\nsteps: [{ name: a, type: command, command: 'true' }]\n")
        .await;
    for (search, expect) in [
        ("üNIT", vec!["Ünit_A"]),
        ("_", vec!["Ünit_A"]),
        ("%", vec!["100% sure"]),
        ("!", vec!["a!b"]),
        ("shoes", vec!["told"]),
        ("'; drop", vec!["'; DROP TABLE pipeline; --"]),
        ("nothing", vec![]),
    ] {
        let encoded: String = search.bytes().map(|byte| format!("%{byte:02x}")).collect();
        assert_eq!(names(&app.get(&format!("/api/v1/pipelines?search={encoded}")).await), expect, "{search}");
    }
}

#[tokio::test]
async fn a_page_that_cannot_be_is_refused() {
    let app = TestApp::start().await;
    let long = "x".repeat(201);
    for query in [
        "limit=0",
        "limit=201",
        "cursor=%00",
        "cursor=bm9uZQ",
        "search=%00",
        "sort=odd",
        "nonsense=1",
        &format!("search={long}"),
    ] {
        let refused = app.get(&format!("/api/v1/pipelines?{query}")).await;
        assert_eq!(refused.status, 422, "{query}: {}", refused.text);
    }
    assert_eq!(app.send(app.anonymous("GET", "/api/v1/pipelines")).await.status, 401);
}

#[tokio::test]
async fn a_page_of_two_hundred_measured() {
    let app = TestApp::start().await;
    let items: Vec<_> = (0..200).map(|n| json!({ "text": text(&format!("p{n:03}")), "name": null })).collect();
    let began = Instant::now();
    let done = app.post("/api/v1/pipelines/import", json!({ "items": items, "on_conflict": "fail" })).await;
    assert_eq!(done.status, 200, "{}", done.text);
    let imported = began.elapsed();
    assert!(
        done.json["items"]
            .as_array()
            .unwrap()
            .iter()
            .all(|item| item["problem"].is_null() && item["pipeline"].is_string())
    );
    let mut times = Vec::new();
    for _ in 0..3 {
        let began = Instant::now();
        let page = app.get("/api/v1/pipelines?limit=200").await;
        times.push(began.elapsed());
        assert_eq!(page.json["items"].as_array().unwrap().len(), 200);
    }
    eprintln!("import of 200: {imported:?}; list of 200, cold and warm: {times:?}");
}
