//! Events, by what they are about.
//!
//! One event object is told again and again while its count grows; it is kept once, with the moment at which it said
//! something new. A list that is read anew says nothing new.

use crate::Millis;
use crate::facts::Event;
use std::collections::HashMap;

/// An event, and when it came.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// The event.
    pub event: Event,
    /// When it last said something new, by our clock.
    pub at: Millis,
    /// When it first came, by our clock.
    pub first: Millis,
}

#[derive(Default)]
pub(super) struct News {
    /// By the uid of what they are about; the newest last.
    of: HashMap<String, Vec<Told>>,
}

impl News {
    pub(super) fn of(&self, uid: &str) -> impl Iterator<Item = &Told> {
        self.of.get(uid).into_iter().flatten()
    }

    pub(super) fn see(&mut self, event: Event, at: Millis) {
        let told = self.of.entry(event.involved_object.uid.clone()).or_default();
        let Some(index) = told.iter().position(|old| is_same(&old.event, &event)) else {
            return told.push(Told { event, at, first: at });
        };
        let old = told.remove(index);
        let says_nothing_new = old.event.times() == event.times() && old.event.at() == event.at();
        let at = if says_nothing_new { old.at } else { at };
        let place = told.iter().rposition(|other| other.at <= at).map_or(0, |place| place + 1);
        told.insert(place, Told { event, at, first: old.first });
    }
}

fn is_same(one: &Event, other: &Event) -> bool {
    if one.metadata.uid.is_empty() {
        return one.metadata.name == other.metadata.name && one.metadata.namespace == other.metadata.namespace;
    }
    one.metadata.uid == other.metadata.uid
}
