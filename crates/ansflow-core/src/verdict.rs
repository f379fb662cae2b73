//! How the waiting for a Kubernetes or Helm step ended, and why: the words that people and scripts read.
//!
//! Plain data. Who watches a cluster makes it, events carry it, pages and the command line show it; nothing in here
//! judges. Words may be added, never changed.

mod cause;
#[cfg(test)]
mod tests;

pub use cause::Cause;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why the waiting ended, with what it was seen by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// How it ended.
    pub outcome: End,
    /// The reason in one word; none when all is ready.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<Object>,
    /// One sentence that a person understands at three in the morning: what cannot happen, on which object, why.
    pub summary: String,
    /// What was seen, the most telling first.
    #[serde(default)]
    pub evidence: Vec<Evidence>,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
    /// What is worth knowing besides, such as pods that keep their old version.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
}

/// How a waiting ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// All that was waited for is there.
    Ready,
    /// It is not, and will not be.
    Failed,
}

/// Something in a cluster, as people name it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Object {
    /// `Pod`.
    pub kind: String,
    /// Where it is; none for what no namespace has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// `web-1`.
    pub name: String,
}

/// One thing that was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Where it was seen.
    pub from: EvidenceFrom,
    /// On what.
    pub object: Object,
    /// What it says, as it says it.
    pub text: String,
    /// When, by the cluster's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// How often.
    #[serde(default = "once")]
    pub times: u32,
}

/// Where evidence was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceFrom {
    /// A condition of an object's status.
    Condition,
    /// Another part of an object, mostly a container's state.
    State,
    /// An event.
    Event,
    /// What a container wrote.
    Log,
    /// The cluster's answer to a request of ours.
    Answer,
    /// A resource quota.
    Quota,
    /// The difference between what was there and what was applied.
    Diff,
}

/// What is waited for just now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// In words.
    pub r#for: String,
    /// What is not ready yet.
    #[serde(default)]
    pub objects: Vec<Object>,
}

impl Verdict {
    /// All is there; `object` stands for it.
    #[must_use]
    pub fn ready(object: Option<Object>, summary: impl Into<String>) -> Verdict {
        let summary = summary.into();
        let (evidence, remarks) = (Vec::new(), Vec::new());
        Verdict { outcome: End::Ready, cause: None, object, summary, evidence, advice: None, remarks }
    }

    /// It failed because of `cause`.
    #[must_use]
    pub fn failed(cause: Cause, object: Option<Object>, summary: impl Into<String>) -> Verdict {
        Verdict { outcome: End::Failed, cause: Some(cause), ..Verdict::ready(object, summary) }
    }
}

impl End {
    /// The word of the interfaces.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            End::Ready => "ready",
            End::Failed => "failed",
        }
    }
}

impl Object {
    /// An object by its kind, place and name.
    #[must_use]
    pub fn new(kind: impl Into<String>, namespace: Option<&str>, name: impl Into<String>) -> Object {
        Object { kind: kind.into(), namespace: namespace.map(str::to_owned), name: name.into() }
    }
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.name)
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

fn once() -> u32 {
    1
}
