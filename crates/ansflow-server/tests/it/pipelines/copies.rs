//! Copies: the same text under another name.

use serde_json::json;

use super::text;
use crate::world::TestApp;

#[tokio::test]
async fn a_copy_differs_in_its_name_alone() {
    let app = TestApp::start().await;
    let id = app.store_text(&text("shop")).await;
    app.save_pipeline(&id, "\"1\"", json!({ "text": text("shop"), "max_runs": 2, "enabled": false })).await;
    let copy = app.post(&format!("/api/v1/pipelines/{id}/clone"), json!({ "name": "shop: 2" })).await;
    assert_eq!((copy.status, &copy.json["name"]), (201, &json!("shop: 2")), "{}", copy.text);
    assert_eq!(copy.json["text"], json!(text("\"shop: 2\"")));
    assert_eq!((&copy.json["max_runs"], &copy.json["enabled"]), (&json!(2), &json!(false)));
    let again = app.post(&format!("/api/v1/pipelines/{id}/clone"), json!({ "name": "shop: 2" })).await;
    assert_eq!((again.status, &again.json["field"]), (422, &json!("name")));
}

#[tokio::test]
async fn a_copy_needs_a_name_that_can_be_one() {
    let app = TestApp::start().await;
    let id = app.store_text(&text("shop")).await;
    for name in ["", "  ", "a\nb", "a\u{0}", &"x".repeat(201)] {
        let refused = app.post(&format!("/api/v1/pipelines/{id}/clone"), json!({ "name": name })).await;
        assert_eq!((refused.status, &refused.json["field"]), (422, &json!("name")), "{name:?}");
    }
    let anchored = "name: &n store\nvariables: { x: *n }\nsteps: [{ name: a, type: command, command: 'true' }]\n";
    let id = app.store_text(anchored).await;
    let refused = app.post(&format!("/api/v1/pipelines/{id}/clone"), json!({ "name": "other" })).await;
    assert_eq!((refused.status, &refused.json["field"]), (422, &json!("name")), "{}", refused.text);
}
