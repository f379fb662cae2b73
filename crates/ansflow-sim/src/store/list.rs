//! Lists: now, page by page, or as things were at a revision that the log still reaches.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Behind, Data, Objects, Stored, within};
use crate::kind::KindId;
use crate::object::Str;

/// What is asked for.
pub(crate) struct Query<'a> {
    pub(crate) namespace: Option<&'a str>,
    pub(crate) at: ListAt,
    /// Go on after this namespace and name.
    pub(crate) after: Option<(Str, Str)>,
    pub(crate) limit: Option<usize>,
    pub(crate) keep: &'a dyn Fn(&Stored) -> bool,
}

/// As of when.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub(crate) enum ListAt {
    Now,
    /// Exactly as it was at this revision.
    Revision(u64),
    /// Now, if that is not before this revision.
    NotBefore(u64),
}

/// A part of a list.
#[derive(Debug)]
pub(crate) struct Page {
    /// As of when the list is true.
    pub(crate) revision: u64,
    pub(crate) items: Vec<Arc<Stored>>,
    /// The last object of this page, where more follow.
    pub(crate) next: Option<(Str, Str)>,
    /// How many follow.
    pub(crate) remaining: usize,
}

pub(super) fn page(data: &Data, kind: KindId, query: &Query<'_>) -> Result<Page, Behind> {
    let empty = Objects::new();
    let table = data.tables.get(usize::from(kind.0));
    let now = table.map_or(&empty, |table| &table.objects);
    let (revision, undone) = match query.at {
        ListAt::Now => (data.revision, None),
        ListAt::NotBefore(revision) | ListAt::Revision(revision) if revision > data.revision => {
            return Err(Behind::TooNew { asked: revision, current: data.revision });
        }
        ListAt::NotBefore(_) => (data.revision, None),
        ListAt::Revision(revision) if revision == data.revision => (revision, None),
        ListAt::Revision(revision) => {
            if let Some(table) = table {
                table.log.check(revision, data.revision)?;
            }
            (revision, table.map(|table| before(now, table, revision)))
        }
    };
    let objects = undone.as_ref().unwrap_or(now);
    let mut found = within(objects, query.namespace, query.after.as_ref())
        .map(|(_, stored)| stored)
        .filter(|stored| (query.keep)(stored));
    let items: Vec<Arc<Stored>> = match query.limit {
        Some(limit) => found.by_ref().take(limit).cloned().collect(),
        None => found.by_ref().cloned().collect(),
    };
    let remaining = found.count();
    let last = items.last().filter(|_| remaining > 0);
    let next = last.map(|last| (last.key.namespace.clone(), last.key.name.clone()));
    Ok(Page { revision, items, next, remaining })
}

/// The objects as they were: those of now, with every later change undone, newest first.
fn before(now: &Objects, table: &super::Table, revision: u64) -> Objects {
    let mut undo: BTreeMap<(Str, Str), Option<Arc<Stored>>> = BTreeMap::new();
    for entry in table.log.back_to(revision) {
        let key = entry.key();
        undo.insert((key.namespace.clone(), key.name.clone()), entry.old.clone());
    }
    let mut objects = now.clone();
    for (place, old) in undo {
        match old {
            Some(old) => drop(objects.insert(place, old)),
            None => drop(objects.remove(&place)),
        }
    }
    objects
}
