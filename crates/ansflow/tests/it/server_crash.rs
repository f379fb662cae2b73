//! `kill -9` of a server that drives five runs, at random moments, again and again: all runs reach their right end, no
//! step runs twice, no byte of output is missing.
//!
//! The suite does 5 of these; `ANSFLOW_CRASHES=100` does more. A failure names its seed.

use std::time::{Duration, Instant};

use ansflow_core::run::event::{Fact, RunStatus};

use crate::server_world::ServerWorld;

const RUNS: u64 = 5;
const STEPS: usize = 10;

#[test]
fn a_server_that_crashes_at_any_moment_loses_nothing() {
    let crashes = std::env::var("ANSFLOW_CRASHES").ok().and_then(|text| text.parse().ok()).unwrap_or(5);
    let seed = std::env::var("ANSFLOW_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(0x9e37_79b9_7f4a_7c15);
    let mut dice = Dice(seed | 1);
    let (mut done, mut rounds) = (0, 0);
    while done < crashes {
        rounds += 1;
        done += campaign(&mut dice, crashes - done, seed);
    }
    println!("{done} crashes in {rounds} rounds of {RUNS} runs");
}

/// Five runs, and at most so many crashes on their way: how many there were.
fn campaign(dice: &mut Dice, most: u64, seed: u64) -> u64 {
    let server = ServerWorld::new();
    let runs: Vec<String> = (1..=RUNS).map(|number| format!("run_{number}")).collect();
    for (run, number) in runs.iter().zip(1..) {
        server.queue(run, number, &pipeline());
    }
    let mut crashes = 0;
    let mut served = server.start();
    while crashes < most && runs.iter().any(|run| server.status(run) != RunStatus::Success) {
        let until = Instant::now() + Duration::from_millis(dice.below(400));
        while Instant::now() < until {
            std::thread::yield_now();
        }
        served.kill();
        crashes += 1;
        served = server.start();
    }
    let began = Instant::now();
    while let Some(run) = runs.iter().find(|run| server.status(run) != RunStatus::Success) {
        let status = server.status(run);
        let is_going = matches!(status, RunStatus::Queued | RunStatus::Running | RunStatus::Success);
        assert!(is_going, "seed {seed}: {run} is {status:?}: {:#?}", server.events(run));
        assert!(began.elapsed().as_secs() < 60, "seed {seed}: {run} is still {status:?}: {:#?}", server.events(run));
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(served.terminate(), Some(0));
    for run in &runs {
        judge(&server, run, seed);
    }
    assert_eq!(server.world.processes(), [], "seed {seed}: nothing is left running");
    crashes
}

fn judge(server: &ServerWorld, run: &str, seed: u64) {
    let events = server.events(run);
    let count = |is: &dyn Fn(&Fact) -> bool| events.iter().filter(|event| is(&event.fact)).count();
    assert_eq!(count(&|fact| matches!(fact, Fact::AttemptStarted { .. })), STEPS, "seed {seed}: {run} tried once");
    assert_eq!(count(&|fact| matches!(fact, Fact::StepFinished(_))), STEPS, "seed {seed}: {run}");
    assert_eq!(count(&|fact| matches!(fact, Fact::RunFinished { .. })), 1, "seed {seed}: {run}");
    let mut trace: Vec<String> = server.text(run, "trace").lines().map(str::to_owned).collect();
    trace.sort();
    let expected: Vec<String> = (0..STEPS).map(|step| format!("s{step}")).collect();
    assert_eq!(trace, expected, "seed {seed}: every step of {run} ran once");
    for step in 0..STEPS {
        let log = std::fs::read_to_string(server.log(run, step, 1)).unwrap();
        let lines: String = (0..50).map(|line| format!("line {line} of s{step}\n")).collect();
        assert_eq!(log, lines, "seed {seed}: the output of step {step} of {run}");
    }
}

/// A chain with a group in it. Each step leaves a trace and prints for a while.
fn pipeline() -> String {
    let mut text = String::from("name: crash\nsteps:\n");
    for step in 0..STEPS {
        let work = format!(
            "echo s{step} >>trace; i=0; while [ $i -lt 50 ]; do echo line $i of s{step}; i=$((i + 1)); [ $i = 25 ] && sleep 0.03; done; true"
        );
        text += &format!("  - name: s{step}\n    type: command\n    command: {}\n", serde_json::json!(work));
        if (3..6).contains(&step) {
            text += "    parallel_group: three\n";
        }
    }
    text
}

/// xorshift, so that a seed names a story.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}
