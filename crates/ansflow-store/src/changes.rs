//! Waking those who wait for news of a run, within this process.
//!
//! A wake-up says that there is something to read, never what: who was slow is woken once and reads all of it. Other
//! processes are not heard of here; who must see their writes looks at intervals besides, and says so with
//! [`Changes::tell`].

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
    /// Pipelines, and what starts them.
    pipelines: watch::Sender<()>,
    /// Only runs that somebody listens to, each with the number of the last event that was told of.
    runs: Mutex<HashMap<String, watch::Sender<u64>>>,
}

/// Waits for news. Listen first, then read, then wait: news between reading and waiting is not missed.
#[derive(Debug)]
pub struct Listener {
    news: News,
    /// Keeps the other side alive, so that waiting never ends for another reason.
    _shared: Arc<Shared>,
}

#[derive(Debug)]
enum News {
    OfAll(watch::Receiver<()>),
    OfOne(watch::Receiver<u64>),
}

impl Changes {
    /// Listens to one run.
    pub fn listen(&self, run: &str) -> Listener {
        let mut runs = self.shared.runs.lock().unwrap_or_else(PoisonError::into_inner);
        runs.retain(|_, sender| sender.receiver_count() > 0);
        let news = News::OfOne(runs.entry(run.to_owned()).or_default().subscribe());
        Listener { news, _shared: self.shared.clone() }
    }

    /// Listens to every run.
    pub fn listen_to_all(&self) -> Listener {
        Listener { news: News::OfAll(self.shared.all.subscribe()), _shared: self.shared.clone() }
    }

    /// Listens to every pipeline: to its text, and to what starts it.
    pub fn listen_to_pipelines(&self) -> Listener {
        Listener { news: News::OfAll(self.shared.pipelines.subscribe()), _shared: self.shared.clone() }
    }

    /// Says that a pipeline was written; after the commit, never before.
    pub(crate) fn tell_of_pipelines(&self) {
        self.shared.pipelines.send_replace(());
    }

    /// Says that there is something new that is no event of a run, such as a message to be sent; after the commit.
    pub(crate) fn tell_all(&self) {
        self.shared.all.send_replace(());
    }

    /// Says that a run has events up to number `seq`: after the commit, never before. Whoever finds out what another
    /// process has written may say it too; who knew it already is not woken.
    pub fn tell(&self, run: &str, seq: u64) {
        let runs = self.shared.runs.lock().unwrap_or_else(PoisonError::into_inner);
        let is_news = match runs.get(run) {
            // Two who wrote one after the other may come here the other way round.
            Some(sender) => sender.send_if_modified(|last| std::mem::replace(last, seq.max(*last)) < seq),
            None => true,
        };
        if is_news {
            self.shared.all.send_replace(());
        }
    }
}

impl Listener {
    /// Returns when there was news since the listener was made or last returned from here. Nothing is lost when the
    /// future is dropped.
    pub async fn changed(&mut self) {
        // `retain` above drops a sender only when nobody listens: there is always one while we wait.
        match &mut self.news {
            News::OfAll(news) => _ = news.changed().await,
            News::OfOne(news) => _ = news.changed().await,
        }
    }

    /// Returns when the run was said to have an event behind number `seq`, which may have been before. Whoever wrote
    /// all that there is need not read it again. A listener to all runs returns with any news. Nothing is lost when the
    /// future is dropped.
    pub async fn beyond(&mut self, seq: u64) {
        match &mut self.news {
            News::OfAll(news) => _ = news.changed().await,
            News::OfOne(news) => _ = news.wait_for(|last| *last > seq).await,
        }
    }
}
