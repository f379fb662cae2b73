//! What people say to a run that is driven: yes, no, twice, and to somebody else.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use ansflow_core::run::event::{Event, Fact, RunCreated, RunFacts, RunStatus};
use ansflow_core::run::{Attempt, Input, Run};
use ansflow_engine::{Containers, Engine, Observer, Registry, Replay, Spawner};
use ansflow_store::Store;
use ansflow_store::output::LogLineRef;
use ansflow_store::runs::NewRun;
use expect_test::{Expect, expect};
use jiff::Timestamp;
use serde_json::json;
use tokio::sync::mpsc;

use crate::world::{block_on, harness};

/// Says things as soon as that kind of event is there: first to the store, behind the engine's back, then to the
/// engine; then the step may end, if it is to.
struct Answering {
    store: Store,
    when: &'static str,
    go: Option<PathBuf>,
    behind: Vec<Input>,
    answers: Vec<Input>,
    inbox: mpsc::Sender<Input>,
    told: Vec<String>,
}

impl Observer for Answering {
    fn event(&mut self, seq: u64, event: &Event, _run: &Run) -> io::Result<()> {
        if summary(&event.fact).starts_with(self.when) {
            let go = self.go.clone();
            let (store, behind, answers, inbox) = (
                self.store.clone(),
                std::mem::take(&mut self.behind),
                std::mem::take(&mut self.answers),
                self.inbox.clone(),
            );
            tokio::spawn(async move {
                for input in behind {
                    say(&store, &input).await;
                }
                for answer in answers {
                    // Closed: the run has ended, and the answer comes too late.
                    let _ = inbox.send(answer).await;
                }
                if let Some(go) = go {
                    std::fs::write(go, "").unwrap();
                }
            });
        }
        self.told.push(format!("{seq} {}", summary(&event.fact)));
        Ok(())
    }

    fn line(&mut self, _attempt: Attempt, _line: LogLineRef<'_>, _run: &Run) -> io::Result<()> {
        Ok(())
    }
}

/// The kind of the event, and who is behind it.
fn summary(fact: &Fact) -> String {
    let fact = serde_json::to_value(fact).unwrap();
    let words = ["kind", "by", "via", "comment", "status"].map(|key| fact[key].as_str());
    words.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

async fn say(store: &Store, input: &Input) {
    let mut run = Run::replay(&store.runs().load("run_1").await.unwrap()).unwrap();
    let before = run.seq();
    let events = run.advance(input, Timestamp::now()).unwrap();
    store.runs().append("run_1", before, &events, run.status()).await.unwrap();
}

async fn create(store: &Store, workspace: &str, asks: bool) -> Run {
    let approval = asks.then(|| json!({ "approvers": ["mona", "otto"], "required": 1 }));
    let plan = json!({ "pipeline": "shop", "variables": {}, "steps": [{
        "name": "deploy", "type": "command", "needs": [], "params": { "command": "while [ ! -e go ]; do sleep 0.01; done; echo x >>deployed" },
        "approval": approval
    }] });
    let facts = RunFacts { build_number: 1, workspace: workspace.to_owned(), ..RunFacts::default() };
    let created = RunCreated {
        run: "run_1".into(),
        plan: serde_json::from_value(plan).unwrap(),
        facts,
        carried: Vec::new(),
        deselected: Vec::new(),
        concurrency: 8,
    };
    let mut run = Run::new();
    let events = run.advance(&Input::Create(Box::new(created)), Timestamp::now()).unwrap();
    let new = NewRun { id: "run_1", pipeline: "shop", number: 1, status: run.status() };
    store.runs().create(new, &events).await.unwrap();
    run
}

/// As soon as it is asked.
fn check(behind: Vec<Input>, answers: Vec<Input>, deployed: &str, status: RunStatus, expected: &Expect) {
    check_when("approval_opened", behind, answers, deployed, status, expected);
}

/// What an observer is told is what is stored: each event once, in order.
fn check_when(
    when: &'static str,
    behind: Vec<Input>,
    answers: Vec<Input>,
    deployed: &str,
    status: RunStatus,
    expected: &Expect,
) {
    block_on(async {
        let root = tempfile::tempdir().unwrap();
        let work = root.path().join("work");
        std::fs::create_dir(&work).unwrap();
        let store = Store::open_file(&root.path().join("run.db")).await.unwrap();
        let run = create(&store, work.to_str().unwrap(), when == "approval_opened").await;
        let engine = Engine {
            store: store.clone(),
            run_dir: root.path().to_owned(),
            spawner: Arc::new(Spawner::new(harness().to_owned(), root.path())),
            env: Arc::new(|_| None),
            secrets: BTreeMap::new(),
            git_credentials: Vec::new(),
            registries: Registry::given(Vec::new()),
            clusters: ansflow_engine::KnownCluster::given(Vec::new()),
            containers: Containers::default(),
            grace: Duration::from_millis(300),
            mail: None,
            allow_loopback: true,
        };
        let (sender, inbox) = mpsc::channel(8);
        let go = (!deployed.is_empty()).then(|| work.join("go"));
        let mut observer =
            Answering { store: store.clone(), when, go, behind, answers, inbox: sender, told: Vec::new() };
        let ended = engine.drive(run, Replay::Everything, &mut observer, inbox).await.unwrap();
        assert_eq!(ended, status);
        let stored = store.runs().load("run_1").await.unwrap();
        let stored: Vec<_> = (1..).zip(&stored).map(|(seq, event)| format!("{seq} {}", summary(&event.fact))).collect();
        assert_eq!(observer.told, stored);
        expected.assert_eq(&stored[2..].join("\n"));
        assert_eq!(std::fs::read_to_string(work.join("deployed")).unwrap_or_default(), deployed);
    });
}

fn yes(by: &str) -> Input {
    Input::Approve { step: 0, by: by.into(), via: "web".into(), comment: Some("go".into()) }
}

fn no(by: &str) -> Input {
    Input::Reject { step: 0, by: by.into(), comment: Some("not on a friday".into()) }
}

#[test]
fn a_yes_opens_the_way() {
    check(
        vec![],
        vec![yes("mona")],
        "x\n",
        RunStatus::Success,
        &expect![[r#"
        3 approval_opened
        4 approved mona web go
        5 attempt_started
        6 attempt_ended
        7 step_finished success
        8 run_finished success"#]],
    );
}

#[test]
fn a_no_ends_it() {
    check(
        vec![],
        vec![no("mona")],
        "",
        RunStatus::Failed,
        &expect![[r#"
        3 approval_opened
        4 rejected mona not on a friday
        5 step_finished failed
        6 run_finished failed"#]],
    );
}

#[test]
fn only_those_who_are_asked_count_and_only_the_first_of_their_words() {
    check(
        vec![],
        vec![yes("eve"), no("eve"), yes("mona"), no("otto"), yes("otto")],
        "x\n",
        RunStatus::Success,
        &expect![[r#"
            3 approval_opened
            4 approved mona web go
            5 attempt_started
            6 attempt_ended
            7 step_finished success
            8 run_finished success"#]],
    );
}

#[test]
fn what_others_stored_meanwhile_counts_and_is_shown() {
    check(
        vec![yes("otto")],
        vec![no("mona")],
        "x\n",
        RunStatus::Success,
        &expect![[r#"
            3 approval_opened
            4 approved otto web go
            5 attempt_started
            6 attempt_ended
            7 step_finished success
            8 run_finished success"#]],
    );
    check(
        vec![no("otto")],
        vec![yes("mona")],
        "",
        RunStatus::Failed,
        &expect![[r#"
            3 approval_opened
            4 rejected otto not on a friday
            5 step_finished failed
            6 run_finished failed"#]],
    );
    check(
        vec![Input::Cancel { by: "otto".into() }],
        vec![yes("mona")],
        "",
        RunStatus::Cancelled,
        &expect![[r#"
            3 approval_opened
            4 cancel_requested otto
            5 step_finished cancelled
            6 run_finished cancelled"#]],
    );
}

#[test]
fn a_cancel_that_others_store_stops_the_step_at_once() {
    check_when(
        "attempt_started",
        vec![Input::Cancel { by: "otto".into() }],
        vec![],
        "",
        RunStatus::Cancelled,
        &expect![[r#"
            3 attempt_started
            4 cancel_requested otto
            5 attempt_stopping
            6 attempt_ended
            7 step_finished cancelled
            8 run_finished cancelled"#]],
    );
}

#[test]
fn a_yes_that_others_store_opens_the_way_at_once() {
    check(
        vec![yes("mona")],
        vec![],
        "x\n",
        RunStatus::Success,
        &expect![[r#"
            3 approval_opened
            4 approved mona web go
            5 attempt_started
            6 attempt_ended
            7 step_finished success
            8 run_finished success"#]],
    );
}
