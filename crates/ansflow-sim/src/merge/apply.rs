//! Server-side apply: what a manager wants, laid over what is, and what it no longer wants taken away.

use serde_json::Value;

use super::compare::{Comparison, compare};
use super::managed::{self, By, Entry, Owned};
use super::path::Element;
use super::set::{Set, shown};
use super::{check, strict, typed, walk};
use crate::manager::{Manager, ManagerId, Operation};
use crate::object::{Object, ObjectExt};
use crate::schema::{Shape, TypeId};
use crate::status::{Cause, Status};

/// What an apply makes of an object.
#[derive(Debug, Clone)]
pub(crate) struct Applied {
    pub(crate) object: Object,
    pub(crate) managed: Vec<Manager>,
}

const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// Applies. `live` is without managedFields; nothing when the object is made by this. Defaults are filled in afterwards.
pub(crate) fn apply(
    ty: TypeId,
    live: Option<&Object>,
    managed: &[Manager],
    patch: &Object,
    by: &By,
    force: bool,
) -> Result<Applied, Status> {
    refuse_what_is_no_patch(ty, patch, by)?;
    let shape = ty.shape();
    let zero = typed::zero(ty);
    let mut entries = managed::read(managed);
    if let (Some(live), []) = (live, entries.as_slice()) {
        let name = "before-first-apply".into();
        let first = By { id: ManagerId { name, operation: Operation::Update, ..by.id.clone() }, ..by.clone() };
        let found = compare(shape, &Value::Object(zero.clone()), &Value::Object(live.clone()));
        managed::take_over(&mut entries, &found, &first);
    }
    let live = Value::Object(live.cloned().unwrap_or(zero));
    let patch = Value::Object(patch.clone());
    let wish = Wish { shape, live: &live, patch: &patch, out_of_reach: managed::out_of_reach(ty, by), by };

    let mut attempt = wish.attempt(entries.clone());
    let mut conflicts = attempt.conflicts();
    if &*by.id.name == "kubectl" && !conflicts.is_empty() && !force {
        // What kubectl applied before it did so server-side was its own all along.
        if let Some(own) = last_applied_by_client(shape, &live, by) {
            for (_, set) in &mut conflicts {
                *set = set.difference(&own);
            }
            conflicts.retain(|(_, set)| !set.is_empty());
        }
    }
    if !force && !conflicts.is_empty() {
        return Err(refused(conflicts));
    }
    attempt.settle();

    let changed = !typed::same(shape, &live, &attempt.object);
    let own = attempt.entries.iter_mut().find(|entry| managed::same(&entry.id, &by.id));
    if let Some(own) = own.filter(|_| changed) {
        own.time = Some(by.now);
    }
    let result = if changed { attempt.object } else { live.clone() };
    let Value::Object(object) = result else { return Err(Status::internal("an apply made no object")) };
    let mut object = strict::settled(ty, object)?;
    keep_annotation(&mut object, &patch, by);
    Ok(Applied { object, managed: managed::write(attempt.entries) })
}

fn refuse_what_is_no_patch(ty: TypeId, patch: &Object, by: &By) -> Result<(), Status> {
    let kind = ty.kinds.first().map_or(ty.short(), |known| &known.kind);
    let gvk = |version: &str, kind: &str| match version.contains('/') {
        true => format!("{version}, Kind={kind}"),
        false => format!("/{version}, Kind={kind}"),
    };
    let sent = gvk(patch.api_version(), patch.kind());
    if sent != gvk(&by.id.api_version, kind) {
        return Err(Status::bad_request(format!("invalid object type: {sent}")));
    }
    if patch.at("/metadata/managedFields").is_some_and(|value| !value.is_null()) {
        return Err(Status::bad_request("metadata.managedFields must be nil"));
    }
    let problems = check::problems(ty.shape(), &Value::Object(patch.clone()));
    let said = match problems.as_slice() {
        [] => return Ok(()),
        [one] => one.clone(),
        several => format!("errors:\n  {}", several.join("\n  ")),
    };
    let message =
        format!("failed to create typed patch object ({}/{}; {sent}): {said}", patch.namespace(), patch.name());
    Err(Status::new(500, "", message))
}

/// What is to be applied to what.
struct Wish<'a> {
    shape: &'static Shape,
    live: &'a Value,
    patch: &'a Value,
    out_of_reach: Set,
    by: &'a By,
}

/// What comes of it, if it may.
struct Attempt<'a> {
    object: Value,
    entries: Vec<Entry>,
    found: Comparison,
    by: &'a By,
}

impl<'a> Wish<'a> {
    fn attempt(&self, mut entries: Vec<Entry>) -> Attempt<'a> {
        let both = walk::merged(self.shape, Some(self.live), Some(self.patch)).unwrap_or_default();
        let known = managed::find(&entries, &self.by.id);
        let (last, time) = known.map_or((Owned::default(), None), |known| (known.set.clone(), known.time));
        let set = walk::paths(self.shape, self.patch).without(&self.out_of_reach);
        managed::put(&mut entries, Entry { id: self.by.id.clone(), time, set: set.into() });
        let object = self.pruned(both, &entries, &last);
        let found = compare(self.shape, self.live, &object).without(&self.out_of_reach);
        Attempt { object, entries, found, by: self.by }
    }

    /// Takes away what this manager applied last time and nobody wants any more.
    fn pruned(&self, both: Value, entries: &[Entry], last: &Set) -> Value {
        let wanted = managed::find(entries, &self.by.id);
        if wanted.is_some_and(|wanted| last.difference(&wanted.set).is_empty()) {
            return both;
        }
        let named = |set: &Set| set.with_named_fields(self.shape);
        let there = |value: &Value| named(&walk::paths(self.shape, value));
        let without = |gone: &Set| walk::without(self.shape, &both, gone).unwrap_or_default();
        let last = named(last);
        let all = there(&both);
        // Without all of the last time, then with what somebody owns, then with what was never of the last time.
        let bare = there(&without(&last));
        let owned = entries.iter().fold(Set::default(), |owned, entry| owned.union(&entry.set));
        let kept = there(&without(&all.difference(&bare.union(&named(&owned)))));
        without(&all.difference(&kept).intersection(&last))
    }
}

impl Attempt<'_> {
    /// What others own and this changes.
    fn conflicts(&self) -> Vec<(ManagerId, Set)> {
        let touched = self.found.added.union(&self.found.modified);
        let others = self.entries.iter().filter(|entry| !managed::same(&entry.id, &self.by.id));
        let conflicts = others.map(|entry| (entry.id.clone(), entry.set.intersection(&touched)));
        conflicts.filter(|(_, set)| !set.is_empty()).collect()
    }

    /// Others lose what this changes or removes.
    fn settle(&mut self) {
        let touched = self.found.added.union(&self.found.modified).union(&self.found.removed);
        for entry in &mut self.entries {
            if managed::same(&entry.id, &self.by.id) {
                entry.id.api_version = self.by.id.api_version.clone();
                entry.set.lose(managed::stripped());
            } else {
                entry.set.lose(&touched);
            }
        }
    }
}

fn refused(mut conflicts: Vec<(ManagerId, Set)>) -> Status {
    conflicts.sort_by(|one, other| one.0.cmp(&other.0));
    let conflicts: Vec<(String, Vec<Vec<Element>>)> =
        conflicts.into_iter().map(|(id, set)| (manager(&id), set.paths())).collect();
    let count: usize = conflicts.iter().map(|(_, paths)| paths.len()).sum();
    let message = match conflicts.as_slice() {
        [(manager, paths)] if count == 1 => {
            let path = paths.first().map(|path| shown(path)).unwrap_or_default();
            format!("Apply failed with 1 conflict: conflict with {manager}: {path}")
        }
        several => {
            let listed = several.iter().map(|(manager, paths)| {
                let paths: String = paths.iter().map(|path| format!("\n- {}", shown(path))).collect();
                format!("conflicts with {manager}:{paths}")
            });
            format!("Apply failed with {count} conflicts: {}", listed.collect::<Vec<_>>().join("\n"))
        }
    };
    let causes = conflicts.iter().flat_map(|(manager, paths)| {
        paths
            .iter()
            .map(move |path| Cause::new("FieldManagerConflict", shown(path), format!("conflict with {manager}")))
    });
    Status::new(409, "Conflict", message).with_causes(causes.collect())
}

/// A manager as messages name it: `"kubectl"`, `"x" with subresource "scale" using apps/v1`.
fn manager(id: &ManagerId) -> String {
    let subresource = match &*id.subresource {
        "" => String::new(),
        name => format!(" with subresource \"{name}\""),
    };
    let version = match id.operation {
        Operation::Apply => String::new(),
        Operation::Update => format!(" using {}", id.api_version),
    };
    format!("\"{}\"{subresource}{version}", id.name)
}

/// What the annotation of a client-side apply says and the object still holds.
fn last_applied_by_client(shape: &'static Shape, live: &Value, by: &By) -> Option<Set> {
    let text = live.pointer("/metadata/annotations")?.get(LAST_APPLIED)?.as_str()?;
    let applied: Value = serde_json::from_str(text).ok()?;
    if applied["apiVersion"] != *by.id.api_version || !check::problems(shape, &applied).is_empty() {
        return None;
    }
    let found = compare(shape, &applied, live);
    let set = walk::paths(shape, &applied);
    Some(set.difference(&found.modified).difference(&found.added).difference(&found.removed))
}

/// A `kubectl apply --server-side` keeps the annotation true that a client-side apply left.
fn keep_annotation(object: &mut Object, patch: &Value, by: &By) {
    if &*by.id.name != "kubectl" || object.annotations().get(LAST_APPLIED).is_none() {
        return;
    }
    let mut patch = patch.clone();
    if let Some(annotations) = patch.pointer_mut("/metadata/annotations").and_then(Value::as_object_mut) {
        annotations.shift_remove(LAST_APPLIED);
    }
    object.put(&["metadata", "annotations", LAST_APPLIED], format!("{}\n", go_json(&patch)).into());
}

/// JSON as Go writes maps: sorted by name, with `<`, `>` and `&` escaped.
fn go_json(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<(&String, &Value)> = fields.iter().collect();
            fields.sort_by_key(|(name, _)| *name);
            let fields: Vec<String> = fields
                .into_iter()
                .map(|(name, value)| format!("{}:{}", escaped(&Value::from(name.as_str())), go_json(value)))
                .collect();
            format!("{{{}}}", fields.join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(go_json).collect::<Vec<_>>().join(",")),
        other => escaped(other),
    }
}

fn escaped(value: &Value) -> String {
    let text = value.to_string();
    if !text.contains(['<', '>', '&']) {
        return text;
    }
    text.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}
