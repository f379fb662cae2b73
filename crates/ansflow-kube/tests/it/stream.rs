//! What steps do besides deploying: commands in pods, logs, deletions, waits, scaling.

mod delete;
mod exec;
mod job;
mod logs;
mod proxy;
mod scale;
mod wait;

use ansflow_core::verdict::Waiting;
use ansflow_kube::access::{Access, Auth, Tls};
use ansflow_kube::sink::{Sink, Stop};
use ansflow_kube::{Cluster, Limits};
use ansflow_sim::testing;
use serde_json::{Value as Json, json};
use std::sync::Mutex;
use std::time::Duration;

/// A namespace of its own in the cluster of the tests.
struct Here {
    far: &'static testing::Cluster,
    namespace: testing::Namespace,
    cluster: Cluster,
}

impl Here {
    async fn new() -> Here {
        let far = testing::Cluster::get().await;
        let namespace = far.namespace().await;
        let cluster = connected(&access(far, &namespace));
        Here { far, namespace, cluster }
    }

    /// The same cluster behind a proxy of the test.
    fn behind(&self, proxy: &proxy::Proxy) -> Cluster {
        let mut access = access(self.far, &self.namespace);
        let host = access.host().rsplit_once(':').map_or(access.host(), |(host, _)| host).to_owned();
        access.tls.server_name = Some(host);
        access.server = format!("https://127.0.0.1:{}", proxy.port);
        connected(&access)
    }

    async fn make(&self, path: &str, object: Json) {
        let (code, said) = self.far.ask("POST", path, Some(&object)).await;
        assert_eq!(code, 201, "{said}");
    }

    fn path(&self, plural: &str) -> String {
        format!("/api/v1/namespaces/{}/{plural}", &*self.namespace)
    }

    /// A pod that runs a shell text, once it runs.
    async fn pod(&self, name: &str, script: &str) {
        let pod = json!({ "apiVersion": "v1", "kind": "Pod", "metadata": { "name": name, "labels": { "app": name, "all": "yes" } },
            "spec": { "restartPolicy": "Never", "terminationGracePeriodSeconds": 1, "containers": [
                { "name": "app", "image": self.far.image("busybox"), "command": ["sh", "-c", script] }] } });
        self.make(&self.path("pods"), pod).await;
        let path = format!("{}/{name}", self.path("pods"));
        let begun = async {
            loop {
                let (_, pod) = self.far.ask("GET", &path, None).await;
                let phase = pod["status"]["phase"].as_str().unwrap_or_default().to_owned();
                if phase != "Pending" {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), begun).await.expect("it starts within a minute");
    }
}

fn access(far: &testing::Cluster, namespace: &str) -> Access {
    let given = far.access();
    let auth = match (&given.certificate, &given.token) {
        (Some((cert, key)), _) => Auth::Certificate { cert: cert.clone(), key: key.clone().into() },
        (None, Some(token)) => Auth::Token(token.clone().into()),
        (None, None) => Auth::Nobody,
    };
    let mut access = Access::new(&given.server);
    access.tls = Tls { roots: Some(given.ca.clone()), ..Tls::default() };
    access.auth = auth;
    access.namespace = Some(namespace.to_owned());
    access
}

fn connected(access: &Access) -> Cluster {
    Cluster::connect(access, &Limits { allow_loopback: true, ..Limits::default() }).unwrap()
}

/// Everything that was told.
#[derive(Default)]
struct Told(Mutex<Vec<String>>);

impl Told {
    fn all(&self) -> String {
        self.0.lock().unwrap().join("\n")
    }
}

impl Sink for Told {
    fn line(&self, line: &str) {
        self.0.lock().unwrap().push(line.to_owned());
    }

    fn waiting(&self, waiting: &Waiting) {
        self.0.lock().unwrap().push(format!("waiting: {}", waiting.r#for));
    }
}

/// The time is up after so long.
async fn up_after(time: Duration) -> Stop {
    tokio::time::sleep(time).await;
    Stop::Deadline
}

/// Far later than anything takes.
async fn late() -> Stop {
    up_after(Duration::from_secs(60)).await
}
