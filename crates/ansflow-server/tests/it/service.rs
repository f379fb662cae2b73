//! The service's own routes, and what every answer carries.

use crate::world::TestApp;

#[tokio::test]
async fn it_says_that_it_lives_and_that_it_is_ready() {
    let app = TestApp::start().await;
    let ask = async |path: &str| {
        let answer = app.send(app.anonymous("GET", path)).await;
        (answer.status, answer.text)
    };
    assert_eq!(ask("/healthz").await, (200, "ok\n".to_owned()));
    assert_eq!(ask("/readyz").await, (200, "ok\n".to_owned()));
    assert_eq!(ask("/readyz?verbose").await, (200, "[+]database ok\n[+]key ok\nok\n".to_owned()));
    assert_eq!(ask("/version").await, (200, "{\"version\":\"0.0.0-test\",\"simulated_cluster\":null}".to_owned()));
    app.store.close().await;
    let (status, text) = ask("/readyz").await;
    assert_eq!((status, text.as_str()), (503, "[-]database failed\n[-]key failed\nnot ready\n"));
    assert_eq!(ask("/healthz").await.0, 200, "the process lives all the same");
}

#[tokio::test]
async fn numbers_name_routes_and_never_ids() {
    let app = TestApp::start().await;
    app.delete("/api/v1/tokens/tok_0123456789").await;
    app.send(app.anonymous("BREW", "/some/page")).await;
    let answer = app.send(app.anonymous("GET", "/metrics")).await;
    assert_eq!(answer.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    for line in [
        "ansflow_http_requests_total{route=\"/api/v1/tokens/{id}\",method=\"DELETE\",status=\"404\"} 1",
        "ansflow_http_requests_total{route=\"other\",method=\"other\",status=\"404\"} 1",
        "ansflow_http_request_duration_seconds_bucket{route=\"/api/v1/tokens/{id}\",method=\"DELETE\",le=\"+Inf\"} 1",
        "ansflow_http_request_duration_seconds_count{route=\"/api/v1/tokens/{id}\",method=\"DELETE\"} 1",
        "ansflow_runs{status=\"timed_out\"} 0",
        "ansflow_queue_depth 0",
        "ansflow_build_info{version=\"0.0.0-test\"} 1",
        "# TYPE ansflow_http_request_duration_seconds histogram",
    ] {
        assert!(answer.text.lines().any(|one| one == line), "{line} is not in\n{}", answer.text);
    }
    assert!(!answer.text.contains("0123456789") && !answer.text.contains("mona") && !answer.text.contains("BREW"));
}

#[tokio::test]
async fn every_answer_protects_its_reader() {
    let app = TestApp::start().await;
    for path in ["/", "/healthz", "/api/v1/auth/state", "/api/v1/nowhere", "/api/docs/index.html", "/api/v1/auth/me"] {
        let answer = app.send(app.anonymous("GET", path)).await;
        let policy = answer.header("content-security-policy");
        for part in ["default-src 'self'", "frame-ancestors 'none'", "img-src 'self' data:"] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert!(!answer.header("x-request-id").is_empty(), "{path}");
    }
    let given = app.anonymous("GET", "/api/v1/nowhere").header("x-request-id", "mine-1");
    assert_eq!(app.send(given).await.json["request_id"], "mine-1");
    let bad = app.anonymous("GET", "/api/v1/nowhere").header("x-request-id", "a b<script>");
    assert!(app.send(bad).await.header("x-request-id").starts_with("req_"));
}

#[tokio::test]
async fn long_answers_are_packed() {
    let app = TestApp::start().await;
    let answer = app.send(app.anonymous("GET", "/api/openapi.json").header("accept-encoding", "gzip")).await;
    assert_eq!(answer.header("content-encoding"), "gzip");
}

#[tokio::test]
async fn the_page_of_the_api_comes_from_this_server_alone() {
    let app = TestApp::start().await;
    for path in ["/api/docs", "/api/docs/"] {
        let answer = app.send(app.anonymous("GET", path)).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/api/docs/index.html"));
    }
    let page = app.send(app.anonymous("GET", "/api/docs/index.html")).await;
    assert!(page.header("content-type").starts_with("text/html"), "{:?}", page.headers);
    let mut asked = 0;
    for part in page.text.split("src=\"").skip(1).chain(page.text.split("href=\"").skip(1)) {
        let file = part.split('"').next().unwrap();
        assert!(!file.contains("//"), "`{file}` is elsewhere");
        let file = format!("/api/docs/{}", file.trim_start_matches("./"));
        assert_eq!(app.send(app.anonymous("GET", &file)).await.status, 200, "{file}");
        asked += 1;
    }
    assert!(asked >= 4, "{}", page.text);
    let inline = page.text.split("<script").skip(1).any(|tag| !tag.split('>').next().unwrap().contains("src="));
    assert!(!inline, "our policy forbids scripts in a page");
    let config = app.send(app.anonymous("GET", "/api/docs/swagger-initializer.js")).await;
    assert!(config.text.contains("/api/openapi.json"), "{}", config.text);
    assert_eq!(app.send(app.anonymous("GET", "/api/docs/..%2f..%2fCargo.toml")).await.status, 404);
}
