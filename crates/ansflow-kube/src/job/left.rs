//! Jobs that nobody looks after any more, and the Secrets with their environments: found by their labels, deleted by their uid,
//! so that what somebody made anew under the same name stays.

use crate::cluster::{Cluster, Delete, Page, Precondition, Selector};
use crate::error::Error;
use crate::kind::Kind;
use crate::object::{Key, Obj};
use jiff::Timestamp;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// A Job, or the Secret of one.
#[derive(Debug, Clone, PartialEq)]
pub struct Left {
    /// Which.
    pub key: Key,
    /// What stands on it.
    pub labels: BTreeMap<String, String>,
    /// Since when it is there, by the cluster's clock.
    pub created: Option<Timestamp>,
    /// A Job whose command has ended: the cluster deletes it after a while, until then it can be looked at.
    pub has_ended: bool,
    uid: String,
}

/// The Jobs with these labels, and their Secrets, of one namespace or of all; without what is being deleted. Secrets are left out
/// where they may not be listed.
///
/// # Errors
/// When the cluster does not answer, or does not let us list Jobs.
pub async fn find(cluster: &Cluster, namespace: Option<&str>, selector: &str) -> Result<Vec<Left>, Error> {
    let selector = Selector::labels(selector);
    let mut found = Vec::new();
    if let Some(kind) = Kind::builtin("batch", "Job") {
        let jobs = cluster.all::<Obj>(&kind, namespace, &selector).await?;
        found.extend(jobs.iter().filter_map(Left::of));
    }
    if let Some(kind) = Kind::builtin("", "Secret") {
        match names(cluster, &kind, namespace, &selector).await {
            Ok(secrets) => found.extend(secrets.iter().filter_map(Left::of)),
            Err(error) if error.code() == 403 => {}
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

/// Values of Secrets do not travel for this.
async fn names(
    cluster: &Cluster,
    kind: &Kind,
    namespace: Option<&str>,
    selector: &Selector,
) -> Result<Vec<Obj>, Error> {
    let (mut page, mut found) = (Page::first(500), Vec::new());
    loop {
        let listed = cluster.names(kind, namespace, selector, &page).await?;
        found.extend(listed.items);
        match listed.next {
            Some(next) => page.after = Some(next),
            None => return Ok(found),
        }
    }
}

/// Deletes it, and a Job's pods; false where it was gone already.
///
/// # Errors
/// When the cluster does not answer, or does not let us.
pub async fn remove(cluster: &Cluster, left: &Left) -> Result<bool, Error> {
    let only = Precondition { uid: Some(left.uid.clone()), version: None };
    match cluster.delete(&left.key, &Delete { only, ..Delete::default() }).await {
        // Another one has its name by now.
        Err(error) if error.code() == 409 => Ok(false),
        done => done,
    }
}

impl Left {
    fn of(object: &Obj) -> Option<Left> {
        if object.at(&["metadata", "deletionTimestamp"]).is_some_and(|at| !at.is_null()) {
            return None;
        }
        let labels = object.at(&["metadata", "labels"]).and_then(Json::as_object)?;
        let labels = labels.iter().filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
        let created = object.text(&["metadata", "creationTimestamp"]).and_then(|at| at.parse().ok());
        let conditions = object.at(&["status", "conditions"]).and_then(Json::as_array);
        let is_last = |it: &Json| matches!(it["type"].as_str(), Some("Complete" | "Failed")) && it["status"] == "True";
        Some(Left {
            key: object.key(),
            labels: labels.collect(),
            created,
            has_ended: conditions.is_some_and(|them| them.iter().any(is_last)),
            uid: object.uid().to_owned(),
        })
    }

    /// Whether it is a Job, and not the Secret of one.
    #[must_use]
    pub fn is_job(&self) -> bool {
        self.key.kind == "Job"
    }
}
