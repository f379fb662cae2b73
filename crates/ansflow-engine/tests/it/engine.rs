//! A run from its first event to its last, and what remains of it when processes are killed on the way.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use nix::sys::signal::Signal;
use serde_json::{Value, json};

use crate::secrets::leaks;
use crate::world::{harness, is_gone, signal, wait_for};

/// A run on a disk; engines come and go.
pub(crate) struct Bench {
    root: tempfile::TempDir,
    vars: Vec<(String, String)>,
}

/// An engine at work.
pub(crate) struct Driving {
    child: Child,
    output: BufReader<ChildStdout>,
}

impl Bench {
    pub(crate) fn new(steps: &Value) -> Self {
        Self::of(&json!({ "pipeline": "shop", "variables": {}, "steps": steps }), Vec::new())
    }

    /// Of a whole plan, with more in the environment.
    pub(crate) fn of(plan: &Value, vars: Vec<(String, String)>) -> Self {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("work")).unwrap();
        fs::write(root.path().join("plan.json"), plan.to_string()).unwrap();
        Self { root, vars }
    }

    /// The folder of the run.
    pub(crate) fn root(&self) -> &Path {
        self.root.path()
    }

    pub(crate) fn work(&self, name: &str) -> PathBuf {
        self.root.path().join("work").join(name)
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.work(name)).unwrap_or_default()
    }

    pub(crate) fn line(&self, name: &str) -> String {
        wait_for(name, || self.read(name).strip_suffix('\n').map(str::to_owned))
    }

    pub(crate) fn drive(&self) -> Driving {
        let mut command = Command::new(harness());
        command.arg("drive").arg(self.root.path()).envs(self.vars.iter().cloned());
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        Driving { child, output }
    }
}

impl Driving {
    /// Asks the run to end.
    pub(crate) fn cancel(&self) {
        signal(self.child.id(), Signal::SIGTERM);
    }

    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// What it says to its end.
    pub(crate) fn rest(mut self) -> String {
        let mut text = String::new();
        self.output.read_to_string(&mut text).unwrap();
        assert!(self.child.wait().unwrap().success(), "{text}");
        text
    }

    pub(crate) fn until(&mut self, part: &str) {
        let mut line = String::new();
        while !line.contains(part) {
            line.clear();
            assert!(self.output.read_line(&mut line).unwrap() > 0, "ended before it said {part}");
        }
    }
}

fn step(name: &str, needs: &[usize], command: &str) -> Value {
    json!({ "name": name, "type": "command", "needs": needs, "params": { "command": command } })
}

/// Kinds of events and lines of output, one letter-saving word each.
fn story(text: &str) -> Vec<String> {
    text.lines()
        .map(|line| match line.split_once(' ') {
            Some((seq, fact)) if seq.parse::<u64>().is_ok() => {
                let fact: Value = serde_json::from_str(fact).unwrap();
                format!("{} {}", fact["kind"].as_str().unwrap(), fact.get("step").unwrap_or(&Value::Null))
            }
            _ => line.to_owned(),
        })
        .collect()
}

#[test]
fn output_comes_before_the_end_of_its_step_and_events_in_order() {
    let bench = Bench::new(&json!([step("a", &[], "echo hi; printf there >&2"), step("b", &[0], "echo end")]));
    let text = bench.drive().rest();
    let expected = [
        "run_created null",
        "run_started null",
        "attempt_started 0",
        "| 0 hi",
        "| 0 there",
        "attempt_ended 0",
        "step_finished 0",
        "attempt_started 1",
        "| 1 end",
        "attempt_ended 1",
        "step_finished 1",
        "run_finished null",
        "status Success",
    ];
    assert_eq!(story(&text), expected, "{text}");
    // Driven again it says the same, and starts nothing.
    assert_eq!(bench.drive().rest(), text);
}

#[test]
fn a_line_is_shown_before_its_step_ends() {
    let bench = Bench::new(&json!([step("a", &[], "echo one; while [ ! -e go ]; do sleep 0.01; done; echo two")]));
    let mut driving = bench.drive();
    driving.until("| 0 one");
    fs::write(bench.work("go"), "").unwrap();
    driving.until("| 0 two");
    assert!(driving.rest().contains("status Success"));
}

#[test]
fn a_killed_engine_is_replaced_by_one_that_attaches() {
    let waiting = "echo began >>began; echo one; echo up >up; while [ ! -e go ]; do sleep 0.01; done; echo two";
    let bench = Bench::new(&json!([
        step("a", &[], "echo a >>done"),
        step("b", &[0], waiting),
        step("c", &[1], "echo c >>done")
    ]));
    let driving = bench.drive();
    bench.line("up");
    driving.kill();
    let mut second = bench.drive();
    second.until("| 1 one");
    fs::write(bench.work("go"), "").unwrap();
    second.until("| 1 two");
    assert!(second.rest().contains("status Success"));
    assert_eq!((bench.read("began").as_str(), bench.read("done").as_str()), ("began\n", "a\nc\n"));
}

#[test]
fn an_attempt_that_ends_while_no_engine_lives_is_not_repeated() {
    let bench =
        Bench::new(&json!([step("a", &[], "echo up >up; while [ ! -e go ]; do sleep 0.01; done; echo a >>done")]));
    let driving = bench.drive();
    bench.line("up");
    driving.kill();
    fs::write(bench.work("go"), "").unwrap();
    wait_for("the result", || bench.root.path().join("attempts/0-1/result.json").exists().then_some(()));
    assert!(bench.drive().rest().contains("status Success"));
    assert_eq!(bench.read("done"), "a\n");
}

const VICTIM: &str = "echo $PPID >attempt; echo key=hunter2-hunter2 >>$ANSFLOW_OUTPUT; sh -c 'setsid env -i sleep 1000 & echo $! >hidden'; \
    echo try >>tries; [ $(wc -l <tries) = 2 ] || exec sleep 1000";

#[test]
fn a_killed_attempt_is_lost_and_swept_and_not_repeated() {
    let bench = Bench::new(&json!([step("a", &[], VICTIM)]));
    let driving = bench.drive();
    bench.line("tries");
    let attempt: u32 = bench.line("attempt").parse().unwrap();
    signal(attempt, Signal::SIGKILL);
    let text = driving.rest();
    // How many depends on how far the shell was.
    assert!(text.contains(r#""outcome":"lost","message":"its process was killed from outside; "#), "{text}");
    assert!(text.contains("processes that it left were ended"), "{text}");
    assert!(text.contains("status Failed"));
    assert!(is_gone(&bench.line("hidden")));
    assert_eq!(bench.read("tries"), "try\n");
    assert_eq!(leaks(&bench.root.path().join("attempts"), "hunter2-hunter2"), Vec::<String>::new());
}

#[test]
fn lost_is_tried_again_where_the_policy_says_so() {
    let mut step = step("a", &[], VICTIM);
    step["retry"] = json!({ "attempts": 2, "backoff": "fixed", "on": ["lost"] });
    let bench = Bench::new(&json!([step]));
    let driving = bench.drive();
    bench.line("tries");
    signal(bench.line("attempt").parse().unwrap(), Signal::SIGKILL);
    let text = driving.rest();
    assert!(text.contains("status Success"), "{text}");
    assert_eq!(bench.read("tries"), "try\ntry\n");
}

#[test]
fn engine_and_attempt_killed_together_leave_nothing_running() {
    let bench = Bench::new(&json!([step("a", &[], "echo $PPID >attempt; echo $$ >shell; exec sleep 1000")]));
    let driving = bench.drive();
    let shell = bench.line("shell");
    driving.kill();
    signal(bench.line("attempt").parse().unwrap(), Signal::SIGKILL);
    let text = bench.drive().rest();
    assert!(text.contains(r#""outcome":"lost""#), "{text}");
    assert!(is_gone(&shell));
}

#[test]
fn nor_does_what_hides_from_both() {
    let bench = Bench::new(&json!([
        step("a", &[], VICTIM),
        step(
            "b",
            &[],
            "setsid env -i sleep 1000 & echo $! >other; echo b >up; while [ ! -e go ]; do sleep 0.01; done; kill $!"
        )
    ]));
    let driving = bench.drive();
    let (hidden, other) = (bench.line("hidden"), bench.line("other"));
    bench.line("tries");
    bench.line("up");
    driving.kill();
    signal(bench.line("attempt").parse().unwrap(), Signal::SIGKILL);
    let mut second = bench.drive();
    second.until(r#""outcome":"lost""#);
    assert!(is_gone(&hidden));
    assert!(!is_gone(&other), "a step beside it was swept too");
    fs::write(bench.work("go"), "").unwrap();
    assert!(second.rest().contains("status Failed"));
}

#[test]
fn a_cancel_ends_what_runs() {
    let bench = Bench::new(&json!([
        step("a", &[], "echo up >up; trap 'echo tidy' EXIT; while :; do sleep 0.01; done"),
        step("b", &[0], "echo never"),
    ]));
    let driving = bench.drive();
    bench.line("up");
    signal(driving.child.id(), Signal::SIGTERM);
    let text = driving.rest();
    assert!(text.contains("status Cancelled") && !text.contains("| 1 never"), "{text}");
}

#[test]
fn a_cancel_reaches_an_attempt_of_another_engine() {
    let bench = Bench::new(&json!([step("a", &[], "echo $$ >up; exec sleep 1000")]));
    let driving = bench.drive();
    let shell = bench.line("up");
    driving.kill();
    let mut second = bench.drive();
    second.until("attempt_started");
    signal(second.child.id(), Signal::SIGTERM);
    let text = second.rest();
    assert!(text.contains("status Cancelled"), "{text}");
    assert!(is_gone(&shell));
}

#[test]
fn a_step_that_cannot_be_resolved_fails_and_says_why() {
    let bench =
        Bench::new(&json!([{ "name": "a", "type": "command", "needs": [], "params": { "command": "{{ nowhere }}" } }]));
    let text = bench.drive().rest();
    assert!(text.contains("status Failed") && text.contains("nowhere"), "{text}");
    assert!(!bench.root.path().join("attempts/0-1/started").exists());
}

#[test]
fn kills_at_any_moment_repeat_nothing_and_lose_no_line() {
    let steps: Vec<_> = (0..12)
        .map(|i: usize| {
            let needs: Vec<_> = (0..i).filter(|j| j / 3 + 1 == i / 3).collect();
            step(&format!("s{i}"), &needs, &format!("echo {i} >>done; echo line-{i}-1; echo line-{i}-2"))
        })
        .collect();
    // Each engine lives a little longer than the one before, until one sees the end.
    let bench = Bench::new(&Value::Array(steps));
    let mut says = 1;
    let text = loop {
        let mut driving = bench.drive();
        let mut seen = String::new();
        for _ in 0..says {
            if driving.output.read_line(&mut seen).unwrap() == 0 {
                break;
            }
        }
        if seen.contains("\nstatus ") {
            break seen;
        }
        driving.kill();
        says += 3;
    };
    assert!(text.contains("status Success"), "{text}");
    let mut done: Vec<u32> = bench.read("done").lines().map(|line| line.parse().unwrap()).collect();
    done.sort_unstable();
    assert_eq!(done, (0..12).collect::<Vec<_>>());
    for i in 0..12 {
        let lines: Vec<_> = text.lines().filter(|line| line.starts_with(&format!("| {i} "))).collect();
        assert_eq!(lines, [format!("| {i} line-{i}-1"), format!("| {i} line-{i}-2")]);
    }
}
