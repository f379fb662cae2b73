//! Scale, restart, roll back.

use serde_json::json;

use super::Kube;

#[tokio::test]
async fn a_deployment_is_scaled_restarted_and_rolled_back() {
    let kube = Kube::start().await;
    kube.deployment("web", 0).await;
    let scaled = kube.post("deployments/web/scale", json!({ "replicas": 1, "current": 0 })).await;
    assert_eq!(scaled.json, json!({ "before": 0, "after": 1 }), "{}", scaled.text);
    let late = kube.post("deployments/web/scale", json!({ "replicas": 2, "current": 0 })).await;
    assert_eq!(late.problem(), (409, "conflict", ""));
    assert_eq!(kube.post("deployments/web/restart", json!({})).await.status, 200);
    let history = kube
        .until("deployments/web/history", |history| {
            history["items"].as_array().unwrap().len() == 2 && history["items"][0]["current"] == true
        })
        .await;
    assert!(history["items"][0]["yaml"].as_str().unwrap().contains("restartedAt"), "{history}");
    let back = kube.post("deployments/web/rollback", json!({ "revision": 1 })).await;
    assert_eq!((back.status, &back.json["revision"]), (200, &json!(1)), "{}", back.text);
    assert_eq!(kube.post("deployments/web/rollback", json!({ "revision": 7 })).await.problem(), (409, "not_now", ""));
    kube.config_map("c", json!({})).await;
    assert_eq!(kube.post("configmaps/c/restart", json!({})).await.problem(), (409, "not_now", ""));
    assert_eq!(kube.post("deployments/none/scale", json!({ "replicas": 1 })).await.problem(), (404, "not_found", ""));
    assert_eq!(
        kube.post("deployments/web/scale", json!({ "replicas": "1" })).await.problem(),
        (422, "invalid", "replicas")
    );
}
