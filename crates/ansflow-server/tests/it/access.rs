//! The table of access, asked route by route: who may not, gets nothing.

use ansflow_server::access::{Access, Action};
use ansflow_server::guard::table;
use serde_json::json;

use crate::world::{Answer, READ_ONLY, TOKEN, TestApp};

/// A path that could be asked for; of nothing that exists.
fn plausible(route: &str) -> String {
    let part = |part: &str| match part {
        "{number}" | "{n}" | "{version}" | "{attempt}" => "1".to_owned(),
        part if part.starts_with("{*") => "a/b".to_owned(),
        part if part.starts_with('{') => "none-such".to_owned(),
        part => part.to_owned(),
    };
    route.split('/').map(part).collect::<Vec<_>>().join("/")
}

async fn ask(app: &TestApp, method: &str, route: &str, token: Option<&str>) -> Answer {
    let mut request = app.anonymous(method, &plausible(route));
    if method != "GET" {
        request = request.json(&json!({}));
    }
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    app.send(request).await
}

#[tokio::test]
async fn nobody_gets_through_a_route_that_is_not_public() {
    let app = TestApp::start().await;
    for (method, route, access) in table() {
        for token in [None, Some("ansf_wrong"), Some(""), Some("ansf_test ")] {
            let status = ask(&app, method, route, token).await.status;
            match access {
                Access::Public => assert!(status < 500, "{method} {route}: {status}"),
                // A token has no space; HTTP takes those at an end away.
                Access::May(_) if token == Some("ansf_test ") => {}
                Access::May(_) => assert_eq!(status, 401, "{method} {route} with {token:?}"),
            }
        }
        if access != Access::Public {
            let forged = app.anonymous(method, &plausible(route)).header("cookie", "ansflow_session=forged");
            let answer = app.send(forged.header("sec-fetch-site", "same-origin").json(&json!({}))).await;
            assert_eq!(answer.status, 401, "{method} {route} with a forged cookie");
        }
    }
}

#[tokio::test]
async fn who_may_only_read_changes_nothing() {
    let app = TestApp::start().await;
    for (method, route, access) in table() {
        let status = ask(&app, method, route, Some(READ_ONLY)).await.status;
        match access {
            Access::May(Action::View) | Access::Public => {
                assert!(status != 401 && status != 403 || access == Access::Public, "{method} {route}: {status}")
            }
            Access::May(Action::Operate | Action::Edit | Action::Administer | Action::Own) => {
                assert_eq!(status, 403, "{method} {route}");
            }
        }
        assert!(
            method == "GET" || access != Access::May(Action::View) || route.ends_with("/validate"),
            "{method} {route} changes something"
        );
    }
}

#[tokio::test]
async fn no_route_fails_for_what_a_client_sends() {
    let app = TestApp::start().await;
    for (method, route, _) in table() {
        for body in ["{}", "[]", "null", "\"", "{\"name\":1}", "\u{0}"] {
            let request = app.request(method, &plausible(route)).header("content-type", "application/json");
            let answer = app.send(request.body(body)).await;
            assert!(answer.status < 500, "{method} {route} with {body:?}: {}", answer.text);
        }
        for path in ["%00", "%ff%fe", "..%2f..%2fetc%2fpasswd", "a%0d%0ab", "'%20OR%201=1--", &"x".repeat(4_000)] {
            let path = route.split('/').map(|part| if part.starts_with('{') { path } else { part });
            let path = path.collect::<Vec<_>>().join("/") + "?limit=0&cursor=%00&after=x&days=-1&first=x";
            let answer = app.send(app.request(method, &path).json(&json!({}))).await;
            assert!(answer.status < 500, "{method} {path}: {}", answer.text);
        }
    }
}

#[tokio::test]
async fn another_method_is_told_which_there_are() {
    let app = TestApp::start().await;
    let answer = app.send(app.anonymous("PATCH", "/api/v1/tokens")).await;
    assert_eq!(answer.problem(), (405, "method_not_allowed", ""));
    assert_eq!(answer.header("allow"), "GET, POST, HEAD");
    assert_eq!(app.send(app.anonymous("TRACE", "/api/v1/auth/me")).await.status, 405);
}

#[tokio::test]
async fn head_asks_what_get_asks() {
    let app = TestApp::start().await;
    assert_eq!(app.send(app.anonymous("HEAD", "/api/v1/auth/me")).await.status, 401);
    let answer = app.send(app.request("HEAD", "/api/v1/auth/me")).await;
    assert_eq!((answer.status, answer.text.as_str()), (200, ""));
    assert_eq!(TOKEN, "ansf_test");
}
