//! The end of a namespace: five seconds after it was asked for, everything in it is deleted, and what stays is told.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};

use crate::api::delete::{DeleteOptions, Propagation};
use crate::kinds;
use crate::object::{Object, ObjectExt};
use crate::store::{ChangeKind, Entry, Key};
use crate::world::controller::{Controller, Keys, Outcome};
use crate::world::cx::Cx;

/// Others may still be busy in it, and are given time to see that it ends.
const GRACE: Duration = Duration::from_secs(5);
/// When to look again where something stays: half of what a finalizer may take, and a second.
const AGAIN: Duration = Duration::from_secs(8);

pub(super) struct Namespaces;

/// What stays: by resource, and by finalizer.
#[derive(Default)]
struct Remains {
    resources: BTreeMap<String, usize>,
    finalizers: BTreeMap<String, usize>,
}

impl Controller for Namespaces {
    fn name(&self) -> &'static str {
        "namespace-controller"
    }

    fn interested(&self, change: &Entry, cx: &Cx<'_>, queue: &mut Keys) {
        let is_namespace = change.key().kind == kinds::id("", "Namespace");
        if is_namespace && change.change != ChangeKind::Deleted && change.object.deleting {
            queue.add_at(cx.now().plus(GRACE), change.key().clone());
        }
    }

    fn reconcile(&mut self, cx: &mut Cx<'_>, key: &Key) -> Outcome {
        if cx.stored(key).is_none_or(|namespace| !namespace.deleting) {
            return Outcome::Done;
        }
        let remains = emptied(cx, &key.name);
        let now = cx.now().rfc3339();
        let told = cx.change(key, Some("status"), &mut |namespace| tell(namespace, &remains, &now));
        if told.is_err() {
            return Outcome::Retry;
        }
        if !remains.resources.is_empty() {
            return Outcome::After(AGAIN);
        }
        match cx.change(key, Some("finalize"), &mut |namespace| namespace.put(&["spec", "finalizers"], json!([]))) {
            Ok(_) => Outcome::Done,
            Err(_) => Outcome::Retry,
        }
    }
}

/// Deletes everything in a namespace, and says what is still there.
fn emptied(cx: &mut Cx<'_>, namespace: &str) -> Remains {
    let options = DeleteOptions { propagation: Some(Propagation::Background), ..DeleteOptions::default() };
    let served = cx.sim.kinds().served();
    let mut remains = Remains::default();
    for kind in served.all.iter().filter(|kind| kind.namespaced && kind.stored && kind.can("deletecollection")) {
        for stored in cx.sim.store().all(kind.id, Some(namespace)) {
            if !stored.deleting {
                // What cannot be deleted now is among what stays.
                let _tried = cx.delete(&stored.key, &options);
            }
            let Some(stays) = cx.stored(&stored.key) else { continue };
            *remains.resources.entry(format!("{}.{}", kind.plural, kind.group)).or_default() += 1;
            let object = stays.thaw(kind);
            for finalizer in object.finalizers().iter().filter_map(Value::as_str) {
                *remains.finalizers.entry(finalizer.to_owned()).or_default() += 1;
            }
        }
    }
    remains
}

fn tell(namespace: &mut Object, remains: &Remains, now: &str) {
    let list = |counts: &BTreeMap<String, usize>, word: &str| {
        let each: Vec<String> =
            counts.iter().map(|(name, count)| format!("{name}{word}{count} resource instances")).collect();
        each.join(", ")
    };
    let content = match remains.resources.is_empty() {
        true => ("False", "ContentRemoved", "All content successfully removed".to_owned()),
        false => {
            let list = list(&remains.resources, " has ");
            ("True", "SomeResourcesRemain", format!("Some resources are remaining: {list}"))
        }
    };
    let finalizers = match remains.finalizers.is_empty() {
        true => ("False", "ContentHasNoFinalizers", "All content-preserving finalizers finished".to_owned()),
        false => {
            let list = list(&remains.finalizers, " in ");
            ("True", "SomeFinalizersRemain", format!("Some content in the namespace has finalizers remaining: {list}"))
        }
    };
    let fine = |reason, message: &str| ("False", reason, message.to_owned());
    let wanted = [
        ("NamespaceDeletionDiscoveryFailure", fine("ResourcesDiscovered", "All resources successfully discovered")),
        (
            "NamespaceDeletionGroupVersionParsingFailure",
            fine("ParsedGroupVersions", "All legacy kube types successfully parsed"),
        ),
        (
            "NamespaceDeletionContentFailure",
            fine("ContentDeleted", "All content successfully deleted, may be waiting on finalization"),
        ),
        ("NamespaceContentRemaining", content),
        ("NamespaceFinalizersRemaining", finalizers),
    ];
    let mut conditions = namespace.items("/status/conditions").to_vec();
    for (kind, (status, reason, message)) in wanted {
        let mut new =
            json!({"type": kind, "status": status, "lastTransitionTime": now, "reason": reason, "message": message});
        match conditions.iter_mut().find(|known| known["type"] == kind) {
            Some(known) => {
                if known["status"] == new["status"] {
                    new["lastTransitionTime"] = known["lastTransitionTime"].clone();
                }
                *known = new;
            }
            None => conditions.push(new),
        }
    }
    namespace.put(&["status", "conditions"], conditions.into());
}
