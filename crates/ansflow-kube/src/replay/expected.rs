//! What is expected of who looks at a recording.

use super::Outcome;
use crate::Millis;
use ansflow_core::verdict::{Cause, End};
use serde::Deserialize;

/// What is expected.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Expected {
    /// How it ends.
    pub outcome: End,
    /// Why, if it fails.
    #[serde(default)]
    pub cause: Option<Cause>,
    /// What it is about, as `Pod/web-*`.
    #[serde(default, deserialize_with = "crate::facts::or_default")]
    pub object: String,
    /// When the telling signal was first to be seen.
    #[serde(default)]
    pub decided_ms: Millis,
    /// Other causes that are right, too.
    #[serde(default)]
    pub accept: Option<Vec<Cause>>,
}

impl Expected {
    /// Whether an outcome is the expected one.
    #[must_use]
    pub fn is_outcome(&self, outcome: &Outcome) -> bool {
        outcome.verdict.outcome == self.outcome
    }

    /// Whether the cause is right, or one of those that are right, too.
    #[must_use]
    pub fn is_cause(&self, outcome: &Outcome) -> bool {
        let accepted = self.accept.iter().flatten().any(|cause| Some(cause) == outcome.verdict.cause.as_ref());
        self.is_outcome(outcome) && (self.outcome == End::Ready || accepted || outcome.verdict.cause == self.cause)
    }

    /// Whether it is about what was expected.
    #[must_use]
    pub fn is_object(&self, outcome: &Outcome) -> bool {
        outcome.verdict.object.as_ref().is_some_and(|object| fits(&self.object, &object.to_string()))
    }

    /// A healthy one that was called failed.
    #[must_use]
    pub fn is_false_alarm(&self, outcome: &Outcome) -> bool {
        self.outcome == End::Ready && outcome.verdict.outcome == End::Failed
    }
}

/// Whether a text fits a pattern, in which `*` stands for anything.
fn fits(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((before, after)) => {
            let rest = text.strip_prefix(before);
            rest.is_some_and(|rest| {
                rest.char_indices()
                    .map(|(at, _)| at)
                    .chain([rest.len()])
                    .any(|at| rest.get(at..).is_some_and(|rest| fits(after, rest)))
            })
        }
    }
}
