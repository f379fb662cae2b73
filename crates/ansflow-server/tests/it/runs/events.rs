//! What happens to a run, as it happens.

use ansflow_core::run::Input;
use serde_json::{Value as Json, json};

use super::sse::Frame;
use super::{done, failed};
use crate::world::TestApp;

fn words(frames: &[Frame]) -> Vec<&str> {
    frames.iter().map(|frame| frame.data["event"].as_str().unwrap_or(&frame.event)).collect()
}

/// A run of `SHOP` that has ended, and the path of its events.
async fn ended(app: &TestApp) -> (String, String) {
    let run = app.waiting_run().await;
    app.post(&format!("/api/v1/runs/{run}/steps/deploy/approve"), json!({})).await;
    app.report(&run, 1, 1, failed()).await;
    let path = format!("/api/v1/runs/{run}/events");
    (run, path)
}

#[tokio::test]
async fn a_run_is_told_from_its_start_to_its_end() {
    let app = TestApp::start().await;
    let (run, path) = ended(&app).await;
    let frames = app.frames(&path, None).await.until_the_end().await;
    let expect = [
        "run_started",
        "step_started",
        "step_finished",
        "approval_opened",
        "approved",
        "step_started",
        "step_finished",
        "run_finished",
        "end",
    ];
    assert_eq!(words(&frames), expect);
    for frame in &frames[..frames.len() - 1] {
        assert_eq!((&frame.data["seq"], &frame.data["run"]), (&json!(frame.id), &json!(run)));
        assert_eq!(frame.event, "message");
    }
    assert_eq!(frames[8].data, json!({ "run": run, "status": "failed" }));
    assert_eq!(frames[3].data["approvers"], json!(["mona", "ops"]));
    assert_eq!(frames[6].data["why"], "the command exited with 2");
}

#[tokio::test]
async fn who_hangs_up_at_any_event_and_comes_again_misses_and_doubles_nothing() {
    let app = TestApp::start().await;
    let run = app.run_with(super::SHOP).await;
    let path = format!("/api/v1/runs/{run}/events");
    let events = async {
        app.engine(&run, Input::Start).await;
        app.report(&run, 0, 1, done()).await;
        app.post(&format!("/api/v1/runs/{run}/steps/deploy/approve"), json!({})).await;
        app.report(&run, 1, 1, done()).await;
    };
    // One frame a connection, while events come in.
    let watcher = async {
        let (mut seen, mut last) = (Vec::new(), None);
        loop {
            let frame = app.frames(&path, last).await.next().await.unwrap();
            last = Some(frame.id);
            if frame.event == "end" {
                break seen;
            }
            seen.push(frame);
        }
    };
    let (seen, ()) = tokio::join!(watcher, events);
    let mut whole = app.frames(&path, None).await.until_the_end().await;
    whole.pop();
    assert_eq!(seen, whole);
    for cut in 0..whole.len() {
        let after = format!("{path}?after={}", whole[cut].id);
        let mut rest = app.frames(&after, None).await.until_the_end().await;
        rest.pop();
        assert_eq!(rest, whole[cut + 1..], "after {cut}");
    }
}

#[tokio::test]
async fn who_watches_is_told_at_once_and_everybody_the_same() {
    let app = TestApp::start().await;
    let run = app.run_with(super::SHOP).await;
    let path = format!("/api/v1/runs/{run}/events");
    let mut watchers = super::sse::all((0..20).map(|_| app.frames(&path, None))).await;
    app.engine(&run, Input::Start).await;
    for watcher in &mut watchers {
        assert_eq!(watcher.next().await.unwrap().data["event"], "run_started");
    }
    app.report(&run, 0, 1, done()).await;
    app.post(&format!("/api/v1/runs/{run}/cancel"), json!({})).await;
    let heard = super::sse::all(watchers.into_iter().map(|watcher| watcher.until_the_end())).await;
    assert!(heard.iter().all(|frames| *frames == heard[0]));
    assert_eq!(words(&heard[0]).last(), Some(&"end"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_comes_while_the_run_finishes_hears_how_it_did() {
    let app = TestApp::start().await;
    let pipeline = app.pipeline_of(super::SHOP).await;
    for _ in 0..100 {
        let run = app.run_of(&pipeline).await;
        let path = format!("/api/v1/runs/{run}/events?after=1");
        let act = format!("/api/v1/runs/{run}/cancel");
        let watchers = super::sse::all((0..8).map(|_| async { app.frames(&path, None).await.until_the_end().await }));
        let (heard, _) = tokio::join!(watchers, app.post(&act, json!({})));
        for frames in heard {
            assert!(words(&frames).ends_with(&["run_finished", "end"]), "{:?}", words(&frames));
        }
    }
}

#[tokio::test]
async fn who_asks_beyond_the_end_waits_and_then_hears_it() {
    let app = TestApp::start().await;
    let run = app.run_with(super::SHOP).await;
    let mut watcher = app.frames(&format!("/api/v1/runs/{run}/events?after=3"), None).await;
    app.engine(&run, Input::Start).await; // 2 and 3
    app.report(&run, 0, 1, done()).await; // 4: the attempt, 5: the step, 6: the question
    assert_eq!(watcher.next().await.unwrap().id, 5);
    let answer = app.get(&format!("/api/v1/runs/{run}/events?after=18446744073709551615")).await;
    assert_eq!(answer.status, 422);
    let bad = app.request("GET", &format!("/api/v1/runs/{run}/events")).header("Last-Event-ID", "x");
    assert_eq!(app.send(bad).await.status, 422);
}

#[tokio::test]
async fn a_stream_ends_when_its_run_is_forgotten() {
    let app = TestApp::start().await;
    let run = app.run_with(super::SHOP).await;
    let mut watcher = app.frames(&format!("/api/v1/runs/{run}/events?after=900"), None).await;
    app.post(&format!("/api/v1/runs/{run}/cancel"), json!({})).await;
    assert_eq!(watcher.next().await.unwrap().event, "end");
    assert_eq!(watcher.next().await, None);
}

#[tokio::test]
async fn pages_of_events_say_the_same_as_the_stream() {
    let app = TestApp::start().await;
    let (_, path) = ended(&app).await;
    let mut stream = app.frames(&path, None).await.until_the_end().await;
    stream.pop();
    let (mut items, mut after) = (Vec::new(), "0".to_owned());
    loop {
        let request = app.request("GET", &format!("{path}?limit=2&after={after}"));
        let page = app.send(request.header("Accept", "application/json")).await;
        assert_eq!(page.status, 200, "{}", page.text);
        items.extend(page.json["items"].as_array().unwrap().clone());
        match &page.json["next"] {
            Json::String(next) => after.clone_from(next),
            _ => break,
        }
    }
    assert_eq!(items, stream.into_iter().map(|frame| frame.data).collect::<Vec<_>>());
}
