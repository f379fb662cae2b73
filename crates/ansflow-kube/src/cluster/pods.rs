//! What containers write.

use super::ask::Ask;
use super::query::Query;
use super::{Cluster, Lines};
use crate::error::Error;
use crate::kind::Kind;
use std::time::Duration;

/// The longest line of a log that is kept whole.
const LONGEST: usize = 64 * 1024;

/// How long a kubelet may take to begin.
const BEGIN: Duration = Duration::from_secs(20);

/// Which log of a pod, and which part of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PodLog {
    /// The pod's namespace.
    pub namespace: String,
    /// The pod.
    pub pod: String,
    /// Its container; the only one where it is empty.
    pub container: String,
    /// Of the life before this one.
    pub previous: bool,
    /// Goes on while the container writes.
    pub follow: bool,
    /// Only so many of the last lines.
    pub tail: Option<u32>,
    /// Only what was written since then, RFC 3339.
    pub since_time: Option<String>,
    /// Only what was written in the last so many seconds.
    pub since_seconds: Option<u64>,
    /// With the time before each line.
    pub timestamps: bool,
    /// Only so many bytes.
    pub limit_bytes: Option<u64>,
}

impl Cluster {
    /// The log of a container, line by line. Where `follow` is not asked for, it ends.
    pub async fn log(&self, log: &PodLog) -> Result<Lines, Error> {
        let mut query = Query::default();
        query.put_some("container", &log.container);
        let flags = [("previous", log.previous), ("follow", log.follow), ("timestamps", log.timestamps)];
        flags.iter().filter(|(_, is)| *is).for_each(|(name, _)| query.put(name, "true"));
        query.put_some("sinceTime", log.since_time.as_deref().unwrap_or_default());
        let numbers = [
            ("tailLines", log.tail.map(u64::from)),
            ("sinceSeconds", log.since_seconds),
            ("limitBytes", log.limit_bytes),
        ];
        for (name, number) in numbers {
            query.put_some(name, &number.map(|number| number.to_string()).unwrap_or_default());
        }
        let Some(pods) = Kind::builtin("", "Pod") else {
            return Err(Error::UnknownKind { word: "Pod".to_owned(), near: None });
        };
        let mut ask = Ask::get(query.on(&format!("{}/log", pods.path_of(Some(&log.namespace), &log.pod))));
        ask.accept = "*/*";
        ask.head = BEGIN;
        self.lines(&ask, LONGEST).await
    }
}
