//! Knocks of those who know no secret, or want more than one run.

use super::{SHOP, hex_mac, push, push_of};
use crate::world::TestApp;

#[tokio::test]
async fn a_wrong_signature_and_a_hook_that_is_not_there_look_alike() {
    let app = TestApp::start().await;
    app.store_pipeline("pl_shop", SHOP).await;
    let hook = app.make_hook("pl_shop").await;
    let nowhere = format!("/api/v1/hooks/{}", "a".repeat(43));
    let mut answers = Vec::new();
    for path in
        [hook.path.as_str(), nowhere.as_str(), "/api/v1/hooks/gitlab", "/api/v1/hooks/pl_shop", "/api/v1/hooks/%20"]
    {
        let mut answer = app.github_says(path, "wrong", "d1", "push", &push()).await;
        answer.json["request_id"].take();
        answers.push((answer.status, answer.json.clone(), answer.headers.get("content-type").cloned()));
    }
    assert_eq!(answers[0].0, 401);
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
    assert_eq!(
        app.delivery_log().await,
        ["refused it is not signed with the secret of the hook"],
        "of the one that is there"
    );
}

#[tokio::test]
async fn the_signature_of_another_body_is_worth_nothing() {
    let app = TestApp::start().await;
    app.store_pipeline("pl_shop", SHOP).await;
    let hook = app.make_hook("pl_shop").await;
    let signature = format!("sha256={}", hex_mac(&hook.secret, push().as_bytes()));
    let headers = [("x-github-event", "push"), ("x-github-delivery", "d1"), ("x-hub-signature-256", &*signature)];
    for body in [push_of('b'), format!("{} ", push()), String::new(), "{}".to_owned()] {
        assert_eq!(app.knock(&hook.path, &headers, body).await.status, 401);
    }
    assert_eq!(app.knock(&hook.path, &headers[..2], push()).await.status, 401, "none at all");
    assert_eq!(app.run_count().await, 0);
}

#[tokio::test]
async fn headers_of_two_forges_open_no_door() {
    let app = TestApp::start().await;
    app.store_pipeline("pl_shop", SHOP).await;
    let hook = app.make_hook("pl_shop").await;
    let wrong = "0".repeat(64);
    let both = format!("sha256={wrong}");
    for headers in [
        // A Gitea delivery with headers of GitHub, signed by neither.
        [
            ("x-gitea-event", "push"),
            ("x-github-event", "push"),
            ("x-gitea-signature", &*wrong),
            ("x-hub-signature-256", &*both),
        ],
        // What would be a secret for one is none for the other.
        [
            ("x-github-event", "push"),
            ("x-gitlab-token", &*hook.secret),
            ("x-gitee-token", &*hook.secret),
            ("x-hub-signature-256", &*both),
        ],
        [
            ("x-gitlab-event", "Push Hook"),
            ("x-gitee-event", "Push Hook"),
            ("x-gitlab-token", &*hook.secret),
            ("x-gitee-token", ""),
        ],
        [
            ("x-gitea-event", "push"),
            ("x-gitlab-event", "Push Hook"),
            ("x-gitlab-token", &*hook.secret),
            ("x-gitea-signature", ""),
        ],
    ] {
        assert_eq!(app.knock(&hook.path, &headers, push()).await.status, 401, "{headers:?}");
    }
    assert_eq!(app.run_count().await, 0);
}

#[tokio::test]
async fn who_knocks_in_vain_fills_no_disk_and_shuts_nobody_out() {
    let app = TestApp::start().await;
    app.store_pipeline("pl_shop", SHOP).await;
    let hook = app.make_hook("pl_shop").await;
    for number in 0..60 {
        app.github_says(&hook.path, "wrong", &format!("d{number}"), "push", "{}").await;
        app.github_says("/api/v1/hooks/nothing", "wrong", &format!("d{number}"), "push", "{}").await;
    }
    assert_eq!(app.delivery_log().await.len(), 20);
    // A number that a stranger has used is not used up.
    let answer = app.github_says(&hook.path, &hook.secret, "d7", "push", &push()).await;
    assert_eq!(super::told(&answer), "started");
}

#[tokio::test]
async fn bodies_that_want_to_harm_are_refused() {
    let app = TestApp::start().await;
    app.store_pipeline("pl_shop", SHOP).await;
    let hook = app.make_hook("pl_shop").await;
    let bomb =
        format!("{{\"branch\": \"main\", \"variables\": {{\"x\": {}{}}}}}", "[".repeat(200_000), "]".repeat(200_000));
    let many = format!("{{\"branch\": \"main\", \"paths\": [{}\"\"]}}", "\"\",".repeat(1_000_000));
    for body in [bomb.into_bytes(), many.into_bytes(), b"{\"branch\": \"\xff\"}".to_vec(), b"\x00".to_vec()] {
        let signature = format!("sha256={}", hex_mac(&hook.secret, &body));
        let answer = app.knock(&hook.path, &[("x-ansflow-signature", &signature)], body).await;
        assert_eq!((answer.status, answer.json["code"].as_str()), (422, Some("invalid")), "{}", answer.text);
    }
    assert_eq!(app.run_count().await, 0);
    assert!(
        app.delivery_log().await.iter().all(|line| line.starts_with("refused the body")),
        "{:?}",
        app.delivery_log().await
    );
}

#[tokio::test]
async fn a_body_has_its_limit_and_below_it_is_taken() {
    let app = TestApp::start().await;
    app.store_pipeline("pl_shop", SHOP).await;
    let hook = app.make_hook("pl_shop").await;
    let large = push().replacen('{', &format!("{{{}", " ".repeat(24 * 1024 * 1024)), 1);
    assert_eq!(super::told(&app.github_says(&hook.path, &hook.secret, "d1", "push", &large).await), "started");
    let larger = vec![b' '; 26 * 1024 * 1024];
    let announced = app.knock(&hook.path, &[("x-github-event", "push")], larger.clone()).await;
    assert_eq!((announced.status, announced.json["code"].as_str()), (413, Some("too_large")));
    let pieces = futures_util::stream::iter(
        larger.chunks(1 << 20).map(|piece| Ok::<_, std::io::Error>(piece.to_vec())).collect::<Vec<_>>(),
    );
    let unannounced = app.knock(&hook.path, &[("x-github-event", "push")], reqwest::Body::wrap_stream(pieces)).await;
    assert_eq!(unannounced.status, 413);
}

#[tokio::test]
async fn names_in_a_push_are_data_wherever_they_go() {
    let app = TestApp::start().await;
    app.store_pipeline("pl_shop", &SHOP.replace("\n    branches: [main, 'release/*']", "")).await;
    let hook = app.make_hook("pl_shop").await;
    let odd = "zzz\\\";echo${IFS}\\\"hello\\\";#<script>";
    let body = push().replace("refs/heads/main", &format!("refs/heads/{odd}"));
    assert_eq!(super::told(&app.github_says(&hook.path, &hook.secret, "d1", "push", &body).await), "started");
    let shown = app.get("/api/v1/deliveries").await;
    assert_eq!(shown.json["items"][0]["branch"], "zzz\";echo${IFS}\"hello\";#<script>");
}
