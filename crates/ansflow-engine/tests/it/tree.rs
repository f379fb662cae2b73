//! The end of an attempt is the end of everything it started.

use std::process::Command;

use ansflow_core::run::event::Report;
use ansflow_engine::attempt::order::Order;
use nix::sys::signal::Signal;
use nix::unistd::getuid;

use crate::world::{World, harness, is_gone, signal, wait_for};

/// Leaves the process group, the session and the environment, has no parent of ours any more, and hears no SIGTERM.
const STUBBORN: &str = r#"
sh -c 'setsid env -i /bin/sh -c "trap : TERM; echo \$\$ >grandchild; while :; do sleep 1; done" &'
while [ ! -s grandchild ]; do sleep 0.01; done
"#;

fn check(world: &World, order: &Order, end: impl FnOnce(u32), expected: &Report) {
    let child = world.start(order);
    let grandchild = world.line("grandchild");
    end(child.id());
    assert_eq!(&world.finish(child).report, expected);
    assert!(is_gone(&grandchild));
}

#[test]
fn a_stop_reaches_a_grandchild_that_hides() {
    let world = World::new();
    let mut order = world.sh(&format!("{STUBBORN} sleep 1000"));
    order.grace_ms = 200;
    check(&world, &order, |pid| signal(pid, Signal::SIGTERM), &Report::Stopped);
}

#[test]
fn so_does_a_time_out() {
    let world = World::new();
    let mut order = world.sh(&format!("{STUBBORN} sleep 1000"));
    (order.grace_ms, order.deadline_ms) = (100, Some(1500));
    check(&world, &order, |_| {}, &Report::TimedOut);
}

#[test]
fn and_the_end_of_the_step() {
    let world = World::new();
    let report = world.run(&world.sh(STUBBORN)).report;
    assert!(matches!(report, Report::Succeeded(_)));
    assert!(is_gone(&world.line("grandchild")));
    assert!(world.log().contains("left behind"), "{}", world.log());
}

#[test]
fn a_stop_leaves_time_to_tidy_up() {
    let world = World::new();
    let text = "trap 'echo tidy; exit 0' TERM; echo ready >ready; while :; do sleep 0.01; done";
    let child = world.start(&world.sh(text));
    world.line("ready");
    signal(child.id(), Signal::SIGTERM);
    assert_eq!(world.finish(child).report, Report::Stopped);
    // The shell may say before that its `sleep` was terminated.
    assert!(world.log().contains("tidy\n"), "{}", world.log());
}

#[test]
fn what_a_terminal_sends_to_all_does_not_reach_the_attempt() {
    let world = World::new();
    let child =
        world.start(&world.sh("echo ready >ready; while [ ! -e go ]; do sleep 0.01; done; kill -INT $$; echo no"));
    world.line("ready");
    signal(child.id(), Signal::SIGINT);
    signal(child.id(), Signal::SIGHUP);
    world.write("go", "");
    // The user's own programs are not deaf to it.
    let Report::Failed { exit_code, .. } = world.finish(child).report else { panic!() };
    assert_eq!(exit_code, Some(130));
}

#[test]
fn processes_of_a_killed_attempt_carry_its_mark() {
    let world = World::new();
    let mut child = world.start(&world.sh("echo $$ >pid; exec sleep 1000"));
    let pid = world.line("pid");
    signal(child.id(), Signal::SIGKILL);
    child.wait().unwrap();
    let started = wait_for("the start", || world.folder.started().unwrap());
    let environment = std::fs::read_to_string(format!("/proc/{pid}/environ")).unwrap();
    assert!(environment.contains(&format!("ANSFLOW_ATTEMPT_MARK={}\0", started.mark)));
    assert!(world.folder.ending().unwrap().is_none());
    assert!(world.folder.try_own().unwrap().is_some());
    signal(pid.parse().unwrap(), Signal::SIGKILL);
}

#[test]
fn an_attempt_inside_of_an_attempt_has_a_brand_of_its_own() {
    let (outer, inner) = (World::new(), World::new());
    let order = inner.folder.file("order");
    inner.sh("true").write(&mut std::fs::File::create(&order).unwrap()).unwrap();
    let [harness, folder, order] = [harness(), inner.folder.path(), &order].map(|path| path.to_str().unwrap());
    outer.gains(&outer.sh(&format!("'{harness}' __attempt \"{folder}\" <\"{order}\"")));
    let brands = [&outer, &inner].map(|world| world.folder.started().unwrap().unwrap().brand.unwrap());
    assert!(brands[0] > brands[1], "{brands:?}");
}

#[test]
fn a_limit_that_somebody_set_stays() {
    let world = World::new();
    let child = world.under(&["prlimit", "--rttime=5000"], harness(), &world.sh("grep realtime /proc/self/limits"));
    assert!(matches!(world.finish(child).report, Report::Succeeded(_)));
    assert_eq!(world.folder.started().unwrap().unwrap().brand, None);
    assert!(world.log().contains(" 5000 "), "{}", world.log());
}

#[test]
fn what_became_another_user_does_not_hold_the_step() {
    if !getuid().is_root() {
        return;
    }
    let world = World::new();
    // As `sudo` would: another user in every respect, whom the step's own may not signal.
    let sudo = world.work().join("sudo");
    let made = "cp /usr/bin/setpriv \"$0\"; cp \"$1\" \"$0-attempt\"; chown -R nobody \"${0%/*/*}\"; chown root \"$0\"; chmod u+s \"$0\"";
    assert!(Command::new("sh").args(["-ec", made]).arg(&sudo).arg(harness()).status().unwrap().success());
    let order = world.sh(
        "./sudo --reuid=0 sleep 1000 & echo $! >pid; while grep -q ^Uid:.65534 /proc/$!/status; do sleep 0.01; done",
    );
    let attempt = sudo.with_file_name("sudo-attempt");
    let child = world.under(&["setpriv", "--reuid=nobody", "--clear-groups"], &attempt, &order);
    let report = world.finish(child).report;
    let pid = world.line("pid");
    assert!(!is_gone(&pid));
    signal(pid.parse().unwrap(), Signal::SIGKILL);
    assert!(matches!(report, Report::Succeeded(_)), "{report:?} {}", world.log());
    assert!(world.log().contains("left running, because they became another user: 1"), "{}", world.log());
}
