//! Several servers on one PostgreSQL: one drives, the others are heard. Where none is named, nothing is shown.

use std::process::Command;

use ansflow_core::run::Input;
use ansflow_core::run::event::RunStatus;
use jiff::Timestamp;

use super::world::{Server, block_on, step};

/// Runs a test in a schema of its own, given its URL.
#[expect(clippy::print_stderr, reason = "a test that does not test says so")]
fn on_postgres<T: Future<Output = ()>>(test: impl FnOnce(String) -> T) {
    let Ok(server) = std::env::var("ANSFLOW_TEST_POSTGRES") else {
        eprintln!("notice: ANSFLOW_TEST_POSTGRES is not set; this test did not run");
        return;
    };
    let schema = format!("test_{}", uuid::Uuid::now_v7().simple());
    let psql = |sql: &str| {
        let done = Command::new("psql").args(["-q", "-c", sql, &server]).status().unwrap();
        assert!(done.success());
    };
    psql(&format!("CREATE SCHEMA {schema}"));
    let mark = if server.contains('?') { '&' } else { '?' };
    block_on(test(format!("{server}{mark}options[search_path]={schema}")));
    psql(&format!("SET client_min_messages = error; DROP SCHEMA {schema} CASCADE"));
}

#[test]
fn what_another_server_stores_is_heard() {
    on_postgres(async |url| {
        let (server, other) = (Server::on(Some(&url)).await, Server::on(Some(&url)).await);
        let fleet = server.start();
        // Asked for there, driven here, cancelled there.
        let workspace = server.files.workspace("run_1").to_str().unwrap().to_owned();
        let nap = step("nap", "echo began >began; sleep 600");
        other.queue_with("run_1", &[nap], |created| created.facts.workspace = workspace).await;
        server.line("run_1", "began").await;
        let cancel = Input::Cancel { by: "mona".into() };
        other.store.runs().decide("run_1", &cancel, Timestamp::now()).await.unwrap();
        server.until("run_1", RunStatus::Cancelled).await;
        fleet.stop().await;
        server.store.close().await;
        other.store.close().await;
    });
}

#[test]
fn one_server_drives_and_who_takes_over_repeats_nothing_that_may_have_begun() {
    on_postgres(async |url| {
        let (first, second) = (Server::on(Some(&url)).await, Server::on(Some(&url)).await);
        let trace = first.files.root().join("trace");
        let work = format!("echo began >>{0}; while [ ! -e {0}.go ]; do sleep 0.01; done", trace.display());
        let driving = first.start();
        first.queue("run_1", &[step("work", &work)]).await;
        let began = || std::fs::read_to_string(&trace).unwrap_or_default();
        first.wait_for("the step", || began() == "began\n").await;
        let standing_by = second.start();
        first.queue("run_2", &[step("quick", "true")]).await;
        first.until("run_2", RunStatus::Success).await;
        assert!(!second.files.run("run_2").exists(), "it stood by");
        driving.stop().await;
        // Its folder is not here: whether it lives nobody knows.
        second.until("run_1", RunStatus::Failed).await;
        assert_eq!(began(), "began\n", "it was not begun again");
        std::fs::write(format!("{}.go", trace.display()), "").unwrap();
        first.wait_for("the end of the step", || first.attempts().is_empty()).await;
        standing_by.stop().await;
        first.store.close().await;
        second.store.close().await;
    });
}
