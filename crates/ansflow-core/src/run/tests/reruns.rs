//! What a retry takes over.

use expect_test::{Expect, expect};

use super::scenario::play;
use super::world::{World, created};
use crate::run::{Input, Refusal, RetryFrom, Run, RunCreated, retry};

/// Plays a scenario, then tells what stands when the run is repeated, and checks that the new run ends well.
fn check(scenario: &str, from: RetryFrom, expect: &Expect) {
    let (world, _) = play(scenario);
    let name = |i: usize| world.run.plan().steps[i].name.clone();
    let told = match retry(&world.run, from) {
        Ok(rerun) => {
            let mut stands: Vec<String> = rerun.carried.iter().map(|result| name(result.step)).collect();
            if stands.is_empty() {
                stands.push("nothing".to_owned());
            }
            let (carried, deselected) = (rerun.carried, rerun.deselected);
            let mut again = World::new(RunCreated { carried, deselected, ..world.run.created().clone() });
            again.send(&Input::Start).unwrap();
            let starts: Vec<String> = again.run.wanted().iter().map(|attempt| name(attempt.step)).collect();
            format!("stands: {}\nstarts: {}\n", stands.join(" "), starts.join(" "))
        }
        Err(refusal) => format!("refused: {refusal}\n"),
    };
    expect.assert_eq(&told);
}

const CHAIN: &str = "!branch dev
     build
     lint needs build continue
     deploy needs lint when branch:main
     test needs lint
     notify needs test when on_failure
     other
     ---
     other#1 ok
     build#1 ok
     lint#1 failed
     test#1 failed
     notify#1 ok";

#[test]
fn all_takes_nothing_over() {
    check(
        CHAIN,
        RetryFrom::All,
        &expect![[r#"
            stands: nothing
            starts: build other
        "#]],
    );
}

#[test]
fn from_what_failed_keeps_what_stands_on_its_own() {
    check(
        CHAIN,
        RetryFrom::Failed,
        &expect![[r#"
        stands: build lint deploy other
        starts: test
    "#]],
    );
}

#[test]
fn from_a_step_repeats_what_follows_it_and_what_failed() {
    check(
        CHAIN,
        RetryFrom::Step(5),
        &expect![[r#"
        stands: build lint deploy
        starts: test other
    "#]],
    );
    check(
        CHAIN,
        RetryFrom::Step(1),
        &expect![[r#"
        stands: build other
        starts: lint
    "#]],
    );
    check(
        CHAIN,
        RetryFrom::Step(9),
        &expect![[r#"
        refused: the run has no step 9
    "#]],
    );
}

#[test]
fn the_members_of_a_won_group_stand() {
    check(
        "!group g wait_any
         a group g
         b group g
         after needs a,b
         ---
         a#1 ok
         b#1 stopped
         after#1 failed",
        RetryFrom::Failed,
        &expect![[r#"
            stands: a b
            starts: after
        "#]],
    );
}

#[test]
fn what_was_deselected_stays_deselected_unless_it_is_chosen() {
    let scenario = "!deselect b
         a
         b needs a
         c needs b
         ---
         a#1 failed
         c#1 ok";
    check(
        scenario,
        RetryFrom::Failed,
        &expect![[r#"
            stands: nothing
            starts: a
        "#]],
    );
    check(
        scenario,
        RetryFrom::Step(1),
        &expect![[r#"
            stands: nothing
            starts: a
        "#]],
    );
}

#[test]
fn a_run_that_ended_well_has_nothing_to_repeat_but_itself() {
    check(
        "a\n ---\n a#1 ok",
        RetryFrom::Failed,
        &expect![[r#"
        refused: no step of the run has failed; retry all of it, or from a step
    "#]],
    );
}

#[test]
fn a_run_that_has_not_ended_is_not_repeated() {
    check(
        "a",
        RetryFrom::All,
        &expect![[r#"
        refused: the run has not ended, it is running
    "#]],
    );
    assert_eq!(retry(&Run::new(), RetryFrom::All), Err(Refusal::NotCreated));
}

#[test]
fn a_run_in_which_everything_stands_ends_at_once() {
    let (world, _) = play("a\n b\n ---\n a#1 ok\n b#1 failed");
    let mut carried = retry(&world.run, RetryFrom::Failed).unwrap().carried;
    carried.push(crate::run::StepFinished { step: 1, ..carried[0].clone() });
    let plan = world.run.plan().clone();
    let mut again = World::new(RunCreated { carried, ..created(plan.steps) });
    again.send(&Input::Start).unwrap();
    assert!(again.run.is_ended());
}
