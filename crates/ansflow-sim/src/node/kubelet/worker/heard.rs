//! What of a pod wakes its worker.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::faults::ANNOTATION;
use crate::node::pod::Pod;

/// What of a pod wakes its worker when it changes.
#[derive(PartialEq, Eq)]
pub(super) struct Heard {
    generation: i64,
    /// Of labels and annotations.
    words: u64,
    deletion: Option<String>,
    pub(super) grace: Option<i64>,
    /// It says itself what is to happen to it.
    pub(super) wishes: bool,
}

impl Heard {
    pub(super) fn of(pod: &Pod) -> Heard {
        let meta = &pod.metadata;
        let mut hasher = DefaultHasher::new();
        (&meta.labels, &meta.annotations).hash(&mut hasher);
        Heard {
            generation: meta.generation,
            words: hasher.finish(),
            deletion: meta.deletion_timestamp.clone(),
            grace: meta.deletion_grace_period_seconds,
            wishes: meta.annotations.contains_key(ANNOTATION),
        }
    }
}
