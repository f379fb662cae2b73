//! Tries, waits in between, and clocks.

use expect_test::expect;

use super::scenario::check;
use crate::plan::{Backoff, Retry};
use crate::run::attempt::wait_after;

#[test]
fn a_failed_attempt_is_tried_again_until_none_is_left() {
    check(
        "a retry 3
         ---
         a#1 failed
         a#2 failed
         a#3 failed",
        &expect![[r#"
            start → a#1
            a#1 failed → again a#2 at 0s · a#2
            a#2 failed → again a#3 at 0s · a#3
            a#3 failed → a failed (exit code 1) · run failed
        "#]],
    );
}

#[test]
fn a_step_that_succeeds_the_second_time_is_a_success() {
    check(
        "a retry 2 delay 5s
         b needs a
         ---
         a#1 failed
         +4s
         +1s
         a#2 ok
         b#1 ok",
        &expect![[r#"
            start → a#1
            a#1 failed → again a#2 at 5s
            +4s
            +1s → a#2
            a#2 ok → a success · b#1
            b#1 ok → b success · run success
        "#]],
    );
}

#[test]
fn a_lost_attempt_is_tried_again_only_if_the_plan_says_so() {
    check(
        "a retry 2
         b retry 2 on lost
         ---
         a#1 lost
         b#1 lost
         b#2 ok",
        &expect![[r#"
            start → a#1 · b#1
            a#1 lost → a failed (its process was killed)
            b#1 lost → again b#2 at 0s · b#2
            b#2 ok → b success · run failed
        "#]],
    );
}

#[test]
fn an_attempt_that_stopped_unasked_counts_as_lost() {
    check(
        "a retry 2
         b retry 2 on lost
         ---
         a#1 stopped
         b#1 stopped
         b#2 ok",
        &expect![[r#"
            start → a#1 · b#1
            a#1 stopped → a failed (it stopped, and nobody had asked it to)
            b#1 stopped → again b#2 at 0s · b#2
            b#2 ok → b success · run failed
        "#]],
    );
}

#[test]
fn only_the_named_outcomes_are_tried_again() {
    check(
        "a retry 2 on broken
         b retry 2 on broken
         ---
         a#1 failed
         b#1 broken
         b#2 ok",
        &expect![[r#"
            start → a#1 · b#1
            a#1 failed → a failed (exit code 1)
            b#1 broken → again b#2 at 0s · b#2
            b#2 ok → b success · run failed
        "#]],
    );
}

#[test]
fn a_slow_attempt_is_stopped_and_its_step_times_out() {
    check(
        "a timeout 5m
         b needs a
         ---
         +5m
         a#1 stopped",
        &expect![[r#"
            start → a#1 until 5m
            +5m → stop a#1 (timed out)
            a#1 stopped → a timed_out (it took longer than 5m) · b skipped (step `a` timed out) · run timed_out
        "#]],
    );
}

#[test]
fn a_slow_attempt_is_tried_again() {
    check(
        "a timeout 5m retry 2
         ---
         +5m
         a#1 stopped
         a#2 ok",
        &expect![[r#"
            start → a#1 until 5m
            +5m → stop a#1 (timed out)
            a#1 stopped → again a#2 at 5m · a#2 until 10m
            a#2 ok → a success · run success
        "#]],
    );
}

#[test]
fn a_success_after_the_time_out_comes_too_late() {
    check(
        "a timeout 5m
         ---
         +6m
         a#1 ok",
        &expect![[r#"
            start → a#1 until 5m
            +6m → stop a#1 (timed out)
            a#1 ok → a timed_out (it took longer than 5m) · run timed_out
        "#]],
    );
}

#[test]
fn an_attempt_may_say_itself_that_it_took_too_long() {
    check(
        "a
         ---
         a#1 timed_out",
        &expect![[r#"
            start → a#1
            a#1 timed_out → a timed_out (it took too long) · run timed_out
        "#]],
    );
}

#[test]
fn what_was_started_before_gets_the_next_slot() {
    check(
        "!concurrency 1
         b
         a retry 2 delay 1s
         c
         ---
         b#1 ok
         a#1 failed
         +1s
         c#1 ok
         a#2 ok",
        &expect![[r#"
            start → b#1
            b#1 ok → b success · a#1
            a#1 failed → again a#2 at 1s · c#1
            +1s
            c#1 ok → c success · a#2
            a#2 ok → a success · run success
        "#]],
    );
}

#[test]
fn waits_grow_as_the_plan_says_and_never_overflow() {
    let waits = |backoff, delay_ms, max_delay_ms| {
        let retry = Retry { attempts: 99, delay_ms, backoff, max_delay_ms, on: Retry::default_on() };
        [1, 2, 3, 4, u32::MAX].map(|attempts| wait_after(&retry, attempts))
    };
    assert_eq!(waits(Backoff::Fixed, 5, None), [5, 5, 5, 5, 5]);
    assert_eq!(waits(Backoff::Linear, 5, Some(18)), [5, 10, 15, 18, 18]);
    assert_eq!(waits(Backoff::Exponential, 5, Some(30)), [5, 10, 20, 30, 30]);
    assert_eq!(waits(Backoff::Exponential, 1, None), [1, 2, 4, 8, u64::MAX]);
    assert_eq!(waits(Backoff::Linear, u64::MAX, None), [u64::MAX; 5]);
}

#[test]
fn a_wait_beyond_the_end_of_time_ends_there() {
    check(
        "a timeout 99999999999h retry 2 delay 99999999999h
         ---
         a#1 failed
         cancel mona",
        &expect![[r#"
            start → a#1 until 2912441d22h999ms
            a#1 failed → again a#2 at 2912441d22h999ms
            cancel mona → a cancelled (cancelled by mona) · run cancelled
        "#]],
    );
}
