//! Who asks a recorded request again, and in which words: with our revisions, uids and names in the place of the recorded ones.

use ansflow_sim::Who;
use reqwest::{Client, Method, Response};
use serde_json::Value;

use super::compare::Comparison;
use crate::cluster::Cluster;

pub(super) struct Asker {
    admin: Client,
    dev: Client,
    nobody: Client,
    /// The token of the ServiceAccount, once there is one.
    deployer: Option<String>,
}

impl Asker {
    pub(super) fn new(cluster: &Cluster) -> Asker {
        Asker {
            admin: cluster.client(Some(&Who::admin())),
            dev: cluster.client(Some(&Who::user("dev", &[]))),
            nobody: cluster.client(None),
            deployer: None,
        }
    }

    pub(super) fn deployer(&mut self, token: Option<&str>) {
        self.deployer = token.map(str::to_owned);
    }

    /// Asks what was asked.
    pub(super) async fn ask(&self, cluster: &Cluster, recording: &Value, comparison: &mut Comparison) -> Response {
        let request = &recording["request"];
        learn(cluster, request, comparison).await;
        let path = comparison.translated(request["path"].as_str().unwrap());
        let method: Method = request["method"].as_str().unwrap().parse().unwrap();
        let (client, token) = self.who(recording);
        let mut asked = client.request(method, format!("{}{path}", cluster.sim.url()));
        for (name, value) in request["headers"].as_object().into_iter().flatten() {
            let value = value.as_str().unwrap_or_default();
            asked = match (name.as_str(), token) {
                ("Authorization", Some(token)) => asked.bearer_auth(token),
                _ => asked.header(name, value),
            };
        }
        asked = match &request["body"] {
            Value::Null => asked,
            // The recording keeps a body of a mebibyte in words.
            Value::String(text) if text.starts_with("REDUCED") => asked.body(
                serde_json::json!({"metadata": {"name": "big"}, "data": {"a": "x".repeat(1_048_600)}}).to_string(),
            ),
            Value::String(text) => asked.body(text.clone()),
            body => asked.body(comparison.translated(&body.to_string())),
        };
        asked.send().await.unwrap()
    }

    /// Who it was can be read from the answer, or from the kind of credential.
    fn who(&self, recording: &Value) -> (&Client, Option<&str>) {
        let response = &recording["response"];
        let said = response["body"]["message"].as_str().unwrap_or_default();
        let bears = recording["request"]["headers"]["Authorization"].is_string();
        match () {
            () if response["status"] == 401 => (&self.nobody, Some("nobody.knows.this")),
            () if bears => (&self.nobody, self.deployer.as_deref()),
            () if said.contains("\"dev\"") => (&self.dev, None),
            () if said.contains("\"system:anonymous\"") => (&self.nobody, None),
            () => (&self.admin, None),
        }
    }
}

/// What a precondition names by its uid was made on the stage, and so was what moved a revision that no answer told.
async fn learn(cluster: &Cluster, request: &Value, comparison: &mut Comparison) {
    let asked = &request["body"]["preconditions"];
    let path = request["path"].as_str().unwrap();
    if let Some(uid) = asked["uid"].as_str().filter(|uid| !uid.starts_with("0000")) {
        let ours = cluster.get(path).await.json();
        comparison.learn(uid, ours["metadata"]["uid"].as_str().unwrap_or_default());
        let revision = asked["resourceVersion"].as_str().unwrap_or_default();
        comparison.learn_revision(revision, ours["metadata"]["resourceVersion"].as_str().unwrap_or_default());
    }
    if let Some(revision) = path.split("resourceVersion=").nth(1).and_then(|rest| rest.split('&').next())
        && comparison.is_newer(revision)
    {
        let now = cluster.get("/api/v1/namespaces?limit=1").await.json();
        comparison.learn_revision(revision, now["metadata"]["resourceVersion"].as_str().unwrap_or_default());
    }
}
