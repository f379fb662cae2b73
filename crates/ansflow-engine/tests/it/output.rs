//! What the user's programs print: all of it, in order, without secrets, and soon.

use std::fs;
use std::time::Instant;

use ansflow_core::run::event::Report;

use crate::world::{World, wait_for};

#[test]
fn streams_are_kept_apart_and_in_order() {
    let world = World::new();
    // Between the two writes the first is seen in the log: no order of arrival is clearer.
    let log = world.folder.file("log");
    let text = format!(
        "seen() {{ until grep -qs $1 \"{0}\"; do sleep 0.01; done; }}; echo one; seen one; echo two >&2; seen two; echo three",
        log.display()
    );
    let ending = world.run(&world.sh(&text));
    assert_eq!(world.log(), "one\ntwo\nthree\n");
    assert_eq!(ending.log_bytes, 14);
}

#[test]
fn a_line_without_an_end_is_shown_after_a_while_and_joined_later() {
    let world = World::new();
    let child = world.start(&world.sh("printf 'Password: '; while [ ! -e go ]; do sleep 0.01; done; printf 'ok'"));
    wait_for("the prompt", || (fs::read(world.folder.file("log")).ok()? == b"Password: ").then_some(()));
    world.write("go", "");
    world.finish(child);
    assert_eq!(world.log(), "Password: ok");
}

#[test]
fn a_secret_is_masked_across_writes() {
    let world = World::new();
    let text =
        "printf 'a hunter2-'; sleep 0.3; printf 'hunter2 b\n'; echo 'x=hunter2-hunter2' >>$ANSFLOW_OUTPUT; false";
    let ending = world.run(&world.sh(text));
    assert_eq!(world.log(), "a *** b\n");
    assert_eq!(ending.report, Report::Failed { exit_code: Some(1), message: "ended with exit code 1".into() });
}

#[test]
fn a_hundred_megabytes_pass_without_being_held() {
    let world = World::new();
    let start = Instant::now();
    let text = "yes 'one hundred bytes, this is a line of output that is neither short nor long, as programs print them' | head -c 100000000; grep VmHWM /proc/$PPID/status >../peak";
    let ending = world.run(&world.sh(text));
    let took = start.elapsed();
    assert!(matches!(ending.report, Report::Succeeded(_)));
    assert_eq!(ending.log_bytes, 100_000_000);
    let peak = fs::read_to_string(world.work().join("../peak")).unwrap();
    let peak: u64 = peak.split_whitespace().nth(1).unwrap().parse().unwrap();
    eprintln!("100 MB: {took:?}, {peak} kB");
    assert!(peak < 32 * 1024, "{peak} kB");
}

#[test]
fn a_background_process_that_holds_the_pipes_does_not_hold_the_step() {
    let world = World::new();
    world.gains(&world.sh("sleep 1000 & echo $! >pid; echo done"));
    assert_eq!(world.log(), "done\nansflow: 1 process was left behind, and is ended\n");
    assert!(crate::world::is_gone(&world.line("pid")));
}
