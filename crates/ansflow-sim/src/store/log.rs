//! What changed, kind by kind, for as long as watchers may ask: bounded by number, by age and by bytes.

use std::collections::VecDeque;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use bytes::Bytes;

use super::{Heading, Key, Stored};
use crate::kind::{Kind, KindId};

/// Entries that one kind keeps.
pub(super) const MOST_ENTRIES: usize = 10_000;
/// Bytes that all kinds keep together.
pub(super) const MOST_BYTES: usize = 24 << 20;
/// How long an entry is kept, on the wall's clock.
pub(super) const LONGEST: Duration = Duration::from_secs(300);

/// One change of one object.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) revision: u64,
    pub(crate) change: ChangeKind,
    /// The object after the change; of a deletion, as it was, at the revision of the deletion.
    pub(crate) object: Arc<Stored>,
    /// The object before it.
    pub(crate) old: Option<Arc<Stored>>,
    pub(super) at: Instant,
    json: OnceLock<Bytes>,
}

/// What happened to the object.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub(crate) enum ChangeKind {
    Added,
    Modified,
    Deleted,
}

impl Entry {
    pub(super) fn new(change: ChangeKind, object: Arc<Stored>, old: Option<Arc<Stored>>) -> Entry {
        Entry { revision: object.revision, change, object, old, at: Instant::now(), json: OnceLock::new() }
    }

    pub(crate) fn key(&self) -> &Key {
        &self.object.key
    }

    /// The object as JSON, rendered once for all who watch in this version.
    pub(crate) fn json(&self, kind: &Kind) -> Bytes {
        if !kind.stored {
            return self.object.to_json(kind, Heading::Kind).into();
        }
        self.json.get_or_init(|| self.object.to_json(kind, Heading::Kind).into()).clone()
    }

    pub(super) fn size(&self) -> usize {
        self.object.size()
    }
}

/// Who asks is behind what is kept: 410. The text of Kubernetes is made of both numbers.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub(crate) enum Behind {
    /// The log no longer has what came after this revision; the oldest it has.
    TooOld { asked: u64, oldest: u64 },
    /// That revision has not been reached.
    TooNew { asked: u64, current: u64 },
}

/// A position: everything up to a revision has been seen.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub(crate) struct Cursor {
    pub(crate) kind: KindId,
    pub(crate) after: u64,
}

/// The changes of one kind, oldest first.
#[derive(Debug)]
pub(super) struct Log {
    entries: VecDeque<Arc<Entry>>,
    /// The newest revision that was forgotten.
    forgotten: u64,
}

impl Log {
    /// A log before whose beginning there is nothing to see.
    pub(super) fn beginning_at(revision: u64) -> Log {
        Log { entries: VecDeque::new(), forgotten: revision }
    }

    pub(super) fn push(&mut self, entry: Arc<Entry>) {
        self.entries.push_back(entry);
    }

    pub(super) fn oldest(&self) -> Option<&Arc<Entry>> {
        self.entries.front()
    }

    pub(super) fn is_full(&self) -> bool {
        self.entries.len() > MOST_ENTRIES
    }

    /// Forgets the oldest entry; says how many bytes that was.
    pub(super) fn forget(&mut self) -> usize {
        let Some(entry) = self.entries.pop_front() else { return 0 };
        self.forgotten = entry.revision;
        entry.size()
    }

    pub(super) fn cursor(&self, kind: KindId, after: u64, current: u64) -> Result<Cursor, Behind> {
        self.check(after, current)?;
        Ok(Cursor { kind, after })
    }

    /// At most so many entries after a revision, oldest first.
    pub(super) fn after(&self, revision: u64, most: usize, current: u64) -> Result<Vec<Arc<Entry>>, Behind> {
        self.check(revision, current)?;
        let start = self.entries.partition_point(|entry| entry.revision <= revision);
        Ok(self.entries.iter().skip(start).take(most).cloned().collect())
    }

    /// Entries after a revision, newest first.
    pub(super) fn back_to(&self, revision: u64) -> impl Iterator<Item = &Arc<Entry>> {
        self.entries.iter().rev().take_while(move |entry| entry.revision > revision)
    }

    pub(super) fn check(&self, after: u64, current: u64) -> Result<(), Behind> {
        if after > current {
            return Ok(());
        }
        if after < self.forgotten {
            return Err(Behind::TooOld { asked: after, oldest: self.forgotten });
        }
        Ok(())
    }
}
