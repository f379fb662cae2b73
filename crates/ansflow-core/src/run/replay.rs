//! From stored events back to a run. Decides nothing, but refuses what cannot have happened.

use super::Run;
use super::event::{Event, Fact};
use super::frame::Frame;

/// The stored events cannot have happened in this order.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the log of the run is corrupt at event {seq}: {message}")]
pub struct CorruptLog {
    /// The event that cannot have followed those before it, from 1.
    pub seq: u64,
    /// Why not.
    pub message: String,
}

impl Run {
    /// The run that these events made.
    ///
    /// # Errors
    /// The first event that cannot have followed those before it.
    pub fn replay<'e>(events: impl IntoIterator<Item = &'e Event>) -> Result<Run, CorruptLog> {
        let mut run = Run::new();
        for event in events {
            run.take_back(event).map_err(|message| CorruptLog { seq: run.seq + 1, message })?;
        }
        Ok(run)
    }

    fn take_back(&mut self, event: &Event) -> Result<(), String> {
        match &event.fact {
            Fact::RunCreated(_) if self.seq > 0 => return Err("the run is created a second time".to_owned()),
            Fact::RunCreated(created) => self.become_created(Frame::new((**created).clone())?),
            fact => self.check_possible(fact)?,
        }
        self.apply(event);
        Ok(())
    }
}
