//! An attempt begins once, and only with a whole order.

use std::io::Write as _;

use ansflow_core::run::event::Report;
use ansflow_engine::folder::Started;

use crate::world::World;

#[test]
fn half_an_order_starts_nothing() {
    let world = World::new();
    let bytes = world.sh("touch began").to_bytes().unwrap();
    for length in [0, 3, 4, bytes.len() - 1] {
        let mut child = world.process();
        child.stdin.take().unwrap().write_all(&bytes[..length]).unwrap();
        assert!(!child.wait().unwrap().success());
        assert!(world.folder.started().unwrap().is_none() && !world.work().join("began").exists());
    }
    world.gains(&world.sh("touch began"));
}

#[test]
fn whoever_comes_second_leaves() {
    let world = World::new();
    let order = world.sh("echo began >>began; while [ ! -e go ]; do sleep 0.01; done");
    let first = world.start(&order);
    world.line("began");
    assert!(world.start(&order).wait().unwrap().success());
    assert!(world.folder.ending().unwrap().is_none());
    world.write("go", "");
    world.finish(first);
    // The lock is free again, and the result says that there is nothing to do.
    world.run(&order);
    assert_eq!(world.line("began"), "began");
}

#[test]
fn an_attempt_that_was_begun_before_is_not_begun_again() {
    let world = World::new();
    world.folder.set_started(&Started { pid: 1, mark: "m".into(), brand: None, boot: "b".into() }).unwrap();
    assert!(world.start(&world.sh("touch began")).wait().unwrap().success());
    assert!(world.folder.ending().unwrap().is_none() && !world.work().join("began").exists());
}

#[test]
fn an_approval_is_nothing_to_do() {
    let world = World::new();
    let ending = world.run(&world.order(ansflow_core::spec::StepSpec::Approval));
    assert!(matches!(ending.report, Report::Succeeded(_)));
    assert_eq!(ending.log_bytes, 0);
}
