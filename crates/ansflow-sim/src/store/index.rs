//! The few questions that are answered without looking at everything: who owns what, which pods are on a node, who has a uid.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use super::{Key, Stored};
use crate::kind::KindId;
use crate::kinds;
use crate::object::Str;

/// Events own nothing: nobody asks for them by their uid.
static EVENT: LazyLock<KindId> = LazyLock::new(|| kinds::id("", "Event"));

#[derive(Default)]
pub(super) struct Indexes {
    by_owner: HashMap<Str, BTreeSet<Key>>,
    by_node: HashMap<Str, BTreeSet<Key>>,
    by_uid: HashMap<Str, Key>,
}

impl Indexes {
    pub(super) fn owned(&self, uid: &str) -> impl Iterator<Item = &Key> {
        self.by_owner.get(uid).into_iter().flatten()
    }

    pub(super) fn on_node(&self, node: &str) -> impl Iterator<Item = &Key> {
        self.by_node.get(node).into_iter().flatten()
    }

    pub(super) fn by_uid(&self, uid: &str) -> Option<&Key> {
        self.by_uid.get(uid)
    }

    /// Puts what is said of the new object in the place of what was said of the old.
    pub(super) fn replace(&mut self, old: Option<&Stored>, new: Option<&Stored>) {
        if let Some(old) = old {
            for owner in old.owners.iter() {
                without(&mut self.by_owner, &owner.uid, &old.key);
            }
            if let Some(node) = &old.node {
                without(&mut self.by_node, node, &old.key);
            }
            self.by_uid.remove(&old.uid);
        }
        if let Some(new) = new {
            for owner in new.owners.iter() {
                self.by_owner.entry(owner.uid.clone()).or_default().insert(new.key.clone());
            }
            if let Some(node) = &new.node {
                self.by_node.entry(node.clone()).or_default().insert(new.key.clone());
            }
            if new.key.kind != *EVENT {
                self.by_uid.insert(new.uid.clone(), new.key.clone());
            }
        }
    }
}

fn without(index: &mut HashMap<Str, BTreeSet<Key>>, entry: &Str, key: &Key) {
    if let Some(keys) = index.get_mut(entry) {
        keys.remove(key);
        if keys.is_empty() {
            index.remove(entry);
        }
    }
}
