//! Admission: what else is said of a write before it is done. First all may change the object, then all may refuse it.

mod claims;
mod limit_range;
mod namespace;
pub(crate) mod pod_security;
mod pods;
mod policy;
mod priority;
pub(crate) mod quota;
mod rules;
mod runtime_class;
mod service_account;
mod storage_class;
mod tolerations;
mod webhook;
mod wishes;

use std::sync::Arc;

use crate::door::{Actor, Escalation};
use crate::kind::Kind;
use crate::kinds;
use crate::object::{Object, ObjectExt};
use crate::sim::Sim;
use crate::status::Status;
use crate::store::{Key, Stored, Txn};
use crate::time::Micros;

/// A write that is looked at.
pub(crate) struct Review<'a, 'b> {
    pub(crate) sim: &'a Sim,
    /// The store as it is now; nobody else writes meanwhile.
    pub(crate) txn: &'a mut Txn<'b>,
    pub(crate) operation: Operation,
    pub(crate) kind: &'a Kind,
    pub(crate) sub: Option<&'a str>,
    /// The name is "" before a generateName is drawn.
    pub(crate) key: &'a Key,
    pub(crate) object: &'a mut Object,
    pub(crate) old: Option<&'a Object>,
    pub(crate) actor: &'a Actor,
    pub(crate) dry_run: bool,
    pub(crate) now: Micros,
    pub(crate) warnings: &'a mut Vec<String>,
}

/// What is being done.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub(crate) enum Operation {
    Create,
    Update,
    Delete,
}

/// Somebody who has a say.
pub(crate) trait Admission: Sync {
    fn mutate(&self, review: &mut Review<'_, '_>) -> Result<(), Status> {
        let _ = review;
        Ok(())
    }
    fn validate(&self, review: &mut Review<'_, '_>) -> Result<(), Status> {
        let _ = review;
        Ok(())
    }
}

/// Everybody who has a say, in their order.
pub(crate) fn all() -> &'static [&'static dyn Admission] {
    &[
        &Escalation,
        &namespace::Lifecycle,
        &limit_range::LimitRanger,
        &service_account::ServiceAccount,
        &pod_security::PodSecurity,
        &priority::Priority,
        &tolerations::DefaultTolerations,
        &storage_class::DefaultStorageClass,
        &claims::Protection,
        &runtime_class::RuntimeClass,
        &policy::Policies,
        &webhook::Webhooks,
        &wishes::Wishes,
        &quota::Quota,
    ]
}

/// Whoever has a say in a deletion.
pub(crate) fn of_deletions() -> &'static [&'static dyn Admission] {
    &[&namespace::Lifecycle, &policy::Policies, &webhook::Webhooks]
}

impl Operation {
    /// As rules of webhooks name it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Operation::Create => "CREATE",
            Operation::Update => "UPDATE",
            Operation::Delete => "DELETE",
        }
    }
}

impl Review<'_, '_> {
    /// As refusals name the object: what the name will begin with, where it is not drawn yet.
    pub(crate) fn name(&self) -> &str {
        match self.object.name() {
            "" => self.object.text("/metadata/generateName"),
            name => name,
        }
    }

    pub(crate) fn is_new(&self, group: &str, kind: &str) -> bool {
        self.operation == Operation::Create && self.sub.is_none() && self.kind.is(group, kind)
    }

    pub(crate) fn refuse(&self, why: &str) -> Status {
        Status::forbidden(self.kind, self.name(), why)
    }

    /// All objects of a built-in kind in the namespace that is written to.
    pub(crate) fn beside(&self, group: &str, kind: &str) -> Vec<Object> {
        self.all(group, kind, Some(&self.key.namespace))
    }

    /// All objects of a built-in kind that stands in no namespace.
    pub(crate) fn everywhere(&self, group: &str, kind: &str) -> Vec<Object> {
        self.all(group, kind, None)
    }

    fn all(&self, group: &str, kind: &str, namespace: Option<&str>) -> Vec<Object> {
        let id = kinds::id(group, kind);
        let found = self.txn.all(id, namespace);
        if found.is_empty() {
            return Vec::new();
        }
        let Some(kind) = self.sim.kinds().stored(id) else { return Vec::new() };
        found.iter().map(|stored| stored.thaw(&kind)).collect()
    }

    pub(crate) fn found(&self, group: &str, kind: &str, namespace: &str, name: &str) -> Option<Object> {
        let id = kinds::id(group, kind);
        let stored = self.txn.get(&Key::new(id, namespace, name))?;
        Some(stored.thaw(&*self.sim.kinds().stored(id)?))
    }

    /// The namespace that is written to.
    pub(crate) fn namespace(&self) -> Option<Arc<Stored>> {
        match &*self.key.namespace {
            "" => None,
            namespace => self.txn.get(&Key::new(kinds::id("", "Namespace"), "", namespace)),
        }
    }
}
