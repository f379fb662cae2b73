//! A program that says and does what it was told: answers of an annotation, and faults that were asked for.

use std::time::Duration;

use crate::program::{Exit, Io, Program, Signal, Step, Stream};
use crate::time::Micros;

/// Writes its text, waits, ends; or never ends.
pub(crate) struct Scripted {
    out: Vec<(Stream, String)>,
    after: Duration,
    exit: Option<Exit>,
    began: Option<Micros>,
    told: bool,
}

impl Scripted {
    /// Ends `after` its start with `exit`, or not at all without one, and says its text when it starts.
    pub(crate) fn new(out: Vec<(Stream, String)>, after: Duration, exit: Option<Exit>) -> Scripted {
        Scripted { out, after, exit, began: None, told: false }
    }

    pub(super) fn answer(stdout: String, stderr: String, code: i32) -> Scripted {
        Scripted::new(
            vec![(Stream::Out, stdout), (Stream::Err, stderr)],
            Duration::ZERO,
            Some(Exit { code, oom: false }),
        )
    }
}

impl Program for Scripted {
    fn step(&mut self, now: Micros, io: &mut Io<'_>) -> Step {
        let began = *self.began.get_or_insert(now);
        for (stream, text) in self.out.drain(..).filter(|(_, text)| !text.is_empty()) {
            io.out.write(stream, now, text.as_bytes());
        }
        if self.told {
            return Step::Exit(Exit { code: 143, oom: false });
        }
        match &self.exit {
            None => Step::Forever,
            Some(exit) if now >= began.plus(self.after) => Step::Exit(exit.clone()),
            Some(_) => Step::Until(began.plus(self.after)),
        }
    }

    fn signal(&mut self, signal: Signal, _now: Micros) {
        // One that hangs does not even listen to SIGTERM.
        self.told = signal == Signal::Kill || self.exit.is_some();
    }

    fn listens(&self, _port: u16) -> bool {
        false
    }

    fn http(&self, _path: &str, _now: Micros) -> Option<u16> {
        None
    }
}
