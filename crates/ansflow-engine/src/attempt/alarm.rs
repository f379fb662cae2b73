//! What ends work that is no process: somebody who asks for it, or the time that is over.

use std::time::Instant;

use super::signals::Signals;
use super::{NoGain, broken};

/// Rings once, for as many as wait.
pub(crate) struct Alarm<'s> {
    signals: &'s Signals,
    deadline: Option<Instant>,
}

impl<'s> Alarm<'s> {
    pub(crate) fn new(signals: &'s Signals, deadline: Option<Instant>) -> Self {
        Self { signals, deadline }
    }

    /// Returns when the work is to end: why.
    pub(crate) async fn rings(&self) -> NoGain {
        let deadline = async {
            match self.deadline {
                Some(deadline) => tokio::time::sleep_until(deadline.into()).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            asked = self.signals.stop() => match asked {
                Ok(()) => NoGain::Stopped,
                Err(error) => broken(format!("failed to listen for the end: {error}")),
            },
            () = deadline => NoGain::TimedOut,
        }
    }
}
