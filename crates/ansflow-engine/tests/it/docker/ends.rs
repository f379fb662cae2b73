//! Every way in which a container ends, and that nothing of it is left.

use std::collections::BTreeMap;

use ansflow_core::container::{Mount, MountSource};
use ansflow_core::run::event::Report;
use ansflow_core::spec::StepSpec;
use nix::sys::signal::Signal;

use super::world::{Attempt, Dock, docker_run, with_daemon};
use crate::world::{World, signal};

/// The report of a shell's text, and that its container is gone.
fn check(dock: &Dock, text: &str, expected: &str) -> Attempt {
    let attempt = dock.attempt();
    let found = match attempt.world.run(&attempt.run(text)).report {
        Report::Succeeded(gains) => format!("exit code {}", gains.outputs["exit_code"]),
        Report::Failed { exit_code, message } => format!("{exit_code:?}: {message}"),
        other => format!("{other:?}"),
    };
    assert!(found.starts_with(expected), "{text}: {found}");
    assert_eq!(dock.found(&attempt.labels), []);
    attempt
}

#[test]
fn the_exit_code_is_the_containers_own() {
    with_daemon(|dock| {
        check(dock, "exit 0", "exit code 0");
        check(dock, "exit 3", "Some(3): ended with exit code 3");
        check(dock, "no-such-program", "Some(127): ended with exit code 127");
    });
}

#[test]
fn output_comes_whole_masked_and_in_its_own_stream() {
    with_daemon(|dock| {
        let text = "echo out; printf 'hunter2-'; printf 'hunter2\\n'; head -c 3000000 /dev/zero | cat; echo; echo end";
        let attempt = check(dock, text, "exit code 0");
        let log = attempt.world.log();
        assert!(log.starts_with("out\n***\n") && log.ends_with("end\n"), "{}", &log[..40]);
        assert_eq!(log.bytes().filter(|byte| *byte == 0).count(), 3_000_000);
    });
}

#[test]
fn a_container_is_told_what_the_step_says_and_nothing_of_this_machine() {
    with_daemon(|dock| {
        let attempt = dock.attempt();
        let mut run = docker_run("env | sort; pwd");
        run.environment = vec![("GREETING".into(), "of the container".into()), ("A".into(), "b c".into())];
        run.working_dir = Some("sub".into());
        let mut order = attempt.order(StepSpec::DockerRun(Box::new(run)));
        order.env = vec![("GREETING".into(), "of the step".into()), ("STEP".into(), "1".into())];
        attempt.world.write("sub/file", "");
        attempt.world.gains(&order);
        let log = attempt.world.log();
        let vars: BTreeMap<&str, &str> = log.lines().filter_map(|line| line.split_once('=')).collect();
        assert_eq!((vars["A"], vars["GREETING"], vars["STEP"], vars["CI"]), ("b c", "of the container", "1", "true"));
        assert_eq!((vars["ANSFLOW_RUN_ID"], vars["PATH"]), ("run_1", "/bin"));
        assert!(!log.contains("MARK") && !log.contains("DOCKER_HOST") && !log.contains("ANSFLOW_LEAK"), "{log}");
        assert!(log.ends_with(&format!("{}/sub\n", attempt.world.work().display())), "{log}");
    });
}

#[test]
fn a_container_that_needs_more_memory_than_it_has_is_said_to_have() {
    with_daemon(|dock| {
        let attempt = dock.attempt();
        let mut run = docker_run("x=0123456789; while true; do x=$x$x; done");
        run.memory = Some(16 << 20);
        let report = attempt.world.run(&attempt.order(StepSpec::DockerRun(Box::new(run)))).report;
        let Report::Failed { exit_code: Some(137), message } = report else { panic!("{report:?}") };
        assert_eq!(
            message,
            "was killed because it needed more memory than its limit of 16 MiB (exit code 137): raise `memory`"
        );
        assert_eq!(dock.found(&attempt.labels), []);
    });
}

#[test]
fn a_cancel_is_said_to_the_container_and_leaves_nothing() {
    with_daemon(|dock| {
        let attempt = dock.attempt();
        let order = attempt.run("trap 'echo tidied up; exit 5' TERM; echo up >up; while true; do sleep 0.05; done");
        let mut order = order;
        order.directory = attempt.world.work().display().to_string();
        if let StepSpec::DockerRun(run) = &mut order.spec {
            run.working_dir = Some(".".into());
        }
        let child = attempt.world.start(&order);
        attempt.world.line("up");
        signal(child.id(), Signal::SIGTERM);
        assert_eq!(attempt.world.finish(child).report, Report::Stopped);
        assert_eq!(attempt.world.log(), "tidied up\n");
        assert_eq!(dock.found(&attempt.labels), []);
    });
}

#[test]
fn one_that_does_not_listen_is_killed_when_its_time_is_over() {
    with_daemon(|dock| {
        let attempt = dock.attempt();
        let mut order = attempt.run("trap '' TERM; while true; do sleep 0.05; done");
        (order.deadline_ms, order.grace_ms) = (Some(2000), 100);
        assert_eq!(attempt.world.run(&order).report, Report::TimedOut);
        assert_eq!(dock.found(&attempt.labels), []);
    });
}

#[test]
fn without_a_daemon_the_step_says_where_it_was_looked_for() {
    let mut world = World::new();
    world.vars = vec![("DOCKER_HOST".into(), "unix:///nowhere/docker.sock".into())];
    let mut order = world.order(StepSpec::DockerRun(Box::new(docker_run("true"))));
    order.docker = Some(ansflow_engine::attempt::order::Docker::default());
    let report = world.run(&order).report;
    let Report::Broken { message } = report else { panic!("{report:?}") };
    assert!(message.starts_with("no Docker daemon answers: unix:///nowhere/docker.sock "), "{message}");
}

#[test]
fn what_the_step_says_of_the_daemon_changes_nothing() {
    with_daemon(|dock| {
        let attempt = dock.attempt();
        let mut order = attempt.run("true");
        order.env = vec![("DOCKER_HOST".into(), "tcp://127.0.0.1:1".into())];
        attempt.world.gains(&order);
    });
}

#[test]
fn of_the_host_a_container_sees_the_workspace_and_what_is_allowed() {
    with_daemon(|dock| {
        let with = |path: &str, allowed: &str| {
            let attempt = dock.attempt();
            let mut run = docker_run("ls /x");
            let source = MountSource::Path(path.to_owned());
            run.volumes = vec![
                Mount { source, target: "/x".into(), read_only: true },
                Mount { source: MountSource::Anonymous, target: "/own".into(), read_only: false },
            ];
            attempt.world.write("data/of-the-workspace", "");
            let mut order = attempt.order(StepSpec::DockerRun(Box::new(run)));
            order.docker.as_mut().unwrap().allowed_mounts = vec![allowed.into()];
            match attempt.world.run(&order).report {
                Report::Succeeded(_) => attempt.world.log(),
                other => format!("{other:?}"),
            }
        };
        let outside = dock.dir.path().join("outside");
        std::fs::create_dir(&outside).unwrap();
        std::fs::write(outside.join("of-the-host"), "").unwrap();
        let outside = outside.to_str().unwrap();
        assert_eq!(with("./data", "/nothing"), "of-the-workspace\n");
        assert!(with(outside, "/nothing").contains("it lies outside the workspace"));
        assert_eq!(with(outside, outside), "of-the-host\n");
        let socket = dock.daemon.socket().unwrap();
        let folder = socket.parent().unwrap().to_str().unwrap();
        let said = with(socket.to_str().unwrap(), folder);
        assert!(said.contains("would be the container's, and with it this machine"), "{said}");
    });
}
