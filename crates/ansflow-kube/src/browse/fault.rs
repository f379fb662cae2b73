//! Why something was not shown or not done.

use super::edit::Unfit;
use crate::error::Error;
use ansflow_core::verdict::Object;

/// What went wrong, as one sentence.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Fault {
    /// The cluster was not reached, or refused.
    #[error(transparent)]
    Cluster(#[from] Error),
    /// What was written cannot be sent.
    #[error(transparent)]
    Unfit(#[from] Unfit),
    /// There is no such object.
    #[error("there is no {0}")]
    NotFound(Object),
    /// It is another one than the one that was looked at.
    #[error("{object} has changed since it was read: {why}")]
    Stale {
        /// Which.
        object: Object,
        /// How that was seen.
        why: String,
    },
    /// Its state forbids it, or its kind does not know it.
    #[error("{0}")]
    Now(String),
    /// The place in a list is none that was given out, or too old.
    #[error("the `cursor` is none of this list, or the list has changed too much since; begin again")]
    Cursor,
}

impl Fault {
    /// Whether there is nothing of that name.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        match self {
            Fault::NotFound(_) => true,
            Fault::Cluster(error) => error.is_not_found(),
            Fault::Unfit(_) | Fault::Stale { .. } | Fault::Now(_) | Fault::Cursor => false,
        }
    }
}
