//! What the runtime knows of a container: its lives, the last of them first in mind.

use crate::time::Micros;

/// One life of a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Life {
    /// How many came before: `restartCount`.
    pub(super) attempt: u32,
    /// 64 digits.
    pub(super) id: String,
    /// In full: `docker.io/library/busybox:1.36`.
    pub(super) image: String,
    /// `sha256:…`, or behind the repository that it was pulled from.
    pub(super) image_id: String,
    pub(super) state: State,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum State {
    Running { since: Micros },
    Ended(End),
}

/// How a life ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct End {
    /// Nothing where it never ran.
    pub(super) since: Option<Micros>,
    pub(super) at: Micros,
    pub(super) code: i32,
    /// `Error`, `Completed`, `OOMKilled`, `StartError`.
    pub(super) reason: &'static str,
    pub(super) message: String,
}

/// The lives that are remembered: the last two, as the kubelet's garbage collection keeps them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Lives(Vec<Life>);

impl Lives {
    pub(super) fn last(&self) -> Option<&Life> {
        self.0.last()
    }

    pub(super) fn last_mut(&mut self) -> Option<&mut Life> {
        self.0.last_mut()
    }

    pub(super) fn before(&self) -> Option<&Life> {
        self.0.len().checked_sub(2).and_then(|at| self.0.get(at))
    }

    pub(super) fn begin(&mut self, life: Life) {
        self.0.push(life);
        if self.0.len() > 2 {
            self.0.remove(0);
        }
    }

    pub(super) fn is_running(&self) -> bool {
        self.last().is_some_and(|life| life.end().is_none())
    }

    /// The end of the last life that has one.
    pub(super) fn last_end(&self) -> Option<&End> {
        self.0.iter().rev().find_map(Life::end)
    }

    /// How the last life ended, if it has.
    pub(super) fn ended(&self) -> Option<&End> {
        self.last().and_then(Life::end)
    }
}

impl Life {
    pub(super) fn end(&self) -> Option<&End> {
        match &self.state {
            State::Ended(end) => Some(end),
            State::Running { .. } => None,
        }
    }

    pub(super) fn since(&self) -> Option<Micros> {
        match &self.state {
            State::Running { since } => Some(*since),
            State::Ended(end) => end.since,
        }
    }
}
