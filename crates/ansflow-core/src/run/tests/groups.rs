//! Parallel groups.

use expect_test::expect;

use super::scenario::check;

#[test]
fn wait_all_runs_every_member_to_its_end() {
    check(
        "!group g wait_all
         a group g
         b group g
         after needs a,b
         ---
         a#1 failed
         b#1 ok",
        &expect![[r#"
            start → a#1 · b#1
            a#1 failed → a failed (exit code 1)
            b#1 ok → b success · after skipped (step `a` failed) · run failed
        "#]],
    );
}

#[test]
fn wait_any_is_decided_by_the_first_success() {
    check(
        "!group g wait_any
         a group g
         b group g
         after needs a,b
         ---
         a#1 ok
         b#1 stopped
         after#1 ok",
        &expect![[r#"
            start → a#1 · b#1
            a#1 ok → a success · stop b#1 (group decided)
            b#1 stopped → b cancelled (`a` of group `g` has succeeded) · after#1
            after#1 ok → after success · run success
        "#]],
    );
}

#[test]
fn wait_any_forgives_failures_before_the_success() {
    check(
        "!group g wait_any
         a group g
         b group g
         after needs a,b
         alarm needs a,b when on_failure
         ---
         a#1 failed
         b#1 ok
         after#1 ok",
        &expect![[r#"
            start → a#1 · b#1
            a#1 failed → a failed (exit code 1)
            b#1 ok → b success · alarm skipped (nothing before it has failed) · after#1
            after#1 ok → after success · run success
        "#]],
    );
}

#[test]
fn wait_any_fails_when_all_have_failed() {
    check(
        "!group g wait_any
         a group g
         b group g
         after needs a,b
         ---
         b#1 failed
         a#1 failed",
        &expect![[r#"
            start → a#1 · b#1
            b#1 failed → b failed (exit code 1)
            a#1 failed → a failed (exit code 1) · after skipped (step `a` failed) · run failed
        "#]],
    );
}

#[test]
fn wait_any_calls_off_members_wherever_they_are() {
    check(
        "!concurrency 3
         !group g wait_any
         a group g
         asked group g approval ops
         again group g retry 2 delay 1m
         live group g
         late group g
         ---
         again#1 failed
         a#1 ok
         live#1 ok
         late#1 stopped",
        &expect![[r#"
            start → ask for asked · a#1 · again#1 · live#1
            again#1 failed → again again#2 at 1m · late#1
            a#1 ok → a success · asked skipped (`a` of group `g` has succeeded) · again cancelled (`a` of group `g` has succeeded) · stop live#1 (group decided) · stop late#1 (group decided)
            live#1 ok → live success
            late#1 stopped → late cancelled (`a` of group `g` has succeeded) · run success
        "#]],
    );
}

#[test]
fn a_success_that_comes_after_the_decision_is_a_success() {
    check(
        "!group g wait_any
         a group g
         b group g
         ---
         a#1 ok
         b#1 ok",
        &expect![[r#"
            start → a#1 · b#1
            a#1 ok → a success · stop b#1 (group decided)
            b#1 ok → b success · run success
        "#]],
    );
}

#[test]
fn wait_any_does_not_forgive_what_failed_before_the_group() {
    check(
        "!group g wait_any
         before
         a needs before group g
         b needs before group g when always
         after needs a,b
         ---
         before#1 failed
         b#1 ok",
        &expect![[r#"
            start → before#1
            before#1 failed → before failed (exit code 1) · a skipped (step `before` failed) · b#1
            b#1 ok → b success · after skipped (step `before` failed) · run failed
        "#]],
    );
}

#[test]
fn fail_fast_is_decided_by_the_first_failure() {
    check(
        "!concurrency 2
         !group g fail_fast
         a group g
         b group g
         c group g
         after needs a,b,c
         ---
         a#1 failed
         b#1 stopped",
        &expect![[r#"
            start → a#1 · b#1
            a#1 failed → a failed (exit code 1) · stop b#1 (group decided) · c cancelled (`a` of group `g` has failed)
            b#1 stopped → b cancelled (`a` of group `g` has failed) · after skipped (step `a` failed) · run failed
        "#]],
    );
}

#[test]
fn fail_fast_waits_for_the_last_try() {
    check(
        "!group g fail_fast
         a group g retry 2
         b group g
         ---
         a#1 failed
         a#2 failed
         b#1 stopped",
        &expect![[r#"
            start → a#1 · b#1
            a#1 failed → again a#2 at 0s · a#2
            a#2 failed → a failed (exit code 1) · stop b#1 (group decided)
            b#1 stopped → b cancelled (`a` of group `g` has failed) · run failed
        "#]],
    );
}

#[test]
fn fail_fast_overlooks_a_member_that_may_fail() {
    check(
        "!group g fail_fast
         a group g continue
         b group g
         ---
         a#1 failed
         b#1 ok",
        &expect![[r#"
            start → a#1 · b#1
            a#1 failed → a failed (exit code 1)
            b#1 ok → b success · run success
        "#]],
    );
}

#[test]
fn a_group_times_out_from_its_first_start() {
    check(
        "!concurrency 2
         !group g wait_all 10m
         first
         a needs first group g
         b needs first group g
         c needs first group g
         after needs a,b,c
         ---
         +5m
         first#1 ok
         +9m
         +1m
         a#1 stopped
         b#1 failed",
        &expect![[r#"
            start → first#1
            +5m
            first#1 ok → first success · a#1 · b#1
            +9m
            +1m → group g times out · stop a#1 (timed out) · stop b#1 (timed out) · c cancelled (group `g` took longer than 10m)
            a#1 stopped → a timed_out (group `g` took longer than 10m)
            b#1 failed → b timed_out (group `g` took longer than 10m) · after skipped (step `a` timed out) · run timed_out
        "#]],
    );
}

#[test]
fn a_group_that_has_ended_does_not_time_out() {
    check(
        "!group g wait_all 10m
         a group g
         after needs a
         ---
         a#1 ok
         +11m
         after#1 ok",
        &expect![[r#"
            start → a#1
            a#1 ok → a success · after#1
            +11m
            after#1 ok → after success · run success
        "#]],
    );
}

#[test]
fn a_member_asked_for_approval_does_not_outlive_its_group() {
    check(
        "!group g wait_all 10m
         a group g
         b group g approval ops
         ---
         a#1 ok
         +10m",
        &expect![[r#"
            start → ask for b · a#1
            a#1 ok → a success
            +10m → group g times out · b cancelled (group `g` took longer than 10m) · run timed_out
        "#]],
    );
}
