//! What is told while something takes its time, and how the waiting is ended from outside.

use crate::monitor::Message;
use ansflow_core::verdict::Waiting;

/// Who listens: the log of an attempt, a test.
pub trait Sink: Sync {
    /// A sentence for the log.
    fn line(&self, line: &str);

    /// What is waited for has other words now.
    fn waiting(&self, waiting: &Waiting);

    /// What the picture of the rollout gained.
    fn monitor(&self, _message: &Message) {}
}

/// Why a waiting is ended from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// The time that it was given is up.
    Deadline,
    /// Somebody does not want it any more.
    Cancelled,
}
