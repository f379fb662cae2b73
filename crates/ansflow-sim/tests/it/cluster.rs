//! One door for all tests: a cluster, and somebody who asks it over TLS.

use std::collections::BTreeMap;
use std::time::Duration;

use ansflow_sim::{Sim, SimConfig, Speed, Who};
use reqwest::{Certificate, Client, Identity, Method, Response};
use serde_json::Value;
use tokio::sync::watch;

/// A cluster of a test, with the administrator's client.
pub(crate) struct Cluster {
    pub(crate) sim: Sim,
    client: Client,
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) code: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) text: String,
}

impl Cluster {
    /// A cluster whose clock stands until it is moved, and begins at the same moment always: what happens in it is the same
    /// each time.
    pub(crate) async fn start() -> Cluster {
        Cluster::with(SimConfig {
            speed: Speed::Manual,
            start: Some("2026-11-21T04:00:00.25Z".parse().unwrap()),
            ..SimConfig::default()
        })
        .await
    }

    pub(crate) async fn with(config: SimConfig) -> Cluster {
        // Another test of this process may have been first.
        let _installed = rustls::crypto::ring::default_provider().install_default();
        let sim = Sim::start(config).await.unwrap();
        let client = client(&sim, &Who::admin());
        Cluster { sim, client }
    }

    /// The same cluster, asked by somebody else.
    pub(crate) fn by(&self, who: &Who) -> Cluster {
        Cluster { sim: self.sim.clone(), client: client(&self.sim, who) }
    }

    pub(crate) async fn ask(&self, method: Method, path: &str, media: &str, body: Option<&Value>) -> Told {
        let mut headers = vec![("accept".to_owned(), "application/json".to_owned())];
        headers.extend(body.map(|_| ("content-type".to_owned(), media.to_owned())));
        self.told(method, path, &headers, body.map(Value::to_string), None).await
    }

    /// A client of the cluster: somebody's with a certificate, or nobody's.
    pub(crate) fn client(&self, who: Option<&Who>) -> Client {
        let mut builder = Client::builder()
            .tls_certs_only([Certificate::from_pem(self.sim.ca_pem().as_bytes()).unwrap()])
            .user_agent("ansflow/1");
        if let Some(who) = who {
            let (certificate, key) = self.sim.certificate(who);
            builder = builder.identity(Identity::from_pem(format!("{certificate}{key}").as_bytes()).unwrap());
        }
        builder.build().unwrap()
    }

    /// Asks in so many words. Of an answer without end, so many lines are taken.
    pub(crate) async fn told(
        &self,
        method: Method,
        path: &str,
        headers: &[(String, String)],
        body: Option<String>,
        lines: Option<usize>,
    ) -> Told {
        let mut request = self.client.request(method, format!("{}{path}", self.sim.url()));
        for (name, value) in headers {
            request = request.header(name, value);
        }
        if let Some(body) = body {
            request = request.body(body);
        }
        let answer = request.send().await.unwrap();
        match lines {
            Some(lines) => Told::followed(answer, lines, watch::Sender::new(true).subscribe()).await,
            None => Told::whole(answer).await,
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Told {
        self.ask(Method::GET, path, "", None).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Told {
        self.ask(Method::POST, path, "application/json", Some(body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: &Value) -> Told {
        self.ask(Method::PUT, path, "application/json", Some(body)).await
    }

    pub(crate) async fn merge(&self, path: &str, body: &Value) -> Told {
        self.ask(Method::PATCH, path, "application/merge-patch+json", Some(body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Told {
        self.ask(Method::DELETE, path, "", None).await
    }

    /// Returns when the objects of a collection are so, at the latest after half a minute.
    pub(crate) async fn until(&self, path: &str, is_so: impl Fn(&[Value]) -> bool) {
        let watch =
            format!("{}{path}?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan", self.sim.url());
        let mut answer = self.client.get(format!("{watch}&allowWatchBookmarks=true")).send().await.unwrap();
        let (mut objects, mut text, mut has_begun) = (BTreeMap::new(), Vec::new(), false);
        let watching = async {
            while let Ok(Some(chunk)) = answer.chunk().await {
                text.extend_from_slice(&chunk);
                while let Some(end) = text.iter().position(|byte| *byte == b'\n') {
                    let line: Vec<u8> = text.drain(..=end).collect();
                    let event: Value = serde_json::from_slice(&line).unwrap();
                    let name = event["object"]["metadata"]["name"].to_string();
                    match event["type"].as_str().unwrap() {
                        "BOOKMARK" => has_begun = true,
                        "DELETED" => drop(objects.remove(&name)),
                        _ => drop(objects.insert(name, event["object"].clone())),
                    }
                    if has_begun && is_so(&objects.values().cloned().collect::<Vec<_>>()) {
                        return true;
                    }
                }
            }
            false
        };
        let was_so = tokio::time::timeout(Duration::from_secs(30), watching).await;
        assert!(was_so == Ok(true), "{path} is not so: {objects:#?}");
    }

    /// The lines of a watch that ends by itself.
    pub(crate) async fn watch(&self, path: &str) -> Vec<Value> {
        let told = self.get(path).await;
        assert_eq!(told.code, 200, "{}", told.text);
        told.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

fn client(sim: &Sim, who: &Who) -> Client {
    let (certificate, key) = sim.certificate(who);
    Client::builder()
        .tls_certs_only([Certificate::from_pem(sim.ca_pem().as_bytes()).unwrap()])
        .identity(Identity::from_pem(format!("{certificate}{key}").as_bytes()).unwrap())
        .user_agent("ansflow/1")
        .timeout(Duration::from_secs(20))
        .build()
        .unwrap()
}

impl Told {
    /// An answer that ends, or whose watch does.
    pub(crate) async fn whole(answer: Response) -> Told {
        Told::followed(answer, 0, watch::Sender::new(true).subscribe()).await
    }

    /// So many lines of an answer that goes on; without end, what has not come soon after the end of the story does not come.
    pub(crate) async fn followed(mut answer: Response, lines: usize, mut over: watch::Receiver<bool>) -> Told {
        let code = answer.status().as_u16();
        let headers = answer.headers().iter();
        let headers =
            headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned())).collect();
        let mut bytes = Vec::new();
        let has_all = |bytes: &[u8]| lines > 0 && bytes.split(|byte| *byte == b'\n').count() > lines;
        // A watch that ends by itself says when.
        let query = answer.url().query().unwrap_or_default();
        let ends = query.split("timeoutSeconds=").nth(1).and_then(|rest| rest.split('&').next()?.parse().ok());
        let soon = Duration::from_secs(ends.unwrap_or(1_u64) + 1);
        while !has_all(&bytes) {
            let waited = async {
                // Who told the story may be gone, which is its end, too.
                let _over = over.wait_for(|over| *over).await.map(|_| ());
                tokio::time::sleep(soon).await;
            };
            tokio::select! {
                chunk = answer.chunk() => match chunk.unwrap() {
                    Some(chunk) => bytes.extend_from_slice(&chunk),
                    None => break,
                },
                () = waited => break,
            }
        }
        Told { code, headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|why| panic!("{why}: {}", self.text))
    }

    /// The answer, if its code is this one.
    pub(crate) fn expect(&self, code: u16) -> Value {
        assert_eq!(self.code, code, "{}", self.text);
        self.json()
    }
}
