//! What can go wrong between us and a cluster: it was not reached, or it said no.

use crate::connect::{Trouble, Why};
use crate::explain::Answer;
use ansflow_core::verdict::{Cause, Object, Verdict};
use std::time::Duration;

/// A request that did not succeed. One sentence, which names the cluster or the object.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The cluster was not reached, or what answered is none.
    #[error(transparent)]
    Trouble(#[from] Trouble),
    /// The cluster answered, and refused.
    #[error("{0}")]
    Refused(Box<Refused>),
    /// The answer is not what it should be.
    #[error("the cluster's answer to `{asked}` cannot be read: {why}")]
    Unreadable {
        /// `GET /api/v1/pods`.
        asked: String,
        /// Which field is not what it should be.
        why: String,
    },
    /// No kind has this name.
    #[error("the cluster has no kind `{word}`{}", .near.as_ref().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default())]
    UnknownKind {
        /// What was asked for.
        word: String,
        /// The nearest one that there is.
        near: Option<String>,
    },
}

/// An answer that is no success.
#[derive(Debug, Clone, Default, PartialEq, Eq, thiserror::Error)]
#[error("{} ({})", self.message(), self.answer.code)]
pub struct Refused {
    /// `GET /api/v1/pods`.
    pub asked: String,
    /// What was answered.
    pub answer: Answer,
    /// When to ask again, where it says so.
    pub retry_after: Option<Duration>,
}

impl Refused {
    fn message(&self) -> &str {
        let said = [self.answer.message.as_str(), self.answer.reason.as_str()];
        said.into_iter().find(|said| !said.is_empty()).unwrap_or("the cluster refused and did not say why")
    }
}

impl Error {
    /// The answer, where there was one.
    #[must_use]
    pub fn answer(&self) -> Option<&Answer> {
        match self {
            Error::Refused(refused) => Some(&refused.answer),
            Error::Trouble(_) | Error::Unreadable { .. } | Error::UnknownKind { .. } => None,
        }
    }

    /// The status of the answer; 0 where there was none.
    #[must_use]
    pub fn code(&self) -> u16 {
        self.answer().map_or(0, |answer| answer.code)
    }

    /// Whether there is nothing of that name, or no such kind.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.code() == 404 || matches!(self, Error::UnknownKind { .. })
    }

    /// Whether it may be over the next time, though nothing is changed: nobody answered, or was too busy to.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        match self {
            Error::Trouble(trouble) => trouble.may_pass(),
            Error::Refused(refused) => matches!(refused.answer.code, 408 | 429 | 500 | 502..=504),
            Error::Unreadable { .. } | Error::UnknownKind { .. } => false,
        }
    }

    /// As the end of a step: what it was about, and why it cannot go on.
    #[must_use]
    pub fn verdict(&self, object: Option<Object>) -> Verdict {
        let cause = match self {
            Error::Trouble(Trouble { why, .. }) => match why {
                Why::Tls { .. } => Cause::Certificate,
                Why::Unauthorized(_) | Why::Credential(_) => Cause::Unauthorized,
                _ => Cause::ClusterUnreachable,
            },
            Error::Refused(refused) => match refused.answer.code {
                401 => Cause::Unauthorized,
                403 => Cause::Forbidden,
                404 if refused.answer.message.contains("namespaces \"") => Cause::NamespaceMissing,
                _ => Cause::unknown(),
            },
            Error::UnknownKind { .. } => Cause::UnknownKind,
            Error::Unreadable { .. } => Cause::unknown(),
        };
        let mut verdict = Verdict::failed(cause.clone(), object, crate::text::short(&self.to_string(), 160));
        verdict.advice = crate::explain::advice_of(&cause);
        verdict
    }
}
