//! What a refused write says, as a verdict: who manages a field and both values, and where the object was written.

use super::field;
use super::manifest::Manifest;
use super::{brief, is_secret};
use crate::cluster::MANAGER;
use crate::error::Error;
use crate::explain::{Answer, refused, webhook_service};
use crate::object::Obj;
use ansflow_core::verdict::{Cause, Evidence, EvidenceFrom, Verdict};
use serde_json::Value as Json;

/// Reasons of an answer to a write.
const CONFLICT: &str = "FieldManagerConflict";
/// No more fields are named.
const MOST_FIELDS: usize = 10;

/// What a refusal of a dry run means for the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Only steps of ours have these fields: this deploy is their newest wish.
    OwnFields(Vec<String>),
    /// Others have them: manager and field.
    Conflict(Vec<(String, String)>),
    /// It cannot be changed, only made anew.
    Immutable,
    /// A webhook refuses to be asked in a dry run.
    NoDryRun,
    /// What serves a webhook, or the namespace's account, is not there yet; the service, where it is named.
    NotYet(Option<(String, String)>),
    /// Anything else.
    Refused,
}

/// What an answer means, whose cause is known.
pub(super) fn meaning(answer: &Answer, object: &Obj) -> Meaning {
    let conflicts = conflicts(answer);
    if !conflicts.is_empty() {
        let others = conflicts.iter().filter(|(manager, _)| !is_ours(manager)).cloned().collect::<Vec<_>>();
        return if others.is_empty() {
            Meaning::OwnFields(conflicts.into_iter().map(|(_, field)| field).collect())
        } else {
            Meaning::Conflict(others)
        };
    }
    if answer.message.contains("does not support dry run") {
        return Meaning::NoDryRun;
    }
    if answer.message.contains("serviceaccount \"default\" not found") {
        return Meaning::NotYet(None);
    }
    match refused(answer, object).cause {
        Some(Cause::ImmutableField) => Meaning::Immutable,
        Some(Cause::WebhookUnreachable) => Meaning::NotYet(service(&answer.message)),
        _ => Meaning::Refused,
    }
}

/// The verdict of a write that did not succeed.
pub(super) fn verdict(error: &Error, manifest: &Manifest, before: Option<&Obj>) -> Verdict {
    let object = &manifest.object;
    let mut verdict = match error.answer() {
        Some(answer) => refused(answer, object),
        None => error.verdict(Some(object.object())),
    };
    if let Some(answer) = error.answer() {
        verdict.evidence.extend(fields(answer, manifest, before));
    }
    verdict.remarks.push(format!("{} is written at {}", object.object(), manifest.origin));
    verdict
}

/// Each field that others have, with their value and ours.
fn fields(answer: &Answer, manifest: &Manifest, before: Option<&Obj>) -> Vec<Evidence> {
    let object = &manifest.object;
    let value = |of: Option<&Obj>, field: &str| {
        let whole = of.map(|it| Json::Object(it.map().clone()))?;
        Some(if is_secret(object) { "a value".to_owned() } else { brief(field::at(&whole, field)?) })
    };
    let conflicts = conflicts(answer).into_iter().filter(|(manager, _)| !is_ours(manager)).take(MOST_FIELDS);
    let told = conflicts.map(|(manager, field)| {
        let theirs = value(before, &field).unwrap_or_else(|| "a value".to_owned());
        let ours = value(Some(object), &field).unwrap_or_else(|| "another one".to_owned());
        format!("{}: `{manager}` has {theirs}, the manifest {ours}", field.trim_start_matches('.'))
    });
    told.map(|text| Evidence { from: EvidenceFrom::Diff, object: object.object(), text, at: None, times: 1 }).collect()
}

/// Manager and field of each conflict.
fn conflicts(answer: &Answer) -> Vec<(String, String)> {
    let causes = answer.causes.iter().filter(|cause| cause.reason == CONFLICT);
    let manager = |text: &str| text.split('"').nth(1).unwrap_or("another manager").to_owned();
    causes.map(|cause| (manager(&cause.message), cause.field.clone())).collect()
}

/// Other steps of ours write under the same name, in another way: scaling, restarting, rolling back.
fn is_ours(manager: &str) -> bool {
    manager == MANAGER
}

/// Namespace and name of the service that a webhook is behind, as a plan has them.
fn service(message: &str) -> Option<(String, String)> {
    let (name, namespace) = webhook_service(message)?;
    Some((namespace.to_owned(), name.to_owned()))
}
