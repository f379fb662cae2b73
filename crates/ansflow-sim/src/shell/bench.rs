//! Runs programs in tests: a clock that jumps to whatever is due, and everything that is written.

use std::sync::Arc;

use super::files::{ContainerFiles, Volume};
use super::{Mode, Process};
use crate::program::{Exit, Io, Program, Signal, Sink, Start, Step, Stream};
use crate::time::Micros;

/// Saturday, 21 November 2026, 04:00:00 UTC.
pub(crate) const BEGAN: Micros = Micros(1_795_233_600_000_000);

#[derive(Default)]
pub(crate) struct Written(pub(crate) Vec<(Stream, Micros, Vec<u8>)>);

impl Sink for Written {
    fn write(&mut self, stream: Stream, at: Micros, bytes: &[u8]) {
        self.0.push((stream, at, bytes.to_vec()));
    }
}

impl Written {
    pub(crate) fn text(&self, wanted: Option<Stream>) -> String {
        let bytes: Vec<u8> = self
            .0
            .iter()
            .filter(|(stream, ..)| wanted.is_none_or(|wanted| wanted == *stream))
            .flat_map(|w| w.2.clone())
            .collect();
        String::from_utf8(bytes).unwrap()
    }
}

/// A program that a test holds.
pub(crate) struct Bench {
    pub(crate) program: Box<dyn Program>,
    pub(crate) files: ContainerFiles,
    pub(crate) written: Written,
    pub(crate) now: Micros,
    pub(crate) memory: Option<u64>,
    pub(crate) input: Vec<u8>,
    pub(crate) input_ended: bool,
    pub(crate) steps: usize,
}

impl Bench {
    pub(crate) fn new(program: Box<dyn Program>, files: ContainerFiles) -> Bench {
        let written = Written::default();
        Bench { program, files, written, now: BEGAN, memory: None, input: Vec::new(), input_ended: true, steps: 0 }
    }

    /// A script in a busybox with an emptyDir at `/data`.
    pub(crate) fn script(text: &str) -> Bench {
        let argv = vec!["sh".to_owned(), "-c".to_owned(), text.to_owned()];
        let start =
            Start { image: "busybox:1.36".into(), hostname: "web-0".to_owned(), now: BEGAN, ..Start::default() };
        let mut files = ContainerFiles::new("busybox:1.36", "web-0", None, BEGAN);
        files.mount("/data", &Volume::empty(), "", false);
        Bench::new(Box::new(Process::new(Arc::new(start), argv, Mode::Main(None))), files)
    }

    pub(crate) fn step(&mut self) -> Step {
        self.steps += 1;
        let mut io = Io {
            out: &mut self.written,
            stdin: &mut self.input,
            stdin_closed: self.input_ended,
            files: &mut self.files,
            memory: self.memory,
        };
        self.program.step(self.now, &mut io)
    }

    /// Runs until the end, or until so many seconds have passed.
    pub(crate) fn run(&mut self, seconds: i64) -> Option<Exit> {
        let end = Micros(self.now.0 + seconds * 1_000_000);
        loop {
            match self.step() {
                Step::Exit(exit) => return Some(exit),
                Step::Until(when) if when <= end => self.now = when,
                Step::Until(_) | Step::Forever => {
                    self.now = end;
                    return None;
                }
            }
        }
    }

    pub(crate) fn signal(&mut self, signal: Signal) {
        self.program.signal(signal, self.now);
    }
}

/// What a script writes, `out` and `err` together, and its exit code.
pub(crate) fn say(script: &str) -> String {
    let mut bench = Bench::script(script);
    let code = bench.run(1_000).map_or("runs".to_owned(), |exit| exit.code.to_string());
    format!("{}[{code}]", bench.written.text(None))
}
