//! One attempt's output, for all who follow it: one task looks whether it grows, one of them reads, all are sent the
//! same bytes. What was read last is kept, a megabyte of it; who is further behind reads again.

use std::collections::{HashMap, VecDeque};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use ansflow_core::plan::StepIndex;
use ansflow_store::output::{LOG, LogEnd};
use ansflow_store::{Error, Result};
use tokio::sync::watch;

use super::chunk::{self, Chunk};
use crate::App;

/// How often one looks whether there is more.
const LOOK: Duration = Duration::from_millis(50);

/// Other processes are not heard when they append: every so many looks the run is read unasked.
const UNASKED: u32 = 100;

/// So many bytes of chunks are kept.
const KEPT: usize = 1024 * 1024;

/// Which attempt of which run.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Which {
    pub(super) run: String,
    pub(super) step: StepIndex,
    pub(super) attempt: u32,
}

/// Outputs that somebody follows.
#[derive(Debug, Default)]
pub(super) struct Hubs(Mutex<HashMap<Which, Weak<Hub>>>);

/// How far an output is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Progress {
    pub(super) len: u64,
    /// Nothing is written any more.
    pub(super) ended: bool,
}

#[derive(Debug)]
pub(super) struct Hub {
    which: Which,
    folder: PathBuf,
    progress: watch::Sender<Progress>,
    chunks: Mutex<Chunks>,
    /// Held by the one who reads.
    reading: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct Chunks {
    by_start: HashMap<u64, Chunk>,
    /// The oldest first.
    order: VecDeque<u64>,
    bytes: usize,
}

impl Hubs {
    /// The hub of an attempt that has begun. It looks for more while somebody has it.
    pub(super) fn follow(&self, app: &App, which: &Which) -> Arc<Hub> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(hub) = all.get(which).and_then(Weak::upgrade) {
            return hub;
        }
        all.retain(|_, hub| hub.strong_count() > 0);
        let hub = Arc::new(Hub {
            which: which.clone(),
            folder: app.files().attempt(&which.run, which.step, which.attempt),
            progress: watch::Sender::default(),
            chunks: Mutex::default(),
            reading: tokio::sync::Mutex::default(),
        });
        all.insert(which.clone(), Arc::downgrade(&hub));
        tokio::spawn(look(app.clone(), Arc::downgrade(&hub), which.clone()));
        hub
    }
}

/// Says how far the output is, until it has ended or nobody follows.
async fn look(app: App, hub: Weak<Hub>, which: Which) {
    let mut listener = app.store().changes().listen(&which.run);
    let mut looks = 0;
    loop {
        let Some(hub) = hub.upgrade() else { return };
        // First whether it has ended, then how long it is: nothing comes behind that length.
        let ended = looks == 0 && has_ended(&app, &which).await;
        let len = tokio::fs::metadata(hub.folder.join(LOG)).await.map_or(0, |log| log.len());
        let progress = Progress { len, ended };
        hub.progress.send_if_modified(|known| std::mem::replace(known, progress) != progress);
        if ended {
            return;
        }
        drop(hub);
        looks = tokio::select! {
            () = listener.changed() => 0,
            () = tokio::time::sleep(LOOK) => (looks + 1) % UNASKED,
        };
    }
}

/// Whether an attempt is over; a run that is gone has no output to come either.
async fn has_ended(app: &App, which: &Which) -> bool {
    match app.live().run(app.store(), &which.run).await {
        Ok(history) => {
            let mut tries = history.steps.get(which.step).into_iter().flat_map(|step| &step.tries);
            tries.find(|made| made.number == which.attempt).is_none_or(|made| made.ended.is_some())
        }
        Err(error) => matches!(error, Error::NotFound(_)),
    }
}

impl Hub {
    pub(super) fn attempt(&self) -> u32 {
        self.which.attempt
    }

    pub(super) fn progress(&self) -> watch::Receiver<Progress> {
        self.progress.subscribe()
    }

    /// The chunk that begins at `from`; none where there is nothing to send yet.
    pub(super) async fn chunk(&self, from: u64, end: LogEnd) -> Result<Option<Chunk>> {
        if let Some(chunk) = self.known(from) {
            return Ok(Some(chunk));
        }
        let _turn = self.reading.lock().await;
        if let Some(chunk) = self.known(from) {
            return Ok(Some(chunk));
        }
        let (folder, attempt) = (self.folder.clone(), self.which.attempt);
        let read = tokio::task::spawn_blocking(move || chunk::read(&folder, attempt, from, end)).await;
        let chunk = read.map_err(|panic| Error::Corrupt(panic.to_string()))??;
        if let Some(chunk) = &chunk {
            self.chunks.lock().unwrap_or_else(PoisonError::into_inner).keep(from, chunk.clone());
        }
        Ok(chunk)
    }

    fn known(&self, from: u64) -> Option<Chunk> {
        self.chunks.lock().unwrap_or_else(PoisonError::into_inner).by_start.get(&from).cloned()
    }
}

impl Chunks {
    fn keep(&mut self, from: u64, chunk: Chunk) {
        self.bytes += chunk.frame.len();
        self.order.push_back(from);
        self.by_start.insert(from, chunk);
        while self.bytes > KEPT && self.order.len() > 1 {
            let oldest = self.order.pop_front().and_then(|from| self.by_start.remove(&from));
            self.bytes -= oldest.map_or(0, |chunk| chunk.frame.len());
        }
    }
}
