//! A simulated cluster whose clock stands until it is moved, asked over its own HTTP.

use ansflow_sim::{Sim, SimConfig, Speed, Who};
use reqwest::{Certificate, Client, Identity, Method};
use serde_json::Value as Json;
use std::time::Duration;

pub(crate) struct Cluster {
    sim: Sim,
    client: Client,
}

impl Cluster {
    pub(crate) async fn start(seed: u64) -> Cluster {
        // Another test of this process may have been first.
        let _installed = rustls::crypto::ring::default_provider().install_default();
        let start = Some("2026-05-04T10:00:00.5Z".parse().unwrap());
        let sim = Sim::start(SimConfig { speed: Speed::Manual, start, seed, ..SimConfig::default() }).await.unwrap();
        let (certificate, key) = sim.certificate(&Who::admin());
        let client = Client::builder()
            .tls_certs_only([Certificate::from_pem(sim.ca_pem().as_bytes()).unwrap()])
            .identity(Identity::from_pem(format!("{certificate}{key}").as_bytes()).unwrap())
            .timeout(Duration::from_secs(60))
            .build()
            .unwrap();
        Cluster { sim, client }
    }

    pub(crate) async fn stop(self) {
        self.sim.stop().await;
    }

    pub(crate) fn pass(&self, millis: i64) {
        let span = Duration::from_millis(millis.try_into().unwrap());
        tokio::task::block_in_place(|| self.sim.advance(span));
    }

    /// Code and body of an answer.
    pub(crate) async fn ask(&self, method: Method, path: &str, media: &str, body: Option<&Json>) -> (u16, String) {
        let mut request = self.client.request(method, format!("{}{path}", self.sim.url()));
        if let Some(body) = body {
            request = request.header("content-type", media).body(body.to_string());
        }
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    pub(crate) async fn get(&self, path: &str) -> Json {
        let (code, text) = self.ask(Method::GET, path, "", None).await;
        assert_eq!(code, 200, "{path}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// What a watch tells from a revision until now.
    pub(crate) async fn told(&self, path: &str, from: u64) -> Vec<Json> {
        let path = format!("{path}?watch=1&resourceVersion={from}&timeoutSeconds=1");
        let (code, text) = self.ask(Method::GET, &path, "", None).await;
        assert_eq!(code, 200, "{path}: {text}");
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    pub(crate) async fn apply(&self, object: &Json) {
        let path = format!("{}?fieldManager=ansflow&force=true", path_of(object));
        let (code, text) = self.ask(Method::PATCH, &path, "application/apply-patch+yaml", Some(object)).await;
        assert!(matches!(code, 200 | 201), "{path}: {code} {text}");
    }

    pub(crate) async fn put(&self, path: &str, object: &Json) {
        let (code, text) = self.ask(Method::PUT, path, "application/json", Some(object)).await;
        assert_eq!(code, 200, "{path}: {text}");
    }

    pub(crate) async fn delete(&self, path: &str) {
        let (code, text) = self.ask(Method::DELETE, path, "", None).await;
        assert_eq!(code, 200, "{path}: {text}");
    }
}

/// Where an object stands.
pub(crate) fn path_of(object: &Json) -> String {
    let (version, kind) = (object["apiVersion"].as_str().unwrap(), object["kind"].as_str().unwrap());
    let root = if version.contains('/') { format!("/apis/{version}") } else { format!("/api/{version}") };
    let (name, plural) = (object["metadata"]["name"].as_str().unwrap(), format!("{}s", kind.to_lowercase()));
    match object["metadata"]["namespace"].as_str() {
        Some(namespace) => format!("{root}/namespaces/{namespace}/{plural}/{name}"),
        None => format!("{root}/{plural}/{name}"),
    }
}
