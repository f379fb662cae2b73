//! Reading and writing as one. Watchers are woken when it ends.

use std::sync::{Arc, MutexGuard};

use tokio::sync::watch;

use super::log::{LONGEST, MOST_BYTES};
use super::{ChangeKind, Data, Entry, Key, Stored};
use crate::kind::KindId;
use crate::manager::Manager;
use crate::object::Object;

/// The store, held. Whoever has it must not wait for anything, nor ask the `Store` itself.
pub(crate) struct Txn<'a> {
    data: MutexGuard<'a, Data>,
    told: &'a watch::Sender<u64>,
    began_at: u64,
}

impl<'a> Txn<'a> {
    pub(super) fn new(data: MutexGuard<'a, Data>, told: &'a watch::Sender<u64>) -> Txn<'a> {
        Txn { began_at: data.revision, data, told }
    }

    pub(crate) fn get(&self, key: &Key) -> Option<Arc<Stored>> {
        self.data.get(key)
    }

    pub(crate) fn all(&self, kind: KindId, namespace: Option<&str>) -> Vec<Arc<Stored>> {
        self.data.all(kind, namespace)
    }

    /// Puts an object in its place, at the next revision. Its key is made of its own name and namespace.
    pub(crate) fn put(&mut self, kind: KindId, object: &Object, managed: &[Manager]) -> Arc<Stored> {
        let revision = self.data.revision + 1;
        let managed = self.data.texts.shared(managed);
        let stored = Arc::new(Stored::freeze(kind, object, managed, revision).shared(&mut self.data.texts));
        let place = (stored.key.namespace.clone(), stored.key.name.clone());
        let old = self.data.table(kind).objects.insert(place, stored.clone());
        let change = if old.is_some() { ChangeKind::Modified } else { ChangeKind::Added };
        self.data.indexes.replace(old.as_deref(), Some(&stored));
        self.remember(Entry::new(change, stored.clone(), old));
        stored
    }

    /// Takes an object away, at the next revision; gives it as watchers see it last.
    pub(crate) fn remove(&mut self, key: &Key) -> Option<Arc<Stored>> {
        let old = self.data.table(key.kind).objects.remove(&(key.namespace.clone(), key.name.clone()))?;
        self.data.indexes.replace(Some(&old), None);
        let last = Arc::new(old.at_revision(self.data.revision + 1));
        self.remember(Entry::new(ChangeKind::Deleted, last.clone(), Some(old)));
        Some(last)
    }

    fn remember(&mut self, entry: Entry) {
        let data = &mut *self.data;
        data.revision = entry.revision;
        data.logged += entry.size();
        let entry = Arc::new(entry);
        data.news.push_back(entry.clone());
        let (now, revision) = (entry.at, entry.revision);
        let table = data.table(entry.key().kind);
        table.changed = revision;
        table.log.push(entry);
        let mut freed = 0;
        while table.log.is_full() || table.log.oldest().is_some_and(|oldest| now.duration_since(oldest.at) > LONGEST) {
            freed += table.log.forget();
        }
        data.logged -= freed;
        while data.logged > MOST_BYTES {
            let oldest = data.tables.iter_mut().filter_map(|table| Some((table.log.oldest()?.revision, table)));
            let Some((_, table)) = oldest.min_by_key(|(revision, _)| *revision) else { break };
            data.logged -= table.log.forget();
        }
    }
}

impl Drop for Txn<'_> {
    fn drop(&mut self) {
        if self.data.revision != self.began_at {
            self.told.send_replace(self.data.revision);
        }
    }
}
