//! The cluster's answer to a write of ours, when it is a refusal.

use super::{advice, create, seen, words};
use crate::object::Obj;
use crate::text::short;
use ansflow_core::verdict::{Cause, EvidenceFrom, Verdict};
use serde::Deserialize;
use serde_json::Value as Json;

/// An answer that is no success.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// The status of HTTP.
    pub code: u16,
    /// A word, such as `Forbidden`.
    pub reason: String,
    /// A sentence.
    pub message: String,
    /// What it says in detail.
    pub causes: Vec<AnswerCause>,
}

/// A detail of an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct AnswerCause {
    /// A word, such as `FieldManagerConflict`.
    #[serde(deserialize_with = "crate::facts::or_default")]
    pub reason: String,
    /// A sentence.
    #[serde(deserialize_with = "crate::facts::or_default")]
    pub message: String,
    /// Where in the object.
    #[serde(deserialize_with = "crate::facts::or_default")]
    pub field: String,
}

impl Answer {
    /// From a status and a body, which is no JSON where no Kubernetes answers.
    #[must_use]
    pub fn new(code: u16, body: &Json) -> Answer {
        let text = |path: &str| body.pointer(path).and_then(Json::as_str).unwrap_or_default().to_owned();
        let causes = body.pointer("/details/causes").map(|causes| Vec::deserialize(causes).unwrap_or_default());
        let message = body.as_str().map_or_else(|| text("/message"), str::to_owned);
        Answer { code, reason: text("/reason"), message, causes: causes.unwrap_or_default() }
    }

    fn has_cause(&self, reason: &str) -> bool {
        self.causes.iter().any(|cause| cause.reason == reason)
    }
}

/// The verdict of a refused write of `object`.
#[must_use]
pub fn refused(answer: &Answer, object: &Obj) -> Verdict {
    let cause = cause(answer);
    let shown = object.object();
    let detail = detail(&cause, answer);
    let summary = words::sentence(&format!("{shown} {}: {detail}", lead(&cause)));
    let mut verdict = Verdict::failed(cause.clone(), Some(shown.clone()), summary);
    verdict.evidence =
        vec![seen(EvidenceFrom::Answer, shown, &format!("{} {}: {}", answer.code, answer.reason, answer.message))];
    verdict.advice = advice::advice(&cause, &detail);
    verdict
}

fn cause(answer: &Answer) -> Cause {
    let texts = || answer.causes.iter().map(|cause| cause.message.as_str()).chain([answer.message.as_str()]);
    let has = |words: &[&str]| texts().any(|text| words.iter().any(|word| text.contains(word)));
    let immutable = [
        "immutable",
        "may not change",
        "updates to statefulset spec",
        "cannot change roleRef",
        "is not allowed to change",
    ];
    match answer.code {
        409 if answer.has_cause("FieldManagerConflict") => Cause::FieldConflict,
        _ if has(&["failed calling webhook"]) => Cause::WebhookUnreachable,
        _ if has(&["denied the request", "denied request"]) => Cause::AdmissionDenied,
        _ if answer.has_cause("NamespaceTerminating") || has(&["is being terminated"]) => Cause::NamespaceTerminating,
        _ if has(&["violates PodSecurity"]) => Cause::PodSecurity,
        _ if has(&["exceeded quota", "failed quota"]) => Cause::QuotaExceeded,
        401 => Cause::Unauthorized,
        403 if has(&["per Container is", "per Pod is", "no PriorityClass"]) => Cause::AdmissionDenied,
        403 => Cause::Forbidden,
        404 if has(&["namespaces \""]) => Cause::NamespaceMissing,
        404 => Cause::UnknownKind,
        422 | 400 if has(&immutable) => Cause::ImmutableField,
        429 | 502..=504 => Cause::ClusterUnreachable,
        500 if has(&["etcd", "timed out", "context deadline exceeded"]) => Cause::ClusterUnreachable,
        _ if has(&["x509:"]) => Cause::Certificate,
        _ => Cause::InvalidManifest,
    }
}

fn lead(cause: &Cause) -> &'static str {
    match cause {
        Cause::FieldConflict => "cannot be applied, another manager owns fields of it",
        Cause::UnknownKind => "cannot be applied, the cluster does not know this kind",
        Cause::ImmutableField => "cannot be changed",
        Cause::Forbidden | Cause::Unauthorized => "cannot be applied, access is refused",
        _ => "cannot be applied",
    }
}

/// What of the answer says most in few words. A 422 of an immutable field repeats the whole object.
fn detail(cause: &Cause, answer: &Answer) -> String {
    let first = answer.causes.first();
    match (cause, first) {
        (Cause::FieldConflict, Some(first)) => format!("{} at {}", first.message.replace('"', "`"), first.field),
        (Cause::ImmutableField, Some(first)) => {
            let reason = first.message.rsplit(": ").next().unwrap_or(&first.message);
            format!("{}: {}", first.field, short(reason, 60))
        }
        (Cause::UnknownKind, _) => "its API group or version is not served".to_owned(),
        (Cause::WebhookUnreachable, _) => create::webhook(&answer.message).unwrap_or_default(),
        (Cause::Forbidden | Cause::NamespaceTerminating, _) => short(after(&answer.message, " is forbidden: "), 120),
        _ => {
            let text = answer.message.strip_prefix("Internal error occurred: ").unwrap_or(&answer.message);
            short(
                if text.is_empty() {
                    "it does not say why"
                } else {
                    after(text, "Kind=").split_once("): ").map_or(text, |(_, it)| it)
                },
                120,
            )
        }
    }
}

fn after<'a>(text: &'a str, mark: &str) -> &'a str {
    text.split_once(mark).map_or(text, |(_, rest)| rest)
}
