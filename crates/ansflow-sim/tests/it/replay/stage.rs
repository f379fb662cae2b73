//! What stood around the recorded requests: objects that were made between them, in the words of the story.

use serde_json::{Value, json};

use crate::cluster::Cluster;

const DEMO: &str = "/api/v1/namespaces/demo";
const ROLES: &str = "/apis/rbac.authorization.k8s.io/v1/namespaces/demo";

/// What the set-ups left behind for later.
#[derive(Default)]
pub(super) struct Stage {
    token: Option<String>,
}

impl Stage {
    /// The token of the ServiceAccount `deployer`.
    pub(super) fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// Does what the story says.
    pub(super) async fn act(&mut self, cluster: &Cluster, what: &str) {
        match what {
            "demo" | "demo2" => made(cluster, "/api/v1/namespaces", json!({"metadata": {"name": what}})).await,
            "teams" => {
                for name in ["team-d476c", "team-f23b4"] {
                    made(cluster, "/api/v1/namespaces", json!({"metadata": {"name": name}})).await;
                }
            }
            "keep in ephemeral" => {
                let kept = json!({"metadata": {"name": "keep", "finalizers": ["example.com/keep"]}});
                made(cluster, "/api/v1/namespaces/ephemeral/configmaps", kept).await;
            }
            "pages" => {
                for at in 0..7 {
                    let page = json!({"metadata": {"labels": {"set": "page"}}, "data": {"i": at.to_string()}});
                    map(cluster, &format!("page-{at}"), page).await;
                }
            }
            "w1" => {
                let path = format!("{DEMO}/configmaps/w1");
                map(cluster, "w1", json!({"metadata": {"labels": {"w": "1"}}, "data": {"a": "1"}})).await;
                cluster.merge(&path, &json!({"data": {"a": "2"}})).await.expect(200);
                cluster.merge(&path, &json!({"metadata": {"labels": {"w": "2"}}})).await.expect(200);
                cluster.delete(&path).await.expect(200);
            }
            "marked maps" => {
                map(cluster, "d1", json!({})).await;
                map(cluster, "d2", json!({})).await;
                for name in ["d3", "d4", "d5", "d6"] {
                    map(cluster, name, json!({"metadata": {"labels": {"d": "y"}}})).await;
                }
                map(cluster, "f1", json!({"metadata": {"finalizers": ["example.com/hold"]}})).await;
            }
            "gc-foreground" | "gc-background" | "gc-orphan" => deployment(cluster, what).await,
            "owned by c1" => {
                let uid = cluster.get(&format!("{DEMO}/configmaps/c1")).await.expect(200)["metadata"]["uid"].clone();
                let owner = json!([{"apiVersion": "v1", "kind": "ConfigMap", "name": "c1", "uid": uid}]);
                map(cluster, "owned", json!({"metadata": {"ownerReferences": owner}})).await;
            }
            "without c1" => drop(cluster.delete(&format!("{DEMO}/configmaps/c1")).await.expect(200)),
            "logger" => pod(cluster, "demo", "logger", logger()).await,
            "deployer" => self.deployer(cluster).await,
            "role of deployer" => role(cluster).await,
            "no budget" => {
                let path = "/apis/policy/v1/namespaces/demo/poddisruptionbudgets/web";
                cluster.delete(path).await.expect(200);
            }
            "shell" => {
                let command = json!(["sh", "-c", "while true; do sleep 1; done"]);
                let of = json!({"containers": [{"name": "app", "image": "busybox:1.36", "command": command}]});
                pod(cluster, "demo", "shell", of).await;
            }
            "pods that wait" => waiting(cluster).await,
            other => panic!("nobody knows how to set up `{other}`"),
        }
    }

    async fn deployer(&mut self, cluster: &Cluster) {
        made(cluster, &format!("{DEMO}/serviceaccounts"), json!({"metadata": {"name": "deployer"}})).await;
        let secret = json!({"type": "kubernetes.io/service-account-token",
            "metadata": {"name": "deployer-token", "annotations": {"kubernetes.io/service-account.name": "deployer"}}});
        made(cluster, &format!("{DEMO}/secrets"), secret).await;
        let asked = json!({"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}});
        let token = cluster.post(&format!("{DEMO}/serviceaccounts/deployer/token"), &asked).await.expect(201);
        self.token = token["status"]["token"].as_str().map(str::to_owned);
    }
}

async fn made(cluster: &Cluster, path: &str, object: Value) {
    cluster.post(path, &object).await.expect(201);
}

async fn map(cluster: &Cluster, name: &str, mut object: Value) {
    object["metadata"]["name"] = name.into();
    made(cluster, &format!("{DEMO}/configmaps"), object).await;
}

async fn pod(cluster: &Cluster, namespace: &str, name: &str, spec: Value) {
    let pod = json!({"metadata": {"name": name}, "spec": spec});
    made(cluster, &format!("/api/v1/namespaces/{namespace}/pods"), pod).await;
}

/// As `web` was applied.
async fn deployment(cluster: &Cluster, name: &str) {
    let labels = json!({"app": name});
    let container = json!({"name": "app", "image": "nginx:1.22", "ports": [{"containerPort": 80}]});
    let template = json!({"metadata": {"labels": labels},
        "spec": {"terminationGracePeriodSeconds": 2, "containers": [container]}});
    let object = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name, "labels": labels},
        "spec": {"replicas": 1, "selector": {"matchLabels": labels}, "template": template}});
    let path = format!("/apis/apps/v1/namespaces/demo/deployments/{name}?fieldManager=ansflow");
    let media = "application/apply-patch+yaml";
    cluster.ask(reqwest::Method::PATCH, &path, media, Some(&object)).await.expect(201);
}

fn logger() -> Value {
    let lines = "i=0; while [ $i -lt 8 ]; do i=$((i+1)); echo \"line $i\"; sleep 1; done; echo fatal >&2; exit 1";
    let container =
        |name: &str, script: &str| json!({"name": name, "image": "busybox:1.36", "command": ["sh", "-c", script]});
    json!({
        "terminationGracePeriodSeconds": 1,
        "initContainers": [container("setup", "echo prepared")],
        "containers": [container("app", lines), container("side", "echo side; sleep 999")],
    })
}

async fn role(cluster: &Cluster) {
    let read = json!(["get", "list", "watch"]);
    let rules = json!([
        {"apiGroups": ["apps"], "resources": ["deployments", "deployments/scale"],
            "verbs": ["get", "list", "watch", "patch"]},
        {"apiGroups": [""], "resources": ["pods", "pods/log"], "verbs": read},
    ]);
    made(cluster, &format!("{ROLES}/roles"), json!({"metadata": {"name": "deployer"}, "rules": rules})).await;
    let binding = json!({
        "metadata": {"name": "deployer"},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "deployer"},
        "subjects": [{"kind": "ServiceAccount", "name": "deployer", "namespace": "demo"}],
    });
    made(cluster, &format!("{ROLES}/rolebindings"), binding).await;
}

/// One waits for its init container, one for an image that is never pulled, one for a node that is not there.
async fn waiting(cluster: &Cluster) {
    let app = json!({"name": "app", "image": "busybox:1.36", "command": ["sleep", "999"]});
    let setup = json!({"name": "setup", "image": "busybox:1.36", "command": ["sleep", "999"]});
    pod(cluster, "demo2", "waiting", json!({"initContainers": [setup], "containers": [app]})).await;
    let never = json!({"name": "app", "image": "example.com/nothing:1", "imagePullPolicy": "Never"});
    pod(cluster, "demo2", "nopull", json!({"containers": [never]})).await;
    pod(cluster, "demo2", "pending", json!({"nodeSelector": {"disk": "none"}, "containers": [app]})).await;
}
