//! What the simulated cluster remembers: every object as bytes, one revision for all, and a log of changes that is followed.
//!
//! One mutex. Whoever decides something on what it reads does so inside a `Txn`; everybody else gets shared, frozen objects.
//! Nobody is pushed anything: a watcher holds a position in a kind's log and is woken by the revision alone.

mod index;
mod list;
mod log;
mod stored;
mod txn;

use std::collections::{BTreeMap, VecDeque};
use std::ops::Bound;
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::sync::watch;

pub(crate) use list::{ListAt, Page, Query};
pub(crate) use log::{Behind, ChangeKind, Cursor, Entry};
pub(crate) use stored::{Heading, Owner, Stored};
pub(crate) use txn::Txn;

use crate::kind::KindId;
use crate::lock::lock;
use crate::object::Str;
use index::Indexes;
use log::Log;

/// Where an object stands. The namespace of cluster-wide objects is "".
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) kind: KindId,
    pub(crate) namespace: Str,
    pub(crate) name: Str,
}

impl Key {
    pub(crate) fn new(kind: KindId, namespace: impl Into<Str>, name: impl Into<Str>) -> Key {
        Key { kind, namespace: namespace.into(), name: name.into() }
    }
}

/// The objects of a kind, in the order in which lists give them.
type Objects = BTreeMap<(Str, Str), Arc<Stored>>;

/// The store.
pub(crate) struct Store {
    data: Mutex<Data>,
    revision: watch::Sender<u64>,
}

struct Data {
    /// Before this revision there was nothing to see.
    first: u64,
    revision: u64,
    tables: Vec<Table>,
    indexes: Indexes,
    /// Bytes that all logs hold.
    logged: usize,
    /// Changes that the world has not taken yet.
    news: VecDeque<Arc<Entry>>,
    /// Fields of managers, each text once.
    texts: stored::Texts,
}

struct Table {
    objects: Objects,
    log: Log,
    /// The revision of its last change.
    changed: u64,
}

impl Store {
    /// An empty store that starts at a revision, so that nobody relies on the first.
    pub(crate) fn new(revision: u64) -> Store {
        let data = Data {
            first: revision,
            revision,
            tables: Vec::new(),
            indexes: Indexes::default(),
            logged: 0,
            news: VecDeque::new(),
            texts: stored::Texts::default(),
        };
        Store { data: Mutex::new(data), revision: watch::Sender::new(revision) }
    }

    pub(crate) fn revision(&self) -> u64 {
        self.lock().revision
    }

    pub(crate) fn get(&self, key: &Key) -> Option<Arc<Stored>> {
        self.lock().get(key)
    }

    pub(crate) fn list(&self, kind: KindId, query: &Query<'_>) -> Result<Page, Behind> {
        list::page(&self.lock(), kind, query)
    }

    /// All objects of a kind as they are now, of one namespace or of all.
    pub(crate) fn all(&self, kind: KindId, namespace: Option<&str>) -> Vec<Arc<Stored>> {
        self.lock().all(kind, namespace)
    }

    /// What names this uid as an owner, in the order of keys.
    pub(crate) fn owned(&self, uid: &str) -> Vec<Arc<Stored>> {
        self.lock().owned(uid)
    }

    pub(crate) fn by_uid(&self, uid: &str) -> Option<Arc<Stored>> {
        let data = self.lock();
        data.indexes.by_uid(uid).and_then(|key| data.get(key))
    }

    /// The pods that are bound to a node, in the order of keys.
    pub(crate) fn pods_on(&self, node: &str) -> Vec<Arc<Stored>> {
        let data = self.lock();
        data.indexes.on_node(node).filter_map(|key| data.get(key)).collect()
    }

    /// Reads and writes as one.
    pub(crate) fn txn(&self) -> Txn<'_> {
        Txn::new(self.lock(), &self.revision)
    }

    /// Where a watch goes on that has seen everything up to a revision.
    pub(crate) fn watch(&self, kind: KindId, after: u64) -> Result<Cursor, Behind> {
        let data = self.lock();
        match data.tables.get(usize::from(kind.0)) {
            Some(table) => table.log.cursor(kind, after, data.revision),
            None if after < data.first => Err(Behind::TooOld { asked: after, oldest: data.first }),
            None => Ok(Cursor { kind, after }),
        }
    }

    /// The next changes after a cursor, which moves on; none when there is nothing new.
    pub(crate) fn next(&self, cursor: &mut Cursor, most: usize) -> Result<Vec<Arc<Entry>>, Behind> {
        let data = self.lock();
        let Some(table) = data.tables.get(usize::from(cursor.kind.0)) else { return Ok(Vec::new()) };
        let entries = table.log.after(cursor.after, most, data.revision)?;
        // A position that moves on with the revision stays inside the log while its kind is quiet.
        cursor.after = match entries.last() {
            Some(last) if entries.len() == most => last.revision,
            _ => data.revision,
        };
        Ok(entries)
    }

    /// The revision of the last change to any of these kinds.
    pub(crate) fn changed(&self, kinds: &[KindId]) -> u64 {
        let data = self.lock();
        let tables = kinds.iter().filter_map(|kind| data.tables.get(usize::from(kind.0)));
        tables.map(|table| table.changed).max().unwrap_or_default()
    }

    /// Says when the revision moves. Register before reading, or a change in between would be slept through.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.revision.subscribe()
    }

    /// All changes since the last time: the world's alone to ask for.
    pub(crate) fn take_news(&self) -> VecDeque<Arc<Entry>> {
        std::mem::take(&mut self.lock().news)
    }

    fn lock(&self) -> MutexGuard<'_, Data> {
        lock(&self.data)
    }
}

impl Data {
    fn get(&self, key: &Key) -> Option<Arc<Stored>> {
        let table = self.tables.get(usize::from(key.kind.0))?;
        table.objects.get(&(key.namespace.clone(), key.name.clone())).cloned()
    }

    fn all(&self, kind: KindId, namespace: Option<&str>) -> Vec<Arc<Stored>> {
        let Some(table) = self.tables.get(usize::from(kind.0)) else { return Vec::new() };
        within(&table.objects, namespace, None).map(|(_, stored)| stored.clone()).collect()
    }

    fn owned(&self, uid: &str) -> Vec<Arc<Stored>> {
        self.indexes.owned(uid).filter_map(|key| self.get(key)).collect()
    }

    fn table(&mut self, kind: KindId) -> &mut Table {
        let at = usize::from(kind.0);
        let first = self.first;
        if self.tables.len() <= at {
            self.tables.resize_with(at + 1, || Table {
                objects: Objects::new(),
                log: Log::beginning_at(first),
                changed: 0,
            });
        }
        &mut self.tables[at]
    }
}

/// The objects of one namespace or of all, after a place.
fn within<'a>(
    objects: &'a Objects,
    namespace: Option<&str>,
    after: Option<&(Str, Str)>,
) -> impl Iterator<Item = (&'a (Str, Str), &'a Arc<Stored>)> {
    let wanted: Option<Str> = namespace.map(Str::from);
    let start = match (after, &wanted) {
        (Some(after), _) => Bound::Excluded(after.clone()),
        (None, Some(namespace)) => Bound::Included((namespace.clone(), Str::from(""))),
        (None, None) => Bound::Unbounded,
    };
    objects
        .range((start, Bound::Unbounded))
        .take_while(move |((namespace, _), _)| wanted.as_ref().is_none_or(|wanted| wanted == namespace))
}

#[cfg(test)]
mod tests;
