//! What a viewer of a rollout is told, message by message: the attempt writes them into a file, one a line, and pages read
//! them over a WebSocket. Folded, they make one snapshot, with which a late viewer begins.

mod fold;
#[cfg(test)]
mod tests;

pub use fold::Fold;

use crate::track::{PodSquare, Rollout};
use ansflow_core::verdict::{Object, Verdict, Waiting};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A message of the monitor. Words may be added, never changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Message {
    /// Everything until now.
    Snapshot(Box<Snapshot>),
    /// The versions of what is rolled out, and what is waited for, have changed.
    Rollout {
        /// When.
        at: Timestamp,
        /// Each object that has pods.
        rollouts: Vec<Rollout>,
        /// What is waited for.
        waiting: Option<Waiting>,
    },
    /// One pod has changed, or is gone.
    Pod {
        /// When.
        at: Timestamp,
        /// Of which object that is rolled out.
        object: Object,
        /// Of which of its versions.
        revision: String,
        /// How it is now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pod: Option<PodSquare>,
        /// The name of one that is gone.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        gone: Option<String>,
    },
    /// Somebody told what happened to an object of the rollout.
    Event(Happening),
    /// The last words of a container; they take the place of those before.
    Log {
        /// When.
        at: Timestamp,
        /// Whose.
        #[serde(flatten)]
        tail: Tail,
    },
    /// How it ended.
    Verdict {
        /// When.
        at: Timestamp,
        /// How.
        verdict: Box<Verdict>,
    },
    /// Nothing more comes.
    End {
        /// When.
        at: Timestamp,
    },
}

/// Everything that was told until a moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// When the last of it was told.
    pub at: Timestamp,
    /// The cluster's name, where the teller knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster: Option<String>,
    /// Each object that has pods.
    #[serde(default)]
    pub rollouts: Vec<Rollout>,
    /// What is waited for.
    #[serde(default)]
    pub waiting: Option<Waiting>,
    /// What happened, the oldest first.
    #[serde(default)]
    pub events: Vec<Happening>,
    /// The last words of containers.
    #[serde(default)]
    pub logs: Vec<Tail>,
    /// How it ended, if it has.
    #[serde(default)]
    pub verdict: Option<Verdict>,
    /// Whether nothing more comes.
    #[serde(default)]
    pub ended: bool,
}

/// Something that happened to an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Happening {
    /// When, by the cluster's clock.
    pub at: Timestamp,
    /// To what.
    pub object: Object,
    /// `Warning` or `Normal`, as the cluster has it.
    pub kind: String,
    /// A word.
    pub reason: String,
    /// A sentence.
    pub text: String,
    /// How often.
    pub times: u32,
}

/// The last words of a container.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tail {
    /// Of which pod.
    pub pod: String,
    /// Of which container.
    pub container: String,
    /// Of the life before this one.
    pub previous: bool,
    /// Its lines.
    pub lines: Vec<String>,
}

impl Message {
    /// When it was told.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        match self {
            Message::Snapshot(snapshot) => snapshot.at,
            Message::Event(happening) => happening.at,
            Message::Rollout { at, .. }
            | Message::Pod { at, .. }
            | Message::Log { at, .. }
            | Message::Verdict { at, .. }
            | Message::End { at } => *at,
        }
    }
}
