//! The output of steps: as text, by lines, by content.

use ansflow_core::run::Input;
use ansflow_store::output::Stream;
use serde_json::{Value as Json, json};

use super::{SHOP, done, say};
use crate::world::TestApp;

/// A run whose first step runs, and the path of its output.
async fn running(app: &TestApp) -> (String, String) {
    let run = app.run_with(SHOP).await;
    app.engine(&run, Input::Start).await;
    let path = format!("/api/v1/runs/{run}/steps/build/log");
    (run, path)
}

#[tokio::test]
async fn the_text_comes_whole_or_in_ranges() {
    let app = TestApp::start().await;
    let (run, path) = running(&app).await;
    let empty = app.get(&path).await;
    assert_eq!((empty.status, empty.text.as_str()), (200, ""));
    let mut log = app.log_of(&run, 0, 1);
    say(&mut log, "one\n\u{1b}[31mtwo\u{1b}[0m\n");
    log.write(Stream::Stderr, b"\xff\xfe\n", 1).unwrap();
    let whole = app.request("GET", &path).send().await.unwrap();
    assert_eq!(whole.headers()["content-type"], "text/plain; charset=utf-8");
    assert_eq!(whole.headers()["x-content-type-options"], "nosniff");
    assert_eq!(whole.headers()["accept-ranges"], "bytes");
    let bytes = whole.bytes().await.unwrap();
    assert_eq!(&bytes[..], b"one\n\x1b[31mtwo\x1b[0m\n\xff\xfe\n");
    for (range, part) in
        [("bytes=0-2", &bytes[..3]), ("bytes=4-", &bytes[4..]), ("bytes=-3", &bytes[bytes.len() - 3..])]
    {
        let answer = app.request("GET", &path).header("Range", range).send().await.unwrap();
        assert_eq!(answer.status(), 206, "{range}");
        assert!(answer.headers()["content-range"].to_str().unwrap().ends_with(&format!("/{}", bytes.len())));
        assert_eq!(&answer.bytes().await.unwrap()[..], part, "{range}");
    }
    let behind = app.send(app.request("GET", &path).header("Range", "bytes=999-")).await;
    assert_eq!(
        (behind.status, &behind.headers["content-range"]),
        (416, &format!("bytes */{}", bytes.len()).parse().unwrap())
    );
    let saved = app.get(&format!("{path}?download=true")).await;
    let name = saved.headers["content-disposition"].to_str().unwrap();
    assert_eq!(name, "attachment; filename=\"shop-1-build-1.log\"; filename*=UTF-8''shop-1-build-1.log");
    assert_eq!(app.get(&format!("{path}?attempt=2")).await.status, 404);
    assert_eq!(app.get(&format!("{path}?attempt=x")).await.status, 422);
}

#[tokio::test]
async fn lines_come_from_the_front_and_from_the_back() {
    let app = TestApp::start().await;
    let (run, path) = running(&app).await;
    let before = app.get(&format!("{path}/lines")).await.json;
    assert_eq!(
        before,
        json!({ "attempt": 1, "lines": [], "total_lines": 0, "total_bytes": 0, "next_offset": 0, "ended": false })
    );
    let mut log = app.log_of(&run, 0, 1);
    (1..=3_000).for_each(|number| say(&mut log, &format!("line {number}\n")));
    let numbers = |page: &Json| -> Vec<u64> {
        page["lines"].as_array().unwrap().iter().map(|line| line["number"].as_u64().unwrap()).collect()
    };
    let check = async |query: &str, expect: Vec<u64>| {
        let page = app.get(&format!("{path}/lines?{query}")).await;
        assert_eq!(numbers(&page.json), expect, "{query}");
        assert_eq!((&page.json["total_lines"], &page.json["ended"]), (&json!(3_000), &json!(false)));
        for line in page.json["lines"].as_array().unwrap() {
            assert_eq!(line["text"], format!("line {}", line["number"]));
        }
    };
    check("first=2999&count=9", vec![2_999, 3_000]).await;
    check("first=7&count=2", vec![7, 8]).await;
    check("first=3001", vec![]).await;
    check("tail=2", vec![2_999, 3_000]).await;
    check("count=2000", (1..=2_000).collect()).await;
    check("tail=2000", (1_001..=3_000).collect()).await;
    for bad in ["first=0", "count=0", "count=2001", "tail=0", "tail=5&first=1"] {
        assert_eq!(app.get(&format!("{path}/lines?{bad}")).await.status, 422, "{bad}");
    }
    let line = &app.get(&format!("{path}/lines?first=1&count=1")).await.json["lines"][0];
    assert_eq!(
        *line,
        json!({ "number": 1, "offset": 0, "at": "2023-11-14T22:13:20Z", "stream": "stdout", "text": "line 1" })
    );
    app.report(&run, 0, 1, done()).await;
    assert_eq!(app.get(&format!("{path}/lines?tail=1")).await.json["ended"], true);
}

#[tokio::test]
async fn a_page_is_bounded_and_a_stream_goes_on_where_it_counted() {
    let app = TestApp::start().await;
    let (run, path) = running(&app).await;
    let mut log = app.log_of(&run, 0, 1);
    let long = "ü".repeat(20_000);
    (0..100).for_each(|_| say(&mut log, &format!("{long}\n")));
    // The beginning of a line that is too long to be held back, cut inside a letter.
    log.write(Stream::Stdout, &"ü".repeat(50_000).as_bytes()[..80_001], 2).unwrap();
    let page = app.get(&format!("{path}/lines?tail=200")).await;
    assert!(page.text.len() < 1_200_000, "{}", page.text.len());
    let lines = page.json["lines"].as_array().unwrap();
    assert!(lines.len() > 20, "{}", lines.len());
    assert_eq!(lines.last().unwrap()["number"], 101);
    assert!(!page.text.contains('\u{fffd}'));
    let first = app.get(&format!("{path}/lines?first=1&count=200")).await;
    assert!(first.text.len() < 1_200_000 && first.json["lines"][0]["number"] == 1);

    log.write(Stream::Stdout, &"ü".repeat(50_000).as_bytes()[80_001..], 3).unwrap();
    log.write(Stream::Stdout, b"\nlast\n", 3).unwrap();
    let mut stream = app.frames(&format!("{path}/stream?from={}", page.json["next_offset"]), None).await;
    let mut rest = String::new();
    while !rest.ends_with("last") {
        let frame = stream.next().await.unwrap();
        frame.data["lines"].as_array().unwrap().iter().for_each(|line| rest += line["text"].as_str().unwrap());
    }
    let shown: usize =
        lines.iter().filter(|line| line["number"] == 101).map(|line| line["text"].as_str().unwrap().len()).sum();
    assert_eq!(shown + rest.len() - "last".len(), 100_000);
    assert!(!rest.contains('\u{fffd}'));
}

#[tokio::test]
async fn a_search_says_where_and_whether_that_is_all() {
    let app = TestApp::start().await;
    let (run, path) = running(&app).await;
    let none = app.get(&format!("{path}/search?q=x")).await.json;
    assert_eq!(none, json!({ "hits": [], "complete": true }));
    let mut log = app.log_of(&run, 0, 1);
    (1..=700).for_each(|number| say(&mut log, &format!("𝒳 Error {number}\n")));
    let search = async |query: &str| app.get(&format!("{path}/search?{query}")).await;
    let one = search("q=error%20700").await.json;
    assert_eq!(one["complete"], true);
    // `𝒳` is two units.
    let hit = &one["hits"][0];
    assert_eq!((&hit["number"], &hit["start"], &hit["end"]), (&json!(700), &json!(3), &json!(12)));
    assert_eq!(hit["text"], "𝒳 Error 700");
    assert_eq!(search("q=error&case=true").await.json, json!({ "hits": [], "complete": true }));
    let many = search("q=error&limit=500").await.json;
    assert_eq!((many["hits"].as_array().unwrap().len(), &many["complete"]), (500, &json!(false)));
    let expression = search("q=E..or%20(69%5Cd)%24&regex=true").await.json;
    let found: Vec<_> =
        expression["hits"].as_array().unwrap().iter().map(|hit| hit["number"].as_u64().unwrap()).collect();
    assert_eq!(found, (690..=699).collect::<Vec<_>>());
    assert_eq!(expression["hits"][0]["offset"].as_u64().unwrap(), hit["offset"].as_u64().unwrap() - 10 * 15);
    for bad in ["q=", "", "q=x&limit=0", "q=x&limit=501", "q=(&regex=true", "q=(x%7B9999%7D)%7B9999%7D&regex=true"] {
        assert_eq!(search(bad).await.status, 422, "{bad}");
    }
    assert_eq!(search(&format!("q={}", "x".repeat(1_001))).await.status, 422);
}

#[tokio::test]
async fn an_expression_that_means_harm_ends_within_a_second() {
    let app = TestApp::start().await;
    let (run, path) = running(&app).await;
    let mut log = app.log_of(&run, 0, 1);
    (0..50).for_each(|_| say(&mut log, &format!("{}!\n", "a".repeat(60_000))));
    let began = std::time::Instant::now();
    let answer = app.get(&format!("{path}/search?q=(a%2B)%2B%24&regex=true")).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert!(began.elapsed().as_secs() < 4, "{:?}", began.elapsed());
}
