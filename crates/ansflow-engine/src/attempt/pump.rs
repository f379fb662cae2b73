//! From the pipes of the user's processes into the log: masked, in the order of arrival, a stream kept apart from the
//! other, lines whole.
//!
//! Trouble with the log does not end the command: its output is read on, and the trouble is told at the end.

use std::fs::File;
use std::io::{self, Read as _};
use std::os::fd::{AsFd as _, OwnedFd};
use std::path::{Path, PathBuf};
use std::process::{ChildStderr, ChildStdout};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use ansflow_core::mask::{MaskStream, Masker};
use ansflow_store::output::{LogWriter, Stream};
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use super::signals::Signals;

/// One read. Large, because the number of system calls is what 100 MB of output cost.
const READ: usize = 256 * 1024;
/// Until a read has filled it, the buffer is small: most steps say little.
const FIRST_READ: usize = 8 * 1024;
/// A line that is not finished is shown after so much silence.
const SILENCE: Duration = Duration::from_millis(200);
/// Captured data beyond this is dropped.
const CAPTURED: usize = 1024 * 1024;

/// Output of one command at a time, into one log.
pub(crate) struct Pump {
    folder: PathBuf,
    /// Made with the first output: many steps have none.
    log: Option<LogWriter>,
    trouble: Option<String>,
    masker: Masker,
    pipes: Vec<Pipe>,
    /// Where standard output goes instead of the log.
    data: Option<Vec<u8>>,
    buffer: Vec<u8>,
    clean: Vec<u8>,
    last_write: Instant,
}

/// Where a command's standard output goes.
pub(crate) enum Sink {
    Log,
    Data(Vec<u8>),
}

struct Pipe {
    file: File,
    stream: Stream,
    mask: MaskStream,
    open: bool,
}

impl Pump {
    pub(crate) fn open(folder: &Path, masker: Masker) -> Self {
        Self {
            folder: folder.to_owned(),
            log: None,
            trouble: None,
            masker,
            pipes: Vec::with_capacity(2),
            data: None,
            buffer: Vec::new(),
            clean: Vec::new(),
            last_write: Instant::now(),
        }
    }

    /// Listens to a command.
    pub(crate) fn attach(&mut self, stdout: Option<ChildStdout>, stderr: Option<ChildStderr>, sink: Sink) {
        self.data = match sink {
            Sink::Log => None,
            Sink::Data(data) => Some(data),
        };
        let ends = [(stdout.map(OwnedFd::from), Stream::Stdout), (stderr.map(OwnedFd::from), Stream::Stderr)];
        for (end, stream) in ends {
            let Some(end) = end else { continue };
            // A larger pipe only saves turns; the system may refuse it.
            let _ = fcntl(&end, FcntlArg::F_SETPIPE_SZ(READ as i32));
            if let Err(error) = fcntl(&end, FcntlArg::F_SETFL(OFlag::O_NONBLOCK)) {
                self.trouble.get_or_insert_with(|| format!("failed to read the output: {error}"));
                continue;
            }
            self.pipes.push(Pipe { file: end.into(), stream, mask: self.masker.stream(), open: true });
        }
    }

    /// Sleeps until there is output, a signal, or that time, and moves what has come: whether there was a signal.
    pub(crate) fn turn(&mut self, signals: &Signals, wake_at: Option<Instant>) -> io::Result<bool> {
        let now = Instant::now();
        let show_at = self.holds_back().then(|| self.last_write + SILENCE);
        let next = [wake_at, show_at].into_iter().flatten().min();
        let timeout = next.map_or(PollTimeout::NONE, |next| whole_ms(next.saturating_duration_since(now)));

        let mut waits = Vec::with_capacity(3);
        waits.push(PollFd::new(signals.as_fd(), PollFlags::POLLIN));
        waits.extend(
            self.pipes.iter().filter(|pipe| pipe.open).map(|pipe| PollFd::new(pipe.file.as_fd(), PollFlags::POLLIN)),
        );
        match poll(&mut waits, timeout) {
            Ok(_) => {}
            // A handler ran; what it wrote is there at the next turn.
            Err(Errno::EINTR) => return Ok(false),
            Err(error) => return Err(error.into()),
        }
        let ready: Vec<bool> = waits.iter().map(|wait| wait.any().unwrap_or(false)).collect();
        let mut open = ready[1..].iter();
        for index in 0..self.pipes.len() {
            if self.pipes[index].open && *open.next().unwrap_or(&false) {
                self.read(index);
            }
        }
        if self.holds_back() && self.last_write.elapsed() >= SILENCE {
            self.flush();
        }
        Ok(ready[0])
    }

    /// The command has ended: what is still in its pipes counts, whoever else holds them open.
    pub(crate) fn detach(&mut self) -> Vec<u8> {
        for index in 0..self.pipes.len() {
            while self.pipes[index].open && self.read(index) {}
        }
        for mut pipe in std::mem::take(&mut self.pipes) {
            self.clean.clear();
            pipe.mask.finish(&mut self.clean);
            self.store(pipe.stream);
        }
        self.flush();
        self.data.take().unwrap_or_default()
    }

    /// Words of ours, between lines of the user's.
    pub(crate) fn say(&mut self, line: &str) {
        self.flush();
        self.clean.clear();
        self.clean.extend_from_slice(self.masker.mask(line).as_bytes());
        self.put(Stream::Stderr);
    }

    /// Ends the log: its length, and what went wrong with it.
    pub(crate) fn close(mut self) -> (u64, Option<String>) {
        self.flush();
        let Some(log) = self.log.take() else { return (0, self.trouble) };
        self.note(log.sync());
        (log.len(), self.trouble)
    }

    /// One read: whether there may be more.
    fn read(&mut self, index: usize) -> bool {
        if self.buffer.is_empty() {
            self.buffer.resize(FIRST_READ, 0);
        }
        let pipe = &mut self.pipes[index];
        let count = match pipe.file.read(&mut self.buffer) {
            Ok(0) => {
                pipe.open = false;
                return false;
            }
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return true,
            Err(error) => {
                pipe.open = error.kind() == io::ErrorKind::WouldBlock;
                return false;
            }
        };
        let (stream, was_full) = (pipe.stream, count == self.buffer.len());
        if let (Stream::Stdout, Some(data)) = (stream, &mut self.data) {
            // Data for us is not shown, so it is not masked either.
            let room = CAPTURED.saturating_sub(data.len()).min(count);
            data.extend_from_slice(&self.buffer[..room]);
            return true;
        }
        self.clean.clear();
        pipe.mask.push(&self.buffer[..count], &mut self.clean);
        self.put(stream);
        if was_full && self.buffer.len() < READ {
            self.buffer.resize(READ, 0);
        }
        true
    }

    fn store(&mut self, stream: Stream) {
        if self.data.is_none() || stream == Stream::Stderr {
            self.put(stream);
        }
    }

    /// Bytes that are masked already.
    pub(crate) fn write(&mut self, stream: Stream, clean: &[u8]) {
        self.clean.clear();
        self.clean.extend_from_slice(clean);
        self.put(stream);
    }

    /// Shows a line that has not ended, when there was silence long enough: how long until it is worth asking again.
    pub(crate) fn show_late(&mut self) -> Duration {
        match SILENCE.checked_sub(self.last_write.elapsed()) {
            Some(wait) if self.holds_back() => wait,
            Some(_) => SILENCE,
            None => {
                self.flush();
                SILENCE
            }
        }
    }

    fn put(&mut self, stream: Stream) {
        if !self.clean.is_empty() {
            let log = match self.log.take() {
                Some(log) => Ok(log),
                None => LogWriter::create(&self.folder),
            };
            let written = log.and_then(|log| self.log.insert(log).write(stream, &self.clean, now_ms()));
            self.note(written);
            self.last_write = Instant::now();
        }
    }

    fn holds_back(&self) -> bool {
        self.log.as_ref().is_some_and(LogWriter::holds_back)
    }

    fn flush(&mut self) {
        if let Some(log) = self.log.as_mut().filter(|log| log.holds_back()) {
            let written = log.flush_partial(now_ms());
            self.note(written);
        }
    }

    fn note<E: std::fmt::Display>(&mut self, result: Result<(), E>) {
        if let Err(error) = result {
            self.trouble.get_or_insert_with(|| format!("failed to write the log: {error}"));
        }
    }
}

/// Rounded up: a turn that is too early would be taken for nothing.
fn whole_ms(wait: Duration) -> PollTimeout {
    let ms = wait.as_millis() + u128::from(!wait.subsec_nanos().is_multiple_of(1_000_000));
    PollTimeout::try_from(i32::try_from(ms).unwrap_or(i32::MAX)).unwrap_or(PollTimeout::MAX)
}

fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
