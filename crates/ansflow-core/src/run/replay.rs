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
        run.catch_up(events)?;
        Ok(run)
    }

    /// Takes over what others decided: the events behind those that it knows.
    ///
    /// # Errors
    /// The first event that cannot have followed those before it; the run stands before that one.
    pub fn catch_up<'e>(&mut self, events: impl IntoIterator<Item = &'e Event>) -> Result<(), CorruptLog> {
        for event in events {
            self.follow(event)?;
        }
        Ok(())
    }

    /// Comes one stored event further, so that who watches a run need not begin again with each of them.
    ///
    /// # Errors
    /// The event cannot have followed those before it; the run is as it was.
    pub fn follow(&mut self, event: &Event) -> Result<(), CorruptLog> {
        let seq = self.seq + 1;
        self.take_back(event).map_err(|message| CorruptLog { seq, message })
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
