//! The output of steps, as it is written.

use ansflow_core::run::Input;
use ansflow_store::output::{LogWriter, Stream};
use serde_json::json;

use super::sse::{Frame, all};
use super::{SHOP, done, failed, say};
use crate::world::TestApp;

fn text(frames: &[Frame]) -> String {
    let lines = frames.iter().flat_map(|frame| frame.data["lines"].as_array().unwrap());
    lines.map(|line| format!("{}\n", line["text"].as_str().unwrap())).collect()
}

async fn running(app: &TestApp) -> (String, String, LogWriter) {
    let run = app.run_with(SHOP).await;
    app.engine(&run, Input::Start).await;
    let log = app.log_of(&run, 0, 1);
    let path = format!("/api/v1/runs/{run}/steps/build/log/stream");
    (run, path, log)
}

#[tokio::test]
async fn a_stream_shows_what_is_written_and_ends_with_its_attempt() {
    let app = TestApp::start().await;
    let (run, path, mut log) = running(&app).await;
    say(&mut log, "one\n");
    let mut stream = app.frames(&path, None).await;
    let first = stream.next().await.unwrap();
    assert_eq!((first.event.as_str(), first.id), ("lines", 4));
    assert_eq!((&first.data["attempt"], &first.data["next"]), (&json!(1), &json!(4)));
    log.write(Stream::Stderr, "zwei ü\n".as_bytes(), 1).unwrap();
    let second = stream.next().await.unwrap();
    assert_eq!(second.data["lines"][0]["stream"], "stderr");
    assert_eq!(second.data["lines"][0]["number"], 2);
    // An unfinished line comes with the end.
    log.write(Stream::Stdout, b"half", 1).unwrap();
    log.flush_partial(1).unwrap();
    app.report(&run, 0, 1, done()).await;
    let rest = stream.until_the_end().await;
    assert_eq!(text(&rest[..1]), "half\n");
    let len = std::fs::metadata(app.files.attempt(&run, 0, 1).join("log")).unwrap().len();
    assert_eq!(rest[1].data, json!({ "attempt": 1, "next": len, "lines": [] }));
    // Again, when all is over; and behind everything.
    assert_eq!(text(&app.frames(&path, Some(4)).await.until_the_end().await), "zwei ü\nhalf\n");
    assert_eq!(app.frames(&path, Some(len + 9)).await.until_the_end().await.len(), 1);
}

#[tokio::test]
async fn a_log_in_a_hundred_cuts_is_the_log() {
    let app = TestApp::start().await;
    let (run, path, mut log) = running(&app).await;
    let mut seed = 7_u64;
    let mut random = move |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let mut whole = String::new();
    for number in 0..4_000 {
        whole += &format!("{number} {}\n", "构建é\t\u{1b}[1m".repeat(random(9) as usize));
    }
    whole += &format!("{}\nafter the long one\n", "é".repeat(150_000));
    let cuts: Vec<u64> = (0..100).map(|_| random(5)).collect();
    let writer = async {
        for part in whole.as_bytes().chunks(9_973) {
            log.write(Stream::Stdout, part, 5).unwrap();
            tokio::task::yield_now().await;
        }
        log.flush_partial(5).unwrap();
        app.report(&run, 0, 1, done()).await;
    };
    let reader = async {
        let (mut seen, mut last, mut number) = (String::new(), None, 0);
        for frames in cuts.into_iter().map(Some).chain(std::iter::repeat(None)) {
            let mut stream = app.frames(&format!("{path}?attempt=1"), last).await;
            for _ in 0..frames.unwrap_or(u64::MAX) {
                let frame = stream.next().await.unwrap();
                last = Some(frame.id);
                if frame.event == "end" {
                    return seen;
                }
                for line in frame.data["lines"].as_array().unwrap() {
                    // Pieces of one line share its number.
                    if line["number"].as_u64() != Some(number) && number > 0 {
                        seen.push('\n');
                    }
                    number = line["number"].as_u64().unwrap();
                    seen += line["text"].as_str().unwrap();
                }
            }
        }
        seen
    };
    let (seen, ()) = tokio::join!(reader, writer);
    assert_eq!(seen.len() + 1, whole.len());
    assert!(seen + "\n" == whole);
}

#[tokio::test]
async fn a_stream_waits_for_its_attempt_and_ends_when_there_will_be_none() {
    let app = TestApp::start().await;
    let text = SHOP.replace("command: make }", "command: make, retry: { attempts: 2 } }");
    let run = app.run_with(&text).await;
    let path = |step: &str, attempt: &str| format!("/api/v1/runs/{run}/steps/{step}/log/stream{attempt}");
    let latest = app.frames(&path("build", ""), None).await;
    let second = app.frames(&path("build", "?attempt=2"), None).await;
    let third = app.frames(&path("build", "?attempt=3"), None).await;
    let deploy = app.frames(&path("deploy", ""), None).await;
    app.engine(&run, Input::Start).await;
    say(&mut app.log_of(&run, 0, 1), "first\n");
    app.report(&run, 0, 1, failed()).await;
    say(&mut app.log_of(&run, 0, 2), "second\n");
    app.report(&run, 0, 2, failed()).await;
    // Whoever named none followed one of them to its end, and says which.
    let latest = latest.until_the_end().await;
    let attempt = latest.last().unwrap().data["attempt"].as_u64().unwrap();
    assert_eq!(super::streams::text(&latest), ["first\n", "second\n"][attempt as usize - 1]);
    let second = second.until_the_end().await;
    assert_eq!((super::streams::text(&second).as_str(), &second[1].data["attempt"]), ("second\n", &json!(2)));
    assert_eq!(third.until_the_end().await.len(), 1);
    assert_eq!(deploy.until_the_end().await.len(), 1);
    assert_eq!(app.get(&path("build", "?attempt=3")).await.status, 404);
    assert_eq!(app.get(&path("build", "?attempt=0")).await.status, 404);
    assert_eq!(app.get(&path("build", "?from=18446744073709551615")).await.status, 422);
}

/// Bytes of this process in memory.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_hundred_followers_stay_in_memory_and_within_a_second() {
    let app = TestApp::start().await;
    let (run, path, mut log) = running(&app).await;
    let mut streams = all((0..500).map(|_| app.frames(&path, None))).await;
    // Twenty more ask and never read.
    let deaf = all((0..20).map(|_| app.frames(&path, None))).await;
    let before = resident();
    let mut slowest = std::time::Duration::ZERO;
    for round in 0..10 {
        for line in 0..100 {
            say(&mut log, &format!("{round} {line} {}\n", "x".repeat(100)));
        }
        let began = std::time::Instant::now();
        let last = format!("\"{round} 99 x");
        all(streams.iter_mut().map(|stream| stream.until(&last))).await;
        slowest = slowest.max(began.elapsed());
    }
    let grown = resident().saturating_sub(before);
    log.flush_partial(1).unwrap();
    app.report(&run, 0, 1, done()).await;
    eprintln!("{slowest:?}, {} MB more", grown / 1_000_000);
    assert!(grown < 150_000_000, "{grown}");
    assert!(slowest.as_secs() < 1, "{slowest:?}");
    drop(deaf);
}
