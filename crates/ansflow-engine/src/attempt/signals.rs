//! What the attempt's process is told by signals, as something that `poll` can wait for.
//!
//! Handlers, not a blocked mask with a signalfd: the mask is handed on to children, and a shell that never hears
//! SIGTERM cannot be asked to end. Handlers are forgotten at `exec`.

use std::io::{self, Read as _};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use nix::sys::signal::Signal;

/// Signals, as a file descriptor that becomes readable.
pub(crate) struct Signals {
    wakes: UnixStream,
    stop: Arc<AtomicBool>,
}

impl Signals {
    /// From here on SIGTERM and the end of a child wake; SIGINT and SIGHUP, which a terminal sends to all, do nothing.
    pub(crate) fn listen() -> io::Result<Self> {
        let (wakes, sender) = UnixStream::pair()?;
        wakes.set_nonblocking(true)?;
        sender.set_nonblocking(true)?;
        let stop = Arc::new(AtomicBool::new(false));
        let ignored = Arc::new(AtomicBool::new(false));
        // The flag first: whoever is woken must see it.
        signal_hook::flag::register(Signal::SIGTERM as i32, Arc::clone(&stop))?;
        signal_hook::low_level::pipe::register(Signal::SIGTERM as i32, sender.try_clone()?)?;
        signal_hook::low_level::pipe::register(Signal::SIGCHLD as i32, sender)?;
        for signal in [Signal::SIGINT, Signal::SIGHUP] {
            // A handler, because `SIG_IGN` would be handed on to the user's programs.
            signal_hook::flag::register(signal as i32, Arc::clone(&ignored))?;
        }
        Ok(Self { wakes, stop })
    }

    /// Whether somebody asked for the end.
    pub(crate) fn stop_requested(&self) -> bool {
        self.stop.load(Ordering::SeqCst)
    }

    /// Waits until somebody asks for the end, for who does not wait with `poll`.
    pub(crate) async fn stop(&self) -> io::Result<()> {
        let wakes = tokio::net::UnixStream::from_std(self.wakes.try_clone()?)?;
        let mut sink = [0; 64];
        while !self.stop_requested() {
            wakes.readable().await?;
            while wakes.try_read(&mut sink).is_ok_and(|count| count > 0) {}
        }
        Ok(())
    }

    /// Forgets the wakes so far. Ask after this, not before.
    pub(crate) fn clear(&mut self) {
        let mut sink = [0; 64];
        while self.wakes.read(&mut sink).is_ok_and(|count| count > 0) {}
    }
}

impl AsFd for Signals {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.wakes.as_fd()
    }
}
