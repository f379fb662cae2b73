//! What ends work that is no process: somebody who asks for it, or the time that is over.

use std::time::{Duration, Instant};

use super::signals::Signals;
use super::{NoGain, broken};

/// The engine began to count before the attempt did, and asks for the end by so much sooner at most.
const BEFORE: Duration = Duration::from_secs(2);

/// Rings once, for as many as wait.
pub(crate) struct Alarm<'s> {
    signals: &'s Signals,
    deadline: Option<Instant>,
}

impl<'s> Alarm<'s> {
    pub(crate) fn new(signals: &'s Signals, deadline: Option<Instant>) -> Self {
        Self { signals, deadline }
    }

    /// Whether the time is up, or as good as that.
    pub(crate) fn is_late(&self) -> bool {
        self.deadline.is_some_and(|deadline| deadline.saturating_duration_since(Instant::now()) < BEFORE)
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
