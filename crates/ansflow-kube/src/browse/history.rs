//! Revisions of what keeps pods: a Deployment's are its ReplicaSets, a StatefulSet's and a DaemonSet's ControllerRevisions.

use super::edit::{self, Diff};
use super::rows::{field, time};
use crate::object::{Obj, shape};
use ansflow_core::yaml;
use jiff::Timestamp;
use serde_json::{Map, Value as Json};

const REVISION: &str = "deployment.kubernetes.io/revision";
const CHANGE_CAUSE: &str = "kubernetes.io/change-cause";
/// The label that a Deployment's controller adds to its ReplicaSets' templates.
const TEMPLATE_HASH: &str = "pod-template-hash";

/// A revision.
#[derive(Clone, PartialEq)]
pub struct Revision {
    /// Its number; the largest is the newest.
    pub number: i64,
    /// The object that keeps it.
    pub name: String,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// Whether its template is what is wanted now.
    pub current: bool,
    /// The images of its containers.
    pub images: Vec<String>,
    /// What whoever made it has noted.
    pub change_cause: Option<String>,
    /// Pods of it that there are; only ReplicaSets say it.
    pub pods: Option<i64>,
    /// The template itself, without what the controller adds.
    template: Json,
}

/// The revisions that belong to `owner`, the newest first, of all the objects that may keep some.
#[must_use]
pub fn revisions(owner: &Obj, kept: &[Obj]) -> Vec<Revision> {
    let wanted = owner.at(&["spec", "template"]).map(|template| shape(&plain(template)));
    let mut found: Vec<Revision> =
        kept.iter().filter(|object| is_owned(object, owner.uid())).filter_map(revision).collect();
    found.sort_by_key(|revision| std::cmp::Reverse(revision.number));
    // Of two that are alike the newer is the one that is used.
    if let Some(current) = found.iter_mut().find(|revision| Some(shape(&revision.template)) == wanted) {
        current.current = true;
    }
    found
}

/// The revision to go back to: the one of that number, or the newest that is not the current one.
#[must_use]
pub fn chosen(revisions: &[Revision], number: Option<i64>) -> Option<&Revision> {
    match number {
        Some(number) => revisions.iter().find(|revision| revision.number == number),
        None => revisions.iter().find(|revision| !revision.current),
    }
}

/// What lies between the templates of two revisions.
#[must_use]
pub fn diff(before: &Revision, after: &Revision) -> Diff {
    edit::texts(yaml::print(&before.template), yaml::print(&after.template))
}

impl Revision {
    /// The template that it is made of.
    #[must_use]
    pub fn template(&self) -> &Json {
        &self.template
    }
}

/// Whether an object is controlled by the one with this id.
#[must_use]
pub fn is_owned(object: &Obj, uid: &str) -> bool {
    let owners = object.at(&["metadata", "ownerReferences"]).and_then(Json::as_array);
    owners.into_iter().flatten().any(|owner| field(owner, "uid") == uid)
}

fn revision(object: &Obj) -> Option<Revision> {
    let annotation = |name: &str| object.text(&["metadata", "annotations", name]).map(str::to_owned);
    let (number, template, pods) = match object.kind() {
        "ControllerRevision" => (object.int(&["revision"])?, object.at(&["data", "spec", "template"])?, None),
        _ => {
            let number = annotation(REVISION)?.parse().ok()?;
            (number, object.at(&["spec", "template"])?, Some(object.int(&["status", "replicas"]).unwrap_or_default()))
        }
    };
    let template = plain(template);
    Some(Revision {
        number,
        name: object.name().to_owned(),
        created_at: time(object.at(&["metadata", "creationTimestamp"])),
        current: false,
        images: images(&template),
        change_cause: annotation(CHANGE_CAUSE),
        pods,
        template,
    })
}

/// A template as its owner has it.
fn plain(template: &Json) -> Json {
    let mut template = template.clone();
    if let Json::Object(map) = &mut template {
        map.shift_remove("$patch");
    }
    let metadata = template.get_mut("metadata").and_then(Json::as_object_mut);
    if let Some(Json::Object(labels)) = metadata.and_then(|metadata| metadata.get_mut("labels")) {
        labels.shift_remove(TEMPLATE_HASH);
    }
    // Servers write it into some and not into others.
    if let Some(Json::Object(metadata)) = template.get_mut("metadata")
        && metadata.get("creationTimestamp").is_some_and(Json::is_null)
    {
        metadata.shift_remove("creationTimestamp");
    }
    template
}

fn images(template: &Json) -> Vec<String> {
    let containers = template.pointer("/spec/containers").and_then(Json::as_array);
    containers.into_iter().flatten().map(|container| field(container, "image").to_owned()).collect()
}

/// What goes back to a revision: only where what is wanted has not changed since it was looked at.
#[must_use]
pub fn patch(owner: &Obj, to: &Revision) -> Json {
    let mut replaced = vec![
        serde_json::json!({ "op": "test", "path": "/metadata/generation", "value": owner.generation() }),
        serde_json::json!({ "op": "replace", "path": "/spec/template", "value": to.template }),
    ];
    if let Some(cause) = &to.change_cause {
        let has_any = owner.at(&["metadata", "annotations"]).is_some_and(Json::is_object);
        replaced.push(match has_any {
            true => serde_json::json!({
                "op": "add", "path": "/metadata/annotations/kubernetes.io~1change-cause", "value": cause,
            }),
            false => {
                let annotations = Map::from_iter([(CHANGE_CAUSE.to_owned(), Json::String(cause.clone()))]);
                serde_json::json!({ "op": "add", "path": "/metadata/annotations", "value": annotations })
            }
        });
    }
    Json::Array(replaced)
}
