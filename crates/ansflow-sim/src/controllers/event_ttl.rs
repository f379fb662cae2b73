//! Events are forgotten an hour after they were told last.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::time::Duration;

use super::known::known;
use crate::store::{ChangeKind, Entry, Key};
use crate::time::Micros;
use crate::world::controller::{Controller, Keys, Outcome};
use crate::world::cx::Cx;

const HOUR: Duration = Duration::from_secs(3_600);

/// What was told, oldest first, each with its revision: of what was told again, the last counts. One timer for all.
#[derive(Default)]
pub(super) struct EventTtl {
    told: RefCell<VecDeque<(Micros, u64, Key)>>,
}

impl Controller for EventTtl {
    fn name(&self) -> &'static str {
        "event-ttl"
    }

    fn interested(&self, change: &Entry, cx: &Cx<'_>, queue: &mut Keys) {
        if change.key().kind != known().event || change.change == ChangeKind::Deleted {
            return;
        }
        let mut told = self.told.borrow_mut();
        if told.is_empty() {
            queue.add_at(cx.now().plus(HOUR), Key::new(known().event, "", ""));
        }
        told.push_back((cx.now(), change.revision, change.key().clone()));
    }

    fn reconcile(&mut self, cx: &mut Cx<'_>, _key: &Key) -> Outcome {
        let told = self.told.get_mut();
        let mut txn = cx.sim.store().txn();
        while let Some((_, revision, key)) = told.pop_front_if(|(at, ..)| at.plus(HOUR) <= cx.now()) {
            if txn.get(&key).is_some_and(|stored| stored.revision == revision) {
                txn.remove(&key);
            }
        }
        told.front().map_or(Outcome::Done, |(at, ..)| Outcome::At(at.plus(HOUR)))
    }
}
