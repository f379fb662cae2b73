//! The web UI's files.

use ansflow_server::Asset;
use sha2::{Digest as _, Sha256};

use crate::world::{Start, TestApp};

async fn with_ui() -> TestApp {
    let assets = |path: &str| {
        let text = match path {
            "index.html" => "<!doctype html>page",
            "assets/app-1.js" => "plain",
            "assets/app-1.js.br" => "brotli",
            "assets/app-1.js.gz" => "gzip",
            "favicon.svg" => "<svg/>",
            _ => return None,
        };
        Some(Asset { bytes: text.as_bytes().into(), sha256: Sha256::digest(text).into() })
    };
    TestApp::start_with(Start { assets: Box::new(assets), ..Start::default() }).await
}

#[tokio::test]
async fn every_page_of_the_ui_is_its_page() {
    let app = with_ui().await;
    for path in ["/", "/pipelines", "/runs/run_1?tab=log", "/../etc/passwd", "/.env", "/assetsx"] {
        let answer = app.send(app.anonymous("GET", path)).await;
        assert_eq!((answer.status, answer.text.as_str()), (200, "<!doctype html>page"), "{path}");
        assert_eq!(answer.header("cache-control"), "no-cache");
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    }
    assert_eq!(app.send(app.anonymous("GET", "/assets/gone-2.js")).await.status, 404, "a page is no script");
    assert_eq!(app.send(app.anonymous("POST", "/pipelines")).await.status, 404);
}

#[tokio::test]
async fn files_are_kept_by_browsers_and_known_by_their_tags() {
    let app = with_ui().await;
    let script = app.send(app.anonymous("GET", "/assets/app-1.js")).await;
    assert_eq!(script.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(script.header("content-type"), "text/javascript; charset=utf-8");
    let tag = script.header("etag").to_owned();
    let ask = async |tag: &str| app.send(app.anonymous("GET", "/assets/app-1.js").header("if-none-match", tag)).await;
    for known in [tag.as_str(), &format!("\"x\", {tag}"), &format!("W/{tag}"), "*"] {
        let answer = ask(known).await;
        assert_eq!((answer.status, answer.text.as_str(), answer.header("etag")), (304, "", tag.as_str()), "{known}");
    }
    assert_eq!(ask("\"other\"").await.status, 200);
    let head = app.send(app.anonymous("HEAD", "/favicon.svg")).await;
    assert_eq!((head.status, head.header("content-type"), head.text.as_str()), (200, "image/svg+xml", ""));
}

#[tokio::test]
async fn a_packed_file_is_sent_to_who_takes_it() {
    let app = with_ui().await;
    for (accepted, encoding, text) in [
        ("gzip, br", "br", "brotli"),
        ("gzip", "gzip", "gzip"),
        ("br;q=0, gzip", "gzip", "gzip"),
        ("zstd", "", "plain"),
    ] {
        let answer = app.send(app.anonymous("GET", "/assets/app-1.js").header("accept-encoding", accepted)).await;
        assert_eq!((answer.header("content-encoding"), answer.text.as_str()), (encoding, text), "{accepted}");
        assert_eq!(answer.header("vary"), "accept-encoding");
    }
}

#[tokio::test]
async fn a_binary_without_its_ui_says_how_to_build_it() {
    let app = TestApp::start().await;
    let answer = app.send(app.anonymous("GET", "/")).await;
    assert!(answer.status == 200 && answer.text.contains("npm run build"), "{}", answer.text);
}

#[tokio::test]
async fn a_handler_that_panics_answers_a_problem_and_the_server_goes_on() {
    let assets = |path: &str| {
        assert_ne!(path, "favicon.svg", "this one is broken");
        Some(Asset { bytes: b"page".as_slice().into(), sha256: Sha256::digest("page").into() })
    };
    let app = TestApp::start_with(Start { assets: Box::new(assets), ..Start::default() }).await;
    for _ in 0..3 {
        let answer = app.send(app.anonymous("GET", "/favicon.svg").header("x-request-id", "mine-2")).await;
        let problem = (&answer.json["code"], &answer.json["request_id"]);
        assert_eq!((answer.status, problem.0.as_str(), problem.1.as_str()), (500, Some("internal"), Some("mine-2")));
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert!(!answer.text.contains("broken"), "{}", answer.text);
        assert_eq!(app.send(app.anonymous("GET", "/")).await.text, "page");
    }
}
