//! The end of an object: at once, after a grace, or when nobody holds it any more.

use serde_json::{Value, json};

use std::sync::Arc;

use super::options::media;
use super::pipeline::{Phase, admit, kept_as, thawed};
use super::write::Write;
use super::{Answer, Call, Reply, show};
use crate::admission::Operation;
use crate::crd;
use crate::kind::Kind;
use crate::object::{Object, ObjectExt};
use crate::rules;
use crate::sim::Sim;
use crate::status::{Details, Status};
use crate::store::{Stored, Txn};
use crate::wire::{accept, protobuf};

/// How to delete.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct DeleteOptions {
    pub(crate) grace: Option<i64>,
    pub(crate) uid: Option<String>,
    pub(crate) resource_version: Option<String>,
    pub(crate) propagation: Option<Propagation>,
    pub(crate) dry_run: bool,
}

/// What becomes of those that an object owns.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub(crate) enum Propagation {
    Background,
    Foreground,
    Orphan,
}

/// What a deletion came to.
#[derive(Debug, Clone)]
pub(crate) enum Deleted {
    /// It is gone: this is how it was.
    Gone(Arc<Stored>),
    /// It is going: this is how it is.
    Going(Arc<Stored>),
}

pub(super) fn answer(call: &Call<'_>) -> Result<Answer, Status> {
    let form = accept::form(call.request.header("accept"))?;
    let options = options(call)?;
    let manager = call.manager();
    let deleted = delete(call.sim, &call.write(&manager)?, &options)?;
    Ok(Answer::Whole(match deleted {
        Deleted::Going(stored) => show::object(call, form, 200, &stored)?,
        Deleted::Gone(stored) if is_shown(&call.route.kind) => show::object(call, form, 200, &stored)?,
        Deleted::Gone(stored) => Reply::json(200, success(&call.route.kind, &stored).to_string()),
    }))
}

/// Deletes, as one transaction.
pub(crate) fn delete(sim: &Sim, w: &Write<'_>, options: &DeleteOptions) -> Result<Deleted, Status> {
    delete_in(sim, &mut sim.store().txn(), w, options)
}

/// Deletes inside a transaction that is under way.
pub(crate) fn delete_in(
    sim: &Sim,
    txn: &mut Txn<'_>,
    w: &Write<'_>,
    options: &DeleteOptions,
) -> Result<Deleted, Status> {
    let Some(live) = txn.get(&w.key) else { return Err(Status::not_found(w.kind, &w.key.name)) };
    preconditions(w.kind, &live, options)?;
    let old = thawed(sim, w, &live);
    let mut object = old.clone();
    for phase in [Phase::Mutate, Phase::Validate] {
        let said = &mut Vec::new();
        admit(sim, txn, w, Operation::Delete, &mut object, Some(&old), said, phase)?;
    }
    let dry_run = options.dry_run || w.dry_run;
    let hold = |object: &mut Object, finalizer: &str, held: bool| {
        let mut all: Vec<Value> = object.finalizers().to_vec();
        all.retain(|known| known != finalizer);
        if held {
            all.push(finalizer.into());
        }
        match all.is_empty() {
            true => drop(object.take(&["metadata", "finalizers"])),
            false => object.set_meta("finalizers", all.into()),
        }
    };
    if let Some(propagation) = options.propagation {
        hold(&mut object, "foregroundDeletion", propagation == Propagation::Foreground);
        hold(&mut object, "orphan", propagation == Propagation::Orphan);
    }
    if w.kind.is("apiextensions.k8s.io", "CustomResourceDefinition") {
        crd::terminating(&mut object, w.now);
    }
    let is_namespace = w.kind.is("", "Namespace");
    let grace = grace(w.kind, &object, options);
    let held = !object.finalizers().is_empty() || (is_namespace && !object.items("/spec/finalizers").is_empty());
    if !held && grace == 0 {
        if dry_run {
            return Ok(Deleted::Gone(live));
        }
        if w.kind.is("", "Pod") {
            // Whoever watches is told that its time is over, before it is gone.
            going(w, &mut object, grace);
            if object != old {
                txn.put(w.kind.id, &object, &live.managed);
            }
        }
        let gone = txn.remove(&w.key);
        return gone.map(Deleted::Gone).ok_or_else(|| Status::not_found(w.kind, &w.key.name));
    }
    going(w, &mut object, grace);
    if object == old {
        return Ok(Deleted::Going(live));
    }
    let object = kept_as(sim, w, &object);
    if dry_run {
        let stored = Stored::freeze(w.kind.id, &object, live.managed.clone(), live.revision);
        return Ok(Deleted::Going(Arc::new(stored)));
    }
    Ok(Deleted::Going(txn.put(w.kind.id, &object, &live.managed)))
}

/// Marks an object as deleted; one that is so already may only be given less time.
fn going(w: &Write<'_>, object: &mut Object, grace: i64) {
    let is_definition = w.kind.is("apiextensions.k8s.io", "CustomResourceDefinition");
    let before = object.int("/metadata/deletionGracePeriodSeconds");
    let shorter = before.is_some_and(|before| grace < before);
    if object.is_deleting() && !shorter {
        return;
    }
    let at = w.now.plus(std::time::Duration::from_secs(u64::try_from(grace).unwrap_or_default()));
    object.set_meta("deletionTimestamp", at.rfc3339().into());
    if w.kind.is("", "Namespace") {
        object.put(&["status", "phase"], "Terminating".into());
    } else if !is_definition {
        object.set_meta("deletionGracePeriodSeconds", grace.into());
    }
    if rules::strategy(w.kind).generation && !shorter && !is_definition {
        object.set_meta("generation", (object.generation() + 1).into());
    }
}

/// Whether who deletes one is shown it, and not only told that it is gone.
fn is_shown(kind: &Kind) -> bool {
    const CORE: &[&str] = &[
        "PersistentVolume",
        "PersistentVolumeClaim",
        "Pod",
        "PodTemplate",
        "ResourceQuota",
        "Service",
        "ServiceAccount",
    ];
    const STORAGE: &[&str] = &["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"];
    match &*kind.group {
        "" => CORE.contains(&&*kind.kind),
        "storage.k8s.io" => STORAGE.contains(&&*kind.kind),
        _ => false,
    }
}

/// Seconds that it has to end by itself: only pods have some, and only where a node runs them.
fn grace(kind: &Kind, object: &Object, options: &DeleteOptions) -> i64 {
    if !kind.is("", "Pod") {
        return 0;
    }
    let ended = matches!(object.text("/status/phase"), "Succeeded" | "Failed");
    if object.text("/spec/nodeName").is_empty() || ended {
        return 0;
    }
    let own = object.int("/spec/terminationGracePeriodSeconds").unwrap_or(30);
    let asked = options.grace.unwrap_or(own).max(0);
    // A grace is never made longer than it was said to be.
    object.int("/metadata/deletionGracePeriodSeconds").map_or(asked, |before| asked.min(before))
}

fn preconditions(kind: &Kind, live: &Stored, options: &DeleteOptions) -> Result<(), Status> {
    let conflict = |why: String| {
        let message = format!("Operation cannot be fulfilled on {} \"{}\": {why}", kind.qualified(), live.name());
        let details = Details {
            name: live.name().to_owned(),
            group: kind.group.to_string(),
            kind: kind.kind.to_string(),
            ..Details::default()
        };
        Err(Status::new(409, "Conflict", message).detailed(details))
    };
    if let Some(uid) = options.uid.as_deref().filter(|uid| *uid != &*live.uid) {
        return conflict(format!(
            "the UID in the precondition ({uid}) does not match the UID in record ({}). \
             The object might have been deleted and then recreated",
            live.uid
        ));
    }
    if let Some(asked) = options.resource_version.as_deref().filter(|asked| *asked != live.revision.to_string()) {
        return conflict(format!(
            "the ResourceVersion in the precondition ({asked}) does not match the ResourceVersion in record ({}). \
             The object might have been modified",
            live.revision
        ));
    }
    Ok(())
}

/// `Status` of a deletion that is done.
pub(super) fn success(kind: &Kind, stored: &Stored) -> Value {
    let details = Details {
        name: stored.name().to_owned(),
        group: kind.group.to_string(),
        kind: kind.plural.to_string(),
        uid: stored.uid.to_string(),
        ..Details::default()
    };
    json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": details.to_value()})
}

/// The options of a body, and of the query where there is none.
pub(super) fn options(call: &Call<'_>) -> Result<DeleteOptions, Status> {
    let (body, query) = (&call.request.body, &call.request.options);
    let sent = match media(call.request.header("content-type")) {
        _ if body.is_empty() => Object::new(),
        "application/vnd.kubernetes.protobuf" => {
            protobuf::decode(body).map_err(|bad| Status::bad_request(bad.to_string()))?
        }
        _ => serde_json::from_slice(body).map_err(|bad| Status::bad_request(bad.to_string()))?,
    };
    let text = |pointer: &str| sent.at(pointer).and_then(Value::as_str).map(str::to_owned);
    let propagation = match text("/propagationPolicy").as_deref().or(query.given("propagationPolicy")) {
        Some("Foreground") => Some(Propagation::Foreground),
        Some("Orphan") => Some(Propagation::Orphan),
        Some("Background") => Some(Propagation::Background),
        _ if sent.flag("/orphanDependents") || query.flag("orphanDependents") => Some(Propagation::Orphan),
        _ => None,
    };
    Ok(DeleteOptions {
        grace: sent.int("/gracePeriodSeconds").or(query.number("gracePeriodSeconds")?),
        uid: text("/preconditions/uid"),
        resource_version: text("/preconditions/resourceVersion"),
        propagation,
        dry_run: query.dry_run()? || !sent.items("/dryRun").is_empty(),
    })
}
