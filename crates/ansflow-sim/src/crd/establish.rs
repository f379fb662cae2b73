//! Brings definitions to life: their names are accepted, then they are served; deleted ones take their objects with them.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};

use super::register;
use crate::api::delete::DeleteOptions;
use crate::door::Actor;
use crate::kind::{KindId, Origin};
use crate::kinds;
use crate::object::{Object, ObjectExt, Str};
use crate::store::{ChangeKind, Entry, Key};
use crate::time::Micros;
use crate::world::controller::{Controller, Keys, Outcome};
use crate::world::cx::Cx;

/// Holds a definition until its objects are gone.
pub(crate) const CLEANUP: &str = "customresourcecleanup.apiextensions.k8s.io";

/// The controller of definitions.
pub(crate) struct Establish {
    definitions: KindId,
    /// What is served, by the text of its spec: a change of a status serves nothing anew.
    served: BTreeMap<Str, String>,
}

impl Establish {
    pub(crate) fn new() -> Establish {
        Establish {
            definitions: kinds::id("apiextensions.k8s.io", "CustomResourceDefinition"),
            served: BTreeMap::new(),
        }
    }
}

impl Controller for Establish {
    fn name(&self) -> &'static str {
        "customresourcedefinition-controller"
    }

    fn actor(&self) -> Actor {
        Actor::system("system:apiserver")
    }

    fn manager(&self) -> &'static str {
        "kube-apiserver"
    }

    fn interested(&self, change: &Entry, cx: &Cx<'_>, queue: &mut Keys) {
        if change.key().kind == self.definitions {
            queue.add(change.key().clone());
        } else if change.change == ChangeKind::Deleted
            && let Some(kind) = cx.sim.kinds().stored(change.key().kind)
            && let Origin::Custom(name) = &kind.origin
        {
            queue.add(Key::new(self.definitions, "", name.clone()));
        }
    }

    fn reconcile(&mut self, cx: &mut Cx<'_>, key: &Key) -> Outcome {
        let Some(definition) = cx.stored(key).and_then(|stored| cx.thaw(&stored)) else {
            if self.served.remove(&key.name).is_some() {
                cx.sim.kinds().undefine(&key.name);
            }
            return Outcome::Done;
        };
        if definition.is_deleting() {
            return clean(cx, key, &definition);
        }
        if let Some((reason, message)) = conflict(cx, &definition) {
            return written(cx, key, &mut |status, now| {
                tell(status, "NamesAccepted", "False", reason, &message, now);
                tell(status, "Established", "False", "NotAccepted", "not all names are accepted", now);
            });
        }
        if !is(&definition, "NamesAccepted") || definition.at("/status/acceptedNames") != definition.at("/spec/names") {
            let names = definition.at("/spec/names").cloned().unwrap_or_default();
            let accepted = is(&definition, "Established");
            return written(cx, key, &mut |status, now| {
                status.insert("acceptedNames".to_owned(), names.clone());
                tell(status, "NamesAccepted", "True", "NoConflicts", "no conflicts found", now);
                if !accepted {
                    tell(status, "Established", "False", "Installing", ACCEPTED, now);
                }
            });
        }
        let spec = definition.get("spec").map(Value::to_string).unwrap_or_default();
        if self.served.get(&key.name) != Some(&spec) {
            cx.sim.kinds().define(&key.name, |id| register::kinds(&definition, id));
            self.served.insert(key.name.clone(), spec);
        }
        written(cx, key, &mut |status, now| tell(status, "Established", "True", "InitialNamesAccepted", ACCEPTED, now))
    }
}

const ACCEPTED: &str = "the initial names have been accepted";

fn written(cx: &mut Cx<'_>, key: &Key, change: &mut dyn FnMut(&mut Object, Micros)) -> Outcome {
    let now = cx.now();
    let mut with = |object: &mut Object| {
        if let Value::Object(status) = object.entry("status").or_insert_with(|| json!({})) {
            change(status, now);
        }
    };
    match cx.change(key, Some("status"), &mut with) {
        Ok(_) => Outcome::Done,
        Err(_) => Outcome::Retry,
    }
}

/// Deletes what is left, and lets the definition go when nothing is.
fn clean(cx: &mut Cx<'_>, key: &Key, definition: &Object) -> Outcome {
    let served = cx.sim.kinds().served();
    let is_its = |origin: &Origin| matches!(origin, Origin::Custom(name) if *name == key.name);
    let id = served.all.iter().find(|kind| is_its(&kind.origin)).map(|kind| kind.id);
    let left = id.map(|id| cx.sim.store().all(id, None)).unwrap_or_default();
    if !left.is_empty() {
        for stored in left.iter().filter(|stored| !stored.deleting) {
            // One that is gone already is no failure, and all others are tried again.
            let _tried = cx.delete(&stored.key, &DeleteOptions::default());
        }
        return Outcome::After(Duration::from_secs(5));
    }
    if !definition.finalizers().iter().any(|held| held == CLEANUP) {
        return Outcome::Done;
    }
    let mut release = |object: &mut Object| {
        let held: Vec<Value> = object.finalizers().iter().filter(|held| *held != CLEANUP).cloned().collect();
        match held.is_empty() {
            true => drop(object.take(&["metadata", "finalizers"])),
            false => object.set_meta("finalizers", held.into()),
        }
    };
    match cx.change(key, None, &mut release) {
        Ok(_) => Outcome::Done,
        Err(_) => Outcome::Retry,
    }
}

/// Why its names cannot be accepted: another kind of the group has them.
fn conflict(cx: &Cx<'_>, definition: &Object) -> Option<(&'static str, String)> {
    let served = cx.sim.kinds().served();
    let (group, plural, kind) =
        (definition.text("/spec/group"), definition.text("/spec/names/plural"), definition.text("/spec/names/kind"));
    let others = served.all.iter().filter(|other| {
        &*other.group == group && !matches!(&other.origin, Origin::Custom(name) if **name == *definition.name())
    });
    for other in others {
        if [&*other.plural, &*other.singular].contains(&plural) {
            return Some(("PluralConflict", format!("\"{plural}\" is already in use")));
        }
        if &*other.kind == kind {
            return Some(("KindConflict", format!("\"{kind}\" is already in use")));
        }
    }
    None
}

fn is(definition: &Object, condition: &str) -> bool {
    definition.items("/status/conditions").iter().any(|known| known["type"] == condition && known["status"] == "True")
}

/// Says a condition; one that says so already is left alone.
fn tell(of: &mut Object, condition: &str, status: &str, reason: &str, message: &str, now: Micros) {
    let conditions = of.entry("conditions").or_insert_with(|| json!([]));
    if !conditions.is_array() {
        *conditions = json!([]);
    }
    let Value::Array(conditions) = conditions else { return };
    let place = conditions.iter().position(|known| known["type"] == condition);
    let known = place.map(|at| &conditions[at]);
    if known.is_some_and(|known| known["status"] == status && known["reason"] == reason && known["message"] == message)
    {
        return;
    }
    let since = known.filter(|known| known["status"] == status).map(|known| known["lastTransitionTime"].clone());
    let told = json!({
        "type": condition, "status": status, "lastTransitionTime": since.unwrap_or_else(|| now.rfc3339().into()),
        "reason": reason, "message": message,
    });
    match place {
        Some(at) => conditions[at] = told,
        None => conditions.push(told),
    }
}

/// What the deletion of a definition writes on it.
pub(crate) fn terminating(definition: &mut Object, now: Micros) {
    let mut held = definition.finalizers().to_vec();
    if !held.iter().any(|known| known == CLEANUP) {
        held.push(CLEANUP.into());
        definition.set_meta("finalizers", held.into());
    }
    if let Value::Object(status) = definition.entry("status").or_insert_with(|| json!({})) {
        let message = "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon";
        tell(status, "Terminating", "True", "InstanceDeletionPending", message, now);
    }
}
