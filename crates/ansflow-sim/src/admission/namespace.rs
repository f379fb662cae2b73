//! Nothing comes into a namespace that is not there, or that is going.

use super::{Admission, Operation, Review};
use crate::kinds;
use crate::object::Str;
use crate::status::{Cause, Status};
use crate::store::Key;

/// NamespaceLifecycle.
pub(super) struct Lifecycle;

impl Admission for Lifecycle {
    fn mutate(&self, review: &mut Review<'_, '_>) -> Result<(), Status> {
        let is_the_clusters = ["default", "kube-system", "kube-public"].contains(&&*review.key.name);
        if review.operation == Operation::Delete && review.kind.is("", "Namespace") && is_the_clusters {
            return Err(review.refuse("this namespace may not be deleted"));
        }
        if review.operation != Operation::Create || !review.kind.namespaced {
            return Ok(());
        }
        let namespace: Str = review.key.namespace.clone();
        let id = kinds::id("", "Namespace");
        let Some(found) = review.txn.get(&Key::new(id, "", namespace.clone())) else {
            let kind = review.sim.kinds().stored(id).ok_or_else(Status::unknown_resource)?;
            return Err(Status::not_found(&kind, &namespace));
        };
        if !found.deleting {
            return Ok(());
        }
        let name = review.object.get("metadata").and_then(|metadata| metadata["name"].as_str()).unwrap_or_default();
        let why = format!("unable to create new content in namespace {namespace} because it is being terminated");
        let said = format!("namespace {namespace} is being terminated");
        let cause = Cause::new("NamespaceTerminating", "metadata.namespace", said);
        Err(Status::forbidden(review.kind, name, &why).with_causes(vec![cause]))
    }
}
