//! Waking those who wait for news of a run, within this process.
//!
//! A wake-up says that there is something to read, never what: who was slow is woken once and reads all of it. Other
//! processes are not heard of here; who must see their writes looks at intervals besides.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

/// Tells listeners that runs have news. Cheap to clone; clones share listeners.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    all: watch::Sender<()>,
    /// Only runs that somebody listens to.
    runs: Mutex<HashMap<String, watch::Sender<()>>>,
}

/// Waits for news. Listen first, then read, then wait: news between reading and waiting is not missed.
#[derive(Debug)]
pub struct Listener {
    news: watch::Receiver<()>,
    /// Keeps the other side alive, so that waiting never ends for another reason.
    _shared: Arc<Shared>,
}

impl Changes {
    /// Listens to one run.
    pub fn listen(&self, run: &str) -> Listener {
        let mut runs = self.shared.runs.lock().unwrap_or_else(PoisonError::into_inner);
        runs.retain(|_, sender| sender.receiver_count() > 0);
        let news = runs.entry(run.to_owned()).or_default().subscribe();
        Listener { news, _shared: self.shared.clone() }
    }

    /// Listens to every run.
    pub fn listen_to_all(&self) -> Listener {
        Listener { news: self.shared.all.subscribe(), _shared: self.shared.clone() }
    }

    /// Says that a run has news; after the commit, never before.
    pub(crate) fn tell(&self, run: &str) {
        self.shared.all.send_replace(());
        let runs = self.shared.runs.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = runs.get(run) {
            sender.send_replace(());
        }
    }
}

impl Listener {
    /// Returns when there was news since the listener was made or last returned from here. Nothing is lost when the
    /// future is dropped.
    pub async fn changed(&mut self) {
        // `retain` above drops a sender only when nobody listens: there is always one while we wait.
        let _ = self.news.changed().await;
    }
}
