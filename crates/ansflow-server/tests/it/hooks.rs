//! What forges and programs knock at, and what comes of it.

mod attacks;
mod forges;
mod manage;
mod once;
mod programs;

use ansflow_core::pipeline::{Source, parse};
use ansflow_store::pipelines::{Change, NewPipeline, Settings, Wording};
use ansflow_store::settings;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Map, Value as Json};
use sha2::Sha256;

use crate::world::{Answer, TestApp};

/// The secret that GitHub shares with the whole server in these tests.
const SHARED: &str = "shared-with-github";

const SHOP: &str = "name: shop
triggers:
  - type: webhook
    branches: [main, 'release/*']
steps:
  - name: code
    type: git
    config: {repository: 'git@github.com:octo/shop.git'}
  - name: build
    type: command
    command: make
";

/// A push to `main` of `octo/shop`, as GitHub says it.
fn push() -> String {
    include_str!("../../../ansflow-core/tests/fixtures/webhooks/github-push.json").to_owned()
}

/// A push of another commit.
fn push_of(commit: char) -> String {
    push().replace("7fd1a60b01f91b314f59955a4e4d4e80d8edf11d", &commit.to_string().repeat(40))
}

fn hex_mac(secret: &str, body: &[u8]) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap().chain_update(body);
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The hook of a pipeline.
struct Hook {
    path: String,
    secret: String,
}

impl TestApp {
    async fn store_pipeline(&self, id: &str, text: &str) {
        let (pipeline, problems) = read(text);
        let triggers = pipeline.unwrap_or_else(|| panic!("{problems:?}")).triggers;
        let wording = Wording { body: text, name: id, description: "", triggers: &triggers, note: "" };
        let settings = Settings { enabled: true, max_runs: None };
        self.store.pipelines().create(&NewPipeline { id, wording, settings, by: "mona" }, self.now()).await.unwrap();
    }

    async fn switch_pipeline(&self, id: &str, enabled: bool) {
        let revision = self.store.pipelines().get(id).await.unwrap().revision;
        let change = Change { wording: None, enabled: Some(enabled), max_runs: None, by: "mona" };
        self.store.pipelines().save(id, revision, &change, self.now()).await.unwrap();
    }

    async fn share_with_github(&self) {
        let settings = self.store.settings(&self.keyring);
        let now = settings.get().await.unwrap();
        let change = settings::Change {
            base_url: now.base_url.clone(),
            max_runs: now.max_runs,
            steps_per_run: 3,
            keep_runs_days: now.keep_runs_days,
            keep_workspaces_days: now.keep_workspaces_days,
            mail: None,
            hook_secrets: [(settings::Forge::Github, SHARED.to_owned())].into(),
        };
        settings.put(now.revision, &change, "mona", self.now()).await.unwrap();
    }

    async fn make_hook(&self, pipeline: &str) -> Hook {
        let made = self.post(&format!("/api/v1/pipelines/{pipeline}/hook"), Json::Null).await;
        assert_eq!(made.status, 201, "{}", made.text);
        let text = |key: &str| made.json[key].as_str().unwrap().to_owned();
        Hook { path: text("path"), secret: text("secret") }
    }

    async fn knock(&self, path: &str, headers: &[(&str, &str)], body: impl Into<reqwest::Body>) -> Answer {
        let mut request = self.anonymous("POST", path).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request).await
    }

    /// Signed as GitHub does.
    async fn github_says(&self, path: &str, secret: &str, delivery: &str, event: &str, body: &str) -> Answer {
        let signature = format!("sha256={}", hex_mac(secret, body.as_bytes()));
        let headers = [("x-github-event", event), ("x-github-delivery", delivery), ("x-hub-signature-256", &signature)];
        self.knock(path, &headers, body.to_owned()).await
    }

    /// `status reason` of each delivery, newest first.
    async fn delivery_log(&self) -> Vec<String> {
        let answer = self.get("/api/v1/deliveries?limit=200").await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let items = answer.json["items"].as_array().unwrap().clone();
        items.iter().map(shown).collect()
    }

    async fn run_count(&self) -> usize {
        self.store.runs().list(None, None, 1_000).await.unwrap().len()
    }
}

fn read(text: &str) -> (Option<ansflow_core::pipeline::Pipeline>, Vec<ansflow_core::diagnostic::Diagnostic>) {
    parse(&Source { text: text.as_bytes(), file_stem: "shop", variables: &Map::new() })
}

fn shown(item: &Json) -> String {
    let text = |key: &str| item[key].as_str().unwrap_or_default();
    format!("{} {}", text("status"), text("reason")).trim().to_owned()
}

/// What whoever knocked was told, when there was one pipeline.
fn told(answer: &Answer) -> String {
    assert_eq!(answer.status, 202, "{}", answer.text);
    assert_eq!(answer.json["items"].as_array().unwrap().len(), 1, "{}", answer.text);
    shown(&answer.json["items"][0])
}
