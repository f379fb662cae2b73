//! Zero bytes: PostgreSQL holds no text with one, and a question that has one must not get that far.

use ansflow_server::routes::document;
use serde_json::json;

use crate::world::TestApp;

#[tokio::test]
async fn no_question_holds_one() {
    let app = TestApp::start().await;
    let document = serde_json::to_value(document()).unwrap();
    let mut asked = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for parameter in item["get"]["parameters"].as_array().into_iter().flatten().filter(|one| one["in"] == "query") {
            let name = parameter["name"].as_str().unwrap();
            // Found or not: the question is read first, unless the path itself is wrong.
            let place = path.replace("{attempt}", "1").replace(['{', '}'], "");
            let answer = app.get(&format!("{place}?{name}=a%00b")).await;
            assert_eq!(answer.problem(), (422, "invalid", name), "{path}?{name} {}", answer.text);
            asked += 1;
        }
    }
    assert!(asked > 30, "{asked}");
}

#[tokio::test]
async fn texts_that_are_stored_hold_none() {
    let app = TestApp::start().await;
    let secret = json!({ "value": "a secret", "description": "a\0b" });
    assert_eq!(app.put("/api/v1/secrets/KEY", secret).await.problem(), (422, "invalid", "description"));
}

#[tokio::test]
async fn nobody_is_called_by_one() {
    let app = TestApp::start().await;
    let login = json!({ "name": "mo\0na", "password": "x" });
    let answer = app.send(app.anonymous("POST", "/api/v1/auth/login").json(&login)).await;
    assert_eq!(answer.problem(), (401, "wrong_credentials", ""));
}
