//! Workspaces of repeated runs, and what of the past goes.

use std::os::unix::fs::{PermissionsExt as _, symlink};

use ansflow_core::run::event::{Gains, RunCreated, RunStatus, StepFinished, StepStatus};
use jiff::{SignedDuration, Timestamp};

use super::world::{Server, block_on, step};

/// The second step again; the first one's result stands.
fn again(of: &str) -> impl FnOnce(&mut RunCreated) {
    let carried = StepFinished {
        step: 0,
        status: StepStatus::Success,
        why: None,
        exit_code: Some(0),
        duration_ms: 1,
        gains: Gains::default(),
    };
    move |created| {
        created.facts.retry_of = Some(of.to_owned());
        created.carried = vec![carried];
    }
}

fn two_steps() -> [serde_json::Value; 2] {
    let mut second = step("use", "cat made >>used; ls -A >listing");
    second["needs"] = serde_json::json!([0]);
    [step("make", "echo made >made; ln -s made link; mkdir -p .hidden"), second]
}

#[test]
fn a_retry_with_results_begins_in_a_copy_of_the_workspace() {
    block_on(async {
        let server = Server::new().await;
        let fleet = server.start();
        server.queue("run_1", &two_steps()).await;
        server.until("run_1", RunStatus::Success).await;
        let workspace = server.files.workspace("run_1");
        assert_eq!(workspace.metadata().unwrap().permissions().mode() & 0o777, 0o700);
        // A copy that was cut off is not taken for one.
        let draft = server.files.run("run_2").join(".workspace");
        std::fs::create_dir_all(draft.join("half")).unwrap();
        server.queue_with("run_2", &two_steps(), again("run_1")).await;
        server.until("run_2", RunStatus::Success).await;
        assert_eq!(server.text("run_2", "used"), "made\nmade\n", "it was used once before, and once again");
        assert_eq!(server.text("run_1", "used"), "made\n", "the earlier workspace is as it was");
        assert_eq!(server.text("run_2", "listing"), ".hidden\nlink\nlisting\nmade\nused\n");
        let copy = server.files.workspace("run_2");
        assert_eq!(copy.metadata().unwrap().permissions().mode() & 0o777, 0o700);
        assert!(copy.join("link").symlink_metadata().unwrap().is_symlink());
        fleet.stop().await;
    });
}

#[test]
fn without_the_workspace_that_it_builds_on_a_retry_is_cancelled_and_nothing_starts() {
    block_on(async {
        let server = Server::new().await;
        let fleet = server.start();
        server.queue_with("run_2", &two_steps(), again("run_1")).await;
        server.until("run_2", RunStatus::Cancelled).await;
        // A link that a step has left in its place leads elsewhere, and an id is no path.
        std::fs::create_dir_all(server.files.run("run_3")).unwrap();
        symlink("/etc", server.files.workspace("run_3")).unwrap();
        server.queue_with("run_4", &two_steps(), again("run_3")).await;
        server.until("run_4", RunStatus::Cancelled).await;
        server.queue_with("run_5", &two_steps(), again("../../../../../../../etc")).await;
        server.until("run_5", RunStatus::Cancelled).await;
        assert!(!server.files.run("run_2").join("attempts").exists());
        let events = server.store.runs().load("run_2").await.unwrap();
        let text = serde_json::to_string(&events).unwrap();
        assert!(text.contains("the workspace of run_1 is gone"), "{text}");
        fleet.stop().await;
    });
}

#[test]
fn what_ended_long_ago_goes_and_nothing_else() {
    block_on(async {
        let server = Server::new().await;
        let fleet = server.start();
        let mut asks = step("asks", "true");
        asks["approval"] = serde_json::json!({ "approvers": [], "required": 1 });
        server.queue("run_1", &[step("work", "echo >file")]).await;
        server.queue("run_2", &[asks]).await;
        server.until("run_1", RunStatus::Success).await;
        server.until("run_2", RunStatus::Waiting).await;
        let precious = server.files.root().join("precious");
        std::fs::create_dir(&precious).unwrap();
        symlink(&precious, server.files.workspace("run_1").join("link")).unwrap();
        std::fs::create_dir_all(server.files.run("run_9").join("workspace")).unwrap();
        std::fs::create_dir_all(server.files.run("somebody's")).unwrap();
        let present = || {
            let names = ["run_1", "run_1/workspace", "run_2/workspace", "run_9", "somebody's"];
            names.map(|name| u8::from(server.files.runs().join(name).exists()))
        };
        let in_days =
            |days: i64| Timestamp::now() + SignedDuration::from_hours(24 * days) + SignedDuration::from_mins(1);

        fleet.fleet.tidy(in_days(0)).await.unwrap();
        assert_eq!(present(), [1, 1, 1, 1, 1], "a folder without a row may be that of a run that is being made");
        fleet.fleet.tidy(in_days(400)).await.unwrap();
        assert_eq!(present(), [1, 1, 1, 0, 1], "0 days: never");
        *server.days.lock().unwrap() = (30, 7);
        fleet.fleet.tidy(in_days(6)).await.unwrap();
        assert_eq!(present(), [1, 1, 1, 0, 1]);
        fleet.fleet.tidy(in_days(7)).await.unwrap();
        assert_eq!(present(), [1, 0, 1, 0, 1], "its events and output are still there");
        assert!(server.store.runs().load("run_1").await.is_ok());
        fleet.fleet.tidy(in_days(30)).await.unwrap();
        assert_eq!(present(), [0, 0, 1, 0, 1], "what waits for people is never too old");
        assert!(server.store.runs().load("run_1").await.is_err() && server.store.runs().load("run_2").await.is_ok());
        assert!(precious.exists(), "no link was followed");
        fleet.stop().await;
    });
}
