//! The steps of a write, in their order.

mod parts;

use std::borrow::Cow;
use std::sync::Arc;

use super::merging;
use super::write::{Change, Write, Written};
use crate::admission::{self, Operation, Review};
use crate::ids;
use crate::manager::Manager;
use crate::merge;
use crate::object::{Object, ObjectExt};
use crate::rules::{self, Causes};
use crate::sim::Sim;
use crate::status::{Cause, Status};
use crate::store::{Key, Stored, Txn};
use parts::{differs_in_spec, head, in_order, kept, only_status, restore};

/// Fields of the metadata that only the server sets.
const SERVERS: [&str; 4] = ["uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds"];

/// How often a generated name is drawn.
const DRAWS: usize = 8;

/// Makes an object that is not there. `managed` is what an apply already made of the managers.
pub(super) fn create(
    sim: &Sim,
    txn: &mut Txn<'_>,
    w: &Write<'_>,
    mut object: Object,
    managed: Option<Vec<Manager>>,
) -> Result<Written, Status> {
    let strategy = rules::strategy(w.kind);
    let mut warnings = Vec::new();
    head(w, &mut object);
    for field in SERVERS.iter().chain(&["resourceVersion", "selfLink"]) {
        object.take(&["metadata", field]);
    }
    let sent = object.take(&["metadata", "managedFields"]);
    rules::fill(w.kind, &mut object);
    let managed = match managed {
        Some(managed) => managed,
        None => merging::updated(w, None, &object, sent.as_ref(), &[]),
    };
    admit(sim, txn, w, Operation::Create, &mut object, None, &mut warnings, Phase::Mutate)?;

    let base = object.text("/metadata/generateName").to_owned();
    if object.name().is_empty() && !base.is_empty() {
        // A name that is taken is drawn anew, so many times.
        for _ in 0..DRAWS {
            let name = ids::generated(&base, &sim.ids().suffix());
            let key = Key::new(w.kind.id, object.namespace(), name.as_str());
            object.set_meta("name", name.into());
            if txn.get(&key).is_none() {
                break;
            }
        }
    }
    object.set_meta("uid", sim.ids().uid().into());
    object.set_meta("creationTimestamp", w.now.rfc3339().into());
    if w.kind.sub("status").is_some() && !strategy.comes_with_status {
        object.shift_remove("status");
        if let Some(status) = merge::zero_status(w.kind.ty) {
            object.insert("status".to_owned(), status);
        }
    }
    if strategy.generation {
        object.set_meta("generation", 1.into());
    }
    (strategy.prepare_create)(w.kind, &mut object);
    in_order(&mut object);

    let mut causes = Causes::new();
    if object.name().is_empty() {
        let why = "Required value: name or generateName is required";
        causes.push(Cause::new("FieldValueRequired", "metadata.name", why));
    }
    if !object.name().is_empty() {
        causes = rules::validate(w.kind, &object);
    }
    refuse(w, &object, causes)?;
    admit(sim, txn, w, Operation::Create, &mut object, None, &mut warnings, Phase::Validate)?;
    let key = Key::new(w.kind.id, object.namespace(), object.name());
    if txn.get(&key).is_some() {
        return Err(Status::already_exists(w.kind, object.name()));
    }
    (strategy.allocate)(txn, &mut object, None)?;
    let object = kept_as(sim, w, &object);
    let stored = if w.dry_run { dry(w, &object, managed, 0) } else { txn.put(w.kind.id, &object, &managed) };
    Ok(Written { stored, created: true, warnings })
}

/// Applies where nothing is yet.
pub(super) fn apply_new(
    sim: &Sim,
    txn: &mut Txn<'_>,
    w: &Write<'_>,
    patch: &Object,
    force: bool,
) -> Result<Written, Status> {
    if w.sub.is_some() {
        return Err(Status::not_found(w.kind, &w.key.name));
    }
    if !patch.uid().is_empty() {
        let why = format!(
            "uid mismatch: the provided object specified uid {}, and no existing object was found",
            patch.uid()
        );
        return Err(Status::conflict(w.kind, &w.key.name, &why));
    }
    let applied = merging::applied(w, None, &[], patch, force)?;
    create(sim, txn, w, applied.object, Some(applied.managed))
}

/// Changes an object that is there.
pub(super) fn update(
    sim: &Sim,
    txn: &mut Txn<'_>,
    w: &Write<'_>,
    change: Change<'_>,
    live: &Arc<Stored>,
) -> Result<Written, Status> {
    let strategy = rules::strategy(w.kind);
    let mut warnings = Vec::new();
    let old = thawed(sim, w, live);
    let mut applied = None;
    let mut object = match change {
        Change::Create(object) | Change::Replace(object) => object,
        Change::Patch(how, patch) => {
            let mut object = old.clone();
            if patch.to_string().contains("managedFields") {
                with_managers(&mut object, &live.managed);
            }
            merging::patched(w.kind, how, &mut object, &patch)?;
            let fitted = merge::fit_patched(object, w.kind.ty, w.strict)?;
            warnings.extend(fitted.warnings);
            fitted.object
        }
        Change::Apply { patch, force } => {
            precondition(w, &patch, live)?;
            let made = merging::applied(w, Some(&old), &live.managed, &patch, force)?;
            applied = Some(made.managed);
            made.object
        }
        Change::With(change) => {
            let mut object = old.clone();
            change(&mut object)?;
            object
        }
    };
    head(w, &mut object);
    let sent = object.take(&["metadata", "managedFields"]);
    rules::fill(w.kind, &mut object);
    precondition(w, &object, live)?;

    kept(&mut object, &old);
    match w.sub {
        Some("status") => only_status(&mut object, &old),
        // The scheduler's: a node for the pod, and the condition that says so, as one.
        Some("binding") => {}
        _ if w.kind.sub("status").is_some() => restore(&mut object, &old, "status"),
        _ => {}
    }
    (strategy.prepare_update)(w.kind, &mut object, &old, w.sub);
    if strategy.generation {
        let noted = strategy.annotations_count && object.at("/metadata/annotations") != old.at("/metadata/annotations");
        let counts = (noted || differs_in_spec(&object, &old)) && !matches!(w.sub, Some("status" | "binding"));
        object.set_meta("generation", (old.generation() + i64::from(counts)).into());
    }
    let mut managed = match applied {
        Some(managed) => managed,
        // Nobody owns what a binding sets.
        None if w.sub == Some("binding") => live.managed.to_vec(),
        None => merging::updated(w, Some(&old), &object, sent.as_ref(), &live.managed),
    };
    admit(sim, txn, w, Operation::Update, &mut object, Some(&old), &mut warnings, Phase::Mutate)?;
    in_order(&mut object);

    refuse(w, &object, rules::validate_update(w.kind, &object, &old))?;
    admit(sim, txn, w, Operation::Update, &mut object, Some(&old), &mut warnings, Phase::Validate)?;
    (strategy.allocate)(txn, &mut object, Some(&old))?;

    object.set_meta("resourceVersion", old.resource_version().into());
    if object == old && same_managers(&managed, &live.managed) {
        return Ok(Written { stored: live.clone(), created: false, warnings });
    }
    if object == old {
        keep_times(&mut managed, &live.managed);
    }
    let finished = is_finished(&object);
    let object = kept_as(sim, w, &object);
    let stored = match () {
        () if w.dry_run => dry(w, &object, managed, live.revision),
        () if finished => {
            // The last finalizer went: so does the object. Watchers see it as it was before; who asked is shown what they made.
            txn.remove(&live.key);
            dry(w, &object, managed, live.revision)
        }
        () => txn.put(w.kind.id, &object, &managed),
    };
    Ok(Written { stored, created: false, warnings })
}

#[derive(Copy, Clone)]
pub(super) enum Phase {
    Mutate,
    Validate,
}

#[expect(clippy::too_many_arguments, reason = "it only puts them together")]
pub(super) fn admit(
    sim: &Sim,
    txn: &mut Txn<'_>,
    w: &Write<'_>,
    operation: Operation,
    object: &mut Object,
    old: Option<&Object>,
    warnings: &mut Vec<String>,
    phase: Phase,
) -> Result<(), Status> {
    let said = match operation {
        Operation::Delete => admission::of_deletions(),
        Operation::Create | Operation::Update => admission::all(),
    };
    let mut review = Review {
        sim,
        txn,
        operation,
        kind: w.kind,
        sub: w.sub,
        key: &w.key,
        object,
        old,
        actor: w.actor,
        dry_run: w.dry_run,
        now: w.now,
        warnings,
    };
    said.iter().try_for_each(|one| match phase {
        Phase::Mutate => one.mutate(&mut review),
        Phase::Validate => one.validate(&mut review),
    })
}

/// The stored object as a tree, in the version that is written.
pub(super) fn thawed(sim: &Sim, w: &Write<'_>, live: &Stored) -> Object {
    let Some(stored) = sim.kinds().stored(w.kind.id).filter(|_| !w.kind.stored) else { return live.thaw(w.kind) };
    let mut object = live.thaw(&stored);
    rules::convert(&stored, w.kind, &mut object);
    object
}

/// The object in the version that is stored.
pub(super) fn kept_as<'a>(sim: &Sim, w: &Write<'_>, object: &'a Object) -> Cow<'a, Object> {
    let Some(stored) = sim.kinds().stored(w.kind.id).filter(|_| !w.kind.stored) else { return Cow::Borrowed(object) };
    let mut object = object.clone();
    rules::convert(w.kind, &stored, &mut object);
    Cow::Owned(object)
}

/// The client's resourceVersion and uid, where it gave them, are those of the object.
fn precondition(w: &Write<'_>, object: &Object, live: &Stored) -> Result<(), Status> {
    let uid = object.uid();
    if !uid.is_empty() && uid != &*live.uid {
        let why = format!("Precondition failed: UID in precondition: {uid}, UID in object meta: {}", live.uid);
        return Err(Status::conflict(w.kind, live.name(), &why));
    }
    let asked = object.resource_version();
    if !asked.is_empty() && asked != "0" && asked != live.revision.to_string() {
        return Err(Status::outdated(w.kind, live.name()));
    }
    Ok(())
}

fn refuse(w: &Write<'_>, object: &Object, causes: Causes) -> Result<(), Status> {
    if causes.is_empty() { Ok(()) } else { Err(Status::invalid(w.kind, object.name(), causes)) }
}

fn with_managers(object: &mut Object, managed: &[Manager]) {
    if !managed.is_empty() {
        object.set_meta("managedFields", managed.iter().map(Manager::to_value).collect());
    }
}

/// Whether the entries say the same, times aside.
fn same_managers(new: &[Manager], old: &[Manager]) -> bool {
    new.len() == old.len()
        && new.iter().all(|one| old.iter().any(|other| one.id == other.id && one.fields == other.fields))
}

fn keep_times(new: &mut [Manager], old: &[Manager]) {
    for one in new {
        if let Some(same) = old.iter().find(|other| one.id == other.id && one.fields == other.fields) {
            one.time = same.time;
        }
    }
}

/// Whether it was deleted, and nobody holds it any more.
fn is_finished(object: &Object) -> bool {
    object.is_deleting()
        && object.finalizers().is_empty()
        && object.int("/metadata/deletionGracePeriodSeconds").unwrap_or_default() == 0
        && object.items("/spec/finalizers").is_empty()
}

fn dry(w: &Write<'_>, object: &Object, managed: Vec<Manager>, revision: u64) -> Arc<Stored> {
    Arc::new(Stored::freeze(w.kind.id, object, managed.into(), revision))
}
