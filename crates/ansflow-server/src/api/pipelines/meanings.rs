//! What texts mean, remembered: a version never changes, so nothing here is ever out of date.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::meaning::Meaning;
use crate::App;
use crate::error::{ApiError, ApiResult};

/// The meanings of those versions that were asked for lately.
#[derive(Debug, Default)]
pub(crate) struct Meanings {
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    entries: HashMap<(String, u64), Entry>,
    /// Counts questions; an entry keeps the last one it answered.
    clock: u64,
    /// Bytes of all the texts.
    bytes: usize,
}

#[derive(Debug)]
struct Entry {
    meaning: Arc<Meaning>,
    bytes: usize,
    used: u64,
}

/// So many texts are remembered, and so many bytes of text: what they mean takes a few times that.
const MOST: usize = 2_000;
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// A pipeline's present text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted<'w> {
    pub(crate) id: &'w str,
    pub(crate) version: u64,
    pub(crate) name: &'w str,
}

impl Meanings {
    fn get(&self, id: &str, version: u64) -> Option<Arc<Meaning>> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.clock += 1;
        let now = known.clock;
        let entry = known.entries.get_mut(&(id.to_owned(), version))?;
        entry.used = now;
        Some(Arc::clone(&entry.meaning))
    }

    fn put(&self, id: &str, version: u64, bytes: usize, meaning: &Arc<Meaning>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.clock += 1;
        let entry = Entry { meaning: Arc::clone(meaning), bytes, used: known.clock };
        known.bytes += bytes;
        if let Some(old) = known.entries.insert((id.to_owned(), version), entry) {
            known.bytes -= old.bytes;
        }
        known.shrink();
    }
}

impl Known {
    /// Forgets the half that was asked for longest ago, so that it is seldom done.
    fn shrink(&mut self) {
        if self.entries.len() <= MOST && self.bytes <= MOST_BYTES {
            return;
        }
        let mut used: Vec<u64> = self.entries.values().map(|entry| entry.used).collect();
        used.sort_unstable();
        let middle = used[used.len() / 2];
        self.entries.retain(|_, entry| entry.used > middle);
        self.bytes = self.entries.values().map(|entry| entry.bytes).sum();
    }
}

/// What the present texts of these pipelines mean, in their order. Texts that are not known yet are read in one query.
pub(crate) async fn of(app: &App, wanted: &[Wanted<'_>]) -> ApiResult<Vec<Arc<Meaning>>> {
    let mut found: Vec<Option<Arc<Meaning>>> =
        wanted.iter().map(|one| app.meanings().get(one.id, one.version)).collect();
    let missing: Vec<&str> =
        wanted.iter().zip(&found).filter(|(_, found)| found.is_none()).map(|(one, _)| one.id).collect();
    let texts = app.store().pipelines().texts(&missing).await?;
    let names: HashMap<&str, &str> = wanted.iter().map(|one| (one.id, one.name)).collect();
    let unread: Vec<(String, u64, String, String)> = texts
        .into_iter()
        .map(|(id, version, body)| {
            let name = names.get(id.as_str()).copied().unwrap_or_default().to_owned();
            (id, version, name, body)
        })
        .collect();
    let mut read: HashMap<String, Arc<Meaning>> = HashMap::new();
    for (id, version, bytes, meaning) in blocking(move || read_all(unread)).await? {
        app.meanings().put(&id, version, bytes, &meaning);
        read.insert(id, meaning);
    }
    for (one, found) in wanted.iter().zip(&mut found) {
        if found.is_none() {
            // One that was deleted a moment ago is shown as far as it is known.
            let gone = || Arc::new(Meaning::of_stored("", one.name));
            *found = Some(read.get(one.id).map_or_else(gone, Arc::clone));
        }
    }
    Ok(found.into_iter().flatten().collect())
}

/// What one stored text means.
pub(crate) async fn of_text(app: &App, wanted: Wanted<'_>, text: &str) -> ApiResult<Arc<Meaning>> {
    if let Some(known) = app.meanings().get(wanted.id, wanted.version) {
        return Ok(known);
    }
    let (owned, name) = (text.to_owned(), wanted.name.to_owned());
    let meaning = Arc::new(blocking(move || Meaning::of_stored(&owned, &name)).await?);
    app.meanings().put(wanted.id, wanted.version, text.len(), &meaning);
    Ok(meaning)
}

type Read = (String, u64, usize, Arc<Meaning>);

fn read_all(texts: Vec<(String, u64, String, String)>) -> Vec<Read> {
    let read = |(id, version, name, body): (String, u64, String, String)| {
        let meaning = Arc::new(Meaning::of_stored(&body, &name));
        (id, version, body.len(), meaning)
    };
    texts.into_iter().map(read).collect()
}

/// Reading a text may take a while: not where requests are answered.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> ApiResult<T> {
    tokio::task::spawn_blocking(work).await.map_err(|error| ApiError::internal(&error))
}
