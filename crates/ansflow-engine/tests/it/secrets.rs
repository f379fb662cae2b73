//! What a step hands over may be a secret in clear: it is taken away with the attempt, however that ends.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use ansflow_core::run::event::Report;
use nix::sys::signal::Signal;

use crate::world::{World, signal};

const SECRET: &str = "hunter2-hunter2";
const HAND_OVER: &str = "echo key=hunter2-hunter2 >>$ANSFLOW_OUTPUT; echo ready >ready;";

/// Files below a folder that hold the secret.
pub(crate) fn leaks(folder: &Path, secret: &str) -> Vec<String> {
    let mut grep = Command::new("grep");
    // What it looks for is not said in the process list, where other tests look.
    grep.args(["-rlaF", "-f", "-"]).arg(folder).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut grep = grep.spawn().unwrap();
    grep.stdin.take().unwrap().write_all(secret.as_bytes()).unwrap();
    let found = grep.wait_with_output().unwrap();
    String::from_utf8(found.stdout).unwrap().lines().map(str::to_owned).collect()
}

fn check(rest: &str, stop: bool, expected: impl FnOnce(&Report) -> bool) {
    let world = World::new();
    let mut order = world.sh(&format!("{HAND_OVER} {rest}"));
    (order.grace_ms, order.deadline_ms) = (100, (!stop).then_some(2000));
    let child = world.start(&order);
    world.line("ready");
    if stop {
        signal(child.id(), Signal::SIGTERM);
    }
    let report = world.finish(child).report;
    assert!(expected(&report), "{report:?}");
    assert_eq!(leaks(world.folder.path(), SECRET), Vec::<String>::new(), "{rest}");
    assert!(!world.folder.file("output").exists(), "{rest}");
}

#[test]
fn what_a_step_handed_over_goes_with_its_attempt() {
    check("true", false, |report| matches!(report, Report::Succeeded(gains) if gains.outputs["key"] == "***"));
    check("false", false, |report| matches!(report, Report::Failed { .. }));
    check("echo no key >>$ANSFLOW_OUTPUT", false, |report| matches!(report, Report::Failed { .. }));
    check("exec sleep 1000", true, |report| *report == Report::Stopped);
    check("exec sleep 1000", false, |report| *report == Report::TimedOut);
}

#[test]
fn a_pipe_in_its_place_is_not_waited_for() {
    let world = World::new();
    let gains = world.gains(&world.sh("rm \"$ANSFLOW_OUTPUT\"; mkfifo \"$ANSFLOW_OUTPUT\""));
    assert!(gains.outputs.is_empty() && !world.folder.file("output").exists());
}
