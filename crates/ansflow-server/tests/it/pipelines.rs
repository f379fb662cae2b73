//! Pipelines over HTTP.

mod attacks;
mod change;
mod copies;
mod laws;
mod lists;
mod many;
mod validation;

use ansflow_core::plan::{PipelineKind, Plan};
use ansflow_core::run::event::{Event, Fact, RunCreated, RunFacts, RunStatus};
use ansflow_store::runs::NewRun;
use serde_json::{Map, Value as Json, json};

use crate::world::{Answer, TestApp};

/// A text of one step, with a comment that must stay.
pub(crate) fn text(name: &str) -> String {
    format!("# kept\nname: {name}\nsteps:\n  - {{ name: a, type: command, command: 'true' }} # and this\n")
}

impl TestApp {
    /// Stores a text and says its id.
    pub(crate) async fn store_text(&self, text: &str) -> String {
        let answer = self.post("/api/v1/pipelines", json!({ "text": text, "note": "" })).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer.json["id"].as_str().unwrap().to_owned()
    }

    /// A change of what was read with this `ETag`.
    pub(crate) async fn save_pipeline(&self, id: &str, etag: &str, body: Json) -> Answer {
        let request = self.request("PUT", &format!("/api/v1/pipelines/{id}"));
        self.send(request.header("If-Match", etag).json(&body)).await
    }

    pub(crate) async fn read_pipeline(&self, id: &str) -> Answer {
        self.get(&format!("/api/v1/pipelines/{id}")).await
    }

    /// A run of a pipeline that stands there.
    pub(crate) async fn leave_run(&self, pipeline: &str, number: u64, status: RunStatus) -> String {
        let plan = Plan {
            kind: PipelineKind::Local,
            late: Map::new(),
            pipeline: "x".into(),
            variables: Map::new(),
            env: Vec::new(),
            timeout_ms: None,
            groups: Vec::new(),
            steps: Vec::new(),
        };
        let run = format!("run_{pipeline}_{number}");
        let fact = RunCreated {
            run: run.clone(),
            plan,
            facts: RunFacts::default(),
            carried: Vec::new(),
            deselected: Vec::new(),
            concurrency: 1,
        };
        let created = Event { at: self.now(), fact: Fact::RunCreated(Box::new(fact)) };
        let row = NewRun { id: &run, pipeline, number, status };
        self.store.runs().create(row, &[created]).await.unwrap();
        run
    }
}

/// The keys of an object, sorted.
pub(crate) fn keys(json: &Json) -> Vec<&str> {
    let mut keys: Vec<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

pub(crate) fn names(page: &Answer) -> Vec<&str> {
    page.json["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect()
}
