//! What many look at at once is worked out once: runs as they are now, and output as it grows. Nothing here is a fact;
//! all of it can be thrown away and read again.

mod chunk;
mod follower;
mod history;
mod hub;
mod lists;
mod runs;

pub(crate) use chunk::{Lines, LogChunk, LogLine};
pub(crate) use follower::Follower;
pub(crate) use history::{Decision, Ended, History, StepHistory, Try};
pub(crate) use lists::{Viewer, Which};

use std::sync::Arc;

use tokio::sync::Semaphore;

/// Searches in output that run at once: each may keep a thread and a disk busy for seconds.
const SEARCHES: usize = 4;

/// See the module.
#[derive(Debug)]
pub(crate) struct Live {
    runs: runs::Runs,
    hubs: hub::Hubs,
    lists: Arc<lists::Lists>,
    /// Taken while output is searched.
    pub(crate) searches: Semaphore,
}

impl Default for Live {
    fn default() -> Self {
        Live {
            runs: runs::Runs::default(),
            hubs: hub::Hubs::default(),
            lists: Arc::default(),
            searches: Semaphore::new(SEARCHES),
        }
    }
}

impl Live {
    /// Lists of clusters that are followed.
    pub(crate) fn lists(&self) -> &Arc<lists::Lists> {
        &self.lists
    }
}
