//! Runs as they are now, the last few that were asked for: many viewers cost one replay, and news cost what is new.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use ansflow_store::{Error, Store};

use super::{History, Live};

/// So many runs are kept.
const KEPT: usize = 64;

#[derive(Debug, Default)]
pub(super) struct Runs {
    /// The one asked for last is the last.
    known: Mutex<VecDeque<(String, Arc<Known>)>>,
}

/// One run. Who finds it too old reads on, while the others wait for that.
#[derive(Debug, Default)]
struct Known {
    history: tokio::sync::Mutex<Arc<History>>,
}

impl Live {
    /// The run as it is now, or later.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Corrupt`].
    pub(crate) async fn run(&self, store: &Store, run: &str) -> Result<Arc<History>, Error> {
        let seq = match store.runs().get(run).await {
            Ok(row) => row.seq,
            Err(error) => {
                self.runs.forget(run);
                return Err(error);
            }
        };
        let known = self.runs.get(run);
        let mut history = known.history.lock().await;
        while history.run.seq() < seq {
            let events = store.runs().after(run, history.run.seq(), READ).await?;
            if events.is_empty() {
                return Err(Error::NotFound(format!("run `{run}`"))); // It was removed meanwhile.
            }
            // A copy where somebody still shows the old one. One that cannot go on is read from the beginning.
            let mut next = Arc::unwrap_or_clone(std::mem::take(&mut *history));
            for (_, event) in &events {
                next.follow(event).map_err(|corrupt| Error::Corrupt(corrupt.to_string()))?;
            }
            *history = Arc::new(next);
        }
        Ok(Arc::clone(&history))
    }
}

/// Events are read in portions of so many.
const READ: u64 = 4_096;

impl Runs {
    fn get(&self, run: &str) -> Arc<Known> {
        let mut all = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let place = all.iter().position(|(id, _)| id == run);
        let found = place.and_then(|place| all.remove(place)).unwrap_or_else(|| (run.to_owned(), Arc::default()));
        let known = Arc::clone(&found.1);
        all.push_back(found);
        if all.len() > KEPT {
            all.pop_front();
        }
        known
    }

    fn forget(&self, run: &str) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).retain(|(id, _)| id != run);
    }
}
