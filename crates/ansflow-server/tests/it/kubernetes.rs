//! What is in clusters, over HTTP. The cluster is simulated, or the one that `ANSFLOW_TEST_KUBECONFIG` leads to.

mod actions;
mod edits;
mod ended;
mod figures;
mod lists;
mod pods;
mod secrets;
mod shapes;
mod streams;

use ansflow_kube::Limits;
use ansflow_kube::access::{Access, Auth, Tls};
use ansflow_kube::credentials::Credential;
use ansflow_server::Config;
use ansflow_sim::testing;
use ansflow_store::audit::By;
use ansflow_store::clusters::{self, Input};
use serde_json::{Value as Json, json};
use std::time::Duration;

use crate::world::{Answer, Start, TestApp};

/// A server that knows a cluster, and a namespace of the test's own in it.
pub(crate) struct Kube {
    pub(crate) app: TestApp,
    pub(crate) far: &'static testing::Cluster,
    space: testing::Namespace,
}

impl Kube {
    pub(crate) async fn start() -> Kube {
        Kube::looking_again(None).await
    }

    /// One that looks so often whether who has a stream open may still have it.
    pub(crate) async fn looking_again(look_again: Option<Duration>) -> Kube {
        let far = testing::Cluster::get().await;
        let space = far.namespace().await;
        let config = Config { clusters: Limits::with_loopback(), look_again, ..Start::default().config };
        let app = TestApp::start_with(Start { config, ..Start::default() }).await;
        let given = far.access();
        let auth = match (&given.certificate, &given.token) {
            (Some((cert, key)), _) => Auth::Certificate { cert: cert.clone(), key: key.clone().into() },
            (None, Some(token)) => Auth::Token(token.clone().into()),
            (None, None) => Auth::Nobody,
        };
        let mut access = Access::new(&given.server);
        access.tls = Tls { roots: Some(given.ca.clone()), ..Tls::default() };
        access.auth = auth;
        let credential = Credential::of(&access).text();
        let input = Input {
            name: "staging",
            description: "",
            kind: clusters::Kind::K8s,
            server: &given.server,
            auth: clusters::Auth::Certificate,
            credential: Some(&credential),
            ca: &given.ca,
            verify_tls: true,
            tls_server_name: "",
            proxy: "",
            namespace: &space,
            facts: "{}",
        };
        let by = By { name: "mona", via: "session" };
        app.store.clusters(&app.keyring).add("clu_1", &input, by, app.now()).await.unwrap();
        Kube { app, far, space }
    }

    pub(crate) fn namespace(&self) -> &str {
        &self.space
    }

    /// An address below `/api/v1/kubernetes/`, with cluster and namespace.
    pub(crate) fn path(&self, path: &str) -> String {
        let joint = if path.contains('?') { '&' } else { '?' };
        format!("/api/v1/kubernetes/{path}{joint}cluster_id=staging&namespace={}", self.namespace())
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.app.get(&self.path(path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: Json) -> Answer {
        self.app.post(&self.path(path), body).await
    }

    /// Makes an object without what is tested here.
    pub(crate) async fn make(&self, path: &str, object: Json) {
        let (code, said) = self.far.ask("POST", path, Some(&object)).await;
        assert!((200..300).contains(&code), "{path}: {said}");
    }

    pub(crate) async fn config_map(&self, name: &str, data: Json) {
        let path = format!("/api/v1/namespaces/{}/configmaps", self.namespace());
        let object = json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": name, "labels": { "of": "test" } }, "data": data });
        self.make(&path, object).await;
    }

    pub(crate) async fn secret(&self, name: &str, data: Json) {
        let path = format!("/api/v1/namespaces/{}/secrets", self.namespace());
        let object = json!({ "apiVersion": "v1", "kind": "Secret", "metadata": { "name": name }, "stringData": data });
        self.make(&path, object).await;
    }

    pub(crate) async fn deployment(&self, name: &str, replicas: u32) {
        let path = format!("/apis/apps/v1/namespaces/{}/deployments", self.namespace());
        let container = json!({ "name": "app", "image": self.far.image("web"), "ports": [{ "name": "http", "containerPort": 80 }] });
        let object = json!({ "apiVersion": "apps/v1", "kind": "Deployment", "metadata": { "name": name }, "spec": {
            "replicas": replicas, "selector": { "matchLabels": { "app": name } },
            "template": { "metadata": { "labels": { "app": name } }, "spec": { "containers": [container] } } } });
        self.make(&path, object).await;
    }

    /// Asks until the answer is what is waited for.
    pub(crate) async fn until(&self, path: &str, is_it: impl Fn(&Json) -> bool) -> Json {
        let asked = async {
            loop {
                let answer = self.get(path).await;
                if answer.status == 200 && is_it(&answer.json) {
                    return answer.json;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), asked).await.expect("it comes within a minute")
    }
}
