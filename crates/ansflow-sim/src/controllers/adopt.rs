//! Whose is whose: controllers take what matches their selector and is nobody's, and let go what matches no more.

use std::sync::Arc;

use serde_json::Value;

use super::pods::controlled_by;
use crate::kind::KindId;
use crate::object::{Object, ObjectExt};
use crate::selector::Selector;
use crate::status::Status;
use crate::store::{Key, Stored};
use crate::world::controller::Keys;
use crate::world::cx::Cx;

/// Everything of a kind that is an owner's, after it took and let go what it had to.
pub(super) fn claimed(
    cx: &mut Cx<'_>,
    owner: &Object,
    selector: &Selector,
    kind: KindId,
) -> Result<Vec<Arc<Stored>>, Status> {
    let mut mine = Vec::new();
    for stored in cx.sim.store().owned(owner.uid()) {
        if stored.key.kind != kind || stored.controller().is_none_or(|by| *by.uid != *owner.uid()) {
            continue;
        }
        if selector.matches_pairs(&stored.labels) || owner.is_deleting() {
            mine.push(stored);
        } else {
            let uid = owner.uid().to_owned();
            cx.change(&stored.key, None, &mut |object| without_owner(object, &uid))?;
        }
    }
    if owner.is_deleting() || selector.is_everything() {
        return Ok(mine);
    }
    for stored in cx.sim.store().all(kind, Some(owner.namespace())) {
        if stored.controller().is_some() || stored.deleting || !selector.matches_pairs(&stored.labels) {
            continue;
        }
        let reference = controlled_by(owner.api_version(), owner.kind(), owner.name(), owner.uid());
        let adopted = cx.change(&stored.key, None, &mut |object| {
            let mut references = object.items("/metadata/ownerReferences").to_vec();
            references.push(reference.clone());
            object.set_meta("ownerReferences", references.into());
        });
        mine.push(adopted?);
    }
    Ok(mine)
}

/// Takes one owner away.
pub(super) fn without_owner(object: &mut Object, uid: &str) {
    let mut references = object.items("/metadata/ownerReferences").to_vec();
    references.retain(|reference| reference["uid"] != uid);
    match references.is_empty() {
        true => drop(object.take(&["metadata", "ownerReferences"])),
        false => object.set_meta("ownerReferences", references.into()),
    }
}

/// Whose an object is that changed: its owner's of a kind; while it is nobody's, whoever would take it.
pub(super) fn wake(cx: &Cx<'_>, kind: KindId, word: &str, changed: &Stored, queue: &mut Keys) {
    match changed.controller() {
        Some(owner) if &*owner.kind == word => {
            queue.add(Key::new(kind, changed.key.namespace.clone(), owner.name.clone()));
        }
        Some(_) => {}
        None => suitors(cx, kind, changed).into_iter().for_each(|key| queue.add(key)),
    }
}

/// The keys of a kind whose selector matches an object that nobody controls.
pub(super) fn suitors(cx: &Cx<'_>, kind: KindId, orphan: &Stored) -> Vec<Key> {
    let matches = |stored: &Arc<Stored>| {
        let view = cx.view_of::<Value>(stored)?;
        let selector = Selector::of(&view["spec"]["selector"]).ok()?;
        Some(!selector.is_everything() && selector.matches_pairs(&orphan.labels))
    };
    let all = cx.sim.store().all(kind, Some(orphan.namespace()));
    all.iter().filter(|stored| matches(stored) == Some(true)).map(|stored| stored.key.clone()).collect()
}
