//! Every write to the simulated cluster, whoever it comes from: clients over HTTP, controllers, kubelets.
//!
//! The order of the steps is the behaviour: decode · defaults · managed fields · mutating admission · names · strategy ·
//! validate · validating admission · allocate · commit. All of it happens under the store's mutex, in one transaction:
//! what a step reads is what it commits on. Nothing in here waits.

use std::sync::Arc;

use serde_json::Value;

use super::pipeline;
use crate::door::Actor;
use crate::kind::Kind;
use crate::object::Object;
use crate::rules;
use crate::sim::Sim;
use crate::status::Status;
use crate::store::{Key, Stored, Txn};
use crate::time::Micros;

/// Who writes what, and how strictly it is read.
pub(crate) struct Write<'a> {
    pub(crate) kind: &'a Kind,
    /// `status`, `scale`, …; nothing for the object itself.
    pub(crate) sub: Option<&'a str>,
    /// The name is "" for a create by generateName.
    pub(crate) key: Key,
    pub(crate) actor: &'a Actor,
    /// The field manager: the parameter, or the User-Agent's first word.
    pub(crate) manager: &'a str,
    pub(crate) dry_run: bool,
    pub(crate) strict: Strictness,
    pub(crate) now: Micros,
}

/// What happens to fields that nobody knows: the parameter `fieldValidation`.
#[derive(Debug, Copy, Clone, PartialEq, Eq, Default)]
pub(crate) enum Strictness {
    Ignore,
    #[default]
    Warn,
    Strict,
}

/// What is to become of the object.
pub(crate) enum Change<'a> {
    Create(Object),
    Replace(Object),
    Patch(Patch, Value),
    Apply {
        patch: Object,
        force: bool,
    },
    /// How controllers write: on what is stored now, so that they never conflict. It must not write itself.
    With(&'a mut dyn FnMut(&mut Object) -> Result<(), Status>),
}

/// The media type of a patch.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub(crate) enum Patch {
    Json,
    Merge,
    Strategic,
}

/// What was written.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    /// As stored, or as it would be after a dry run (then without a resourceVersion where it is new).
    pub(crate) stored: Arc<Stored>,
    pub(crate) created: bool,
    /// For `Warning` headers.
    pub(crate) warnings: Vec<String>,
}

/// Writes, as one transaction.
pub(crate) fn write(sim: &Sim, w: &Write<'_>, change: Change<'_>) -> Result<Written, Status> {
    write_in(sim, &mut sim.store().txn(), w, change)
}

/// Writes inside a transaction that is under way.
pub(crate) fn write_in(sim: &Sim, txn: &mut Txn<'_>, w: &Write<'_>, change: Change<'_>) -> Result<Written, Status> {
    let live = match &*w.key.name {
        "" => None,
        _ => txn.get(&w.key),
    };
    match (change, live) {
        (Change::Create(object), _) => pipeline::create(sim, txn, w, object, None),
        (Change::Apply { patch, force }, None) => pipeline::apply_new(sim, txn, w, &patch, force),
        (Change::Replace(object), None) if w.sub.is_none() && rules::made_by_update(w.kind) => {
            pipeline::create(sim, txn, w, object, None)
        }
        (_, None) => Err(Status::not_found(w.kind, &w.key.name)),
        (change, Some(live)) => pipeline::update(sim, txn, w, change, &live),
    }
}
