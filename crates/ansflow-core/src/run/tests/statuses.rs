//! Where a run and its steps stand, and what is to be executed.

use expect_test::{Expect, expect};

use super::scenario::play;
use super::world::{World, created, epoch, step};
use crate::run::{Input, Run};

fn check(scenario: &str, expect: &Expect) {
    let run = play(scenario).0.run;
    let name = |i: usize| &run.plan().steps[i].name;
    let steps = run.plan().steps.iter().enumerate();
    let steps: Vec<String> =
        steps.map(|(i, step)| format!("{} {}", step.name, run.step(i).status().as_str())).collect();
    let wanted: Vec<String> = run.wanted().iter().map(|a| format!("{}#{}", name(a.step), a.number)).collect();
    let stopping: Vec<String> =
        run.stopping().map(|(a, why)| format!("{}#{} {why:?}", name(a.step), a.number)).collect();
    let asked: Vec<&str> = run.asked().map(|(i, _)| name(i).as_str()).collect();
    let wake = run.wake_at().map_or("never".to_owned(), |at| at.to_string());
    expect.assert_eq(&format!(
        "run {} · {}\nwanted: {}\nstopping: {}\nasked: {}\nwake: {wake}\n",
        run.status().as_str(),
        steps.join(" · "),
        words(&wanted),
        words(&stopping),
        words(&asked),
    ));
}

fn words(list: &[impl AsRef<str>]) -> String {
    let words: Vec<&str> = list.iter().map(AsRef::as_ref).collect();
    if words.is_empty() { "none".to_owned() } else { words.join(" ") }
}

#[test]
fn every_step_has_a_word_for_where_it_stands() {
    check(
        "live timeout 10m
         pending needs live
         asked approval ops within 1h
         again retry 2 delay 5m
         done
         bad
         off when on_failure
         slow timeout 1s
         ---
         again#1 failed
         done#1 ok
         bad#1 failed
         +1s",
        &expect![[r#"
            run running · live running · pending pending · asked waiting · again retrying · done success · bad failed · off skipped · slow running
            wanted: live#1
            stopping: slow#1 TimedOut
            asked: asked
            wake: 2026-01-01T00:05:00Z
        "#]],
    );
}

#[test]
fn a_run_waits_when_only_people_can_go_on() {
    check(
        "a\n b approval ops\n ---",
        &expect![[r#"
            run running · a running · b waiting
            wanted: a#1
            stopping: none
            asked: b
            wake: never
        "#]],
    );
    check(
        "a\n b approval ops\n ---\n a#1 ok",
        &expect![[r#"
            run waiting · a success · b waiting
            wanted: none
            stopping: none
            asked: b
            wake: never
        "#]],
    );
    check(
        "a retry 2 delay 1m\n b approval ops\n ---\n a#1 failed",
        &expect![[r#"
            run running · a retrying · b waiting
            wanted: none
            stopping: none
            asked: b
            wake: 2026-01-01T00:01:00Z
        "#]],
    );
}

#[test]
fn a_retry_without_a_slot_waits_for_no_clock() {
    check(
        "!concurrency 1\n a retry 2 delay 1m\n b\n ---\n a#1 failed",
        &expect![[r#"
            run running · a retrying · b running
            wanted: b#1
            stopping: none
            asked: none
            wake: never
        "#]],
    );
}

#[test]
fn a_run_is_queued_until_it_starts_and_can_be_cancelled_before() {
    let mut world = World::new(created(vec![step("a", &[])]));
    assert_eq!(world.run.status().as_str(), "queued");
    assert!(world.send(&Input::Tick).unwrap().is_empty());
    world.send(&Input::Cancel { by: "mona".to_owned() }).unwrap();
    assert_eq!(world.run.status().as_str(), "cancelled");
    let mut run = Run::new();
    run.advance(&Input::Create(Box::new(created(Vec::new()))), epoch()).unwrap();
    run.advance(&Input::Cancel { by: "mona".to_owned() }, epoch()).unwrap();
    assert_eq!(run.status().as_str(), "cancelled");
}
