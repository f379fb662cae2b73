//! Failure and success on their way through the needs, and why a step is skipped.

use expect_test::expect;

use super::scenario::check;

#[test]
fn what_follows_a_failure_is_skipped_and_names_the_root_cause() {
    check(
        "build
         test needs build
         deploy needs test
         ---
         build#1 failed",
        &expect![[r#"
            start → build#1
            build#1 failed → build failed (exit code 1) · test skipped (step `build` failed) · deploy skipped (step `build` failed) · run failed
        "#]],
    );
}

#[test]
fn the_root_cause_persists_through_steps_that_run_in_spite_of_it() {
    check(
        "a
         b needs a when always
         c needs b
         ---
         a#1 failed
         b#1 ok",
        &expect![[r#"
            start → a#1
            a#1 failed → a failed (exit code 1) · b#1
            b#1 ok → b success · c skipped (step `a` failed) · run failed
        "#]],
    );
}

#[test]
fn a_failing_handler_does_not_become_the_root_cause() {
    check(
        "a
         b needs a when on_failure
         c needs b
         ---
         a#1 failed
         b#1 failed",
        &expect![[r#"
            start → a#1
            a#1 failed → a failed (exit code 1) · b#1
            b#1 failed → b failed (exit code 1) · c skipped (step `a` failed) · run failed
        "#]],
    );
}

#[test]
fn on_failure_is_skipped_where_nothing_has_failed() {
    check(
        "a
         alarm needs a when on_failure
         b needs alarm
         ---
         a#1 ok
         b#1 ok",
        &expect![[r#"
            start → a#1
            a#1 ok → a success · alarm skipped (nothing before it has failed) · b#1
            b#1 ok → b success · run success
        "#]],
    );
}

#[test]
fn on_failure_feels_a_failure_through_steps_that_were_skipped() {
    check(
        "a
         b needs a
         alarm needs b when on_failure
         ---
         a#1 failed
         alarm#1 ok",
        &expect![[r#"
            start → a#1
            a#1 failed → a failed (exit code 1) · b skipped (step `a` failed) · alarm#1
            alarm#1 ok → alarm success · run failed
        "#]],
    );
}

#[test]
fn a_failure_that_may_happen_is_felt_by_nobody() {
    check(
        "lint continue
         build needs lint
         alarm needs lint when on_failure
         ---
         lint#1 failed
         build#1 ok",
        &expect![[r#"
            start → lint#1
            lint#1 failed → lint failed (exit code 1) · alarm skipped (nothing before it has failed) · build#1
            build#1 ok → build success · run success
        "#]],
    );
}

#[test]
fn a_step_that_may_fail_passes_on_what_came_before_it() {
    check(
        "a
         b needs a when always continue
         c needs b
         ---
         a#1 failed
         b#1 failed",
        &expect![[r#"
            start → a#1
            a#1 failed → a failed (exit code 1) · b#1
            b#1 failed → b failed (exit code 1) · c skipped (step `a` failed) · run failed
        "#]],
    );
}

#[test]
fn a_step_skipped_by_its_own_condition_passes_on_what_came_in() {
    check(
        "!branch dev
         build
         deploy needs build when branch:main
         report needs deploy
         ---
         build#1 ok
         report#1 ok",
        &expect![[r#"
            start → build#1
            build#1 ok → build success · deploy skipped (branch is `dev`, not `main`) · report#1
            report#1 ok → report success · run success
        "#]],
    );
}

#[test]
fn success_is_asked_for_beside_other_conditions() {
    check(
        "!branch main
         build
         deploy needs build when branch:main
         ---
         build#1 failed",
        &expect![[r#"
            start → build#1
            build#1 failed → build failed (exit code 1) · deploy skipped (step `build` failed) · run failed
        "#]],
    );
}

#[test]
fn all_conditions_must_hold() {
    check(
        "!branch main
         !var environment test
         a when branch:main when env:prod
         b when branch:main when env:test
         c when on_success when always
         ---
         b#1 ok
         c#1 ok",
        &expect![[r#"
            start → a skipped (environment is `test`, not `prod`) · b#1 · c#1
            b#1 ok → b success
            c#1 ok → c success · run success
        "#]],
    );
}

#[test]
fn always_with_a_branch_still_asks_for_the_branch() {
    check(
        "!branch dev
         a
         b needs a when always when branch:main
         ---
         a#1 failed",
        &expect![[r#"
            start → a#1
            a#1 failed → a failed (exit code 1) · b skipped (branch is `dev`, not `main`) · run failed
        "#]],
    );
}

#[test]
fn a_branch_glob_crosses_slashes() {
    check(
        "!branch release/1/x
         a when matches:release/*
         b when matches:main
         ---
         a#1 ok",
        &expect![[r#"
            start → b skipped (branch `release/1/x` does not match `main`) · a#1
            a#1 ok → a success · run success
        "#]],
    );
}

#[test]
fn a_broken_glob_fails_the_step() {
    check(
        "!branch main\n a when matches:[",
        &expect![[r#"
        start → a failed (condition `[` is no glob: unclosed character class; missing ']') · run failed
    "#]],
    );
}

#[test]
fn outside_a_git_checkout_a_condition_on_the_branch_is_false() {
    check(
        "a when branch:main
         b if git_branch == \"main\"
         c when env:prod",
        &expect![[r#"
            start → a skipped (git_branch has no value) · b skipped (condition `git_branch == "main"` is false: git_branch has no value) · c skipped (environment has no value) · run success
        "#]],
    );
}

#[test]
fn an_expression_that_is_false_skips() {
    check(
        "!var x 1
         a if x == \"2\"
         b if x == \"1\"
         ---
         b#1 ok",
        &expect![[r#"
            start → a skipped (condition `x == "2"` is false) · b#1
            b#1 ok → b success · run success
        "#]],
    );
}

#[test]
fn only_a_value_that_was_asked_for_is_missed() {
    check(
        "!var x 1
         a if x == \"2\" and git_branch == \"main\"
         b if default(git_branch, \"dev\") == \"main\"
         c if git_branch != \"main\"",
        &expect![[r#"
            start → a skipped (condition `x == "2" and git_branch == "main"` is false) · b skipped (condition `default(git_branch, "dev") == "main"` is false) · c skipped (condition `git_branch != "main"` is false: git_branch has no value) · run success
        "#]],
    );
}

#[test]
fn an_expression_that_means_nothing_fails_the_step() {
    check(
        "!var x 1
         a if x < 2
         b needs a
         c if nobody == 1",
        &expect![[r#"
            start → a failed (condition `x < 2`: `<` cannot compare a text with a number; a number in quotes is a text; write it without quotes where it is defined) · b skipped (step `a` failed) · c failed (condition `nobody == 1`: there is no variable `nobody`) · run failed
        "#]],
    );
}

#[test]
fn an_expression_reads_results_of_earlier_steps() {
    check(
        "a
         b needs a when always if steps.a.status == \"failed\" and steps.a.exit_code == 1
         c needs b when always if steps.b.exit_code == 0
         ---
         a#1 failed
         b#1 ok
         c#1 ok",
        &expect![[r#"
            start → a#1
            a#1 failed → a failed (exit code 1) · b#1
            b#1 ok → b success · c#1
            c#1 ok → c success · run failed
        "#]],
    );
}

#[test]
fn the_branch_of_a_checkout_step_wins_over_the_workspace() {
    check(
        "!branch dev
         fetch kind git
         a needs fetch
         b needs a when branch:main
         ---
         fetch#1 ok branch=main commit=abc
         a#1 ok
         b#1 ok",
        &expect![[r#"
            start → fetch#1
            fetch#1 ok branch=main commit=abc → fetch success · a#1
            a#1 ok → a success · b#1
            b#1 ok → b success · run success
        "#]],
    );
}

#[test]
fn a_masked_output_in_a_condition_fails_the_step() {
    check(
        "a
         b needs a if steps.a.outputs.token == \"x\"
         ---
         a#1 ok token=***",
        &expect![[r#"
            start → a#1
            a#1 ok token=*** → a success · b failed (condition `steps.a.outputs.token == "x"`: the output held a secret and was masked; use {{ secrets.NAME }} in this step instead) · run failed
        "#]],
    );
}
