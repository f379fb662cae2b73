//! `kill -9` of the process that drives a run, of an attempt, or of both, at random moments: every run reaches its
//! right end, no finished step runs again, no line that was shown is missing, and going on takes under a second.
//!
//! The suite does 20 of these; `ANSFLOW_CRASHES=200` does more. A failure names its seed.

use std::io::Read;
use std::process::{Child, ExitStatus};
use std::time::{Duration, Instant};

use serde_json::Value as Json;

use crate::resume::kill;
use crate::world::{World, events};

const STEPS: usize = 20;
/// The exit code for a run that was killed before it was there: it is started again, not resumed.
const NEVER_BEGAN: i32 = 6;

#[test]
fn a_crash_at_any_moment_changes_nothing() {
    let crashes = std::env::var("ANSFLOW_CRASHES").ok().and_then(|text| text.parse().ok()).unwrap_or(20);
    let seed = std::env::var("ANSFLOW_SEED").ok().and_then(|text| text.parse().ok());
    let mut slowest = Duration::ZERO;
    for number in 0..crashes {
        let seed = seed.unwrap_or(0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(number + 1));
        slowest = slowest.max(Campaign::new(seed).check());
    }
    println!("{crashes} crashes; the slowest resume took {slowest:?} until it went on");
}

/// One run with its crashes.
struct Campaign {
    seed: u64,
    random: u64,
    world: World,
    /// Lines that somebody has seen.
    seen: Vec<(String, String)>,
    /// Attempts that were killed.
    killed: usize,
    slowest: Duration,
}

impl Campaign {
    fn new(seed: u64) -> Self {
        let world = World::new();
        world.write("p.yml", pipeline());
        Self { seed, random: seed | 1, world, seen: Vec::new(), killed: 0, slowest: Duration::ZERO }
    }

    fn check(mut self) -> Duration {
        let mut child = self.world.start(&["run", "p.yml", "-o", "json"]);
        for crash in 0..3 {
            let moment = Duration::from_millis(self.below(450));
            if let Some((status, shown)) = self.crash(&mut child, moment) {
                if status.code() == Some(NEVER_BEGAN) {
                    child = self.world.start(&["run", "p.yml", "-o", "json"]);
                    continue;
                }
                // It ended before its time had come.
                let bad: Vec<Json> = events(&shown).into_iter().filter(|event| event["why"].is_string()).collect();
                assert!(status.success(), "seed {}: the run ended with {status}: {bad:#?}", self.seed);
                break;
            }
            let run = self.world.runs().pop().unwrap_or_default();
            if run.is_empty() {
                child = self.world.start(&["run", "p.yml", "-o", "json"]);
                continue;
            }
            assert!(crash < 3);
            child = self.world.start(&["run", "--resume", &run, "-o", "json"]);
        }
        let _ = child.kill();
        let _ = child.wait();
        let run = self.world.runs().pop().unwrap();
        let mut last = self.world.ansflow(&["run", "--resume", &run, "-o", "json"]);
        if last.code == NEVER_BEGAN {
            last = self.world.ansflow(&["run", "p.yml", "-o", "json"]);
        }
        self.judge(last.code, &events(&last.stdout));
        self.slowest
    }

    /// Lets the run go on for a while, then kills what the dice say. The status and output where it ended by itself.
    fn crash(&mut self, child: &mut Child, after: Duration) -> Option<(ExitStatus, String)> {
        let started = Instant::now();
        let mut stdout = child.stdout.take().unwrap();
        let reader = std::thread::spawn(move || {
            let mut text = Vec::new();
            let mut first = None;
            let mut piece = [0; 65536];
            while let Ok(length @ 1..) = stdout.read(&mut piece) {
                first.get_or_insert_with(Instant::now);
                text.extend_from_slice(&piece[..length]);
            }
            (text, first)
        });
        while started.elapsed() < after && child.try_wait().unwrap().is_none() {
            std::thread::yield_now();
        }
        let status = child.try_wait().unwrap();
        let what = self.below(3);
        if status.is_none() && what != 0 {
            let attempts = self.world.attempts();
            if let Some(pid) = attempts.get(self.below(attempts.len().max(1) as u64) as usize) {
                self.killed += 1;
                kill(*pid);
            }
        }
        let ended_by_itself = if what == 1 && status.is_none() {
            // Only the attempt was killed: the run must get to its end without help.
            Some(child.wait().unwrap())
        } else {
            let _ = child.kill();
            child.wait().unwrap();
            status
        };
        let (text, first) = reader.join().unwrap();
        if let Some(first) = first {
            self.slowest = self.slowest.max(first - started);
        }
        let text = String::from_utf8_lossy(&text).into_owned();
        self.seen.extend(log_lines(&events(&text)));
        ended_by_itself.map(|status| (status, text))
    }

    fn judge(&self, code: i32, history: &[Json]) {
        let seed = self.seed;
        assert_eq!(code, 0, "seed {seed}: {history:#?}");
        let count = |step: &str, event: &str| {
            history.iter().filter(|line| line["event"] == event && line["step"] == step).count()
        };
        let trace = self.world.read("trace");
        for step in (0..STEPS).map(|number| format!("s{number}")) {
            assert_eq!(count(&step, "step_finished"), 1, "seed {seed}: `{step}` finishes once");
            let executions = trace.lines().filter(|line| *line == step).count();
            let attempts = count(&step, "step_started");
            assert!(
                (1..=attempts).contains(&executions),
                "seed {seed}: `{step}` ran {executions} times in {attempts} attempts"
            );
        }
        let again = trace.lines().count() - STEPS;
        assert!(again <= self.killed, "seed {seed}: {again} executions too many for {} killed attempts", self.killed);
        let shown = log_lines(history);
        for line in &self.seen {
            assert!(shown.contains(line), "seed {seed}: the line {line:?} was shown and is gone");
        }
        assert_eq!(history.iter().filter(|line| line["event"] == "run_finished").count(), 1, "seed {seed}");
        assert_eq!(self.world.processes(), [], "seed {seed}: nothing is left running");
        assert!(self.slowest < Duration::from_secs(1), "seed {seed}: going on took {:?}", self.slowest);
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random % bound
    }
}

fn log_lines(events: &[Json]) -> Vec<(String, String)> {
    let text = |event: &Json, key: &str| event[key].as_str().unwrap().to_owned();
    let logs = events.iter().filter(|event| event["event"] == "log");
    logs.map(|event| (text(event, "step"), text(event, "line"))).collect()
}

/// 20 steps: a chain, groups of three, and steps with needs. Each leaves a trace, prints before and after a pause.
fn pipeline() -> String {
    let mut text = String::from("name: crash\nsteps:\n");
    for number in 0..STEPS {
        let work = format!("echo s{number} >>trace; echo begin {number}; sleep 0.03; echo end {number} >&2");
        text += &format!("  - name: s{number}\n    type: command\n    command: {work}\n");
        text += "    retry: { attempts: 5, on: [lost] }\n";
        match number {
            5..8 => text += "    parallel_group: first\n",
            11..14 => text += "    parallel_group: second\n",
            16 => text += "    needs: [s3]\n",
            17 => text += "    needs: [s14, s9]\n",
            _ => (),
        }
    }
    text
}
