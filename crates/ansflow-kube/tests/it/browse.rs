//! Looking at a cluster, and changing it, through the same functions as the server.

mod acts;
mod edits;
mod lists;
mod live;

use ansflow_kube::access::{Access, Auth, Tls};
use ansflow_kube::{Cluster, Kind, Limits};
use ansflow_sim::testing;
use serde_json::{Value as Json, json};
use std::time::Duration;

/// The cluster of the tests, with a namespace of its own.
struct Here {
    cluster: Cluster,
    far: &'static testing::Cluster,
    space: testing::Namespace,
}

impl Here {
    async fn new() -> Here {
        let far = testing::Cluster::get().await;
        let space = far.namespace().await;
        Here { cluster: connect(far, &space), far, space }
    }

    fn namespace(&self) -> &str {
        &self.space
    }

    /// Makes an object without what is tested here.
    async fn make(&self, path: &str, object: Json) -> Json {
        let (code, said) = self.far.ask("POST", path, Some(&object)).await;
        assert!((200..300).contains(&code), "{path}: {said}");
        said
    }

    async fn config_map(&self, name: &str, data: Json) -> Json {
        let path = format!("/api/v1/namespaces/{}/configmaps", self.namespace());
        let object = json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": name, "labels": { "app": "test" } }, "data": data });
        self.make(&path, object).await
    }

    async fn deployment(&self, name: &str, replicas: u32) -> Json {
        let path = format!("/apis/apps/v1/namespaces/{}/deployments", self.namespace());
        let container = json!({ "name": "app", "image": self.far.image("web"), "ports": [{ "containerPort": 80 }] });
        let object = json!({ "apiVersion": "apps/v1", "kind": "Deployment", "metadata": { "name": name }, "spec": {
            "replicas": replicas, "selector": { "matchLabels": { "app": name } },
            "template": { "metadata": { "labels": { "app": name } }, "spec": { "containers": [container] } } } });
        self.make(&path, object).await
    }

    /// Waits until a question has the answer that is waited for.
    async fn until<T>(&self, mut ask: impl AsyncFnMut(&Cluster) -> Option<T>) -> T {
        let asked = async {
            loop {
                if let Some(answer) = ask(&self.cluster).await {
                    return answer;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), asked).await.expect("it comes within a minute")
    }
}

fn connect(far: &testing::Cluster, namespace: &str) -> Cluster {
    let given = far.access();
    let auth = match (&given.certificate, &given.token) {
        (Some((cert, key)), _) => Auth::Certificate { cert: cert.clone(), key: key.clone().into() },
        (None, Some(token)) => Auth::Token(token.clone().into()),
        (None, None) => Auth::Nobody,
    };
    let access = Access {
        server: given.server.clone(),
        tls: Tls { roots: Some(given.ca.clone()), ..Tls::default() },
        auth,
        acts_as: None,
        proxy: None,
        namespace: Some(namespace.to_owned()),
    };
    Cluster::connect(&access, &Limits { allow_loopback: true, ..Limits::default() }).unwrap()
}

fn kind(group: &str, kind: &str) -> Kind {
    Kind::builtin(group, kind).unwrap()
}
