//! What names mean to a step.

use expect_test::{Expect, expect};

use super::scenario::play;
use crate::expr::Lookup;

/// Plays a scenario, then asks what each name means to the last step.
fn check(scenario: &str, names: &str, expect: &Expect) {
    let (world, _) = play(scenario);
    let last = world.run.plan().steps.len() - 1;
    let mut told = String::new();
    for name in names.split(' ') {
        let path: Vec<String> = name.split('.').map(str::to_owned).collect();
        let answer = match world.run.lookup(last, &path) {
            Lookup::Value(value) => value.to_string(),
            Lookup::Absent(why) => format!("absent: {why}"),
            Lookup::Unknown(why) => format!("unknown: {why}"),
            Lookup::Masked(advice) => format!("masked: {advice}"),
        };
        told.push_str(&format!("{name} = {answer}\n"));
    }
    expect.assert_eq(&told);
}

/// Plays a scenario, then tells in which directory each step starts.
fn check_directories(scenario: &str, expect: &Expect) {
    let (world, _) = play(scenario);
    let steps = world.run.plan().steps.iter().enumerate();
    expect.assert_eq(
        &steps.map(|(i, step)| format!("{}: {:?}\n", step.name, world.run.directory(i))).collect::<String>(),
    );
}

#[test]
fn the_run_and_its_variables_have_names() {
    check(
        "!var image shop
         !var git_commit given
         !branch main
         a",
        "image image.x nobody build_number pipeline.name pipeline.build_number pipeline.x run.id run.trigger run.by run git_branch git_commit working_directory docker_image",
        &expect![[r#"
            image = "shop"
            image.x = absent: `image` has no `x`
            nobody = unknown: there is no variable `nobody`
            build_number = 7
            pipeline.name = "shop"
            pipeline.build_number = 7
            pipeline.x = unknown: `pipeline` has name and build_number, not `x`
            run.id = "run_1"
            run.trigger = "manual"
            run.by = "mona"
            run = unknown: `run` is no value by itself
            git_branch = "main"
            git_commit = "given"
            working_directory = "/src/shop"
            docker_image = absent: no step before this one has built an image
        "#]],
    );
}

#[test]
fn results_of_followed_steps_have_names() {
    check(
        "a
         b needs a
         c needs b
         ---
         a#1 ok k=v other=w token=***
         b#1 ok",
        "steps.a.status steps.a.exit_code steps.a.outputs.k steps.a.outputs.missing steps.a.outputs.token steps.b.outputs.k steps.a.x steps.a steps.nobody.status",
        &expect![[r#"
            steps.a.status = "success"
            steps.a.exit_code = 0
            steps.a.outputs.k = "v"
            steps.a.outputs.missing = absent: step `a` has no output `missing`, but k, other, token
            steps.a.outputs.token = masked: the output held a secret and was masked; use {{ secrets.NAME }} in this step instead
            steps.b.outputs.k = absent: step `b` has no outputs, so no `k`
            steps.a.x = unknown: `steps.a` has status, exit_code and outputs.KEY
            steps.a = unknown: `steps.a` has status, exit_code and outputs.KEY
            steps.nobody.status = unknown: there is no step `nobody`
        "#]],
    );
}

#[test]
fn results_of_other_steps_are_unknown() {
    check(
        "a
         b
         ---
         a#1 ok k=v",
        "steps.a.outputs.k steps.b.status",
        &expect![[r#"
            steps.a.outputs.k = unknown: step `b` does not follow step `a`, so its results may not be there yet
            add `a` to the needs of `b`
            steps.b.status = unknown: step `b` has no results while it is not over
        "#]],
    );
}

#[test]
fn a_failed_or_skipped_step_has_no_outputs() {
    check(
        "a
         b needs a
         c needs b when always
         ---
         a#1 failed",
        "steps.a.status steps.a.exit_code steps.a.outputs.k steps.b.status steps.b.exit_code steps.b.outputs.k",
        &expect![[r#"
            steps.a.status = "failed"
            steps.a.exit_code = 1
            steps.a.outputs.k = absent: step `a` is failed, so it has no output `k`
            steps.b.status = "skipped"
            steps.b.exit_code = absent: step `b` has no exit code
            steps.b.outputs.k = absent: step `b` is skipped, so it has no output `k`
        "#]],
    );
}

#[test]
fn the_nearest_image_and_checkout_win() {
    check(
        "!branch dev
         one
         two needs one
         three needs two
         last needs one,three
         ---
         one#1 ok docker_image=shop:1 branch=a commit=1
         two#1 ok docker_image=shop:2 commit=2
         three#1 ok",
        "docker_image git_branch git_commit",
        &expect![[r#"
            docker_image = "shop:2"
            git_branch = "a"
            git_commit = "2"
        "#]],
    );
}

#[test]
fn a_step_starts_where_the_one_before_it_ended() {
    check_directories(
        "a
         b needs a
         c needs b
         d needs c
         ---
         a#1 ok cd=sub
         b#1 ok
         c#1 ok cd=",
        &expect![[r#"
            a: ""
            b: "sub"
            c: "sub"
            d: ""
        "#]],
    );
}

#[test]
fn a_parallel_step_changes_the_directory_for_nobody() {
    check_directories(
        "!group g wait_all
         first
         a needs first group g
         b needs first group g
         after needs a,b
         ---
         first#1 ok cd=sub
         a#1 ok cd=sub/a
         b#1 ok",
        &expect![[r#"
            first: ""
            a: "sub"
            b: "sub"
            after: "sub"
        "#]],
    );
}

#[test]
fn steps_that_disagree_lead_back_to_the_workspace() {
    check_directories(
        "a
         b
         c
         agreed needs a,b
         torn needs a,c
         ---
         a#1 ok cd=sub
         b#1 ok cd=sub
         c#1 ok",
        &expect![[r#"
            a: ""
            b: ""
            c: ""
            agreed: "sub"
            torn: ""
        "#]],
    );
}

#[test]
fn a_step_that_did_not_succeed_passes_on_the_directory_it_got() {
    check_directories(
        "!branch dev
         a
         skipped needs a when branch:main
         failed needs skipped continue
         last needs failed
         ---
         a#1 ok cd=sub
         failed#1 failed",
        &expect![[r#"
            a: ""
            skipped: "sub"
            failed: "sub"
            last: "sub"
        "#]],
    );
}

#[test]
fn the_working_directory_is_absolute() {
    check(
        "a
         b needs a
         ---
         a#1 ok cd=sub/deep",
        "working_directory",
        &expect![[r#"
            working_directory = "/src/shop/sub/deep"
        "#]],
    );
}
