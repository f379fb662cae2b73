//! What is not ours stays as it is; what is ours and over goes.

use ansflow_core::run::event::Report;
use ansflow_core::spec::StepSpec;
use ansflow_docker::labels::{ATTEMPT, INSTANCE, Labels, RUN};
use ansflow_docker::run::{self, Spec};
use ansflow_engine::Leftovers;
use ansflow_engine::folder::Folder;

use super::world::{BUSYBOX, Dock, docker_run, unique, with_daemon};

/// A container that sleeps, with these labels.
fn sleeper(dock: &Dock, name: &str, labels: &[(&str, &str)]) -> String {
    let mut spec = Spec::new(BUSYBOX);
    spec.command = ["sleep", "600"].map(str::to_owned).into();
    spec.network = Some("none".to_owned());
    spec.name = Some(name.to_owned());
    spec.labels = labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    dock.ask(run::start(&dock.daemon, &spec)).unwrap().id().to_owned()
}

#[test]
fn a_container_of_somebody_else_that_has_the_name_is_named_and_left_alone() {
    with_daemon(|dock| {
        let name = unique("ansflow-test-db");
        let id = sleeper(dock, &name, &[]);
        let attempt = dock.attempt();
        let mut run = docker_run("true");
        run.name = Some(name.clone());
        let report = attempt.world.run(&attempt.order(StepSpec::DockerRun(Box::new(run)))).report;
        let Report::Failed { message, .. } = report else { panic!("{report:?}") };
        assert!(message.starts_with(&format!("there is a container named `{name}` already: ")), "{message}");
        assert_eq!(dock.ask(run::state(&dock.daemon, &id)).unwrap(), None, "it runs");
        dock.remove(&id);
    });
}

#[test]
fn a_sweep_takes_what_is_ours_and_over_and_nothing_else() {
    with_daemon(|dock| {
        let (mine, other) = (unique("instance"), unique("instance"));
        let runs = tempfile::tempdir().unwrap();
        let alive = Folder::at(runs.path().join("run_1/attempts/0-1"));
        alive.create().unwrap();
        let owned = alive.try_own().unwrap().unwrap();
        let make = |instance: &str, run: &str, attempt: &str, more: &[(&str, &str)]| {
            let mut labels = vec![(INSTANCE, instance), (RUN, run), (ATTEMPT, attempt)];
            labels.extend(more);
            sleeper(dock, &unique("ansflow-test"), &labels)
        };
        let until = ("io.ansflow.until", "run");
        let stays = [
            make(&mine, "run_1", "0-1", &[]),
            make(&other, "run_0", "0-1", &[]),
            make(&mine, "run_1", "1-1", &[until]),
            make(&mine, "run_1", "2-1", &[("io.ansflow.detached", "true")]),
            sleeper(dock, &unique("ansflow-test"), &[(RUN, "run_0")]),
            sleeper(dock, &unique("ansflow-test"), &[(INSTANCE, &mine)]),
        ];
        let goes =
            [make(&mine, "run_1", "3-1", &[]), make(&mine, "run_0", "0-1", &[]), make(&mine, "run_0", "1-1", &[until])];
        let leftovers = Leftovers::new(mine, runs.path().to_owned(), dock.vars().into_iter().collect());
        let swept = dock.ask(ansflow_engine::sweep(&leftovers, async |run: String| run == "run_0")).unwrap();
        assert_eq!((swept.removed.len(), swept.failed.len()), (goes.len(), 0), "{swept:?}");
        for id in &goes {
            assert!(dock.ask(run::state(&dock.daemon, id)).is_err(), "it is still there");
        }
        for id in &stays {
            assert_eq!(dock.ask(run::state(&dock.daemon, id)).unwrap(), None, "it was ended");
            dock.remove(id);
        }
        drop(owned);
    });
}

#[test]
fn a_second_attempt_removes_what_the_first_one_left() {
    with_daemon(|dock| {
        let mut attempt = dock.attempt();
        let labels: Vec<(&str, &str)> =
            attempt.labels.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let first = sleeper(dock, &unique("ansflow-test"), &labels);
        attempt.labels.insert(ATTEMPT.to_owned(), "0-2".to_owned());
        attempt.world.gains(&attempt.run("true"));
        assert!(dock.ask(run::state(&dock.daemon, &first)).is_err());
        let instance = Labels::from([(INSTANCE.to_owned(), attempt.labels[INSTANCE].clone())]);
        assert_eq!(dock.found(&instance), []);
    });
}
