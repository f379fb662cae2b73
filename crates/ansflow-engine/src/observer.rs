//! Who watches a run: its events when they are durable, its output as it is written.

use std::io;

use ansflow_core::run::event::Event;
use ansflow_core::run::{Attempt, Run};
use ansflow_store::output::LogLineRef;

/// Watches one run. Called on the engine's own task, in the order in which things are to be shown: all lines of an
/// attempt come before the event that ends it. An error ends the watching and the driving, not the attempts.
pub trait Observer {
    /// An event was stored as number `seq`. Several are stored at once where one follows from another; `run` is the
    /// run after the last of them.
    ///
    /// # Errors
    /// When it could not be shown.
    fn event(&mut self, seq: u64, event: &Event, run: &Run) -> io::Result<()>;

    /// A line of output of an attempt, already masked. Called a million times for a million lines: copy little.
    ///
    /// # Errors
    /// When it could not be shown.
    fn line(&mut self, attempt: Attempt, line: LogLineRef<'_>, run: &Run) -> io::Result<()>;

    /// There is nothing more to show for now: what was shown must have left the program.
    ///
    /// # Errors
    /// When it could not be shown.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// Whether [`Observer::line`] is to be called at all.
    fn wants_output(&self) -> bool {
        true
    }
}

/// Nobody watches.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unobserved;

impl Observer for Unobserved {
    fn event(&mut self, _seq: u64, _event: &Event, _run: &Run) -> io::Result<()> {
        Ok(())
    }

    fn line(&mut self, _attempt: Attempt, _line: LogLineRef<'_>, _run: &Run) -> io::Result<()> {
        Ok(())
    }

    fn wants_output(&self) -> bool {
        false
    }
}
