//! What steps do, and what travels from one to the next.

use crate::world::World;

#[test]
fn outputs_and_the_working_directory_travel_to_later_steps() {
    let ended = World::new().run(
        r#"
steps:
  - name: make
    type: command
    command: |
      mkdir -p sub/dir && cd sub/dir
      echo "version=1.2" >>"$ANSFLOW_OUTPUT"
      printf 'notes<<END\nfirst\nsecond\nEND\n' >>"$ANSFLOW_OUTPUT"
  - name: use
    type: command
    command: |
      basename "$PWD"
      echo {{ steps.make.outputs.version }}
      echo "{{ steps.make.outputs.notes }}"
"#,
        &[],
    );
    assert_eq!(ended.log("use"), ["dir", "1.2", "first", "second"], "{ended:#?}");
    assert_eq!(ended.finished("make")["outputs"], serde_json::json!({"version": "1.2", "notes": "first\nsecond"}));
}

#[test]
fn a_parallel_step_does_not_change_the_directory_for_others() {
    let ended = World::new().run(
        r#"
steps:
  - {name: a, type: command, command: mkdir -p x && cd x, parallel_group: g}
  - {name: b, type: command, command: 'true', parallel_group: g}
  - {name: c, type: command, command: basename "$PWD"}
"#,
        &[],
    );
    assert_eq!(ended.log("c"), ["workspace"]);
}

#[test]
fn stdout_and_stderr_are_kept_apart_and_in_order() {
    let ended = World::new().run(
        "steps:\n  - {name: a, type: command, command: 'echo 1; sleep 0.05; echo 2 >&2; sleep 0.05; echo 3; exit 4'}\n",
        &[],
    );
    let lines: Vec<(String, String)> = ended
        .events()
        .iter()
        .filter(|event| event["event"] == "log")
        .map(|event| (event["stream"].as_str().unwrap().to_owned(), event["line"].as_str().unwrap().to_owned()))
        .collect();
    let line = |stream: &str, text: &str| (stream.to_owned(), text.to_owned());
    assert_eq!(lines, [line("stdout", "1"), line("stderr", "2"), line("stdout", "3")]);
    assert_eq!(ended.finished("a")["exit_code"], 4);
}

#[test]
fn every_process_knows_where_it_is() {
    let ended = World::new().run(
        "name: shop\nsteps:\n  - {name: a, type: command, command: 'echo $CI $ANSFLOW $ANSFLOW_BUILD_NUMBER $ANSFLOW_PIPELINE $ANSFLOW_STEP; test \"$ANSFLOW_WORKSPACE\" = \"$PWD\"; test -n \"$ANSFLOW_RUN_ID\"'}\n",
        &[],
    );
    assert_eq!((ended.code, ended.log("a")), (0, vec!["true true 1 shop a".to_owned()]), "{ended:#?}");
}

#[test]
fn build_numbers_count_up_for_each_pipeline() {
    let world = World::new();
    let number = |name: &str| {
        let text =
            format!("name: {name}\nsteps:\n  - {{name: a, type: command, command: 'echo {{{{ build_number }}}}'}}\n");
        world.run(&text, &[]).log("a").concat()
    };
    assert_eq!([number("x"), number("x"), number("y"), number("x")], ["1", "2", "1", "3"]);
}

#[test]
fn a_skipped_step_says_why() {
    let ended = World::new().run(
        "steps:\n  - {name: a, type: command, command: 'true', when: environment == 'prod'}\n  - {name: b, type: command, command: 'true'}\nvariables: {environment: dev}\n",
        &[],
    );
    assert_eq!(ended.story(), "a skipped · b success · run success");
    assert!(ended.finished("a")["why"].as_str().unwrap().contains("environment"), "{ended:#?}");
}

#[test]
fn a_failure_skips_what_follows_except_what_asks_for_it() {
    let ended = World::new().run(
        r#"
steps:
  - {name: a, type: command, command: 'false'}
  - {name: b, type: command, command: 'true'}
  - {name: c, type: command, command: 'true', conditions: [{type: on_failure}]}
  - {name: d, type: command, command: 'true', conditions: [{type: always}]}
"#,
        &[],
    );
    assert_eq!((ended.code, ended.story()), (1, "a failed · b skipped · c success · d success · run failed".into()));
}

#[test]
fn fail_fast_ends_the_others_and_wait_any_too() {
    let world = World::new();
    let pipeline = |policy: &str, first: &str| {
        format!(
            "parallel_groups: {{g: {{policy: {policy}}}}}\nsteps:\n  - {{name: a, type: command, command: '{first}', parallel_group: g}}\n  - {{name: b, type: command, command: sleep 300, parallel_group: g}}\n"
        )
    };
    assert_eq!(world.run(&pipeline("fail_fast", "false"), &[]).story(), "a failed · b cancelled · run failed");
    assert_eq!(world.run(&pipeline("wait_any", "true"), &[]).story(), "a success · b cancelled · run success");
    assert_eq!(world.processes(), []);
}

#[test]
fn from_and_only_choose_steps() {
    let world = World::new();
    let pipeline = "steps:\n  - {name: a, type: command, command: 'true'}\n  - {name: b, type: command, command: 'true'}\n  - {name: c, type: command, command: 'true'}\n";
    assert_eq!(world.run(pipeline, &["--from", "b"]).story(), "a skipped · b success · c success · run success");
    assert_eq!(world.run(pipeline, &["--only", "b"]).story(), "a skipped · b success · c skipped · run success");
    let wrong = world.run(pipeline, &["--from", "d"]);
    assert_eq!(wrong.code, 2, "{wrong:#?}");
}

#[test]
fn a_time_out_ends_grandchildren_that_changed_their_session_and_cleared_their_environment() {
    let world = World::new();
    let command = "setsid env -i sleep 301 & setsid sh -c 'trap \"\" TERM; sleep 302 & wait' & sleep 303";
    let ended = world.run(&format!("steps:\n  - {{name: a, type: command, command: {command:?}, timeout: 1s}}\n"), &[]);
    assert_eq!(ended.code, 4, "{ended:#?}");
    let left = std::process::Command::new("sh")
        .args(["-c", "ps -eo args | grep -E '^sleep 30[123]$' || true"])
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(left.stdout).unwrap(), "");
}

#[test]
fn a_background_process_does_not_hold_its_step() {
    let ended = World::new().run("steps:\n  - {name: a, type: command, command: 'sleep 300 & echo done'}\n", &[]);
    assert_eq!((ended.code, ended.log("a")[0].as_str()), (0, "done"));
}

#[test]
fn a_script_file_runs_with_its_own_interpreter() {
    let world = World::new();
    world.write("hello.py", "#!/usr/bin/env python3\nimport sys\nprint('python', sys.argv[1])\n");
    let ended =
        world.run("steps:\n  - {name: a, type: script, config: {path: hello.py, args: ['{{ build_number }}']}}\n", &[]);
    assert_eq!(ended.log("a"), ["python 1"], "{ended:#?}");
}

#[test]
fn artifacts_are_kept_with_the_run() {
    let world = World::new();
    let ended = world.run(
        "steps:\n  - {name: a, type: command, command: 'mkdir out; echo x >out/a.txt', artifacts: ['out/*.txt']}\n",
        &[],
    );
    assert_eq!(ended.code, 0, "{ended:#?}");
    let found = std::process::Command::new("find").arg(world.state()).args(["-name", "a.txt"]).output().unwrap();
    assert_eq!(String::from_utf8(found.stdout).unwrap().lines().count(), 1);
}

#[test]
fn an_environment_file_reaches_the_steps() {
    let world = World::new();
    world.write("dev.env", "# a comment\nGREETING=\"hello there\"\n");
    let pipeline = "steps:\n  - {name: a, type: command, command: 'echo \"$GREETING\" {{ env.GREETING }}'}\n";
    assert_eq!(world.run(pipeline, &["--env-file", "dev.env"]).log("a"), ["hello there hello there"]);
}

#[test]
fn a_million_lines_are_all_there() {
    let ended = World::new().run("steps:\n  - {name: a, type: command, command: seq 1000000}\n", &[]);
    let mut expected = 1..=1_000_000u32;
    for line in ended.stdout.lines().filter(|line| line.contains("\"event\":\"log\"")) {
        let number = expected.next().unwrap();
        assert!(line.contains(&format!("\"line\":\"{number}\"")), "{line}");
    }
    assert_eq!(expected.next(), None);
}
