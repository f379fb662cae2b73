//! Which logs are asked for, and what is said of them.

use crate::error::Error;
use ansflow_core::spec::Pods;
use jiff::Timestamp;
use regex::Regex;

/// Which logs.
#[derive(Clone)]
pub struct Wanted {
    /// Of which pods.
    pub pods: Pods,
    /// Of which of their containers.
    pub containers: Containers,
    /// So many lines from the end of each; none: all.
    pub tail: Option<u32>,
    /// Only what was written in the last so many seconds.
    pub since_seconds: Option<u64>,
    /// Of the life before the last restart; it does not go together with `follow`.
    pub previous: bool,
    /// Goes on until the containers end, those that come meanwhile too.
    pub follow: bool,
    /// A line that matches ends it.
    pub until: Option<Regex>,
}

/// Which containers of a pod.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Containers {
    /// The one that the pod names with `kubectl.kubernetes.io/default-container`, else its first.
    #[default]
    Default,
    /// The one of this name.
    Named(String),
    /// All, init containers too.
    All,
}

/// What is said.
#[derive(Debug, Clone, PartialEq)]
pub enum Said {
    /// A line.
    Line(LogLine),
    /// What is to be known of the reading itself: a gap, a container that joins.
    Note(String),
    /// Nothing more comes.
    End(Stopped),
}

/// A line of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// Who wrote it.
    pub pod: String,
    /// Which of its containers.
    pub container: String,
    /// When, by the node's clock.
    pub at: Option<Timestamp>,
    /// Without its end; bytes that are no text are replaced.
    pub text: String,
    /// Whether it goes on with the next one, because it is too long.
    pub is_cut: bool,
}

/// Why nothing more comes.
#[derive(Debug, Clone, PartialEq)]
pub enum Stopped {
    /// All was read.
    Over {
        /// So many lines.
        lines: u64,
    },
    /// This line is what was waited for.
    Matched(Box<LogLine>),
    /// All containers ended, and no line was it.
    Unmatched,
    /// There is nothing to read, in words.
    Nothing(String),
    /// The cluster refuses.
    Refused(Box<Error>),
}
