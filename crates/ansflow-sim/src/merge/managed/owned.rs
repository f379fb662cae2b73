//! What one manager owns: a set and its text, of which the other is made when it is asked for. Most entries of an object
//! are neither read nor written anew by a write, and objects of one controller share theirs.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Deref;
use std::sync::Arc;

use super::super::set::Set;

/// So many texts are remembered with what they mean.
const REMEMBERED: usize = 256;

/// The paths of a manager.
#[derive(Debug, Clone, Default)]
pub(in crate::merge) struct Owned {
    set: Arc<Set>,
    text: Option<Arc<str>>,
}

impl Owned {
    pub(in crate::merge) fn read(text: &Arc<str>) -> Owned {
        thread_local! {
            static KNOWN: RefCell<HashMap<Arc<str>, Arc<Set>>> = RefCell::new(HashMap::new());
        }
        let set = KNOWN.with_borrow_mut(|known| {
            if let Some(set) = known.get(text) {
                return set.clone();
            }
            if known.len() >= REMEMBERED {
                known.clear();
            }
            let set = Arc::new(Set::parse(text).unwrap_or_default());
            known.insert(text.clone(), set.clone());
            set
        });
        Owned { set, text: Some(text.clone()) }
    }

    pub(in crate::merge) fn lose(&mut self, gone: &Set) {
        if self.set.meets(gone) {
            *self = self.set.difference(gone).into();
        }
    }

    pub(in crate::merge) fn gain(&mut self, more: &Set) {
        let all = self.set.union(more);
        if all != *self.set {
            *self = all.into();
        }
    }

    pub(in crate::merge) fn into_text(self) -> Arc<str> {
        self.text.unwrap_or_else(|| self.set.text().into())
    }
}

impl From<Set> for Owned {
    fn from(set: Set) -> Owned {
        Owned { set: Arc::new(set), text: None }
    }
}

impl Deref for Owned {
    type Target = Set;

    fn deref(&self) -> &Set {
        &self.set
    }
}
