//! Statistics over HTTP; what they count is tested where they are asked for, in the store.

use ansflow_core::run::event::RunStatus;
use serde_json::json;

use crate::pipelines::text;
use crate::world::TestApp;

#[tokio::test]
async fn an_overview_counts_what_is_and_what_was() {
    let app = TestApp::start().await;
    let id = app.store_text(&text("shop")).await;
    let statuses =
        [RunStatus::Success, RunStatus::Failed, RunStatus::TimedOut, RunStatus::Running, RunStatus::Cancelled];
    for (number, status) in (1..).zip(statuses) {
        app.pass(1);
        app.leave_run(&id, number, status).await;
    }
    let seen = app.get("/api/v1/statistics?days=7").await;
    assert_eq!(seen.status, 200, "{}", seen.text);
    let counts = ["days", "running", "queued", "waiting"].map(|key| seen.json[key].as_u64().unwrap());
    assert_eq!(counts, [7, 1, 0, 0]);
    assert_eq!(seen.json["total"], json!({ "success": 1, "failed": 1, "cancelled": 1, "timed_out": 1 }));
    let trend = seen.json["trend"].as_array().unwrap();
    assert_eq!((trend.len(), &trend[6]["day"]), (7, &json!(&app.now().to_string()[..10])));
    let failing = &seen.json["failing"][0];
    assert_eq!((&failing["pipeline"]["name"], &failing["failures_in_a_row"]), (&json!("shop"), &json!(2)));
    assert_eq!(failing["last"]["status"], "timed_out");

    let one = app.get(&format!("/api/v1/pipelines/{id}/statistics")).await;
    assert_eq!((one.status, one.json["trend"].as_array().map(Vec::len)), (200, Some(30)));
    assert_eq!((&one.json["total"], &one.json["steps"]), (&seen.json["total"], &json!([])));
    assert!((one.json["failure_rate"].as_f64().unwrap() - 2.0 / 3.0).abs() < 1e-9);
}

#[tokio::test]
async fn a_window_is_one_day_to_a_year() {
    let app = TestApp::start().await;
    for days in ["0", "366", "-1", "x", "99999999999999999999"] {
        let refused = app.get(&format!("/api/v1/statistics?days={days}")).await;
        assert_eq!(refused.status, 422, "{days}: {}", refused.text);
    }
    assert_eq!(app.get("/api/v1/pipelines/pl_none/statistics").await.status, 404);
}
