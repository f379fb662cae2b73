//! Every object of a text, each judged for itself: what `ansflow judge` answers.

use super::{Readiness, judge};
use crate::object::{Obj, ReadError, read_all};
use serde::Serialize;

/// What is said of one object, in the words of the interfaces.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Judged {
    /// `apps/v1`.
    pub api_version: String,
    /// `Deployment`.
    pub kind: String,
    /// Its namespace, if it says one.
    pub namespace: Option<String>,
    /// Its name.
    pub name: String,
    /// `ready`, `progressing`, `stuck`, `failed` or `unknown`.
    pub verdict: &'static str,
    /// One word, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What there is to say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// Judges every object of a text (YAML documents or JSON, Lists taken apart), in its order.
pub fn judge_all(text: &str) -> Result<Vec<Judged>, ReadError> {
    Ok(read_all(text)?.iter().map(judged).collect())
}

fn judged(object: &Obj) -> Judged {
    let readiness = judge(object);
    let reason = match &readiness {
        Readiness::Failed { cause, .. } => Some(cause.as_str().to_owned()),
        Readiness::Ready { .. } | Readiness::Progressing(_) | Readiness::Stuck(_) | Readiness::Unknown(_) => None,
    };
    Judged {
        api_version: object.api_version().to_owned(),
        kind: object.kind().to_owned(),
        namespace: object.namespace().map(str::to_owned),
        name: object.name().to_owned(),
        verdict: readiness.word(),
        reason,
        message: readiness.message().map(str::to_owned),
    }
}
