//! People who are asked.

use expect_test::expect;

use super::scenario::check;

#[test]
fn a_step_starts_when_it_is_approved() {
    check(
        "deploy approval ops
         ---
         approve deploy ops
         deploy#1 ok",
        &expect![[r#"
            start → ask for deploy
            approve deploy ops → deploy#1
            deploy#1 ok → deploy success · run success
        "#]],
    );
}

#[test]
fn only_approvers_may_approve() {
    check(
        "deploy approval ops,dora
         ---
         approve deploy mona
         approve deploy dora",
        &expect![[r#"
            start → ask for deploy
            approve deploy mona → refused: `mona` is not an approver of step `deploy`, who are: ops, dora
            approve deploy dora → deploy#1
        "#]],
    );
}

#[test]
fn where_no_approvers_are_named_anybody_may() {
    check(
        "deploy approval anybody
         ---
         approve deploy zoe",
        &expect![[r#"
            start → ask for deploy
            approve deploy zoe → deploy#1
        "#]],
    );
}

#[test]
fn the_same_person_counts_once() {
    check(
        "deploy approval anybody twice
         ---
         approve deploy ann
         approve deploy ann
         approve deploy bob
         approve deploy eve",
        &expect![[r#"
            start → ask for deploy
            approve deploy ann
            approve deploy ann → refused: `ann` has approved step `deploy` already
            approve deploy bob → deploy#1
            approve deploy eve → refused: step `deploy` is not waiting for an approval, it is running
        "#]],
    );
}

#[test]
fn at_the_machine_approvers_are_not_checked_and_one_yes_is_enough() {
    check(
        "a approval ops twice
         b approval ops twice
         ---
         approve a mona yes
         approve b mona terminal",
        &expect![[r#"
            start → ask for a · ask for b
            approve a mona yes → a#1
            approve b mona terminal → b#1
        "#]],
    );
}

#[test]
fn a_rejected_step_fails_with_what_was_said() {
    check(
        "deploy approval ops
         smoke needs deploy
         ---
         reject deploy ops not on a Friday",
        &expect![[r#"
            start → ask for deploy
            reject deploy ops not on a Friday → deploy failed (rejected by ops: not on a Friday) · smoke skipped (step `deploy` failed) · run failed
        "#]],
    );
}

#[test]
fn only_an_approver_or_who_started_the_run_may_reject() {
    check(
        "a approval ops
         b approval ops
         ---
         reject a zoe
         reject a mona
         reject b ops",
        &expect![[r#"
            start → ask for a · ask for b
            reject a zoe → refused: `zoe` is not an approver of step `a`, who are: ops
            reject a mona → a failed (rejected by mona)
            reject b ops → b failed (rejected by ops) · run failed
        "#]],
    );
}

#[test]
fn without_an_answer_the_step_times_out() {
    check(
        "deploy approval ops within 1h
         smoke needs deploy
         ---
         +59m
         +1m",
        &expect![[r#"
            start → ask for deploy until 1h
            +59m
            +1m → deploy timed_out (not approved within 1h) · smoke skipped (step `deploy` timed out) · run timed_out
        "#]],
    );
}

#[test]
fn an_answer_in_time_stops_the_clock() {
    check(
        "deploy approval ops within 1h
         ---
         +59m
         approve deploy ops
         +1h
         deploy#1 ok",
        &expect![[r#"
            start → ask for deploy until 1h
            +59m
            approve deploy ops → deploy#1
            +1h
            deploy#1 ok → deploy success · run success
        "#]],
    );
}

#[test]
fn an_approval_step_ends_when_it_is_approved() {
    check(
        "gate kind approval approval ops
         deploy needs gate
         ---
         approve gate ops
         deploy#1 ok",
        &expect![[r#"
            start → ask for gate
            approve gate ops → gate success · deploy#1
            deploy#1 ok → deploy success · run success
        "#]],
    );
}

#[test]
fn waiting_for_people_takes_no_slot() {
    check(
        "!concurrency 1
         a approval ops
         b
         c
         ---
         approve a ops
         b#1 ok
         a#1 ok
         c#1 ok",
        &expect![[r#"
            start → ask for a · b#1
            approve a ops
            b#1 ok → b success · a#1
            a#1 ok → a success · c#1
            c#1 ok → c success · run success
        "#]],
    );
}

#[test]
fn nobody_is_asked_about_a_step_that_is_skipped() {
    check(
        "!branch dev
         deploy when branch:main approval ops
         ---",
        &expect![[r#"
            start → deploy skipped (branch is `dev`, not `main`) · run success
        "#]],
    );
}

#[test]
fn people_are_asked_once_whatever_the_number_of_attempts() {
    check(
        "deploy approval ops retry 2
         ---
         approve deploy ops
         deploy#1 failed
         deploy#2 ok",
        &expect![[r#"
            start → ask for deploy
            approve deploy ops → deploy#1
            deploy#1 failed → again deploy#2 at 0s · deploy#2
            deploy#2 ok → deploy success · run success
        "#]],
    );
}

#[test]
fn an_answer_is_refused_where_nobody_asked() {
    check(
        "a
         deploy needs a approval ops
         ---
         approve deploy ops
         reject a ops",
        &expect![[r#"
            start → a#1
            approve deploy ops → refused: step `deploy` is not waiting for an approval, it is pending
            reject a ops → refused: step `a` is not waiting for an approval, it is running
        "#]],
    );
}
