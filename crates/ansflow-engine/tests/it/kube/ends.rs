//! Commands in Jobs that are called off, cannot start, or lose the attempt that looks after them.

use std::fs;

use nix::sys::signal::Signal;
use serde_json::{Value, json};

use super::far::{Far, name, of_jobs};
use crate::engine::{Bench, Driving};
use crate::world::{signal, wait_for};

/// A command that says `up` and stays.
const STAYS: &str = "echo up; sleep 600";

fn bench(far: &Far, step: &Value) -> Bench {
    let plan = json!({ "pipeline": "shop", "type": "kubernetes", "variables": {}, "steps": [step] });
    let bench = Bench::of(&plan, Vec::new());
    name(bench.root(), &[("ci", far)]);
    bench
}

fn step(command: &str) -> Value {
    let params = json!({ "command": command, "image": "busybox:1.36", "cluster": "ci", "namespace": "default" });
    json!({ "name": "test", "type": "command", "needs": [], "params": params })
}

fn begun(bench: &Bench) -> Driving {
    let mut driving = bench.drive();
    driving.until("| 0 up");
    driving
}

fn kill_attempt(bench: &Bench, folder: &str) {
    let started = fs::read(bench.root().join("attempts").join(folder).join("started")).unwrap();
    let started: Value = serde_json::from_slice(&started).unwrap();
    signal(u32::try_from(started["pid"].as_i64().unwrap()).unwrap(), Signal::SIGKILL);
}

/// The verdict of the run's only step, and the names of the evidence that was kept with the run.
fn judged(bench: &Bench, text: &str) -> (Value, Vec<String>) {
    let line = text.lines().find(|line| line.contains("\"kind\":\"judged\"")).unwrap_or_else(|| panic!("{text}"));
    let fact: Value = serde_json::from_str(line.split_once(' ').unwrap().1).unwrap();
    let kept = fs::read_dir(bench.root().join("attempts/0-1/artifacts/evidence")).into_iter().flatten().flatten();
    (fact["verdict"].clone(), kept.map(|entry| entry.file_name().into_string().unwrap()).collect())
}

/// What was deleted is gone as soon as the cluster's own collector has seen to it.
fn leaves_nothing(far: &Far) {
    wait_for("the end of all that was in the cluster", || of_jobs(far).is_empty().then_some(()));
}

#[test]
fn a_step_that_is_cancelled_leaves_nothing_in_the_cluster() {
    let far = Far::start("ci");
    let bench = bench(&far, &step(STAYS));
    let driving = begun(&bench);
    driving.cancel();
    let text = driving.rest();
    assert!(text.contains("status Cancelled"), "{text}");
    assert_eq!(judged(&bench, &text).0["cause"], "cancelled", "{text}");
    leaves_nothing(&far);
}

#[test]
fn a_step_that_takes_too_long_leaves_nothing_in_the_cluster_and_says_what_it_waited_for() {
    let far = Far::start("ci");
    let mut step = step(STAYS);
    step["timeout_ms"] = json!(4_000);
    let bench = bench(&far, &step);
    let text = bench.drive().rest();
    assert!(text.contains("status TimedOut"), "{text}");
    let (verdict, kept) = judged(&bench, &text);
    assert_eq!(verdict["cause"], "timeout", "{verdict}");
    assert!(kept.contains(&"watch.jsonl".to_owned()), "{kept:?}");
    leaves_nothing(&far);
}

#[test]
fn a_wrong_image_ends_the_step_with_its_cause_and_the_evidence_is_kept_with_the_run() {
    let far = Far::start("ci");
    let mut step = step("true");
    step["params"]["image"] = json!("busybox:1.36-nosuch");
    let bench = bench(&far, &step);
    let text = bench.drive().rest();
    let (verdict, kept) = judged(&bench, &text);
    assert_eq!(verdict["cause"], "image_pull", "{verdict}");
    assert!(kept.contains(&"verdict.json".to_owned()) && kept.contains(&"objects.yaml".to_owned()), "{kept:?}");
    assert!(text.contains("failed (image_pull)") && text.contains("in artifacts/evidence/"), "{text}");
    leaves_nothing(&far);
}

#[test]
fn a_job_runs_on_while_no_engine_lives_and_is_not_started_anew() {
    let far = Far::start("ci");
    let bench = bench(&far, &step("echo up; sleep 3; echo down; exit 3"));
    begun(&bench).kill();
    let before = of_jobs(&far);
    let mut second = bench.drive();
    second.until("| 0 up");
    assert_eq!(of_jobs(&far), before);
    let text = second.rest();
    assert!(text.contains("| 0 down") && text.contains(r#""exit_code":3"#), "{text}");
    assert_eq!(judged(&bench, &text).0["cause"], "job_failed", "{text}");
}

#[test]
fn the_job_of_a_killed_attempt_is_deleted_before_the_attempt_is_called_lost() {
    let far = Far::start("ci");
    let bench = bench(&far, &step(STAYS));
    let driving = begun(&bench);
    kill_attempt(&bench, "0-1");
    let text = driving.rest();
    assert!(text.contains(r#""outcome":"lost""#) && text.contains("; its Job was deleted"), "{text}");
    leaves_nothing(&far);
}

#[test]
fn engine_and_attempt_killed_together_leave_no_job_once_the_run_goes_on() {
    let far = Far::start("ci");
    let mut step = step("echo up; [ -e again ] || sleep 600");
    step["retry"] = json!({ "attempts": 2, "backoff": "fixed", "on": ["lost"] });
    let bench = bench(&far, &step);
    begun(&bench).kill();
    kill_attempt(&bench, "0-1");
    assert_eq!(of_jobs(&far).len(), 3, "Job, pod and Secret");
    fs::write(bench.work("again"), "").unwrap();
    let text = bench.drive().rest();
    assert!(text.contains("; its Job was deleted") && text.contains("status Success"), "{text}");
    wait_for("only the Job that has ended", || (of_jobs(&far).len() == 1).then_some(()));
}
