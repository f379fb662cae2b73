//! Into the log from what is no pipe: a daemon's answers. Masked, lines whole, shown in time, as the pump does it.
//!
//! Behind a lock, because output comes while somebody else waits for a line that does not end. Writing is done at once
//! and by whoever brings the bytes, so that a daemon that is faster than the disk waits.

use std::convert::Infallible;
use std::sync::{Mutex, MutexGuard, PoisonError};

use ansflow_core::mask::{MaskStream, Masker};
use ansflow_store::output::Stream;

use super::pump::Pump;

/// The log, for work without a process.
pub(crate) struct Outlet<'p> {
    inner: Mutex<Inner<'p>>,
}

struct Inner<'p> {
    pump: &'p mut Pump,
    stdout: MaskStream,
    stderr: MaskStream,
    clean: Vec<u8>,
}

impl<'p> Outlet<'p> {
    pub(crate) fn over(pump: &'p mut Pump, masker: &Masker) -> Self {
        let inner = Inner { pump, stdout: masker.stream(), stderr: masker.stream(), clean: Vec::new() };
        Self { inner: Mutex::new(inner) }
    }

    /// What a program of the user's wrote.
    pub(crate) fn bytes(&self, stream: Stream, bytes: &[u8]) {
        let mut inner = self.lock();
        let Inner { pump, stdout, stderr, clean } = &mut *inner;
        let mask = match stream {
            Stream::Stdout => stdout,
            Stream::Stderr => stderr,
        };
        clean.clear();
        mask.push(bytes, clean);
        pump.write(stream, clean);
    }

    /// A line that a tool wrote.
    pub(crate) fn line(&self, line: &str) {
        self.bytes(Stream::Stdout, format!("{line}\n").as_bytes());
    }

    /// A line of ours.
    pub(crate) fn say(&self, line: &str) {
        self.lock().pump.say(&format!("ansflow: {line}\n"));
    }

    /// Shows lines that do not end, for as long as it is polled.
    pub(crate) async fn keep_showing(&self) -> Infallible {
        loop {
            let wait = self.lock().pump.show_late();
            tokio::time::sleep(wait).await;
        }
    }

    /// Nothing more will come: what may have been the beginning of a secret is none.
    pub(crate) fn end(self) {
        let inner = self.inner.into_inner().unwrap_or_else(PoisonError::into_inner);
        let Inner { pump, mut stdout, mut stderr, mut clean } = inner;
        for (stream, mask) in [(Stream::Stdout, &mut stdout), (Stream::Stderr, &mut stderr)] {
            clean.clear();
            mask.finish(&mut clean);
            pump.write(stream, &clean);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner<'p>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
