//! A run that was cut off goes on where it was.

use std::fs::File;
use std::process::Stdio;
use std::time::Duration;

use nix::fcntl::{Flock, FlockArg};

use crate::world::{Ended, World, events};

/// Starts a run, waits until the workspace has a file, and kills the process that drives it.
fn cut_off(world: &World, pipeline: &str, words: &[&str], when: &str) -> String {
    world.write("p.yml", pipeline);
    let words = [&["run", "p.yml", "-o", "json"], words].concat();
    let mut child = world.command(&words).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    world.until(when, || world.workspace().join(when).exists());
    child.kill().unwrap();
    child.wait().unwrap();
    world.runs().pop().unwrap()
}

const THREE: &str = r#"
steps:
  - {name: one, type: command, command: echo one >>trace}
  - {name: two, type: command, command: "echo two >>trace; touch begun; while [ ! -e go ]; do sleep 0.02; done; echo two is done"}
  - {name: three, type: command, command: echo three >>trace}
"#;

#[test]
fn a_run_goes_on_and_its_running_step_is_attached_to() {
    let world = World::new();
    let run = cut_off(&world, THREE, &[], "begun");
    world.write("go", "");
    let ended = world.ansflow(&["run", "--resume", &run, "-o", "json"]);
    assert_eq!((ended.code, world.read("trace").as_str()), (0, "one\ntwo\nthree\n"), "{ended:#?}");
    assert_eq!(ended.story(), "one success · two success · three success · run success");
    assert_eq!(ended.log("two"), ["two is done"]);
    assert_eq!(ended.events()[0]["event"], "run_started");
}

#[test]
fn the_history_of_an_ended_run_is_printed_again_and_its_outcome_mirrored() {
    let world = World::new();
    let first = world.run("steps:\n  - {name: a, type: command, command: 'echo hi; exit 3'}\n", &[]);
    let again = world.ansflow(&["run", "--resume", &world.runs()[0], "-o", "json"]);
    assert_eq!((again.code, events(&again.stdout)), (1, events(&first.stdout)));
}

#[test]
fn a_run_that_another_process_drives_is_refused_with_7() {
    let world = World::new();
    world.write("p.yml", THREE);
    let mut child = world.start(&["run", "p.yml"]);
    world.until("the run is under way", || world.workspace().join("begun").exists());
    let ended = world.ansflow(&["run", "--resume", &world.runs()[0]]);
    world.write("go", "");
    assert!(child.wait().unwrap().success());
    assert_eq!(ended.code, 7, "{ended:#?}");
}

#[test]
fn variables_and_text_are_those_of_the_beginning() {
    let world = World::new();
    let pipeline = r#"
variables: { who: file }
steps:
  - {name: one, type: command, command: "touch begun; while [ ! -e go ]; do sleep 0.02; done"}
  - {name: two, type: command, command: "echo {{ who }}"}
"#;
    let run = cut_off(&world, pipeline, &["--var", "who=line"], "begun");
    world.write("p.yml", "steps: [broken");
    world.write("go", "");
    let ended = world.ansflow(&["run", "--resume", &run, "-o", "json"]);
    assert_eq!(ended.log("two"), ["line"], "{ended:#?}");
}

#[test]
fn secrets_of_unfinished_steps_must_be_given_again() {
    let world = World::new();
    let pipeline = r#"
steps:
  - {name: one, type: command, command: "touch begun; while [ ! -e go ]; do sleep 0.02; done"}
  - {name: two, type: command, command: "test {{ secrets.TOKEN }} = value-of-it"}
"#;
    let file = world.path().join("token");
    std::fs::write(&file, "value-of-it\n").unwrap();
    let given = format!("TOKEN={}", file.display());
    let run = cut_off(&world, pipeline, &["--secret-file", &given], "begun");
    world.write("go", "");
    let refused = world.ansflow(&["run", "--resume", &run]);
    assert_eq!(refused.code, 2);
    assert!(refused.stderr.contains("TOKEN"), "{}", refused.stderr);
    assert_eq!(world.ansflow(&["run", "--resume", &run, "--secret-file", &given]).code, 0);
}

#[test]
fn the_next_run_of_the_file_offers_to_resume() {
    let world = World::new();
    let run = cut_off(&world, THREE, &[], "begun");
    world.write("go", "");
    let ended = world.ansflow(&["run", "p.yml"]);
    assert!(ended.stderr.contains(&format!("--resume {run}")), "{}", ended.stderr);
    assert_eq!(world.ansflow(&["run", "--resume", &run]).code, 0);
}

#[test]
fn a_run_is_offered_though_a_child_of_its_killed_process_still_holds_the_lock() {
    let world = World::new();
    let run = cut_off(&world, THREE, &[], "begun");
    world.write("go", "");
    let lock = world.state().join("ansflow/runs").join(&run).join("lock");
    let lock = Flock::lock(File::open(lock).unwrap(), FlockArg::LockExclusive).unwrap();
    // It lets go when it has become another program; that takes the longer the more the machine has to do.
    let birth = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(120));
        drop(lock);
    });
    let ended = world.ansflow(&["run", "p.yml"]);
    birth.join().unwrap();
    assert!(ended.stderr.contains(&format!("--resume {run}")), "{}", ended.stderr);
}

#[test]
fn a_lost_attempt_fails_its_step_and_ends_what_it_started() {
    let world = World::new();
    world.write("p.yml", "steps:\n  - {name: a, type: command, command: 'touch begun; sleep 300 & sleep 300'}\n");
    let child = world.start(&["run", "p.yml", "-o", "json"]);
    world.until("the step has begun", || world.workspace().join("begun").exists());
    kill(world.attempts()[0]);
    let output = child.wait_with_output().unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    let last = events(&stdout).into_iter().find(|event| event["event"] == "step_finished").unwrap();
    assert_eq!((last["status"].as_str(), output.status.code()), (Some("failed"), Some(1)), "{stdout}");
    assert!(last["why"].as_str().unwrap().contains("killed"), "{last}");
    assert_eq!(world.processes(), []);
}

#[test]
fn a_lost_attempt_is_tried_again_where_its_retry_policy_says_so() {
    let world = World::new();
    let step = "{name: a, type: command, command: 'echo x >>trace; test -e begun || { touch begun; sleep 300; }', retry: {attempts: 2, on: [lost]}}";
    world.write("p.yml", format!("steps:\n  - {step}\n"));
    let mut child = world.start(&["run", "p.yml"]);
    world.until("the step has begun", || world.workspace().join("begun").exists());
    kill(world.attempts()[0]);
    assert!(child.wait().unwrap().success());
    assert_eq!(world.read("trace"), "x\nx\n");
}

pub(crate) fn kill(pid: i32) {
    // It may have ended by itself in between.
    let _ = std::process::Command::new("sh").args(["-c", &format!("kill -9 {pid} 2>/dev/null")]).status();
}

#[test]
fn what_names_of_registries_mean_is_known_to_a_resumed_run_and_may_be_said_anew() {
    let steps = "steps:
  - {name: wait, type: command, command: 'touch begun; while [ ! -e go ]; do sleep 0.02; done'}
  - {name: pull, type: docker_pull, config: {image: x, registry: 1}}
";
    for (flags, says) in [
        (&[][..], "no Docker daemon answers: unix:///nowhere/docker.sock "),
        (&["--registry", "2=127.0.0.1:1"], "there is no registry `1`"),
    ] {
        let world = World::new();
        let run = cut_off(&world, steps, &["--registry", "1=127.0.0.1:1/team"], "begun");
        world.write("go", "");
        let words = [&["run", "--resume", &run, "-o", "json"], flags].concat();
        let mut command = world.command(&words);
        command.env("DOCKER_HOST", "unix:///nowhere/docker.sock");
        let ended = Ended::of(command);
        let why = ended.finished("pull")["why"].as_str().unwrap_or_default().to_owned();
        assert!(ended.code == 1 && why.contains(says), "{flags:?}: {ended:#?}");
    }
}
