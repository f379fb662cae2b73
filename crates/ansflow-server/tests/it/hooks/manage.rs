//! Making hooks, and looking at what starts a pipeline.

use serde_json::Value as Json;

use super::{SHOP, told};
use crate::world::{READ_ONLY, TestApp};

#[tokio::test]
async fn a_hook_is_made_renewed_and_removed_and_its_secret_is_shown_once() {
    let app = TestApp::start().await;
    app.store_pipeline("pl_shop", SHOP).await;
    let before = app.get("/api/v1/pipelines/pl_shop/triggers").await;
    assert_eq!(before.json["hook"], Json::Null);
    assert_eq!(before.json["webhooks"][0]["branches"], serde_json::json!(["main", "release/*"]));
    let first = app.make_hook("pl_shop").await;
    let token = first.path.strip_prefix("/api/v1/hooks/").unwrap();
    assert!(token.len() == 43 && first.secret.starts_with("whsec_"), "{token}");
    let shown = app.get("/api/v1/pipelines/pl_shop/triggers").await;
    assert_eq!(
        (&shown.json["hook"]["path"], &shown.json["hook"]["has_secret"]),
        (&first.path.clone().into(), &true.into())
    );
    assert!(!shown.text.contains(&first.secret));

    let second = app.make_hook("pl_shop").await;
    assert!(second.path != first.path && second.secret != first.secret);
    let old = app.github_says(&first.path, &first.secret, "d1", "push", &super::push()).await;
    assert_eq!(old.status, 401);
    let mixed = app.github_says(&second.path, &first.secret, "d1", "push", &super::push()).await;
    assert_eq!(mixed.status, 401);
    let new = app.github_says(&second.path, &second.secret, "d1", "push", &super::push()).await;
    assert_eq!(told(&new), "started");

    assert_eq!(app.delete("/api/v1/pipelines/pl_shop/hook").await.status, 204);
    assert_eq!(app.delete("/api/v1/pipelines/pl_shop/hook").await.status, 204);
    assert_eq!(app.github_says(&second.path, &second.secret, "d2", "push", &super::push()).await.status, 401);
}

#[tokio::test]
async fn hooks_are_for_those_who_may_edit_and_of_pipelines_that_are_there() {
    let app = TestApp::start().await;
    app.store_pipeline("pl_shop", SHOP).await;
    for (method, path) in [("POST", "/api/v1/pipelines/pl_shop/hook"), ("DELETE", "/api/v1/pipelines/pl_shop/hook")] {
        assert_eq!(app.send(app.anonymous(method, path)).await.status, 401);
        assert_eq!(app.send(app.anonymous(method, path).bearer_auth(READ_ONLY)).await.status, 403);
        assert_eq!(app.send(app.request(method, &path.replace("shop", "none"))).await.status, 404);
    }
    for path in ["/api/v1/pipelines/pl_shop/triggers", "/api/v1/deliveries"] {
        assert_eq!(app.send(app.anonymous("GET", path)).await.status, 401);
        assert_eq!(app.send(app.anonymous("GET", path).bearer_auth(READ_ONLY)).await.status, 200);
    }
    assert_eq!(app.get("/api/v1/pipelines/pl_none/triggers").await.status, 404);
}

#[tokio::test]
async fn deliveries_come_in_pages() {
    let app = TestApp::start().await;
    app.store_pipeline("pl_shop", SHOP).await;
    let hook = app.make_hook("pl_shop").await;
    for number in 0..5 {
        app.github_says(&hook.path, &hook.secret, &format!("d{number}"), "ping", "{}").await;
        app.pass(1);
    }
    let first = app.get("/api/v1/deliveries?pipeline=pl_shop&limit=3").await;
    assert_eq!(first.json["items"].as_array().unwrap().len(), 3);
    let item = &first.json["items"][0];
    assert_eq!((&item["source"], &item["event"]), (&"github".into(), &"ping".into()));
    assert_eq!(item["pipeline"], serde_json::json!({"id": "pl_shop", "name": "pl_shop"}));
    let next = first.json["next"].as_str().unwrap();
    let rest = app.get(&format!("/api/v1/deliveries?pipeline=pl_shop&limit=3&cursor={next}")).await;
    assert_eq!((rest.json["items"].as_array().unwrap().len(), &rest.json["next"]), (2, &Json::Null));
    assert_eq!(app.get("/api/v1/deliveries?pipeline=pl_other").await.json["items"], serde_json::json!([]));
    for wrong in ["limit=0", "limit=201", "cursor=x", "cursor=1", "cursor=1-%00", "pipeline=%00"] {
        assert_eq!(app.get(&format!("/api/v1/deliveries?{wrong}")).await.status, 422, "{wrong}");
    }
}
