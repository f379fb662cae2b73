//! What is left of a process that only waits: ten thousand idle containers are ten thousand of these, not of interpreters.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Server;
use crate::program::{Exit, Signal, Step};
use crate::time::Micros;

/// What a process waits in.
pub(super) enum Park {
    /// It serves until it is told to end.
    Server(Arc<dyn Server>),
    /// `while true; do sleep 1; done` with traps that do nothing but exit.
    Idle { began: Micros, round: i64, exits: Vec<(Signal, i32)>, due: Option<(Micros, i32)> },
    /// Nothing wakes it but SIGKILL.
    Forever,
}

impl Park {
    /// A loop that sleeps in rounds, if what its traps do can be said by a number.
    pub(super) fn idle(began: Micros, round: i64, traps: &BTreeMap<String, String>) -> Option<Park> {
        if traps.is_empty() {
            return Some(Park::Forever);
        }
        let exits = traps.iter().map(|(name, action)| Some((signal(name)?, exit(action)?)));
        Some(Park::Idle { began, round, exits: exits.collect::<Option<_>>()?, due: None })
    }

    pub(super) fn step(&mut self, now: Micros, signals: impl IntoIterator<Item = Signal>) -> Step {
        match self {
            Park::Forever => Step::Forever,
            Park::Server(server) => match signals.into_iter().find_map(|signal| server.ended_by(signal)) {
                Some(code) => Step::Exit(Exit { code, oom: false }),
                None => Step::Forever,
            },
            Park::Idle { began, round, exits, due } => {
                for signal in signals {
                    let exit = exits.iter().find(|(known, _)| *known == signal);
                    if let (Some((_, code)), None) = (exit, &due) {
                        let rounds = (now.0 - began.0).div_euclid(*round) + 1;
                        *due = Some((Micros(began.0 + rounds * *round), *code));
                    }
                }
                match due {
                    Some((when, code)) if now >= *when => Step::Exit(Exit { code: *code, oom: false }),
                    Some((when, _)) => Step::Until(*when),
                    None => Step::Forever,
                }
            }
        }
    }
}

fn signal(name: &str) -> Option<Signal> {
    match name {
        "TERM" => Some(Signal::Term),
        "INT" => Some(Signal::Int),
        "HUP" => Some(Signal::Hup),
        _ => None,
    }
}

/// The code of `exit`, `exit 0`, and of nothing else.
fn exit(action: &str) -> Option<i32> {
    match action.split_whitespace().collect::<Vec<_>>().as_slice() {
        ["exit"] => Some(0),
        ["exit", code] => code.trim_end_matches(';').parse().ok(),
        _ => None,
    }
}
