//! The real server on PostgreSQL: what it was at when it was killed, it goes on with.

use ansflow_core::run::event::RunStatus;
use serde_json::json;

use crate::live_crash::api::Api;
use crate::live_crash::browser::browse;
use crate::postgres::Schema;
use crate::server_world::ServerWorld;

const TEXT: &str = "name: shop\nsteps:\n\
    - {name: one, type: command, command: 'echo one >>trace; echo first'}\n\
    - {name: two, type: command, command: 'echo two >>trace; while [ ! -e go ]; do sleep 0.01; done; echo second'}\n\
    - {name: three, type: command, command: 'echo three >>trace; echo third'}\n";

#[test]
fn a_server_on_postgresql_that_is_killed_goes_on_with_its_runs() {
    let Some(schema) = Schema::new() else { return };
    let server = ServerWorld::at_one_address().with_database(schema);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let served = server.start();
    assert!(!server.files.database().exists(), "nothing is kept in SQLite");
    let api = runtime.block_on(Api::set_up(&served, &server.world));
    let pipeline = runtime.block_on(api.pipeline(TEXT));
    let run = runtime.block_on(api.start(&pipeline));
    let browser = runtime.spawn(browse(api, run.clone()));
    server.world.until("the second step has begun", || server.text(&run, "trace") == "one\ntwo\n");
    served.kill();
    server.write(&run, "go");
    let served = server.start();
    let seen = runtime.block_on(async { tokio::time::timeout(std::time::Duration::from_secs(60), browser).await });
    let seen = seen.unwrap().unwrap();
    assert_eq!(server.status(&run), RunStatus::Success);
    assert_eq!(server.text(&run, "trace"), "one\ntwo\nthree\n");
    let words: Vec<_> = seen.events.iter().map(|event| event["event"].as_str().unwrap()).collect();
    let (started, finished) = ("step_started", "step_finished");
    assert_eq!(words, ["run_started", started, finished, started, finished, started, finished, "run_finished"]);
    let printed: Vec<_> = seen.logs.values().flatten().map(|line| line["text"].clone()).collect();
    assert_eq!(printed, [json!("first"), json!("third"), json!("second")], "by the steps' names");
    assert!(seen.connections > 4, "it was cut off");
    assert_eq!(served.terminate(), Some(0));
}
