//! How a waiting ended, and what was seen until then: evidence is made of it where it ended badly.

use crate::cluster::Cluster;
use crate::evidence::{Kept, gather};
use crate::follow::Followed;
use ansflow_core::mask::Masker;
use ansflow_core::verdict::{Cause, End, Verdict};
use std::path::Path;

/// How a waiting ended.
pub struct Ending {
    /// In words, with the cause.
    pub verdict: Verdict,
    seen: Option<Box<Followed>>,
}

impl Ending {
    /// Writes into a folder what tells why it failed; nothing where it did not, where somebody called it off, or where nothing
    /// was followed.
    ///
    /// # Errors
    ///
    /// The disk's.
    pub async fn evidence(&self, cluster: &Cluster, into: &Path, mask: &Masker) -> std::io::Result<Vec<Kept>> {
        let is_failure = self.verdict.outcome == End::Failed && self.verdict.cause != Some(Cause::Cancelled);
        match &self.seen {
            Some(seen) if is_failure => gather(cluster, seen, into, mask).await,
            _ => Ok(Vec::new()),
        }
    }
}

impl From<Verdict> for Ending {
    fn from(verdict: Verdict) -> Ending {
        Ending { verdict, seen: None }
    }
}

impl From<Followed> for Ending {
    fn from(followed: Followed) -> Ending {
        Ending { verdict: followed.verdict.clone(), seen: Some(Box::new(followed)) }
    }
}
