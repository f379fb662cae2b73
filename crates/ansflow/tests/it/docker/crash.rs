//! `kill -9` at random moments of a build, a run and a push: of the server, after which every step was tried once; or of the
//! attempts, which are tried again. The run ends right, no container is left, and the registry was given one image
//! under one digest.
//!
//! The suite does 4 of each; `ANSFLOW_CRASHES=100` does more. A failure names its seed.

use std::time::{Duration, Instant};

use ansflow_core::run::event::{Event, Fact, RunStatus};
use nix::sys::signal::Signal::SIGKILL;
use nix::sys::signal::kill;
use nix::unistd::Pid;

use super::dock::{Dock, Registry, image_files, with_daemon};
use crate::server_crash::Dice;
use crate::server_world::{Served, ServerWorld};

const RUN: &str = "run_1";

#[test]
fn a_server_that_crashes_during_build_run_and_push_repeats_nothing_and_leaves_nothing() {
    campaigns(Victim::Server);
}

#[test]
fn attempts_that_crash_during_build_run_and_push_are_tried_again_and_leave_nothing() {
    campaigns(Victim::Attempts);
}

/// Who is killed.
#[derive(Clone, Copy, PartialEq)]
enum Victim {
    Server,
    Attempts,
}

fn campaigns(victim: Victim) {
    with_daemon(|dock| {
        let crashes = std::env::var("ANSFLOW_CRASHES").ok().and_then(|text| text.parse().ok()).unwrap_or(4);
        let seed = std::env::var("ANSFLOW_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(0x9e37_79b9);
        let mut dice = Dice(seed | 1);
        let (mut done, mut rounds) = (0, 0);
        while done < crashes {
            rounds += 1;
            let most = (crashes - done).min(TRIES - 1);
            done += campaign(dock, &mut dice, victim, most, &format!("seed {seed}, round {rounds}"));
        }
    });
}

/// So often a step is tried whose attempt was killed.
const TRIES: u64 = 10;

/// One run, and at most so many crashes on its way: how many there were.
fn campaign(dock: &Dock, dice: &mut Dice, victim: Victim, most: u64, which: &str) -> u64 {
    let (server, registry) = (ServerWorld::new(), Registry::start());
    // Where the server's user has its own settings.
    registry.sign_in(&server.world.path().join(".docker"));
    let files = server.world.path().join("files");
    let image = format!("crash-{}-{}", std::process::id(), dice.below(1_000_000));
    image_files(&files, "COPY bytes /bytes\nRUN sleep 0.5; echo built >/built\n");
    // Of this round only, so that no layer is there already, and large enough that its push takes a moment.
    let bytes: Vec<u8> = (0..4_000_000).map(|_| dice.below(256) as u8).collect();
    std::fs::write(files.join("bytes"), bytes).unwrap();
    server.queue(RUN, 1, &pipeline(&files.display().to_string(), &image, &registry.address));

    let mut crashes = 0;
    let mut served = start(dock, &server);
    while crashes < most && server.status(RUN) != RunStatus::Success {
        let until = Instant::now() + Duration::from_millis(dice.below(1200));
        while Instant::now() < until {
            std::thread::park_timeout(Duration::from_millis(1));
        }
        match victim {
            Victim::Server => {
                served.kill();
                served = start(dock, &server);
            }
            // The one that waits for its order too. One may have ended meanwhile.
            Victim::Attempts => {
                server.world.attempts().into_iter().for_each(|pid| _ = kill(Pid::from_raw(pid), SIGKILL))
            }
        }
        crashes += 1;
    }
    let began = Instant::now();
    while server.status(RUN) != RunStatus::Success {
        let status = server.status(RUN);
        let is_going = matches!(status, RunStatus::Queued | RunStatus::Running | RunStatus::Success);
        assert!(is_going, "{which}: {status:?}: {:#?}", server.events(RUN));
        assert!(began.elapsed().as_secs() < 120, "{which}: still {status:?}: {:#?}", server.events(RUN));
        std::thread::park_timeout(Duration::from_millis(20));
    }
    assert_eq!(served.terminate(), Some(0));
    judge(dock, &server, &registry, victim, &image, which);
    crashes
}

fn start(dock: &Dock, server: &ServerWorld) -> Served {
    let mut command = server.command();
    dock.tell(&mut command);
    Served::ready(command)
}

const LINES: usize = 40;

fn pipeline(files: &str, image: &str, registry: &str) -> String {
    let again = format!("retry: {{ attempts: {TRIES}, delay: 0s, on: [lost] }}");
    let lines = format!("i=0; while [ $i -lt {LINES} ]; do echo line $i; i=$((i + 1)); sleep 0.02; done");
    format!(
        "name: crash
steps:
  - {{ name: files, type: command, command: cp -rf {files}/. ., {again} }}
  - {{ name: build, type: docker_build, config: {{ image: {image}, tag: v1 }}, {again} }}
  - {{ name: test, type: docker_run, config: {{ network: none, command: [sh, -c, {}] }}, {again} }}
  - {{ name: push, type: docker_push, config: {{ registry_url: '{registry}' }}, {again} }}
",
        serde_json::json!(lines)
    )
}

fn judge(dock: &Dock, server: &ServerWorld, registry: &Registry, victim: Victim, image: &str, which: &str) {
    let events = server.events(RUN);
    let tries = |of: usize| {
        let tried = |event: &&Event| matches!(event.fact, Fact::AttemptStarted { step, .. } if step == of);
        u32::try_from(events.iter().filter(tried).count()).unwrap()
    };
    let once = (0..4).all(|step| tries(step) == 1);
    assert!(once || victim == Victim::Attempts, "{which}: a step was tried twice: {events:#?}");
    let log = std::fs::read_to_string(server.log(RUN, 2, tries(2))).unwrap();
    let lines: String = (0..LINES).map(|line| format!("line {line}\n")).collect();
    assert_eq!(log, lines, "{which}: the container's output");
    let pushed = events.iter().find_map(|event| match &event.fact {
        Fact::StepFinished(finished) if finished.step == 3 => finished.gains.outputs.get("digest").cloned(),
        _ => None,
    });
    let digest = registry.digest(dock, image, "v1");
    assert_eq!(pushed, Some(serde_json::json!(digest)), "{which}");
    assert_eq!(registry.digests(image), [digest], "{which}: the registry was given more than one image");
    assert_eq!(dock.containers(server.files.root()), Vec::<String>::new(), "{which}: a container is left");
    assert_eq!(server.world.processes(), [], "{which}: something is left running");
}
