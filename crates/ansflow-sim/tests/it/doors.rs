//! Who comes in, what they may, and what is not let in: answers as recorded.

use ansflow_sim::{SimConfig, Speed, Who};
use reqwest::Method;
use serde_json::{Value, json};

use crate::cluster::Cluster;

const PODS: &str = "/api/v1/namespaces/demo/pods";

async fn with_namespace(config: SimConfig) -> Cluster {
    let cluster = Cluster::with(SimConfig { speed: Speed::Manual, ..config }).await;
    cluster.post("/api/v1/namespaces", &json!({"metadata": {"name": "demo"}})).await.expect(201);
    cluster.sim.advance(std::time::Duration::from_secs(1));
    cluster
}

fn pod(name: &str, resources: &Value) -> Value {
    let container = json!({"name": "app", "image": "busybox:1.36", "resources": resources});
    json!({"metadata": {"name": name}, "spec": {"containers": [container]}})
}

#[tokio::test]
async fn a_token_of_an_account_is_its_account_and_ends() {
    let cluster = with_namespace(SimConfig::default()).await;
    let accounts = "/api/v1/namespaces/demo/serviceaccounts";
    cluster.post(accounts, &json!({"metadata": {"name": "deployer"}})).await.expect(201);
    let asked = cluster.post(&format!("{accounts}/deployer/token"), &json!({"spec": {"expirationSeconds": 600}})).await;
    let token = asked.expect(201)["status"]["token"].as_str().unwrap().to_owned();
    let review = json!({"spec": {"token": token}});
    let path = "/apis/authentication.k8s.io/v1/tokenreviews";
    let told = cluster.post(path, &review).await.expect(201);
    assert_eq!(told["status"]["user"]["username"], "system:serviceaccount:demo:deployer");
    cluster.sim.advance(std::time::Duration::from_secs(601));
    let told = cluster.post(path, &review).await.expect(201);
    assert_eq!(told["status"]["authenticated"], Value::Null);
}

#[tokio::test]
async fn somebody_else_may_only_what_their_role_allows() {
    let cluster = with_namespace(SimConfig { rbac: true, ..SimConfig::default() }).await;
    let as_dev = [("impersonate-user", "dev"), ("accept", "application/json")];
    let as_dev = as_dev.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let told = cluster.told(Method::GET, PODS, &as_dev, None, None).await.expect(403);
    assert_eq!(
        told["message"],
        "pods is forbidden: User \"dev\" cannot list resource \"pods\" in API group \"\" in the namespace \"demo\""
    );
    let binding = json!({
        "metadata": {"name": "readers"}, "subjects": [{"kind": "User", "name": "dev"}],
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"},
    });
    let bindings = "/apis/rbac.authorization.k8s.io/v1/namespaces/demo/rolebindings";
    cluster.post(bindings, &binding).await.expect(201);
    cluster.told(Method::GET, PODS, &as_dev, None, None).await.expect(200);
    // A certificate of the cluster's own is somebody, too.
    let (certificate, _) = cluster.sim.certificate(&Who::user("dev", &[]));
    assert!(certificate.starts_with("-----BEGIN CERTIFICATE-----"));
}

#[tokio::test]
async fn a_quota_is_charged_and_never_overdrawn() {
    let cluster = with_namespace(SimConfig::default()).await;
    let quotas = "/api/v1/namespaces/demo/resourcequotas";
    let quota = json!({"metadata": {"name": "team"}, "spec": {"hard": {"limits.cpu": "600m"}}});
    cluster.post(quotas, &quota).await.expect(201);
    cluster.sim.advance(std::time::Duration::from_secs(1));
    let half = json!({"limits": {"cpu": "500m"}, "requests": {"cpu": "500m"}});
    cluster.post(PODS, &pod("a", &half)).await.expect(201);
    let told = cluster.post(PODS, &pod("b", &half)).await.expect(403);
    assert_eq!(
        told["message"],
        "pods \"b\" is forbidden: exceeded quota: team, requested: limits.cpu=500m, used: limits.cpu=500m, \
         limited: limits.cpu=600m"
    );
    let told = cluster.post(PODS, &pod("c", &json!({}))).await.expect(403);
    assert_eq!(told["message"], "pods \"c\" is forbidden: failed quota: team: must specify limits.cpu for: app");
    let status = cluster.get(&format!("{quotas}/team")).await.expect(200);
    assert_eq!(status["status"], json!({"hard": {"limits.cpu": "600m"}, "used": {"limits.cpu": "500m"}}));
}

#[tokio::test]
async fn a_policy_and_a_webhook_refuse_as_recorded() {
    let cluster = with_namespace(SimConfig::default()).await;
    let group = "/apis/admissionregistration.k8s.io/v1";
    let rules = json!([{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]}]);
    let policy = json!({"metadata": {"name": "pods-need-limits"}, "spec": {
        "failurePolicy": "Fail", "matchConstraints": {"resourceRules": rules},
        "validations": [{
            "expression": "object.spec.containers.all(c, has(c.resources) && has(c.resources.limits) && 'memory' in \
                           c.resources.limits)",
            "message": "every container needs a memory limit",
        }],
    }});
    cluster.post(&format!("{group}/validatingadmissionpolicies"), &policy).await.expect(201);
    let binding = json!({"metadata": {"name": "pods-need-limits"}, "spec": {
        "policyName": "pods-need-limits", "validationActions": ["Deny"],
        "matchResources": {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "demo"}}},
    }});
    cluster.post(&format!("{group}/validatingadmissionpolicybindings"), &binding).await.expect(201);
    let told = cluster.post(PODS, &pod("a", &json!({}))).await.expect(422);
    assert_eq!(
        told["message"],
        "pods \"a\" is forbidden: ValidatingAdmissionPolicy 'pods-need-limits' with binding 'pods-need-limits' denied \
         request: every container needs a memory limit"
    );
    let webhook = json!({
        "name": "policy.example.com", "admissionReviewVersions": ["v1"], "sideEffects": "None", "failurePolicy": "Fail",
        "timeoutSeconds": 3, "clientConfig": {"url": "https://127.0.0.1:5998/deny"}, "rules": rules,
    });
    let webhook = json!({"metadata": {"name": "policy.example.com"}, "webhooks": [webhook]});
    cluster.post(&format!("{group}/validatingwebhookconfigurations"), &webhook).await.expect(201);
    let told = cluster.post(PODS, &pod("b", &json!({"limits": {"memory": "64Mi"}}))).await.expect(500);
    assert_eq!(
        told["message"],
        "Internal error occurred: failed calling webhook \"policy.example.com\": failed to call webhook: \
         Post \"https://127.0.0.1:5998/deny?timeout=3s\": dial tcp 127.0.0.1:5998: connect: connection refused"
    );
}
