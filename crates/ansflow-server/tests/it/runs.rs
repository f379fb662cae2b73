//! Runs over HTTP. The engine is not here: tests append what it would.

mod acts;
mod artifacts;
mod events;
mod hostile;
mod lists;
mod logs;
mod shows;
mod sse;
mod starts;
mod streams;

use ansflow_core::run::event::{Gains, Report};
use ansflow_core::run::{Attempt, Input, Run};
use ansflow_store::output::{LogWriter, Stream};
use serde_json::{Value as Json, json};

use crate::world::TestApp;

/// Two steps, the second of which asks somebody.
pub(crate) const SHOP: &str = "name: shop\nvariables: { colour: red }\nsteps:\n\
    - { name: build, type: command, command: make }\n\
    - { name: deploy, type: command, command: make deploy, approval: { approvers: [mona, ops], timeout: 1h } }\n";

impl TestApp {
    /// Stores a pipeline and says its id.
    pub(crate) async fn pipeline_of(&self, text: &str) -> String {
        let answer = self.post("/api/v1/pipelines", json!({ "text": text, "note": "" })).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer.json["id"].as_str().unwrap().to_owned()
    }

    /// Starts a run of a pipeline and says its id.
    pub(crate) async fn run_of(&self, pipeline: &str) -> String {
        let answer = self.post(&format!("/api/v1/pipelines/{pipeline}/run"), json!({})).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer.json["id"].as_str().unwrap().to_owned()
    }

    /// A run of a new pipeline with this text.
    pub(crate) async fn run_with(&self, text: &str) -> String {
        self.run_of(&self.pipeline_of(text).await).await
    }

    /// What an engine would append.
    pub(crate) async fn engine(&self, run: &str, input: Input) -> Run {
        self.store.runs().decide(run, &input, self.now()).await.unwrap()
    }

    /// An attempt of a step ends well, or as the report says.
    pub(crate) async fn report(&self, run: &str, step: usize, number: u32, report: Report) -> Run {
        self.engine(run, Input::Report { attempt: Attempt { step, number }, report, verdict: None }).await
    }

    /// A run of `SHOP` that waits for an approval.
    pub(crate) async fn waiting_run(&self) -> String {
        let run = self.run_with(SHOP).await;
        self.engine(&run, Input::Start).await;
        self.pass(2);
        self.report(&run, 0, 1, done()).await;
        run
    }

    /// The output of an attempt, to be written to.
    pub(crate) fn log_of(&self, run: &str, step: usize, number: u32) -> LogWriter {
        let folder = self.files.attempt(run, step, number);
        std::fs::create_dir_all(&folder).unwrap();
        LogWriter::create(&folder).unwrap()
    }

    pub(crate) async fn run_view(&self, run: &str) -> Json {
        let answer = self.get(&format!("/api/v1/runs/{run}")).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json
    }
}

pub(crate) fn done() -> Report {
    Report::Succeeded(Gains::default())
}

pub(crate) fn failed() -> Report {
    Report::Failed { exit_code: Some(2), message: "the command exited with 2".into() }
}

/// Writes whole lines to standard output.
pub(crate) fn say(log: &mut LogWriter, text: &str) {
    log.write(Stream::Stdout, text.as_bytes(), 1_700_000_000_000).unwrap();
}
