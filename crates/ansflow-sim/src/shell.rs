//! A small POSIX-like shell and the commands that containers of manifests use, in simulated time.
//!
//! `Process` runs one command line: a shell, a tool, a server. The interpreter is written as futures, which are the simplest
//! way to stop in the middle of nested loops and to go on a second later; nothing here knows an executor.

mod arithmetic;
mod ast;
#[cfg(test)]
pub(crate) mod bench;
mod builtins;
mod condition;
mod date;
mod expand;
mod lex;
mod machine;
mod park;
mod parse;
mod pattern;
mod run;
mod state;
mod terminal;
#[cfg(test)]
mod tests;
mod tools;

pub(crate) mod files;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use self::machine::{Job, Machine};
use self::park::Park;
use self::state::{Shell, Stop};
use crate::program::{Exit, Io, Program, Signal, Start, Step, Stream};
use crate::time::Micros;

pub(crate) use self::date::Civil;
pub(crate) use self::terminal::Terminal;
pub(crate) use self::tools::has;

/// What answers at a port of a container.
pub(crate) trait Server: Send + Sync {
    fn listens(&self, port: u16) -> bool;
    /// The status and the body of a GET.
    fn get(&self, path: &str, now: Micros) -> (u16, Vec<u8>);
    /// Somebody asked for this path: some log it.
    fn asked(&self, _path: &str, _now: Micros) {}
    /// The lines that it has logged since this was last called.
    fn log(&self) -> Vec<(Stream, Micros, String)> {
        Vec::new()
    }
    /// What it ends with when it is told to.
    fn ended_by(&self, signal: Signal) -> Option<i32>;
}

/// What a process is to its container, with the terminal that it stands at, if any.
#[derive(Clone)]
pub(crate) enum Mode {
    /// What the container was started for.
    Main(Option<Terminal>),
    /// Asked for by a probe, a hook or a person.
    Exec(Option<Terminal>),
}

impl Mode {
    fn terminal(&self) -> Option<&Terminal> {
        let (Mode::Main(terminal) | Mode::Exec(terminal)) = self;
        terminal.as_ref()
    }
}

/// A command line that runs.
pub(crate) struct Process {
    machine: Arc<Machine>,
    state: State,
    jobs: Vec<Job>,
}

enum State {
    Running(Pin<Box<dyn Future<Output = Exit> + Send>>),
    Parked(Park),
    Ended(Exit),
}

impl Process {
    pub(crate) fn new(start: Arc<Start>, argv: Vec<String>, mode: Mode) -> Process {
        let machine = Arc::new(Machine::new(start, mode));
        let mut shell = Shell::new(Arc::clone(&machine), &argv);
        let main = Box::pin(async move {
            match run::program(&mut shell, argv).await {
                Ok(code) | Err(Stop::Exit(code) | Stop::Return(code)) => Exit { code: code & 0xff, oom: false },
                Err(Stop::Break(_) | Stop::Continue(_)) => Exit { code: 0, oom: false },
                Err(Stop::OutOfMemory) => Exit { code: 137, oom: true },
            }
        });
        Process { machine, state: State::Running(main), jobs: Vec::new() }
    }

    /// Polls everything until nothing moves any more.
    fn poll(&mut self, io: &mut Io<'_>) {
        let mut context = Context::from_waker(Waker::noop());
        while let State::Running(main) = &mut self.state {
            self.machine.round();
            if let Poll::Ready(exit) = main.as_mut().poll(&mut context) {
                self.end(exit);
                return;
            }
            self.jobs.retain_mut(|job| job.as_mut().poll(&mut context).is_pending());
            let calls = self.machine.take_calls();
            let again = !calls.is_empty() || self.machine.moved();
            let now = self.machine.now();
            for call in calls {
                call(io.files, now);
            }
            self.jobs.extend(self.machine.take_spawned());
            if !again {
                break;
            }
        }
        if let Some(park) = self.machine.take_park().filter(|_| self.jobs.is_empty()) {
            self.state = State::Parked(park);
        }
    }

    fn end(&mut self, exit: Exit) {
        self.state = State::Ended(exit);
        // With the first process all others end.
        self.jobs = Vec::new();
        self.machine.take_spawned();
        self.machine.serve(None);
    }
}

impl Program for Process {
    fn step(&mut self, now: Micros, io: &mut Io<'_>) -> Step {
        self.machine.begin(now, io.memory);
        if !io.stdin.is_empty() {
            self.machine.stdin.push(&std::mem::take(io.stdin));
        }
        if io.stdin_closed {
            self.machine.stdin.end();
        }
        // What a server logged before it ended is told, too.
        let server = self.machine.server();
        self.poll(io);
        for (stream, at, bytes) in self.machine.take_written() {
            io.out.write(stream, at, &bytes);
        }
        for (stream, at, line) in self.machine.server().or(server).map(|server| server.log()).unwrap_or_default() {
            io.out.write(stream, at, format!("{line}\n").as_bytes());
        }
        if let State::Parked(park) = &mut self.state {
            let signals = std::iter::from_fn(|| self.machine.take_signal());
            let step = park.step(now, signals);
            if let Step::Exit(exit) = &step {
                self.end(exit.clone());
            }
            return step;
        }
        match (&self.state, self.machine.wake()) {
            (State::Ended(exit), _) => Step::Exit(exit.clone()),
            (_, Some(when)) => Step::Until(when),
            (_, None) => Step::Forever,
        }
    }

    fn signal(&mut self, signal: Signal, _now: Micros) {
        match (&self.state, signal) {
            (State::Ended(_), _) => {}
            (_, Signal::Kill) => self.end(Exit { code: 137, oom: false }),
            _ => self.machine.signal(signal),
        }
    }

    fn listens(&self, port: u16) -> bool {
        self.machine.server().is_some_and(|server| server.listens(port))
    }

    fn http(&self, path: &str, now: Micros) -> Option<u16> {
        let server = self.machine.server()?;
        server.asked(path, now);
        Some(server.get(path, now).0)
    }

    fn page(&self, path: &str) -> Vec<u8> {
        self.machine.server().map(|server| server.get(path, self.machine.now()).1).unwrap_or_default()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Jobs that were started and never polled hold the machine that holds them.
        self.machine.take_spawned();
    }
}
