//! Shell texts and script files: what they are given, and what travels on.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use ansflow_core::run::event::Report;
use ansflow_core::spec::{Dialect, ScriptFile, Shell, StepSpec};

use crate::world::{World, shell};

/// The report of a shell text, without its gains.
fn check(text: &str, expected: &str) {
    let world = World::new();
    let report = world.run(&world.sh(text)).report;
    let found = match report {
        Report::Succeeded(gains) => format!("in {:?}, {:?}", gains.directory, gains.outputs),
        Report::Failed { exit_code, message } => format!("{exit_code:?}: {message}"),
        other => format!("{other:?}"),
    };
    assert_eq!(found, expected, "{text}");
}

#[test]
fn the_exit_code_is_the_scripts_own() {
    check("exit 3", "Some(3): ended with exit code 3");
    check("false; true", "Some(1): ended with exit code 1");
    check("cd /; rmdir /nowhere; true", "Some(1): ended with exit code 1");
    check("mkdir gone; cd gone; rmdir ../gone; true", "in None, {}");
    check("kill -9 $$", "Some(137): was killed by SIGKILL");
    check("nonsense-command", "Some(127): ended with exit code 127");
    check("if", "Some(2): ended with exit code 2");
}

#[test]
fn the_directory_travels_inside_the_workspace_only() {
    check("true", "in None, {}");
    check("mkdir a; cd a; cd ..; cd a/..", "in None, {}");
    check("mkdir -p a/b; cd a/b", r#"in Some("a/b"), {}"#);
    check("mkdir a; ln -s a l; cd l", r#"in Some("a"), {}"#);
    check("cd /tmp", "in None, {}");
    check("ln -s / up; cd up", "in None, {}");
    check("trap 'echo mine' EXIT; mkdir a; cd a", "in None, {}");
}

#[test]
fn a_folder_that_was_taken_away_is_not_the_scripts_trouble() {
    let world = World::new();
    world.gains(&world.sh(r#"ln -s /nowhere/at/all "${ANSFLOW_OUTPUT%/*}/cwd"; echo hi"#));
    assert_eq!(world.log(), "hi\n");
}

#[test]
fn outputs_travel_when_the_step_succeeds() {
    check("echo a=1 >>$ANSFLOW_OUTPUT", r#"in None, {"a": String("1")}"#);
    check("echo a=1 >>$ANSFLOW_OUTPUT; exit 4", "Some(4): ended with exit code 4");
    check(
        "head -c 1048577 /dev/zero >$ANSFLOW_OUTPUT",
        "None: $ANSFLOW_OUTPUT holds more than 1 MiB: keep large results as `artifacts`",
    );
}

#[test]
fn line_numbers_are_the_scripts_own() {
    let world = World::new();
    world.run(&world.order(StepSpec::Shell(Shell {
        dialect: Dialect::Bash,
        text: "true\necho $LINENO\nfalse | true".into(),
        values: Vec::new(),
    })));
    assert_eq!(world.log(), "2\n");
    assert!(matches!(world.folder.ending().unwrap().unwrap().report, Report::Failed { exit_code: Some(1), .. }));
}

#[test]
fn a_text_that_no_argument_holds_is_run_all_the_same() {
    let world = World::new();
    world.gains(&world.sh(&format!("{}\necho end", "# a line of forty letters, or nearly so\n".repeat(10_000))));
    assert_eq!(world.log(), "end\n");
}

#[test]
fn processes_know_where_they_are_and_nothing_of_the_engine() {
    let world = World::new();
    let mut order = world.sh("env | grep -a -E '^(CI|ANSFLOW|GREETING|VALUE)' | grep -v -e MARK -e WORKSPACE -e OUTPUT | sort; read x || echo empty");
    order.env = vec![("GREETING".into(), "hello".into()), ("ANSFLOW_RUN_ID".into(), "another".into())];
    let StepSpec::Shell(shell) = &mut order.spec else { unreachable!() };
    shell.values = vec![("VALUE".into(), r#"zzz";echo${IFS}pwned;#"#.into())];
    world.gains(&order);
    let expected = "ANSFLOW=true\nANSFLOW_BUILD_NUMBER=7\nANSFLOW_PIPELINE=shop\nANSFLOW_RUN_ID=run_1\n\
        ANSFLOW_STEP=unit tests\nCI=true\nCI_COMMIT_BRANCH=main\nGREETING=hello\nVALUE=zzz\";echo${IFS}pwned;#\nempty\n";
    assert_eq!(world.log(), expected);
}

#[test]
fn a_working_directory_that_is_not_there_is_named() {
    let world = World::new();
    let mut order = world.order(shell("true"));
    order.directory.push_str("/nowhere");
    let Report::Failed { message, .. } = world.run(&order).report else { panic!() };
    assert!(message.ends_with("/nowhere` cannot be entered: No such file or directory (os error 2)"), "{message}");
}

#[test]
fn a_script_file_says_itself_who_reads_it() {
    let check = |text: &str, mode: u32, expected: &str| {
        let world = World::new();
        let path = world.write("tools/it", text);
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        let script = ScriptFile { path: "tools/it".into(), args: vec!["a b".into(), "$(id)".into()] };
        let found = match world.run(&world.order(StepSpec::ScriptFile(script))).report {
            Report::Succeeded(_) => world.log(),
            Report::Failed { message, .. } => message,
            other => format!("{other:?}"),
        };
        assert!(found.contains(expected), "{found}");
    };
    check("#!/bin/sh\necho \"$1|$2\"", 0o755, "a b|$(id)\n");
    check("#! /bin/sh -e\nfalse; echo not here", 0o644, "ended with exit code 1");
    check("echo hi", 0o644, "is not executable and has no `#!` line");
    check("echo hi", 0o755, "has no `#!` line");
}
