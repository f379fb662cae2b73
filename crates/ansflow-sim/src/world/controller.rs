//! What a controller is: it says which keys a change concerns, and brings one key at a time nearer to what is wanted.

use std::time::Duration;

use super::cx::Cx;
use crate::door::Actor;
use crate::store::{Entry, Key};
use crate::time::Micros;

/// A control loop. It keeps no memory but expectations and deadlines: everything else it reads.
pub(crate) trait Controller: Send {
    /// As `deployment-controller`.
    fn name(&self) -> &'static str;
    /// Adds the keys that a change concerns. Called for every change of the store, so it must be quick.
    fn interested(&self, change: &Entry, cx: &Cx<'_>, queue: &mut Keys);
    /// Looks at one key and does what is missing.
    fn reconcile(&mut self, cx: &mut Cx<'_>, key: &Key) -> Outcome;

    /// Called once, before the first change: keys and timers to start with.
    fn start(&mut self, cx: &mut Cx<'_>, queue: &mut Keys) {
        let _ = (cx, queue);
    }

    /// Who it is to the API.
    fn actor(&self) -> Actor {
        Actor::system(&format!("system:serviceaccount:kube-system:{}", self.name()))
    }

    /// Its name in managedFields.
    fn manager(&self) -> &'static str {
        "kube-controller-manager"
    }
}

/// What is to happen with the key next.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    Done,
    /// Look again after a while; earlier when something changes.
    After(Duration),
    /// Look again at a moment.
    At(Micros),
    /// It failed: again after the key's growing delay (5 ms · 2ⁿ).
    Retry,
}

/// Keys that want a look, each once, now or at a moment.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    pub(super) now: Vec<Key>,
    pub(super) later: Vec<(Micros, Key)>,
}

impl Keys {
    pub(crate) fn add(&mut self, key: Key) {
        self.now.push(key);
    }

    pub(crate) fn add_at(&mut self, at: Micros, key: Key) {
        self.later.push((at, key));
    }
}
