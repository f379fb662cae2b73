//! Spellings of a path that one part of a server may read in one way and another in another.

use ansflow_server::access::Access;
use ansflow_server::guard::table;

use crate::world::{TOKEN, TestApp};

/// A request line that a client would not send, without credentials; the status and the kind of what comes.
async fn ask(app: &TestApp, target: &str) -> (u16, String) {
    let request = format!("GET {target} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    let answer = app.raw(request.as_bytes()).await;
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
    let kind = answer.lines().find_map(|line| line.strip_prefix("content-type: ")).unwrap_or_default();
    (status, kind.to_owned())
}

fn spellings(path: &str) -> Vec<String> {
    let last = path.rsplit('/').next().unwrap();
    let encoded: String = last.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let twice = encoded.replace('%', "%25");
    let parent = path.strip_suffix(last).unwrap();
    vec![
        path.to_uppercase(),
        path.replacen("api", "Api", 1),
        path.replace('/', "//"),
        format!("/{path}"),
        format!("{path}/"),
        format!("{path}//"),
        format!("{path}/."),
        format!("{path}/./"),
        format!("{path};a=b"),
        format!("{parent};/{last}"),
        format!("{parent}..;/{last}"),
        format!("{path}.json"),
        format!("{path}%00"),
        format!("{path}%2f"),
        format!("{path}%20"),
        format!("{path}%3f"),
        format!("{path}?auth/login"),
        format!("{path}%23"),
        format!("{parent}{encoded}"),
        format!("{parent}{twice}"),
        path.replace('/', "%2f"),
        path.replacen("/api", "/%61pi", 1),
        path.replace('/', "\\"),
        format!("/healthz/..{path}"),
        format!("/healthz/%2e%2e{path}"),
        format!("/api/v1/auth/login/..{}", &path[path.len().min(7)..]),
        format!("/assets/..{path}"),
        format!("/api/docs/..%2f..{path}"),
        format!("http://localhost{path}"),
        format!("http://evil.example{path}"),
    ]
}

#[tokio::test]
async fn no_spelling_of_a_path_gets_past_the_guard() {
    let app = TestApp::start().await;
    for (_, route, access) in table() {
        if access == Access::Public || !route.starts_with("/api/v1/") {
            continue;
        }
        let path = route.replace(['{', '}', '*'], "");
        for spelling in spellings(&path) {
            let (status, kind) = ask(&app, &spelling).await;
            // The UI's page is for everybody; everything else must be a refusal.
            let is_page = status == 200 && kind.starts_with("text/html");
            assert!(is_page || matches!(status, 400 | 401 | 403 | 404 | 405), "{spelling}: {status} {kind}");
        }
    }
}

#[tokio::test]
async fn a_slash_at_the_end_changes_nothing() {
    let app = TestApp::start().await;
    for path in ["/api/v1/auth/me", "/api/v1/auth/me/", "/api/v1/auth/me///"] {
        assert_eq!(app.get(path).await.json["name"], "mona", "{path}");
        assert_eq!(app.send(app.anonymous("GET", path)).await.status, 401, "{path}");
    }
    assert_eq!(app.get("/api/v1/tokens/?limit=1").await.json["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_nobody_knows_is_not_found_and_says_so_as_a_problem() {
    let app = TestApp::start().await;
    for path in ["/api/v1/nowhere", "/api", "/api/", "/api/v2/tokens", "/API/v1/tokens", "/api/v1/auth/me/x"] {
        let answer = app.send(app.anonymous("GET", path).bearer_auth(TOKEN)).await;
        assert_eq!(answer.problem(), (404, "not_found", ""), "{path}");
        assert!(answer.json["request_id"].as_str().unwrap().starts_with("req_"));
        assert_eq!(answer.json["request_id"], answer.header("x-request-id"));
    }
    assert_eq!(app.post("/nowhere", serde_json::json!({})).await.status, 404);
}
