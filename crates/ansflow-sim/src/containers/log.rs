//! What a container wrote in one of its lives: lines with their times, both outputs in one order.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::sync::watch;

use crate::lock::lock;
use crate::program::{Sink, Stream};
use crate::time::Micros;

/// Lines that are kept of one life.
const LINES: usize = 10_000;
/// Bytes that are kept of one life.
const BYTES: usize = 10 << 20;
/// A longer line is cut in two, as the runtime does.
const LINE: usize = 16 << 10;

/// A line, or the part of one that is there so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) at: Micros,
    pub(crate) stream: Stream,
    pub(crate) bytes: Arc<[u8]>,
}

/// The log of one life. Those who follow it are woken.
pub(crate) struct Log {
    cell: Mutex<Lines>,
    /// How many lines there were, and whether no more will come.
    news: watch::Sender<(u64, bool)>,
}

#[derive(Default)]
struct Lines {
    lines: VecDeque<Line>,
    /// Lines that were let go, so that numbers stay.
    gone: u64,
    bytes: usize,
    /// The beginnings of lines, of stdout and stderr.
    open: [Option<(Micros, Vec<u8>)>; 2],
    ended: bool,
}

impl Default for Log {
    fn default() -> Log {
        Log { cell: Mutex::default(), news: watch::Sender::new((0, false)) }
    }
}

impl Log {
    /// The lines from a number on, and the number to ask for next.
    pub(crate) fn since(&self, number: u64) -> (Vec<Line>, u64) {
        let inner = self.lock();
        let skip = usize::try_from(number.saturating_sub(inner.gone)).unwrap_or(usize::MAX);
        (inner.lines.iter().skip(skip).cloned().collect(), inner.gone + inner.lines.len() as u64)
    }

    /// Whether no more will come.
    pub(crate) fn has_ended(&self) -> bool {
        self.lock().ended
    }

    /// Changes with every line and at the end.
    pub(crate) fn news(&self) -> watch::Receiver<(u64, bool)> {
        self.news.subscribe()
    }

    /// The last lines as text, for a termination message.
    pub(crate) fn tail(&self, lines: usize) -> String {
        let inner = self.lock();
        let skip = inner.lines.len().saturating_sub(lines);
        let bytes: Vec<u8> = inner.lines.iter().skip(skip).flat_map(|line| line.bytes.iter().copied()).collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    pub(crate) fn end(&self) {
        let mut inner = self.lock();
        for stream in [Stream::Out, Stream::Err] {
            if let Some((at, bytes)) = inner.open[index(stream)].take() {
                inner.add(Line { at, stream, bytes: bytes.into() });
            }
        }
        inner.ended = true;
        self.tell(&inner);
    }

    fn push(&self, stream: Stream, at: Micros, bytes: &[u8]) {
        let mut inner = self.lock();
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            let (began, mut line) = inner.open[index(stream)].take().unwrap_or((at, Vec::new()));
            line.extend_from_slice(piece);
            if line.ends_with(b"\n") || line.len() >= LINE {
                inner.add(Line { at: began, stream, bytes: line.into() });
            } else {
                inner.open[index(stream)] = Some((began, line));
            }
        }
        self.tell(&inner);
    }

    fn tell(&self, inner: &Lines) {
        self.news.send_replace((inner.gone + inner.lines.len() as u64, inner.ended));
    }

    fn lock(&self) -> MutexGuard<'_, Lines> {
        lock(&self.cell)
    }
}

impl Lines {
    fn add(&mut self, line: Line) {
        self.bytes += line.bytes.len();
        self.lines.push_back(line);
        while self.lines.len() > LINES || self.bytes > BYTES {
            let Some(oldest) = self.lines.pop_front() else { return };
            self.bytes -= oldest.bytes.len();
            self.gone += 1;
        }
    }
}

impl Sink for Arc<Log> {
    fn write(&mut self, stream: Stream, at: Micros, bytes: &[u8]) {
        self.push(stream, at, bytes);
    }
}

fn index(stream: Stream) -> usize {
    usize::from(stream == Stream::Err)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(log: &Log) -> Vec<String> {
        log.since(0).0.iter().map(|line| String::from_utf8(line.bytes.to_vec()).unwrap()).collect()
    }

    #[test]
    fn pieces_become_lines_with_the_time_of_their_beginning() {
        let mut log: Arc<Log> = Arc::default();
        log.write(Stream::Out, Micros(1), b"a");
        log.write(Stream::Err, Micros(2), b"err\n");
        log.write(Stream::Out, Micros(3), b"b\nrest");
        assert_eq!(text(&log), ["err\n", "ab\n"]);
        assert_eq!(log.since(0).0[1].at, Micros(1));
        log.end();
        assert_eq!(text(&log), ["err\n", "ab\n", "rest"]);
        assert!(log.has_ended());
    }

    #[test]
    fn the_oldest_lines_go_first_and_numbers_stay() {
        let mut log: Arc<Log> = Arc::default();
        for number in 0..LINES + 5 {
            log.write(Stream::Out, Micros(0), format!("{number}\n").as_bytes());
        }
        let (lines, next) = log.since(0);
        assert_eq!((lines.len(), next), (LINES, LINES as u64 + 5));
        assert_eq!(&*lines[0].bytes, b"5\n");
        assert_eq!(log.since(next - 1).0.len(), 1);
    }
}
