//! What a step on a cluster waits for, and how that ended, as a run's page shows it: the fields of the events.

use ansflow_core::run::Judgement;
use ansflow_core::verdict::{Evidence, Object, Waiting};
use serde::Serialize;
use utoipa::ToSchema;

/// What is waited for just now.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct WaitingView {
    /// In words.
    pub(crate) r#for: String,
    /// What is not ready yet.
    pub(crate) objects: Vec<ObjectRef>,
}

/// How a waiting ended, and why.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct VerdictView {
    /// `ready` or `failed`.
    pub(crate) outcome: &'static str,
    /// The reason in one word, such as `image_pull`.
    #[schema(required)]
    pub(crate) cause: Option<String>,
    /// What it is about.
    #[schema(required)]
    pub(crate) object: Option<ObjectRef>,
    /// One sentence: what cannot happen, on which object, why.
    pub(crate) summary: String,
    /// What was seen, the most telling first.
    pub(crate) evidence: Vec<EvidenceView>,
    /// What to do about it.
    #[schema(required)]
    pub(crate) advice: Option<String>,
    /// What is worth knowing besides.
    pub(crate) remarks: Vec<String>,
    /// The cluster is a simulated one.
    pub(crate) simulated: bool,
}

/// Something in a cluster.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ObjectRef {
    pub(crate) kind: String,
    #[schema(required)]
    pub(crate) namespace: Option<String>,
    pub(crate) name: String,
}

/// One thing that was seen.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct EvidenceView {
    /// `condition`, `state`, `event`, `log`, `answer`, `quota` or `diff`.
    pub(crate) from: serde_json::Value,
    pub(crate) object: ObjectRef,
    /// What it says, as it says it.
    pub(crate) text: String,
    /// When, by the cluster's clock.
    #[schema(required)]
    pub(crate) at: Option<String>,
    /// How often.
    pub(crate) times: u32,
}

impl WaitingView {
    pub(super) fn of(waiting: &Waiting) -> WaitingView {
        WaitingView { r#for: waiting.r#for.clone(), objects: waiting.objects.iter().map(ObjectRef::of).collect() }
    }
}

impl VerdictView {
    pub(super) fn of(judgement: &Judgement) -> VerdictView {
        let Judgement { verdict, simulated } = judgement;
        VerdictView {
            outcome: verdict.outcome.as_str(),
            cause: verdict.cause.as_ref().map(|cause| cause.as_str().to_owned()),
            object: verdict.object.as_ref().map(ObjectRef::of),
            summary: verdict.summary.clone(),
            evidence: verdict.evidence.iter().map(EvidenceView::of).collect(),
            advice: verdict.advice.clone(),
            remarks: verdict.remarks.clone(),
            simulated: *simulated,
        }
    }
}

impl ObjectRef {
    fn of(object: &Object) -> ObjectRef {
        ObjectRef { kind: object.kind.clone(), namespace: object.namespace.clone(), name: object.name.clone() }
    }
}

impl EvidenceView {
    fn of(evidence: &Evidence) -> EvidenceView {
        EvidenceView {
            from: serde_json::json!(evidence.from),
            object: ObjectRef::of(&evidence.object),
            text: evidence.text.clone(),
            at: evidence.at.map(|at| at.to_string()),
            times: evidence.times,
        }
    }
}
