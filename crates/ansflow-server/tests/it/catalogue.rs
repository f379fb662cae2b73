//! Step types and the schema over HTTP.

use serde_json::json;

use crate::world::TestApp;

#[tokio::test]
async fn the_catalogue_is_what_the_core_says() {
    let app = TestApp::start().await;
    let all = app.get("/api/v1/step-types").await;
    assert_eq!((all.status, all.json["total"].as_u64()), (200, Some(ansflow_core::catalog::all().len() as u64)));
    let views: Vec<_> = ansflow_core::catalog::all().iter().map(ansflow_core::catalog::view::step_type).collect();
    assert_eq!(all.json["items"], json!(views));

    let one = app.get("/api/v1/step-types/shell_script").await;
    assert_eq!((one.status, &one.json["type"]), (200, &json!("script")));
    let none = app.get("/api/v1/step-types/k8s_deplo").await;
    assert_eq!((none.status, &none.json["help"]), (404, &json!("did you mean `k8s_deploy`?")));
}

#[tokio::test]
async fn the_schema_is_the_one_of_the_command_line() {
    let app = TestApp::start().await;
    let schema = app.get("/api/v1/schema/pipeline").await;
    assert_eq!((schema.status, schema.headers["content-type"].to_str().unwrap()), (200, "application/schema+json"));
    assert_eq!(schema.json, ansflow_core::schema::pipeline_schema());
}
