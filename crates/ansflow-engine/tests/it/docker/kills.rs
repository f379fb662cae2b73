//! Engines and attempts that are killed in the middle of a container, a build, a push.

use std::fs;

use nix::sys::signal::Signal;
use serde_json::{Value, json};

use super::steps::outputs;
use super::world::{BUSYBOX, Dock, Registry, dockerfile, runs, unique, with_daemon};
use crate::engine::Bench;
use crate::world::{signal, wait_for};

fn bench(dock: &Dock, steps: &Value, more: Option<(String, String)>) -> Bench {
    let plan = json!({ "pipeline": "shop", "variables": {}, "steps": steps });
    Bench::of(&plan, dock.vars().into_iter().chain(more).collect())
}

fn in_container(text: &str) -> Value {
    let command = json!(["sh", "-c", text]);
    let params = json!({ "image": BUSYBOX, "command": command, "working_dir": ".", "network": "none" });
    json!({ "name": "a", "type": "docker_run", "needs": [], "params": params })
}

fn kill_attempt(bench: &Bench) {
    let started = fs::read(bench.root().join("attempts/0-1/started")).unwrap();
    let started: Value = serde_json::from_slice(&started).unwrap();
    signal(u32::try_from(started["pid"].as_i64().unwrap()).unwrap(), Signal::SIGKILL);
}

fn instance(bench: &Bench) -> String {
    ansflow_engine::instance(bench.root()).unwrap()
}

const WAITING: &str = "echo one; echo up >up; while [ ! -e go ]; do sleep 0.05; done; echo two; exit 3";

#[test]
fn a_container_runs_on_while_no_engine_lives_and_its_end_is_known() {
    with_daemon(|dock| {
        let bench = bench(dock, &json!([in_container(WAITING)]), None);
        let driving = bench.drive();
        bench.line("up");
        driving.kill();
        let mut second = bench.drive();
        second.until("| 0 one");
        fs::write(bench.work("go"), "").unwrap();
        second.until("| 0 two");
        let text = second.rest();
        assert!(text.contains(r#""exit_code":3"#) && text.contains("status Failed"), "{text}");
        assert_eq!(dock.of_instance(&instance(&bench)), []);
    });
}

#[test]
fn the_container_of_a_killed_attempt_is_removed_before_the_attempt_is_called_lost() {
    with_daemon(|dock| {
        let bench = bench(dock, &json!([in_container(WAITING)]), None);
        let driving = bench.drive();
        bench.line("up");
        assert_eq!(dock.of_instance(&instance(&bench)).len(), 1);
        kill_attempt(&bench);
        let text = driving.rest();
        assert!(text.contains(r#""outcome":"lost""#) && text.contains("; its container was removed"), "{text}");
        assert_eq!(dock.of_instance(&instance(&bench)), []);
    });
}

#[test]
fn engine_and_attempt_killed_together_leave_no_container() {
    with_daemon(|dock| {
        let bench = bench(dock, &json!([in_container(WAITING)]), None);
        let driving = bench.drive();
        bench.line("up");
        driving.kill();
        kill_attempt(&bench);
        assert_eq!(dock.of_instance(&instance(&bench)).len(), 1);
        let text = bench.drive().rest();
        assert!(text.contains("; its container was removed"), "{text}");
        assert_eq!(dock.of_instance(&instance(&bench)), []);
    });
}

#[test]
fn a_killed_attempt_takes_its_build_with_it() {
    with_daemon(|dock| {
        let word = format!("{}.25", 100_000 + std::process::id());
        let params = json!({ "image": unique("ansflow-test-killed"), "pull": false });
        let build = json!({ "name": "a", "type": "docker_build", "needs": [], "params": params });
        let bench = bench(dock, &json!([build]), None);
        dockerfile(&bench.work(""), &format!("RUN sleep {word}\n"));
        let driving = bench.drive();
        wait_for("the build's command", || runs(&word).then_some(()));
        kill_attempt(&bench);
        let text = driving.rest();
        assert!(text.contains(r#""outcome":"lost""#), "{text}");
        wait_for("the end of the build's command", || (!runs(&word)).then_some(()));
    });
}

#[test]
fn a_cancelled_build_ends_at_the_daemon_too() {
    with_daemon(|dock| {
        let word = format!("{}.5", 100_000 + std::process::id());
        let params = json!({ "image": unique("ansflow-test-cancelled"), "pull": false });
        let build = json!({ "name": "a", "type": "docker_build", "needs": [], "params": params });
        let bench = bench(dock, &json!([build]), None);
        dockerfile(&bench.work(""), &format!("RUN sleep {word}\n"));
        let driving = bench.drive();
        wait_for("the build's command", || runs(&word).then_some(()));
        driving.cancel();
        let text = driving.rest();
        assert!(text.contains("status Cancelled"), "{text}");
        wait_for("the end of the build's command", || (!runs(&word)).then_some(()));
    });
}

#[test]
fn a_push_that_was_killed_is_done_again_under_the_same_digest() {
    with_daemon(|dock| {
        let (registry, image) = (Registry::start(), unique("ansflow-test-pushed"));
        let steps = json!([
            { "name": "push", "type": "docker_push", "needs": [], "retry": { "attempts": 3, "backoff": "fixed", "on": ["lost"] },
              "params": { "image": format!("{image}:v1"), "registry": "1" } },
        ]);
        let bench = bench(dock, &steps, Some(registry.var()));
        // Large enough that it takes a while.
        let context = dock.dir.path().join(&image);
        fs::create_dir(&context).unwrap();
        dockerfile(&context, "COPY random /random\n");
        let mut random = Vec::new();
        std::io::Read::read_to_end(
            &mut std::io::Read::take(fs::File::open("/dev/urandom").unwrap(), 64 << 20),
            &mut random,
        )
        .unwrap();
        fs::write(context.join("random"), random).unwrap();
        let mut build = ansflow_docker::build::Build::new(&context);
        build.tags = vec![format!("{image}:v1")];
        let builder = ansflow_docker::build::Builder::Classic;
        dock.ask(ansflow_docker::build::build_with(&dock.daemon, &build, builder, &mut |_| {})).unwrap();

        let mut driving = bench.drive();
        driving.until("is pushed as");
        kill_attempt(&bench);
        let text = driving.rest();
        assert!(text.contains(r#""outcome":"lost""#) && text.contains("status Success"), "{text}");
        let digest = registry.digest(dock, &image, "v1");
        assert_eq!(outputs(&text, 0)["digest"], digest);
        assert_eq!(dock.of_instance(&instance(&bench)), []);
    });
}

#[test]
fn what_runs_in_the_background_ends_with_its_run() {
    with_daemon(|dock| {
        let mut service = in_container("echo up >up; sleep 600");
        service["params"]["detach"] = json!(true);
        let wait =
            "while [ ! -e up ]; do sleep 0.05; done; docker ps -q --filter label=io.ansflow.until=run | wc -l >count";
        let steps = json!([service, { "name": "b", "type": "command", "needs": [0], "params": { "command": wait } }]);
        let bench = bench(dock, &steps, None);
        let text = bench.drive().rest();
        assert!(text.contains("status Success") && text.contains("runs until the run ends"), "{text}");
        assert_ne!(bench.read("count").trim(), "0");
        assert_eq!(dock.of_instance(&instance(&bench)), []);
    });
}
