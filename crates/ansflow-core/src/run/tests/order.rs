//! What starts when.

use expect_test::expect;

use super::scenario::check;

#[test]
fn a_step_starts_when_what_it_needs_has_ended() {
    check(
        "build
         test needs build
         ---
         build#1 ok
         test#1 ok",
        &expect![[r#"
            start → build#1
            build#1 ok → build success · test#1
            test#1 ok → test success · run success
        "#]],
    );
}

#[test]
fn steps_without_needs_start_together_in_plan_order() {
    check(
        "c
         a
         b
         ---
         a#1 ok",
        &expect![[r#"
            start → c#1 · a#1 · b#1
            a#1 ok → a success
        "#]],
    );
}

#[test]
fn a_step_waits_for_all_of_its_needs() {
    check(
        "a
         b
         both needs a,b
         ---
         b#1 ok
         a#1 ok
         both#1 ok",
        &expect![[r#"
            start → a#1 · b#1
            b#1 ok → b success
            a#1 ok → a success · both#1
            both#1 ok → both success · run success
        "#]],
    );
}

#[test]
fn needs_may_point_forwards() {
    check(
        "deploy needs build
         build
         ---
         build#1 ok
         deploy#1 ok",
        &expect![[r#"
            start → build#1
            build#1 ok → build success · deploy#1
            deploy#1 ok → deploy success · run success
        "#]],
    );
}

#[test]
fn no_more_attempts_execute_than_there_are_slots() {
    check(
        "!concurrency 2
         a
         b
         c
         d
         ---
         b#1 ok
         a#1 ok
         c#1 ok
         d#1 ok",
        &expect![[r#"
            start → a#1 · b#1
            b#1 ok → b success · c#1
            a#1 ok → a success · d#1
            c#1 ok → c success
            d#1 ok → d success · run success
        "#]],
    );
}

#[test]
fn an_attempt_that_is_stopping_keeps_its_slot() {
    check(
        "!concurrency 1
         slow timeout 1m
         next
         ---
         +1m
         slow#1 stopped
         next#1 ok",
        &expect![[r#"
            start → slow#1 until 1m
            +1m → stop slow#1 (timed out)
            slow#1 stopped → slow timed_out (it took longer than 1m) · next#1
            next#1 ok → next success · run timed_out
        "#]],
    );
}

#[test]
fn a_plan_without_steps_ends_well_at_once() {
    check(
        "",
        &expect![[r#"
        start → run success
    "#]],
    );
}

#[test]
fn nothing_follows_the_end() {
    check(
        "a
         ---
         a#1 ok
         a#1 ok
         cancel mona
         start
         tick",
        &expect![[r#"
            start → a#1
            a#1 ok → a success · run success
            a#1 ok → refused: the run has ended already: success
            cancel mona → refused: the run has ended already: success
            start → refused: the run has ended already: success
            tick
        "#]],
    );
}

#[test]
fn a_report_is_taken_only_from_a_live_attempt() {
    check(
        "a
         b needs a
         ---
         start
         b#1 ok
         a#2 ok
         a#1 ok
         a#1 ok",
        &expect![[r#"
            start → a#1
            start → refused: the run has started already
            b#1 ok → refused: attempt 1 of step `b` is not live
            a#2 ok → refused: attempt 2 of step `a` is not live
            a#1 ok → a success · b#1
            a#1 ok → refused: attempt 1 of step `a` is not live
        "#]],
    );
}

#[test]
fn a_deselected_step_is_skipped_in_its_turn_and_passes_on_well() {
    check(
        "!deselect test
         build
         test needs build
         deploy needs test
         ---
         build#1 ok
         deploy#1 ok",
        &expect![[r#"
            start → build#1
            build#1 ok → build success · test skipped (not selected) · deploy#1
            deploy#1 ok → deploy success · run success
        "#]],
    );
}

#[test]
fn a_deselected_step_hides_a_failure_before_it() {
    check(
        "!deselect test
         build
         test needs build
         deploy needs test
         ---
         build#1 failed
         deploy#1 ok",
        &expect![[r#"
            start → build#1
            build#1 failed → build failed (exit code 1) · test skipped (not selected) · deploy#1
            deploy#1 ok → deploy success · run failed
        "#]],
    );
}

#[test]
fn results_of_an_earlier_run_count_from_the_start() {
    check(
        "!carry build image=shop:7
         build
         test needs build if steps.build.outputs.image == \"shop:7\"
         ---
         test#1 ok",
        &expect![[r#"
            start → test#1
            test#1 ok → test success · run success
        "#]],
    );
}
