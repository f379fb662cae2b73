//! Many runs of one server: turns, what others store, restarts, what cannot be driven.

mod past;
mod several;
mod sweep;
mod turns;
pub(crate) mod world;

use ansflow_core::run::Input;
use ansflow_core::run::event::RunStatus;
use ansflow_engine::Registry;
use jiff::Timestamp;
use serde_json::json;

use self::world::{Server, block_on, step};
use crate::world::is_gone;

#[test]
fn a_cancel_in_the_store_stops_a_sleep_at_once() {
    block_on(async {
        let server = Server::new().await;
        let fleet = server.start();
        server.queue("run_1", &[step("nap", "echo $$ >pid; sleep 600")]).await;
        let pid = server.line("run_1", "pid").await;
        let began = std::time::Instant::now();
        let cancel = Input::Cancel { by: "mona".into() };
        server.store.runs().decide("run_1", &cancel, Timestamp::now()).await.unwrap();
        server.until("run_1", RunStatus::Cancelled).await;
        assert!(began.elapsed().as_secs() < 5, "it was told at once");
        assert!(is_gone(&pid));
        fleet.stop().await;
    });
}

#[test]
fn a_yes_in_the_store_lets_a_run_go_on() {
    block_on(async {
        let server = Server::new().await;
        let fleet = server.start();
        let mut asks = step("deploy", "echo deployed >>trace");
        asks["approval"] = serde_json::json!({ "approvers": ["mona"], "required": 1 });
        server.queue("run_1", &[asks]).await;
        server.until("run_1", RunStatus::Waiting).await;
        let yes = Input::Approve { step: 0, by: "mona".into(), via: "web".into(), comment: None };
        server.store.runs().decide("run_1", &yes, Timestamp::now()).await.unwrap();
        server.until("run_1", RunStatus::Success).await;
        assert_eq!(server.text("run_1", "trace"), "deployed\n");
        fleet.stop().await;
    });
}

#[test]
fn a_step_is_told_of_registries_as_they_are_when_it_begins() {
    block_on(async {
        let server = Server::new().await;
        let fleet = server.start();
        let harbor = Registry {
            names: vec!["harbor".into()],
            address: "127.0.0.1:9".parse().unwrap(),
            username: None,
            password: None,
            is_default: false,
        };
        let pull = json!({ "name": "pull", "type": "docker_pull", "needs": [],
            "params": { "image": "shop", "registry": "harbor" }, "approval": { "approvers": ["mona"], "required": 1 } });
        for (run, before, after) in [("run_1", vec![], vec![harbor.clone()]), ("run_2", vec![harbor.clone()], vec![])] {
            *server.registries.lock().unwrap() = before;
            server.queue(run, std::slice::from_ref(&pull)).await;
            server.until(run, RunStatus::Waiting).await;
            *server.registries.lock().unwrap() = after.clone();
            let yes = Input::Approve { step: 0, by: "mona".into(), via: "web".into(), comment: None };
            server.store.runs().decide(run, &yes, Timestamp::now()).await.unwrap();
            server.until(run, RunStatus::Failed).await;
            let events = format!("{:?}", server.store.runs().load(run).await.unwrap());
            let is_unknown = events.contains("there is no registry `harbor`");
            assert_eq!(is_unknown, after.is_empty(), "{run}: {events}");
        }
        fleet.stop().await;
    });
}

#[test]
fn a_killed_fleet_is_replaced_by_one_that_attaches() {
    block_on(async {
        let server = Server::new().await;
        let fleet = server.start();
        let work = "echo began >>trace; echo $$ >pid; while [ ! -e go ]; do sleep 0.01; done; echo ended >>trace";
        let mut after = step("after", "echo after >>trace");
        after["needs"] = serde_json::json!([0]);
        for run in ["run_1", "run_2", "run_3"] {
            server.queue(run, &[step("work", work), after.clone()]).await;
        }
        for run in ["run_1", "run_2", "run_3"] {
            server.line(run, "pid").await;
        }
        fleet.drop_it();
        // One of them ends while nobody looks.
        server.write("run_2", "go", "");
        server.wait_for("the end of an attempt", || server.text("run_2", "trace").contains("ended")).await;
        let fleet = server.start();
        for run in ["run_1", "run_3"] {
            server.write(run, "go", "");
        }
        for run in ["run_1", "run_2", "run_3"] {
            server.until(run, RunStatus::Success).await;
            assert_eq!(server.text(run, "trace"), "began\nended\nafter\n", "{run}: nothing ran twice");
        }
        fleet.stop().await;
    });
}

#[test]
fn secrets_are_those_of_the_moment_and_stay_hidden() {
    block_on(async {
        let server = Server::new().await;
        let fleet = server.start();
        server.set_secret("token", "hunter2-hunter2");
        server
            .queue("run_1", &[step("say", "printf %s {{ secrets.token }} | wc -c >length; echo {{ secrets.token }}")])
            .await;
        server.until("run_1", RunStatus::Success).await;
        assert_eq!(server.text("run_1", "length").trim(), "15");
        let log = std::fs::read_to_string(server.files.attempt("run_1", 0, 1).join("log")).unwrap();
        assert!(!log.contains("hunter2"), "{log}");
        fleet.stop().await;
    });
}

#[test]
fn what_cannot_be_driven_is_reported_and_stops_nobody() {
    block_on(async {
        let server = Server::new().await;
        server.max_runs(1);
        // Events that contradict each other, an id that leads elsewhere, a folder that is none.
        server.create_corrupt("run_1").await;
        server.queue("../run_2", &[step("never", "touch /tmp/never")]).await;
        std::fs::create_dir_all(server.files.runs()).unwrap();
        std::fs::write(server.files.run("run_3"), "").unwrap();
        server.queue("run_3", &[step("later", "true")]).await;
        let fleet = server.start();
        server.queue("run_4", &[step("work", "true")]).await;
        server.until("run_4", RunStatus::Success).await;
        server.wait_for("three reports", || fleet.fleet.troubles().len() == 3).await;
        let told: Vec<String> =
            fleet.fleet.troubles().into_iter().map(|(run, trouble)| format!("{run}: {}", trouble.message)).collect();
        assert!(told[0].starts_with("../run_2: what is stored of it makes no sense: its id"), "{told:#?}");
        assert!(told[1].starts_with("run_1: what is stored of it makes no sense: the log of the run"), "{told:#?}");
        assert!(told[2].starts_with("run_3: its folder cannot be used"), "{told:#?}");
        // What was wrong is put right, and it goes on by itself.
        std::fs::remove_file(server.files.run("run_3")).unwrap();
        server.until("run_3", RunStatus::Success).await;
        fleet.stop().await;
    });
}

#[test]
fn an_idle_server_keeps_no_process() {
    block_on(async {
        let server = Server::new().await;
        let fleet = server.start();
        server.queue("run_1", &[step("one", "true"), step("two", "true"), step("three", "true")]).await;
        server.until("run_1", RunStatus::Success).await;
        server.wait_for("the spare to leave", || server.attempts().is_empty()).await;
        let mut asks = step("asks", "true");
        asks["approval"] = serde_json::json!({ "approvers": [], "required": 1 });
        server.queue("run_2", &[step("one", "true"), asks, step("three", "true")]).await;
        server.until("run_2", RunStatus::Waiting).await;
        server.wait_for("the spare to leave while people are asked", || server.attempts().is_empty()).await;
        fleet.stop().await;
    });
}
