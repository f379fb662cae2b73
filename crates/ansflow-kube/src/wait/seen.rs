//! What is seen of the objects that are waited for, and what each of them lacks.

use super::condition::{Condition, Met};
use crate::cluster::Head;
use crate::object::{Key, Obj};
use crate::objects::{Group, Which};
use ansflow_core::verdict::Object;
use std::collections::BTreeMap;

/// What one object is, beside what it is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum State {
    Met,
    Lacks(String),
    Never(String),
}

pub(super) struct Seen {
    groups: Vec<Of>,
    conditions: Vec<Condition>,
}

/// What is seen of a group.
struct Of {
    group: Group,
    listed: bool,
    /// By name.
    there: BTreeMap<String, Obj>,
    /// The uid that a name had when it was seen first: another one of that name is not the one that was to go.
    first: BTreeMap<String, String>,
}

impl Seen {
    pub(super) fn new(groups: Vec<Group>, conditions: Vec<Condition>) -> Seen {
        let of = |group| Of { group, listed: false, there: BTreeMap::new(), first: BTreeMap::new() };
        Seen { groups: groups.into_iter().map(of).collect(), conditions }
    }

    pub(super) fn all(&mut self, group: usize, objects: Vec<Obj>) {
        let Some(of) = self.groups.get_mut(group) else { return };
        of.there.clear();
        of.listed = true;
        objects.into_iter().for_each(|object| of.see(object));
    }

    pub(super) fn one(&mut self, group: usize, object: Obj) {
        if let Some(of) = self.groups.get_mut(group) {
            of.see(object);
        }
    }

    pub(super) fn gone(&mut self, group: usize, head: &Head) {
        let Some(of) = self.groups.get_mut(group) else { return };
        if of.there.get(&head.name).is_some_and(|object| object.uid() == head.uid) {
            of.there.remove(&head.name);
        }
    }

    /// Whether every group was listed.
    pub(super) fn is_complete(&self) -> bool {
        self.groups.iter().all(|of| of.listed)
    }

    /// Whether it is as it should be when there is nothing.
    pub(super) fn wants_none(&self) -> bool {
        self.conditions.iter().all(|condition| *condition == Condition::Deleted)
    }

    /// Each object that is meant, and what it lacks.
    pub(super) fn states(&self) -> Vec<(Object, State)> {
        let mut states = Vec::new();
        for of in &self.groups {
            states.extend(of.names().into_iter().map(|name| (of.group.key(&name).object(), self.state(of, &name))));
        }
        states
    }

    /// The objects that are meant.
    pub(super) fn keys(&self) -> Vec<Key> {
        self.groups.iter().flat_map(|of| of.names().into_iter().map(|name| of.group.key(&name))).collect()
    }

    fn state(&self, of: &Of, name: &str) -> State {
        let object = of.there.get(name);
        let is_another = object.is_some_and(|object| of.first.get(name).is_some_and(|first| first != object.uid()));
        let mut state = State::Met;
        for condition in &self.conditions {
            let object = object.filter(|_| *condition != Condition::Deleted || !is_another);
            match condition.check(object) {
                Met::Yes => {}
                Met::No(why) if state == State::Met => state = State::Lacks(why),
                Met::No(_) => {}
                Met::Never(why) => return State::Never(why),
            }
        }
        state
    }
}

impl Of {
    fn see(&mut self, object: Obj) {
        if self.group.means(object.name()) {
            self.first.entry(object.name().to_owned()).or_insert_with(|| object.uid().to_owned());
            self.there.insert(object.name().to_owned(), object);
        }
    }

    /// The names that were given; of labels those that were seen.
    fn names(&self) -> Vec<String> {
        match &self.group.which {
            Which::Names(names) => names.clone(),
            Which::Labels(_) => self.there.keys().cloned().collect(),
        }
    }
}
