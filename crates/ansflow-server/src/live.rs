//! What many look at at once is worked out once: runs as they are now, and output as it grows. Nothing here is a fact;
//! all of it can be thrown away and read again.

mod chunk;
mod follower;
mod history;
mod hub;
mod runs;

pub(crate) use chunk::{Lines, LogChunk, LogLine};
pub(crate) use follower::Follower;
pub(crate) use history::{Decision, Ended, History, StepHistory, Try};

use tokio::sync::Semaphore;

/// Searches in output that run at once: each may keep a thread and a disk busy for seconds.
const SEARCHES: usize = 4;

/// See the module.
#[derive(Debug)]
pub(crate) struct Live {
    runs: runs::Runs,
    hubs: hub::Hubs,
    /// Taken while output is searched.
    pub(crate) searches: Semaphore,
}

impl Default for Live {
    fn default() -> Self {
        Live { runs: runs::Runs::default(), hubs: hub::Hubs::default(), searches: Semaphore::new(SEARCHES) }
    }
}
