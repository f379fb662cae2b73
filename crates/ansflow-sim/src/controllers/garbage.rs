//! The garbage collector: what nobody owns any more goes, what is deleted in the foreground waits for what blocks it,
//! what is orphaned is let go first.

use std::time::Duration;

use super::adopt::without_owner;
use super::{Step, settled};
use crate::api::delete::{DeleteOptions, Propagation};
use crate::object::{Object, ObjectExt};
use crate::store::{ChangeKind, Entry, Key, Owner, Stored};
use crate::world::controller::{Controller, Keys, Outcome};
use crate::world::cx::Cx;

const FOREGROUND: &str = "foregroundDeletion";
const ORPHAN: &str = "orphan";
/// From the last dependent that is let go to the owner.
const LETTING_GO: Duration = Duration::from_millis(7);

pub(super) struct Garbage;

impl Controller for Garbage {
    fn name(&self) -> &'static str {
        "generic-garbage-collector"
    }

    fn interested(&self, change: &Entry, cx: &Cx<'_>, queue: &mut Keys) {
        let object = &change.object;
        let store = cx.sim.store();
        match change.change {
            ChangeKind::Deleted => {
                store.owned(&object.uid).iter().for_each(|dependent| queue.add(dependent.key.clone()));
                wake_owners(cx, &object.owners, queue);
            }
            ChangeKind::Added | ChangeKind::Modified => {
                if object.deleting && object.has_finalizers {
                    queue.add(object.key.clone());
                }
                let was_known = change.old.as_ref().is_some_and(|old| old.owners == object.owners);
                if !was_known && object.owners.iter().any(|owner| !exists(cx, object, owner)) {
                    queue.add(object.key.clone());
                }
                if let Some(old) = change.old.as_ref().filter(|old| old.owners != object.owners) {
                    wake_owners(cx, &old.owners, queue);
                }
            }
        }
    }

    fn reconcile(&mut self, cx: &mut Cx<'_>, key: &Key) -> Outcome {
        let Some(stored) = cx.stored(key) else { return Outcome::Done };
        settled(collect(cx, &stored))
    }
}

/// Owners that wait for what they own.
/// Those that wait for the end of what they own.
fn wake_owners(cx: &Cx<'_>, owners: &[Owner], queue: &mut Keys) {
    for owner in owners {
        let going = cx.sim.store().by_uid(&owner.uid).filter(|owner| owner.deleting && owner.has_finalizers);
        if let Some(owner) = going.filter(|owner| cx.thaw(owner).is_some_and(|owner| holds(&owner, FOREGROUND))) {
            queue.add(owner.key.clone());
        }
    }
}

fn exists(cx: &Cx<'_>, dependent: &Stored, owner: &Owner) -> bool {
    let found = cx.sim.store().by_uid(&owner.uid);
    // An owner stands in the same namespace, or in none.
    found.is_some_and(|found| found.namespace().is_empty() || found.namespace() == dependent.namespace())
}

fn collect(cx: &mut Cx<'_>, stored: &Stored) -> Step<Outcome> {
    let Some(object) = cx.thaw(stored) else { return Ok(Outcome::Done) };
    if object.is_deleting() {
        if holds(&object, ORPHAN) {
            return orphan(cx, stored);
        }
        if holds(&object, FOREGROUND) {
            return foreground(cx, stored);
        }
        return Ok(Outcome::Done);
    }
    dependent(cx, stored, &object)
}

fn holds(object: &Object, finalizer: &str) -> bool {
    object.finalizers().iter().any(|held| held == finalizer)
}

/// Lets everything go that it owns, and then itself.
fn orphan(cx: &mut Cx<'_>, stored: &Stored) -> Step<Outcome> {
    let owned = cx.sim.store().owned(&stored.uid);
    for dependent in &owned {
        cx.change(&dependent.key, None, &mut |object| without_owner(object, &stored.uid))?;
    }
    if owned.is_empty() {
        return let_go(cx, stored, ORPHAN);
    }
    // Its controller has the time to see that it has none any more.
    Ok(Outcome::After(LETTING_GO))
}

/// Has everything deleted that it owns, and goes when nothing blocks it any more.
fn foreground(cx: &mut Cx<'_>, stored: &Stored) -> Step<Outcome> {
    let owned = cx.sim.store().owned(&stored.uid);
    let blocked = owned.iter().any(|one| one.owners.iter().any(|owner| owner.uid == stored.uid && owner.blocks));
    if !blocked {
        return let_go(cx, stored, FOREGROUND);
    }
    for dependent in owned.iter().filter(|dependent| !dependent.deleting) {
        cx.again.add(dependent.key.clone());
    }
    Ok(Outcome::Done)
}

fn let_go(cx: &mut Cx<'_>, stored: &Stored, finalizer: &str) -> Step<Outcome> {
    cx.change(&stored.key, None, &mut |object| {
        let mut held = object.finalizers().to_vec();
        held.retain(|known| known != finalizer);
        match held.is_empty() {
            true => drop(object.take(&["metadata", "finalizers"])),
            false => object.set_meta("finalizers", held.into()),
        }
    })?;
    Ok(Outcome::Done)
}

/// An object that is owned: it goes when no owner is left that stays.
fn dependent(cx: &mut Cx<'_>, stored: &Stored, object: &Object) -> Step<Outcome> {
    if stored.owners.is_empty() {
        return Ok(Outcome::Done);
    }
    let (mut solid, mut gone, mut waiting) = (0, Vec::new(), Vec::new());
    for owner in stored.owners.iter() {
        if !exists(cx, stored, owner) {
            gone.push(owner.uid.clone());
            continue;
        }
        let found = cx.sim.store().by_uid(&owner.uid).and_then(|found| cx.thaw(&found));
        match found.is_some_and(|found| found.is_deleting() && holds(&found, FOREGROUND)) {
            true => waiting.push(owner.uid.clone()),
            false => solid += 1,
        }
    }
    if solid > 0 {
        let done: Vec<_> = gone.into_iter().chain(waiting).collect();
        if !done.is_empty() {
            cx.change(&stored.key, None, &mut |object| done.iter().for_each(|uid| without_owner(object, uid)))?;
        }
        return Ok(Outcome::Done);
    }
    let owns = !cx.sim.store().owned(&stored.uid).is_empty();
    let propagation = match () {
        () if !waiting.is_empty() && owns => Propagation::Foreground,
        () if holds(object, ORPHAN) => Propagation::Orphan,
        () if holds(object, FOREGROUND) => Propagation::Foreground,
        () => Propagation::Background,
    };
    let options =
        DeleteOptions { uid: Some(stored.uid.to_string()), propagation: Some(propagation), ..DeleteOptions::default() };
    match cx.delete(&stored.key, &options) {
        Ok(_) => Ok(Outcome::Done),
        Err(status) if matches!(status.code, 404 | 409) => Ok(Outcome::Done),
        Err(status) => Err(status.into()),
    }
}
