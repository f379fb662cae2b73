//! Shell texts and scripts in containers: by the rules of the host.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

use ansflow_core::run::event::Report;
use ansflow_core::spec::{Container, Dialect, ScriptFile, Shell, StepSpec};
use ansflow_engine::attempt::order::Order;
use nix::sys::signal::Signal;
use serde_json::json;

use super::world::{Attempt, BUSYBOX, with_daemon};
use crate::engine::Bench;
use crate::secrets::leaks;
use crate::world::{shell, signal};

fn inside(attempt: &Attempt, spec: StepSpec) -> Order {
    let mut order = attempt.order(spec);
    order.docker.as_mut().unwrap().container = Some(Container { image: BUSYBOX.parse().unwrap() });
    order
}

#[test]
fn a_text_in_a_container_leaves_outputs_files_and_its_directory_as_on_the_host() {
    with_daemon(|dock| {
        let attempt = dock.attempt();
        let mut order = inside(
            &attempt,
            StepSpec::Shell(Shell {
                dialect: Dialect::Sh,
                text: "echo \"$VALUE|$GREETING|$CI|$PWD\"; echo key=hunter2-hunter2 >>$ANSFLOW_OUTPUT; \
                       echo plain=\"$(pwd)\" >>\"$ANSFLOW_OUTPUT\"; mkdir -p made/deep; cd made/deep; echo text >file; \
                       [ ! -e /proc/1/root/work ] && touch /tmp/x && [ -w \"$HOME\" ] && echo at home"
                    .into(),
                values: vec![("VALUE".into(), "zzz\";echo${IFS}pwned;#".into())],
            }),
        );
        order.env = vec![("GREETING".into(), "hello".into())];
        let gains = attempt.world.gains(&order);
        let work = attempt.world.work();
        assert_eq!(attempt.world.log(), format!("zzz\";echo${{IFS}}pwned;#|hello|true|{}\nat home\n", work.display()));
        assert_eq!((&gains.outputs["key"], &gains.masked), (&json!("***"), &vec!["key".to_owned()]));
        assert_eq!(gains.outputs["plain"], work.display().to_string());
        assert_eq!(gains.directory.as_deref(), Some("made/deep"));
        for made in ["made", "made/deep/file"] {
            let owner = work.join(made).metadata().unwrap().uid();
            assert_eq!(owner, nix::unistd::geteuid().as_raw(), "{made}");
        }
        assert_eq!(attempt.world.text("made/deep/file"), "text\n");
        assert_eq!(leaks(attempt.world.folder.path(), "hunter2-hunter2"), Vec::<String>::new());
        assert!(!attempt.world.folder.file("home").exists());
        assert_eq!(dock.found(&attempt.labels), []);
    });
}

#[test]
fn a_text_ends_at_its_first_failure_and_with_its_exit_code() {
    with_daemon(|dock| {
        let check = |text: &str, expected: &str| {
            let attempt = dock.attempt();
            let found = match attempt.world.run(&inside(&attempt, shell(text))).report {
                Report::Succeeded(_) => attempt.world.log(),
                Report::Failed { exit_code, message } => format!("{exit_code:?}: {message}"),
                other => format!("{other:?}"),
            };
            assert!(found.starts_with(expected), "{text}: {found}");
            assert_eq!(dock.found(&attempt.labels), []);
        };
        check("exit 3", "Some(3): ended with exit code 3");
        check("false; true", "Some(1): ended with exit code 1");
        check("nonsense-command", "Some(127): ended with exit code 127");
        check(&format!("{}\necho end", "# a line of forty letters, or nearly so\n".repeat(10_000)), "end\n");
    });
}

#[test]
fn a_shell_that_the_image_has_not_is_named() {
    with_daemon(|dock| {
        let attempt = dock.attempt();
        let text = Shell { dialect: Dialect::Bash, text: "true".into(), values: Vec::new() };
        let report = attempt.world.run(&inside(&attempt, StepSpec::Shell(text))).report;
        let Report::Failed { exit_code, message } = report else { panic!("{report:?}") };
        let expected = (Some(127), "ended with exit code 127: `bash` was not found in the image");
        assert_eq!((exit_code, message.as_str()), expected);
    });
}

#[test]
fn a_script_file_of_the_workspace_runs_in_the_image() {
    with_daemon(|dock| {
        let attempt = dock.attempt();
        let path = attempt.world.write("tools/it", "#!/bin/sh\necho \"$1|$2\"; [ ! -e /usr ] && echo inside\n");
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
        let script = ScriptFile { path: "tools/it".into(), args: vec!["a b".into(), "$(id)".into()] };
        attempt.world.gains(&inside(&attempt, StepSpec::ScriptFile(script)));
        assert_eq!(attempt.world.log(), "a b|$(id)\ninside\n");
    });
}

#[test]
fn a_working_directory_that_is_not_there_is_not_made_by_the_daemon() {
    with_daemon(|dock| {
        let attempt = dock.attempt();
        let mut order = inside(&attempt, shell("true"));
        order.directory.push_str("/nowhere");
        let report = attempt.world.run(&order).report;
        let Report::Failed { message, .. } = report else { panic!("{report:?}") };
        assert!(message.ends_with("/nowhere` cannot be entered: No such file or directory (os error 2)"), "{message}");
        assert!(!attempt.world.work().join("nowhere").exists());
    });
}

#[test]
fn a_cancel_reaches_what_the_shell_runs() {
    with_daemon(|dock| {
        let attempt = dock.attempt();
        let mut order = inside(&attempt, shell("echo up >up; sleep 600"));
        order.grace_ms = 1000;
        let child = attempt.world.start(&order);
        attempt.world.line("up");
        signal(child.id(), Signal::SIGTERM);
        assert_eq!(attempt.world.finish(child).report, Report::Stopped);
        assert_eq!(dock.found(&attempt.labels), []);
    });
}

#[test]
fn what_the_shell_runs_is_asked_to_end_and_given_time_to() {
    with_daemon(|dock| {
        let attempt = dock.attempt();
        let inner = "trap 'sleep 0.3; echo tidied up; exit' TERM; echo up >up; while true; do sleep 0.05; done";
        let order = inside(&attempt, shell(&format!("sh -c {}; echo never", json!(inner))));
        let child = attempt.world.start(&order);
        attempt.world.line("up");
        signal(child.id(), Signal::SIGTERM);
        assert_eq!(attempt.world.finish(child).report, Report::Stopped);
        let log = attempt.world.log();
        assert!(log.ends_with("tidied up\n") && !log.contains("never"), "{log}");
        assert_eq!(dock.found(&attempt.labels), []);
    });
}

#[test]
fn a_pipeline_of_type_docker_runs_its_commands_in_its_image() {
    with_daemon(|dock| {
        let command = |name: &str, needs: &[usize], text: &str| json!({ "name": name, "type": "command", "needs": needs, "params": { "command": text, "image": BUSYBOX } });
        let plan = json!({ "pipeline": "shop", "type": "docker", "variables": {}, "steps": [
            command("a", &[], "mkdir sub; cd sub; echo one >file; echo word=said >>$ANSFLOW_OUTPUT; [ ! -e /usr ]"),
            command("b", &[0], "cat file; echo {{ steps.a.outputs.word }}"),
        ]});
        let bench = Bench::of(&plan, dock.vars());
        let text = bench.drive().rest();
        assert!(text.contains("status Success"), "{text}");
        assert!(text.contains("| 1 one\n| 1 said\n"), "{text}");
        assert_eq!(dock.of_instance(&ansflow_engine::instance(bench.root()).unwrap()), []);
    });
}
