//! Pages of other sites, which a browser sends its cookie along with.

use serde_json::json;

use crate::world::{Start, TOKEN, TestApp};

async fn try_with(app: &TestApp, cookie: &str, headers: &[(&str, &str)]) -> u16 {
    let mut request = app.anonymous("POST", "/api/v1/tokens").header("cookie", cookie);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let token = json!({ "name": "stolen", "expires_in_days": null, "read_only": false });
    app.send(request.json(&token)).await.status
}

#[tokio::test]
async fn a_cookie_changes_nothing_from_another_sites_page() {
    let app = TestApp::start().await;
    let cookie = app.log_in().await;
    let ours = app.address.clone();
    let elsewhere = ours.replace("127.0.0.1", "evil.example");
    for refused in [
        &[][..],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "")],
        &[("sec-fetch-site", "cross-site"), ("origin", &ours)],
        &[("origin", &elsewhere)],
        &[("origin", "null")],
        &[("origin", "http://127.0.0.1")],
        &[("origin", "http://127.0.0.1:1")],
        &[("origin", "")],
        &[("referer", &ours)],
    ] {
        assert_eq!(try_with(&app, &cookie, refused).await, 403, "{refused:?}");
    }
    for taken in [
        &[("sec-fetch-site", "same-origin")][..],
        &[("sec-fetch-site", "none")],
        &[("origin", &ours)],
        &[("sec-fetch-site", "same-origin"), ("origin", &ours)],
    ] {
        assert_eq!(try_with(&app, &cookie, taken).await, 201, "{taken:?}");
    }
    assert_eq!(app.get("/api/v1/tokens").await.json["items"].as_array().unwrap().len(), 2 + 4);
}

#[tokio::test]
async fn a_token_beside_a_cookie_wins() {
    let app = TestApp::start().await;
    let cookie = app.log_in().await;
    let with = async |token: &str| {
        let request = app.browser("GET", "/api/v1/auth/me", &cookie).bearer_auth(token);
        let answer = app.send(request).await;
        (answer.status, answer.json["via"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(with(TOKEN).await, (200, "token".to_owned()));
    assert_eq!(with("ansf_wrong").await.0, 401, "a wrong token is not made good by a cookie");
    let proxied = app.browser("GET", "/api/v1/auth/me", &cookie).basic_auth("proxy", Some("x"));
    assert_eq!(app.send(proxied).await.json["via"], "session", "another scheme is some proxy's");
}

#[tokio::test]
async fn no_other_sites_page_signs_anybody_in() {
    let app = TestApp::start().await;
    let login = json!({ "name": "mona", "password": crate::world::PASSWORD });
    for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")] {
        let answer = app.send(app.anonymous("POST", "/api/v1/auth/login").header(name, value).json(&login)).await;
        assert_eq!((answer.status, answer.header("set-cookie")), (403, ""));
    }
    let form = app.anonymous("POST", "/api/v1/auth/login").header("content-type", "text/plain");
    assert_eq!(app.send(form.body(login.to_string())).await.status, 415, "a form cannot send JSON");
}

#[tokio::test]
async fn another_name_for_this_address_is_turned_away() {
    let mut start = Start::default();
    start.config.allowed_hosts = ["127.0.0.1", "localhost", "[::1]"].map(str::to_owned).to_vec();
    let app = TestApp::start_with(start).await;
    let ask = async |host: &str| {
        let request = format!("GET /api/v1/auth/state HTTP/1.1\r\n{host}connection: close\r\n\r\n");
        app.raw(request.as_bytes()).await.split(' ').nth(1).unwrap().to_owned()
    };
    for ours in ["127.0.0.1:8080", "localhost", "LOCALHOST:1", "[::1]:8080", "[::1]"] {
        assert_eq!(ask(&format!("host: {ours}\r\n")).await, "200", "{ours}");
    }
    for theirs in ["evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example", "", "::1"] {
        assert_eq!(ask(&format!("host: {theirs}\r\n")).await, "421", "{theirs}");
    }
    assert_eq!(ask("host: localhost\r\nhost: evil.example\r\n").await, "421", "two names are none");
}
