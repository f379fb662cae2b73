//! The exit codes that scripts hold on to.

use std::process::Stdio;

use crate::world::{Ended, World};

/// Runs a pipeline of one step and gives the exit code and the story.
fn check(step: &str, words: &[&str]) -> (i32, String) {
    let ended = World::new().run(&format!("name: p\nsteps:\n  - {step}\n"), words);
    (ended.code, ended.story())
}

#[test]
fn a_run_that_succeeds_exits_with_0() {
    assert_eq!(check("{name: a, type: command, command: 'true'}", &[]), (0, "a success · run success".into()));
}

#[test]
fn a_run_that_fails_exits_with_1() {
    assert_eq!(check("{name: a, type: command, command: exit 7}", &[]), (1, "a failed · run failed".into()));
}

#[test]
fn a_step_that_takes_too_long_exits_with_4() {
    let step = "{name: a, type: command, command: sleep 60, timeout: 1s}";
    assert_eq!(check(step, &[]), (4, "a timed_out · run timed_out".into()));
}

#[test]
fn a_run_that_takes_too_long_exits_with_4() {
    let ended = World::new().run("timeout: 1s\nsteps:\n  - {name: a, type: command, command: sleep 60}\n", &[]);
    assert_eq!((ended.code, ended.story()), (4, "a timed_out · run timed_out".into()));
}

#[test]
fn a_wrong_file_exits_with_2_and_starts_nothing() {
    let world = World::new();
    let ended = world.run("steps:\n  - {name: a, type: comand, command: touch x}\n", &[]);
    assert_eq!((ended.code, ended.stdout.as_str()), (2, ""));
    assert!(ended.stderr.contains("p.yml:2:21:"), "{}", ended.stderr);
    assert!(world.runs().is_empty());
}

#[test]
fn a_file_that_is_not_there_exits_with_2() {
    let ended = World::new().ansflow(&["run", "nothing.yml"]);
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("nothing.yml"), "{}", ended.stderr);
}

#[test]
fn validate_exits_with_1_when_there_are_errors() {
    let world = World::new();
    world.write("p.yml", "steps: []\n");
    assert_eq!(world.ansflow(&["validate", "p.yml"]).code, 1);
}

#[test]
fn an_approval_without_a_terminal_is_refused_before_the_start() {
    let pipeline = "steps:\n  - {name: a, type: command, command: touch x, approval: {approvers: [ops]}}\n";
    let world = World::new();
    let refused = world.run(pipeline, &[]);
    assert_eq!(refused.code, 2);
    assert!(refused.stderr.contains("`a`") && refused.stderr.contains("--yes"), "{}", refused.stderr);
    assert!(!world.workspace().join("x").exists());
    assert_eq!(world.run(pipeline, &["--yes"]).story(), "a success · run success");
}

#[test]
fn a_run_that_is_not_there_exits_with_6() {
    assert_eq!(World::new().ansflow(&["run", "--resume", "run_nothing"]).code, 6);
}

#[test]
fn an_interrupt_cancels_the_run_waits_and_exits_with_130() {
    check_signal("INT", 130);
}

#[test]
fn a_termination_cancels_the_run_waits_and_exits_with_143() {
    check_signal("TERM", 143);
}

fn check_signal(signal: &str, code: i32) {
    let world = World::new();
    world.write("p.yml", "steps:\n  - {name: a, type: command, command: touch begun; sleep 300 & setsid sleep 300}\n");
    let mut command = world.command(&["run", "p.yml", "-o", "json"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    world.until("the step has begun", || world.workspace().join("begun").exists());
    let kill = format!("kill -{signal} {}", child.id());
    assert!(std::process::Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    let ended = Ended { code: output.status.code().unwrap(), stdout, stderr: String::new() };
    assert_eq!((ended.code, ended.story()), (code, "a cancelled · run cancelled".into()));
    assert_eq!(world.processes(), [], "nothing is left running");
}
