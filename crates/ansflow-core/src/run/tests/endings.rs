//! How a run ends.

use expect_test::expect;

use super::scenario::check;

#[test]
fn cancelling_stops_what_executes_and_drops_the_rest() {
    check(
        "a
         b needs a
         c needs b when always
         ask approval ops
         again retry 2 delay 1m
         ---
         again#1 failed
         cancel mona
         cancel zoe
         a#1 stopped",
        &expect![[r#"
            start → ask for ask · a#1 · again#1
            again#1 failed → again again#2 at 1m
            cancel mona → stop a#1 (cancelled) · b cancelled (cancelled by mona) · c cancelled (cancelled by mona) · ask cancelled (cancelled by mona) · again cancelled (cancelled by mona)
            cancel zoe → refused: cancelling was requested by mona already, and the last attempts are ending
            a#1 stopped → a cancelled (cancelled by mona) · run cancelled
        "#]],
    );
}

#[test]
fn a_cancelled_attempt_may_end_in_any_way() {
    check(
        "a
         b
         c retry 2
         ---
         cancel mona
         a#1 failed
         b#1 lost
         c#1 timed_out",
        &expect![[r#"
            start → a#1 · b#1 · c#1
            cancel mona → stop a#1 (cancelled) · stop b#1 (cancelled) · stop c#1 (cancelled)
            a#1 failed → a cancelled (cancelled by mona)
            b#1 lost → b cancelled (cancelled by mona)
            c#1 timed_out → c cancelled (cancelled by mona) · run cancelled
        "#]],
    );
}

#[test]
fn a_cancel_that_cut_nothing_off_leaves_a_success() {
    check(
        "a
         ---
         cancel mona
         a#1 ok",
        &expect![[r#"
            start → a#1
            cancel mona → stop a#1 (cancelled)
            a#1 ok → a success · run success
        "#]],
    );
}

#[test]
fn a_cancelled_run_does_not_start_what_its_last_success_would_allow() {
    check(
        "a
         b needs a
         ---
         cancel mona
         a#1 ok",
        &expect![[r#"
            start → a#1
            cancel mona → stop a#1 (cancelled) · b cancelled (cancelled by mona)
            a#1 ok → a success · run cancelled
        "#]],
    );
}

#[test]
fn a_step_that_would_be_tried_again_is_cancelled() {
    check(
        "a timeout 1m retry 2
         ---
         +1m
         cancel mona
         a#1 stopped",
        &expect![[r#"
            start → a#1 until 1m
            +1m → stop a#1 (timed out)
            cancel mona
            a#1 stopped → a cancelled (cancelled by mona) · run cancelled
        "#]],
    );
}

#[test]
fn a_run_that_takes_too_long_times_out() {
    check(
        "!timeout 30m
         a
         b needs a
         ask approval ops
         ---
         +30m
         cancel mona
         a#1 ok",
        &expect![[r#"
            start → ask for ask · a#1
            +30m → run times out · stop a#1 (timed out) · b cancelled (the run took longer than 30m) · ask cancelled (the run took longer than 30m)
            cancel mona → refused: the run has timed out already, and the last attempts are ending
            a#1 ok → a timed_out (the run took longer than 30m) · run timed_out
        "#]],
    );
}

#[test]
fn a_run_that_waits_for_people_times_out_as_well() {
    check(
        "!timeout 30m\n ask approval ops within 1h\n ---\n +31m",
        &expect![[r#"
        start → ask for ask until 1h
        +31m → run times out · ask cancelled (the run took longer than 30m) · run timed_out
    "#]],
    );
}

#[test]
fn a_run_whose_first_failure_is_a_time_out_timed_out() {
    check(
        "a timeout 1m
         b
         ---
         +1m
         a#1 stopped
         b#1 failed",
        &expect![[r#"
            start → a#1 until 1m · b#1
            +1m → stop a#1 (timed out)
            a#1 stopped → a timed_out (it took longer than 1m)
            b#1 failed → b failed (exit code 1) · run timed_out
        "#]],
    );
}

#[test]
fn a_run_whose_first_failure_is_a_failure_failed() {
    check(
        "a timeout 1m
         b
         ---
         b#1 failed
         +1m
         a#1 stopped",
        &expect![[r#"
            start → a#1 until 1m · b#1
            b#1 failed → b failed (exit code 1)
            +1m → stop a#1 (timed out)
            a#1 stopped → a timed_out (it took longer than 1m) · run failed
        "#]],
    );
}

#[test]
fn a_run_with_a_failure_that_may_happen_ends_well() {
    check(
        "a continue
         ---
         a#1 failed",
        &expect![[r#"
            start → a#1
            a#1 failed → a failed (exit code 1) · run success
        "#]],
    );
}

#[test]
fn a_run_with_steps_that_ran_in_spite_of_a_failure_has_failed() {
    check(
        "a
         b needs a when on_failure
         ---
         a#1 failed
         b#1 ok",
        &expect![[r#"
            start → a#1
            a#1 failed → a failed (exit code 1) · b#1
            b#1 ok → b success · run failed
        "#]],
    );
}
