//! The API goes wrong on purpose, and only as far as was asked for.

use std::time::Duration;

use ansflow_sim::Who;
use reqwest::Method;
use serde_json::{Value, json};

use crate::cluster::{Cluster, Told};

const FAULTS: &str = "/sim.ansflow.io/v1/faults";
const MAPS: &str = "/api/v1/namespaces/default/configmaps";

async fn put(cluster: &Cluster, name: &str, rule: Value) {
    cluster.put(&format!("{FAULTS}/{name}"), &rule).await.expect(200);
}

#[tokio::test]
async fn so_many_requests_are_told_to_come_back_later() {
    let cluster = Cluster::start().await;
    let rule = json!({"on": {"verb": "create", "resource": "configmaps", "userAgent": "ansflow/*"},
        "what": {"http": {"status": 429, "retryAfter": 3, "times": 2}}});
    put(&cluster, "busy", rule).await;
    let map = json!({"metadata": {"name": "a"}});
    for _ in 0..2 {
        let told = cluster.post(MAPS, &map).await;
        assert_eq!(told.expect(429)["reason"], "TooManyRequests");
        assert!(told.headers.contains(&("retry-after".to_owned(), "3".to_owned())), "{:?}", told.headers);
        cluster.get(MAPS).await.expect(200);
    }
    cluster.post(MAPS, &map).await.expect(201);
}

#[tokio::test]
async fn an_error_lasts_until_its_rule_is_taken_away() {
    let cluster = Cluster::start().await;
    put(&cluster, "down", json!({"what": {"http": {"status": 503}}})).await;
    assert_eq!(cluster.get("/version").await.code, 503);
    assert_eq!(cluster.get(MAPS).await.expect(503)["reason"], "ServiceUnavailable");
    cluster.delete(&format!("{FAULTS}/down")).await.expect(200);
    cluster.get(MAPS).await.expect(200);
}

#[tokio::test]
async fn an_answer_comes_late_or_never_or_breaks() {
    let cluster = Cluster::start().await;
    let asked = || cluster.client(Some(&Who::admin())).get(format!("{}{MAPS}", cluster.sim.url())).send();
    put(&cluster, "slow", json!({"what": {"http": {"delay": "300ms", "times": 1}}})).await;
    let began = std::time::Instant::now();
    assert_eq!(asked().await.unwrap().status(), 200);
    assert!(began.elapsed() >= Duration::from_millis(300));
    put(&cluster, "slow", json!({"what": {"http": {"hang": true, "times": 1}}})).await;
    assert!(tokio::time::timeout(Duration::from_millis(300), asked()).await.is_err(), "it hangs");
    put(&cluster, "slow", json!({"what": {"http": {"reset": true, "times": 1}}})).await;
    assert!(asked().await.is_err(), "there is no answer");
    assert_eq!(asked().await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_watch_breaks_after_so_many_events() {
    let cluster = Cluster::start().await;
    for name in ["a", "b", "c"] {
        cluster.post(MAPS, &json!({"metadata": {"name": name}})).await.expect(201);
    }
    let watched = async |end: &str| {
        let watch = json!({"events": 2, "end": end});
        put(&cluster, "watch", json!({"on": {"resource": "configmaps"}, "what": {"http": {"watch": watch}}})).await;
        let url = format!("{}{MAPS}?watch=true&timeoutSeconds=5", cluster.sim.url());
        let mut answer = cluster.client(Some(&Who::admin())).get(url).send().await.unwrap();
        let mut text = String::new();
        loop {
            match answer.chunk().await {
                Ok(Some(chunk)) => text.push_str(std::str::from_utf8(&chunk).unwrap()),
                Ok(None) => return (text, false),
                Err(_broken) => return (text, true),
            }
        }
    };
    let (text, broken) = watched("close").await;
    assert_eq!((text.lines().count(), broken), (2, false));
    let (text, broken) = watched("break").await;
    assert_eq!((text.lines().count(), broken), (2, true));
    let (text, broken) = watched("expired").await;
    let last: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    assert_eq!((text.lines().count(), broken, &last["object"]["code"]), (3, false, &json!(410)));
}

#[tokio::test]
async fn a_webhook_answers_as_a_rule_says() {
    let cluster = Cluster::start().await;
    let rules = json!([{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE", "DELETE"], "resources": ["configmaps"]}]);
    let webhook = json!({"name": "maps.example.com", "rules": rules, "sideEffects": "None",
        "admissionReviewVersions": ["v1"], "clientConfig": {"url": "https://127.0.0.1:1/maps"}});
    let hooks = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";
    cluster.post(hooks, &json!({"metadata": {"name": "maps"}, "webhooks": [webhook]})).await.expect(201);
    let map = json!({"metadata": {"name": "a"}});
    let told = |told: Told| told.json()["message"].as_str().unwrap_or_default().to_owned();
    assert!(told(cluster.post(MAPS, &map).await).ends_with("connection refused"));
    let on = json!({"webhook": "maps.*"});
    put(&cluster, "hook", json!({"on": on, "what": {"webhook": "allow"}})).await;
    cluster.post(MAPS, &map).await.expect(201);
    put(&cluster, "hook", json!({"on": on, "what": {"webhook": {"deny": {"message": "not today"}}}})).await;
    let refused = "admission webhook \"maps.example.com\" denied the request: not today";
    let path = format!("{MAPS}/a");
    assert_eq!(told(cluster.ask(Method::DELETE, &path, "", None).await), refused);
    put(&cluster, "hook", json!({"on": on, "what": {"webhook": "allow"}})).await;
    cluster.delete(&path).await.expect(200);
}
