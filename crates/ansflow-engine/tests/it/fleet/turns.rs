//! Whose turn it is, with real runs. The rule itself has its table beside it.

use ansflow_core::run::event::RunStatus;
use serde_json::json;

use super::world::{Server, block_on, step};

/// Eight runs: the ids in the order in which they had their turn, and how many worked at once.
async fn eight(max_runs: u64) -> (Vec<String>, i32) {
    let server = Server::new().await;
    server.max_runs(max_runs);
    let trace = server.files.root().join("trace");
    let work = format!("echo + >>{0}; sleep 0.05; echo - >>{0}", trace.display());
    let runs: Vec<String> = (1..=8).map(|number| format!("run_{number}")).collect();
    for run in &runs {
        server.queue(run, &[step("work", &work)]).await;
    }
    let fleet = server.start();
    let mut started = Vec::new();
    for run in runs {
        server.until(&run, RunStatus::Success).await;
        started.push((server.store.runs().load(&run).await.unwrap()[1].at, run));
    }
    started.sort();
    let (mut now, mut most) = (0, 0);
    for line in std::fs::read_to_string(&trace).unwrap().lines() {
        now += if line == "+" { 1 } else { -1 };
        most = most.max(now);
    }
    assert_eq!(now, 0);
    fleet.stop().await;
    (started.into_iter().map(|(_, run)| run).collect(), most)
}

#[test]
fn turns_are_given_in_order_of_asking() {
    block_on(async {
        let (order, most) = eight(1).await;
        assert_eq!(order, ["run_1", "run_2", "run_3", "run_4", "run_5", "run_6", "run_7", "run_8"]);
        assert_eq!(most, 1);
    });
}

#[test]
fn never_more_runs_work_at_once_than_the_limit_says() {
    block_on(async {
        let (_, most) = eight(3).await;
        assert!((2..=3).contains(&most), "{most} at once");
    });
}

#[test]
fn a_run_that_waits_for_people_holds_up_nobody_and_a_lifted_limit_is_noticed() {
    block_on(async {
        let server = Server::new().await;
        server.max_runs(1);
        let fleet = server.start();
        let mut asks = step("asks", "true");
        asks["approval"] = json!({ "approvers": [], "required": 1 });
        server.queue("run_1", &[asks]).await;
        server.until("run_1", RunStatus::Waiting).await;
        let until_go = "while [ ! -e go ]; do sleep 0.01; done";
        server.queue("run_2", &[step("work", until_go)]).await;
        server.until("run_2", RunStatus::Running).await;
        server.queue("run_3", &[step("work", "true")]).await;
        // Nobody tells the fleet.
        server.max_runs(2);
        server.until("run_3", RunStatus::Success).await;
        server.write("run_2", "go", "");
        server.until("run_2", RunStatus::Success).await;
        fleet.stop().await;
    });
}

#[test]
fn a_run_of_200_steps_does_not_starve_a_small_one_that_came_later() {
    block_on(async {
        let server = Server::new().await;
        let fleet = server.start();
        let work = "i=0; while [ $i -lt 2000 ]; do i=$((i + 1)); done; while [ ! -e go ]; do sleep 0.2; done";
        let many: Vec<_> = (0..200).map(|number| step(&format!("s{number}"), work)).collect();
        server.queue("run_1", &many).await;
        server.until("run_1", RunStatus::Running).await;
        let began = std::time::Instant::now();
        server.queue("run_2", &[step("small", "true")]).await;
        server.until("run_2", RunStatus::Success).await;
        let took = began.elapsed();
        assert_eq!(server.store.runs().get("run_1").await.unwrap().status, RunStatus::Running);
        assert!(took.as_secs() < 20, "the small run took {took:?}");
        server.write("run_1", "go", "");
        server.until("run_1", RunStatus::Success).await;
        fleet.stop().await;
    });
}
