//! ControllerRevisions: the templates that a StatefulSet or DaemonSet had, so that one can go back.

use serde_json::{Value, json};

use super::deployment::hash;
use super::known::known;
use super::pods::controlled_by;
use super::{Step, part};
use crate::api::delete::DeleteOptions;
use crate::object::{Object, ObjectExt};
use crate::store::Key;
use crate::world::controller::Outcome;
use crate::world::cx::Cx;

/// Where the hash is told: each kind has a label of its own.
pub(super) struct Form<'a> {
    pub(super) label: &'a str,
    pub(super) annotations: Option<Value>,
}

/// All revisions of an owner, oldest first.
pub(super) fn all(cx: &Cx<'_>, owner: &Object) -> Vec<Object> {
    let owned = cx.sim.store().owned(owner.uid());
    let mut all: Vec<Object> = owned
        .iter()
        .filter(|stored| stored.key.kind == known().controller_revision)
        .filter_map(|stored| cx.thaw(stored))
        .collect();
    all.sort_by_key(number);
    all
}

pub(super) fn number(revision: &Object) -> i64 {
    revision.int("/revision").unwrap_or_default()
}

/// The template that a revision keeps.
pub(super) fn template(revision: &Object) -> Value {
    let mut template = part(revision, "data")["spec"]["template"].clone();
    if let Some(fields) = template.as_object_mut() {
        fields.shift_remove("$patch");
    }
    template
}

/// The revision of the present template: found, numbered anew where it was an older one, or made.
pub(super) fn current(cx: &mut Cx<'_>, owner: &Object, known_ones: &[Object], form: &Form<'_>) -> Step<Object> {
    let wanted = &part(owner, "spec")["template"];
    let next = known_ones.iter().map(number).max().unwrap_or_default() + 1;
    if let Some(same) = known_ones.iter().rev().find(|revision| template(revision) == *wanted) {
        if number(same) + 1 == next {
            return Ok(same.clone());
        }
        let key = Key::new(known().controller_revision, owner.namespace(), same.name());
        let renumbered = cx.change(&key, None, &mut |object| {
            object.insert("revision".to_owned(), next.into());
        })?;
        return cx.thaw(&renumbered).ok_or(Outcome::Retry);
    }
    let collisions = part(owner, "status")["collisionCount"].as_i64().unwrap_or_default();
    let hash = hash(wanted, collisions);
    let mut labels = wanted["metadata"]["labels"].as_object().cloned().unwrap_or_default();
    labels.insert(form.label.to_owned(), hash.as_str().into());
    let mut kept = wanted.clone();
    kept["$patch"] = "replace".into();
    let reference = controlled_by(owner.api_version(), owner.kind(), owner.name(), owner.uid());
    let mut revision = Object::new();
    revision.insert("apiVersion".to_owned(), "apps/v1".into());
    revision.insert("kind".to_owned(), "ControllerRevision".into());
    let name = format!("{}-{hash}", owner.name());
    revision.insert(
        "metadata".to_owned(),
        json!({"name": name, "namespace": owner.namespace(), "labels": labels, "ownerReferences": [reference]}),
    );
    if let Some(annotations) = &form.annotations {
        revision.set_meta("annotations", annotations.clone());
    }
    revision.insert("data".to_owned(), json!({"spec": {"template": kept}}));
    revision.insert("revision".to_owned(), next.into());
    let created = cx.create(revision)?;
    cx.thaw(&created).ok_or(Outcome::Retry)
}

/// Takes revisions away that nothing runs any more and that are older than the history is long.
pub(super) fn forget(cx: &mut Cx<'_>, owner: &Object, known_ones: &[Object], live: &[String]) -> Step<()> {
    let limit = usize::try_from(owner.int("/spec/revisionHistoryLimit").unwrap_or(10)).unwrap_or(usize::MAX);
    let idle: Vec<&Object> = known_ones.iter().filter(|one| !live.iter().any(|name| name == one.name())).collect();
    let surplus = idle.len().saturating_sub(limit);
    for revision in idle.into_iter().take(surplus) {
        let key = Key::new(known().controller_revision, owner.namespace(), revision.name());
        cx.delete(&key, &DeleteOptions::default())?;
    }
    Ok(())
}
