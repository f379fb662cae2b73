//! The acts that have a name: scale, restart, roll back, suspend, delete. Each says what it would find otherwise than expected.

use super::fault::Fault;
use super::history::{self, Revision};
use crate::cluster::{Cluster, Delete, Patch, Selector, Written};
use crate::kind::Kind;
use crate::object::{Key, Obj};
use jiff::Timestamp;
use serde_json::json;

/// Kubectl's annotation: a template that differs only in it is rolled out again.
const RESTARTED_AT: &str = "kubectl.kubernetes.io/restartedAt";

/// How often a number is written anew when a controller writes at the same moment.
const TRIES: usize = 10;

/// What became of a number of replicas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scaled {
    /// How many were wanted.
    pub before: i64,
    /// How many are wanted.
    pub after: i64,
}

/// Wants another number of replicas. With `current` only where so many are wanted now.
///
/// # Errors
/// There is no such object, another number is wanted now, or the cluster refuses.
pub async fn scale(cluster: &Cluster, key: &Key, replicas: i64, current: Option<i64>) -> Result<Scaled, Fault> {
    if !(0..=i64::from(i32::MAX)).contains(&replicas) {
        return Err(Fault::Now(format!("{replicas} replicas are none that a cluster can have")));
    }
    let mut tries = 0;
    loop {
        let scale = cluster.part(key, "scale").await?.ok_or_else(|| Fault::NotFound(key.object()))?;
        // A scale of nothing leaves the field out.
        let before = scale.int(&["spec", "replicas"]).unwrap_or_default();
        let mut body = json!({ "spec": { "replicas": replicas } });
        if let Some(current) = current {
            if before != current {
                let why = format!("{before} replicas are wanted now, not {current}");
                return Err(Fault::Stale { object: key.object(), why });
            }
            if let Some(version) = scale.text(&["metadata", "resourceVersion"]) {
                body["metadata"] = json!({ "resourceVersion": version });
            }
        }
        if before == replicas {
            return Ok(Scaled { before, after: replicas });
        }
        tries += 1;
        match cluster.patch_part(key, "scale", &Patch::Merge(body), false).await {
            Ok(_) => return Ok(Scaled { before, after: replicas }),
            // Its controller wrote its status in between; whether the number did change is looked at again.
            Err(error) if error.code() == 409 && tries < TRIES => {}
            Err(error) => return Err(stale(key, error)),
        }
    }
}

/// Has every pod replaced by a new one of the same template.
///
/// # Errors
/// There is no such object, it is paused, or the cluster refuses.
pub async fn restart(cluster: &Cluster, key: &Key, now: Timestamp) -> Result<Written, Fault> {
    let object = rolled_out(cluster, key).await?;
    if is_paused(&object) {
        return Err(Fault::Now(format!("{} is paused; nothing is rolled out until it is resumed", key.object())));
    }
    let at = now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let body = json!({ "spec": { "template": { "metadata": { "annotations": { RESTARTED_AT: at } } } } });
    Ok(cluster.patch(key, &Patch::Merge(body), false).await?)
}

/// The revisions of what keeps pods, the newest first.
///
/// # Errors
/// There is no such object, its kind has none, or the cluster refuses.
pub async fn history(cluster: &Cluster, key: &Key) -> Result<Vec<Revision>, Fault> {
    let object = rolled_out(cluster, key).await?;
    revisions(cluster, &object).await
}

async fn revisions(cluster: &Cluster, object: &Obj) -> Result<Vec<Revision>, Fault> {
    let keeper = if object.kind() == "Deployment" { "ReplicaSet" } else { "ControllerRevision" };
    let kind = cluster.kind_of("apps", None, keeper).await?;
    let kept = cluster.all::<Obj>(&kind, object.namespace(), &Selector::labels(selector(object))).await?;
    Ok(history::revisions(object, &kept))
}

/// Goes back to a revision, to the one before the current where none is named; which one that is.
///
/// # Errors
/// There is no such object or revision, it is paused or current already, or somebody changes it at the same moment.
pub async fn roll_back(cluster: &Cluster, key: &Key, to: Option<i64>) -> Result<Revision, Fault> {
    let object = rolled_out(cluster, key).await?;
    if is_paused(&object) {
        return Err(Fault::Now(format!("{} is paused; it cannot be rolled back until it is resumed", key.object())));
    }
    let revisions = revisions(cluster, &object).await?;
    let Some(chosen) = history::chosen(&revisions, to) else {
        let there: Vec<String> = revisions.iter().map(|revision| revision.number.to_string()).collect();
        let there = if there.is_empty() { "none".to_owned() } else { there.join(", ") };
        return Err(Fault::Now(match to {
            Some(number) => format!("{} has no revision {number}; there are: {there}", key.object()),
            None => format!("{} has no revision before this one", key.object()),
        }));
    };
    if chosen.current {
        return Err(Fault::Now(format!("{} is at revision {} already", key.object(), chosen.number)));
    }
    let patch = Patch::Json(history::patch(&object, chosen));
    cluster.patch(key, &patch, false).await.map_err(|error| stale(key, error))?;
    Ok(chosen.clone())
}

/// Holds a Job or a CronJob back, or lets it go on.
///
/// # Errors
/// Its kind knows no such thing, there is no such object, or the cluster refuses.
pub async fn suspend(cluster: &Cluster, key: &Key, suspended: bool) -> Result<Written, Fault> {
    if key.group != "batch" {
        return Err(Fault::Now(format!("{} cannot be suspended; Jobs and CronJobs can", key.object())));
    }
    let body = Patch::Merge(json!({ "spec": { "suspend": suspended } }));
    cluster.patch(key, &body, false).await.map_err(|error| missing(key, error))
}

/// Deletes an object.
///
/// # Errors
/// There is none, it is another than `how` says, or the cluster refuses.
pub async fn delete(cluster: &Cluster, key: &Key, how: &Delete) -> Result<(), Fault> {
    match cluster.delete(key, how).await {
        Ok(true) => Ok(()),
        Ok(false) => Err(Fault::NotFound(key.object())),
        Err(error) => Err(stale(key, error)),
    }
}

/// Whether a kind's objects have revisions and can be restarted.
#[must_use]
pub fn is_rolled_out(kind: &Kind) -> bool {
    is_one(&kind.group, &kind.kind)
}

fn is_one(group: &str, kind: &str) -> bool {
    group == "apps" && ["Deployment", "StatefulSet", "DaemonSet"].contains(&kind)
}

async fn rolled_out(cluster: &Cluster, key: &Key) -> Result<Obj, Fault> {
    if !is_one(&key.group, &key.kind) {
        let why = "is not rolled out; Deployments, StatefulSets and DaemonSets are";
        return Err(Fault::Now(format!("{} {why}", key.object())));
    }
    cluster.get(key).await?.ok_or_else(|| Fault::NotFound(key.object()))
}

fn is_paused(object: &Obj) -> bool {
    object.at(&["spec", "paused"]).and_then(serde_json::Value::as_bool).unwrap_or_default()
}

/// What selects its pods, as a query writes it.
#[must_use]
pub fn selector(object: &Obj) -> String {
    let mut terms = Vec::new();
    let matched = object.at(&["spec", "selector", "matchLabels"]).and_then(serde_json::Value::as_object);
    for (label, value) in matched.into_iter().flatten() {
        terms.push(format!("{label}={}", value.as_str().unwrap_or_default()));
    }
    for rule in super::rows::items(object, &["spec", "selector", "matchExpressions"]) {
        let label = super::rows::field(rule, "key");
        let values: Vec<&str> = rule
            .get("values")
            .and_then(serde_json::Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(serde_json::Value::as_str)
            .collect();
        terms.push(match super::rows::field(rule, "operator") {
            "In" => format!("{label} in ({})", values.join(",")),
            "NotIn" => format!("{label} notin ({})", values.join(",")),
            "DoesNotExist" => format!("!{label}"),
            _ => label.to_owned(),
        });
    }
    terms.join(",")
}

/// A refused precondition is somebody else's change.
fn stale(key: &Key, error: crate::error::Error) -> Fault {
    match error.code() {
        409 => Fault::Stale { object: key.object(), why: error.to_string() },
        // A `test` of a patch that does not hold.
        422 if error.to_string().contains("test") => {
            Fault::Stale { object: key.object(), why: "somebody has changed it at the same moment".to_owned() }
        }
        _ => missing(key, error),
    }
}

fn missing(key: &Key, error: crate::error::Error) -> Fault {
    if error.code() == 404 { Fault::NotFound(key.object()) } else { error.into() }
}
