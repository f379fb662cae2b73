//! Whether one object is ready, by itself: no owner, no event and no clock is asked.
//!
//! The rules are those of the kinds' own controllers. Where they differ from other tools' on purpose, `judge/tests` has a
//! table with the reasons.

mod custom;
mod job;
mod listed;
mod network;
mod pod;
mod storage;
#[cfg(test)]
mod tests;
mod workload;

use crate::facts::{Condition, condition};
use crate::object::Obj;
use ansflow_core::verdict::Cause;
use serde::Deserialize;
use serde_json::Value as Json;

pub use listed::{Judged, judge_all};
pub use pod::judge as judge_pod;

/// What is to be said of one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Readiness {
    /// It is what was asked for.
    Ready {
        /// What is worth knowing nevertheless.
        remark: Option<String>,
    },
    /// It is on its way, as far as one can see.
    Progressing(String),
    /// Something is in its way that may go.
    Stuck(String),
    /// It will not become ready by itself.
    Failed {
        /// Why, in one word.
        cause: Cause,
        /// And in words.
        why: String,
    },
    /// Its status cannot be understood.
    Unknown(String),
}

/// Judges an object of any kind.
#[must_use]
pub fn judge(object: &Obj) -> Readiness {
    if object.at(&["metadata", "deletionTimestamp"]).is_some_and(|at| !at.is_null()) {
        return Readiness::Progressing("it is being deleted".to_owned());
    }
    if !is_seen(object) {
        return Readiness::Progressing("its controller has not seen this version yet".to_owned());
    }
    match (object.group(), object.kind()) {
        ("apps", "Deployment") => of(object, workload::deployment),
        ("apps", "StatefulSet") => of(object, workload::stateful_set),
        ("apps", "DaemonSet") => of(object, workload::daemon_set),
        ("apps", "ReplicaSet") | ("", "ReplicationController") => of(object, workload::replica_set),
        ("", "Pod") => of(object, pod::judge),
        ("batch", "Job") => of(object, job::job),
        ("batch", "CronJob") => job::cron_job(object),
        ("", "PersistentVolumeClaim") => of(object, storage::claim),
        ("", "Service") => network::service(object),
        ("networking.k8s.io" | "extensions", "Ingress") => network::ingress(object),
        ("gateway.networking.k8s.io", "Gateway") => network::gateway(object),
        ("apiextensions.k8s.io", "CustomResourceDefinition") => custom::definition(object),
        ("apiregistration.k8s.io", "APIService") => custom::api_service(object),
        ("", "Namespace") => custom::namespace(object),
        ("", "Node") => custom::node(object),
        _ if is_plain(object) => Readiness::ready(),
        _ => custom::any(object),
    }
}

impl Readiness {
    /// Ready, and nothing more to say.
    #[must_use]
    pub fn ready() -> Readiness {
        Readiness::Ready { remark: None }
    }

    /// Ready, though something is worth knowing.
    #[must_use]
    pub fn with(remark: impl Into<String>) -> Readiness {
        Readiness::Ready { remark: Some(remark.into()) }
    }

    /// Failed for `cause`.
    #[must_use]
    pub fn failed(cause: Cause, why: impl Into<String>) -> Readiness {
        Readiness::Failed { cause, why: why.into() }
    }

    /// Whether it is ready.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        matches!(self, Readiness::Ready { .. })
    }

    /// The word of the interfaces.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Readiness::Ready { .. } => "ready",
            Readiness::Progressing(_) => "progressing",
            Readiness::Stuck(_) => "stuck",
            Readiness::Failed { .. } => "failed",
            Readiness::Unknown(_) => "unknown",
        }
    }

    /// What there is to say.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        match self {
            Readiness::Ready { remark } => remark.as_deref(),
            Readiness::Progressing(text) | Readiness::Stuck(text) | Readiness::Unknown(text) => Some(text),
            Readiness::Failed { why, .. } => Some(why),
        }
    }
}

/// Reads an object as the type that a rule speaks of.
fn of<'a, T: Deserialize<'a>>(object: &'a Obj, rule: fn(&T) -> Readiness) -> Readiness {
    match object.read::<T>() {
        Ok(facts) => rule(&facts),
        Err(error) => Readiness::Unknown(format!("its fields cannot be read: {error}")),
    }
}

/// Whether the controller has looked at this version: its status speaks of an older one for a while.
fn is_seen(object: &Obj) -> bool {
    let always_counts = object.group() == "apps" && ["Deployment", "StatefulSet", "DaemonSet"].contains(&object.kind());
    match object.int(&["status", "observedGeneration"]) {
        Some(seen) => seen >= object.generation(),
        None => !always_counts || object.generation() == 0,
    }
}

/// Kinds that are there or not, and nothing else.
pub(crate) fn is_plain(object: &Obj) -> bool {
    let (group, kind) = (object.group(), object.kind());
    let plain_groups = [
        "rbac.authorization.k8s.io",
        "policy",
        "autoscaling",
        "storage.k8s.io",
        "admissionregistration.k8s.io",
        "scheduling.k8s.io",
        "coordination.k8s.io",
        "discovery.k8s.io",
        "node.k8s.io",
    ];
    let plain_kinds = ["ConfigMap", "Secret", "ServiceAccount", "ResourceQuota", "LimitRange", "Endpoints", "Event"];
    plain_groups.contains(&group)
        || (group.is_empty() && plain_kinds.contains(&kind))
        || (group == "networking.k8s.io" && ["NetworkPolicy", "IngressClass"].contains(&kind))
        || (group == "apps" && kind == "ControllerRevision")
}

/// The conditions of an object's status; none where they are not what conditions are.
fn conditions(object: &Obj) -> Vec<Condition> {
    let read = |value: &Json| Vec::<Condition>::deserialize(value).ok();
    object.at(&["status", "conditions"]).and_then(read).unwrap_or_default()
}

/// A condition's reason and message in one text.
fn say(condition: &Condition) -> String {
    match (condition.reason.as_str(), condition.message.as_str()) {
        ("", "") => format!("{} is {}", condition.r#type, condition.status),
        (reason, "") => reason.to_owned(),
        ("", message) => message.to_owned(),
        (reason, message) => format!("{reason}: {message}"),
    }
}

/// The condition of a type, when it is true.
fn is_true<'a>(conditions: &'a [Condition], kind: &str) -> Option<&'a Condition> {
    condition(conditions, kind).filter(|condition| condition.is_true())
}
