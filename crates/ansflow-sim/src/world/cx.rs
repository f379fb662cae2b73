//! What a controller holds while it works on one key: the cluster as it is now, and the one way to change it.

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::controller::Keys;
use super::events::{Event, Events};
use super::views::{View, Views};
use crate::api::delete::{DeleteOptions, Deleted, delete};
use crate::api::write::{Change, Strictness, Write, write};
use crate::chance::Chance;
use crate::door::Actor;
use crate::kind::{Kind, KindId};
use crate::object::{Object, ObjectExt};
use crate::sim::Sim;
use crate::status::Status;
use crate::store::{Key, Stored};
use crate::time::Micros;

/// What the world remembers of what it read and told.
#[derive(Default)]
pub(crate) struct Memory {
    views: RefCell<Views>,
    events: RefCell<Events>,
}

impl Memory {
    pub(super) fn forget(&self, uid: &str) {
        self.views.borrow_mut().forget(uid);
        self.events.borrow_mut().forget(uid);
    }
}

/// The cluster, as one controller sees and changes it.
pub(crate) struct Cx<'a> {
    pub(crate) sim: &'a Sim,
    actor: &'a Actor,
    manager: &'static str,
    chance: &'a mut Chance,
    memory: &'a Memory,
    /// Further keys of this controller that are to be looked at.
    pub(crate) again: Keys,
    /// How long its writes took.
    took: Duration,
}

/// What a write takes; that of a pod goes through all of admission.
const WRITE: Duration = Duration::from_millis(1);
const POD: Duration = Duration::from_millis(6);
/// Many are written side by side.
const MOST: Duration = Duration::from_millis(30);

impl<'a> Cx<'a> {
    pub(super) fn new(
        sim: &'a Sim,
        actor: &'a Actor,
        manager: &'static str,
        chance: &'a mut Chance,
        memory: &'a Memory,
    ) -> Cx<'a> {
        Cx { sim, actor, manager, chance, memory, again: Keys::default(), took: Duration::ZERO }
    }

    pub(crate) fn now(&self) -> Micros {
        self.sim.now_micros()
    }

    pub(crate) fn chance(&mut self) -> &mut Chance {
        self.chance
    }

    pub(crate) fn stored(&self, key: &Key) -> Option<Arc<Stored>> {
        self.sim.store().get(key)
    }

    /// Just the fields that `T` names, read once a revision.
    pub(crate) fn view_of<T: View>(&self, stored: &Stored) -> Option<Arc<T>> {
        self.memory.views.borrow_mut().of(stored)
    }

    /// All objects of a kind, of one namespace or of all, each with its view.
    pub(crate) fn list<T: View>(&self, kind: KindId, namespace: Option<&str>) -> Vec<(Arc<Stored>, Arc<T>)> {
        let all = self.sim.store().all(kind, namespace);
        all.into_iter().filter_map(|stored| Some((stored.clone(), self.view_of(&stored)?))).collect()
    }

    /// What an owner owns of a kind.
    pub(crate) fn owned<T: View>(&self, uid: &str, kind: KindId) -> Vec<(Arc<Stored>, Arc<T>)> {
        let all = self.sim.store().owned(uid).into_iter().filter(|stored| stored.key.kind == kind);
        all.filter_map(|stored| Some((stored.clone(), self.view_of(&stored)?))).collect()
    }

    /// The whole object as a tree.
    pub(crate) fn thaw(&self, stored: &Stored) -> Option<Object> {
        Some(stored.thaw(&*self.sim.kinds().stored(stored.key.kind)?))
    }

    /// Makes an object; it says itself what it is, and where.
    pub(crate) fn create(&mut self, object: Object) -> Result<Arc<Stored>, Status> {
        let Some(kind) = self.sim.kinds().of(object.api_version(), object.kind()) else {
            return Err(Status::unknown_resource());
        };
        let key = Key::new(kind.id, object.namespace(), object.name());
        self.took += match (&*kind.group, &*kind.kind) {
            ("", "Pod") => POD,
            // Nobody waits for an event.
            ("", "Event") => Duration::ZERO,
            _ => WRITE,
        };
        Ok(write(self.sim, &self.write(&kind, None, key), Change::Create(object))?.stored)
    }

    /// Changes what is stored now, the object or one of its subresources. Where the closure changes nothing, nothing is written.
    pub(crate) fn change(
        &mut self,
        key: &Key,
        sub: Option<&str>,
        change: &mut dyn FnMut(&mut Object),
    ) -> Result<Arc<Stored>, Status> {
        let kind = self.kind(key)?;
        let mut with = |object: &mut Object| {
            change(object);
            Ok(())
        };
        Ok(write(self.sim, &self.write(&kind, sub, key.clone()), Change::With(&mut with))?.stored)
    }

    pub(crate) fn delete(&mut self, key: &Key, options: &DeleteOptions) -> Result<Deleted, Status> {
        let kind = self.kind(key)?;
        delete(self.sim, &self.write(&kind, None, key.clone()), options)
    }

    /// Tells an event about an object. The same again makes a number grow.
    pub(crate) fn event(&mut self, event: &Event<'_>) {
        let memory = self.memory;
        let now = self.now();
        let (telling, name) = memory.events.borrow_mut().told(event, now);
        let written = match telling {
            super::events::Telling::First(object) => {
                let stored = self.create(object);
                let uid = &event.about.object.uid;
                stored.map(|stored| memory.events.borrow_mut().keep(uid, name, stored.key.clone(), now))
            }
            // It may have expired since.
            super::events::Telling::Again { key, anew, .. } if self.stored(&key).is_none() => {
                self.create(anew).map(drop)
            }
            super::events::Telling::Again { key, count, message, .. } => {
                let mut grow = |object: &mut Object| {
                    object.insert("count".to_owned(), count.into());
                    object.insert("lastTimestamp".to_owned(), Value::from(now.rfc3339()));
                    if let Some(message) = &message {
                        object.insert("message".to_owned(), message.as_str().into());
                    }
                };
                self.change(&key, None, &mut grow).map(drop)
            }
            super::events::Telling::Quiet => Ok(()),
        };
        // An event that cannot be told, as in a namespace that ends, is not missed.
        if let Err(status) = written {
            tracing::debug!("an event was not told: {}", status.message);
        }
    }

    pub(super) fn took(&self) -> Duration {
        self.took.min(MOST)
    }

    fn kind(&self, key: &Key) -> Result<Arc<Kind>, Status> {
        self.sim.kinds().stored(key.kind).ok_or_else(Status::unknown_resource)
    }

    fn write<'w>(&'w self, kind: &'w Kind, sub: Option<&'w str>, key: Key) -> Write<'w> {
        Write {
            kind,
            sub,
            key,
            actor: self.actor,
            manager: self.manager,
            dry_run: false,
            strict: Strictness::Ignore,
            now: self.now(),
        }
    }
}
