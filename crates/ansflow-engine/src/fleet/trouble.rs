//! Runs that cannot be driven: kept apart, tried again after longer and longer waits, never a reason for the others to
//! stop.

use std::collections::BTreeMap;

use ansflow_core::run::CorruptLog;
use jiff::{SignedDuration, Timestamp};

use crate::engine::EngineError;

const FIRST_WAIT: SignedDuration = SignedDuration::from_secs(1);
const LONGEST_WAIT: SignedDuration = SignedDuration::from_secs(300);

/// A run that could not be driven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// Why, causes included.
    pub message: String,
    /// How often in a row.
    pub times: u32,
    /// When it is tried again.
    pub retry_at: Timestamp,
    /// What is stored of it makes no sense: it holds no place that others could have.
    pub is_corrupt: bool,
}

/// Why a run could not be driven.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotDriven {
    #[error("what is stored of it makes no sense: {0}")]
    Corrupt(String),
    #[error(transparent)]
    Store(ansflow_store::Error),
    #[error(transparent)]
    Engine(EngineError),
    #[error("the secrets cannot be read")]
    Secrets(#[source] ansflow_store::Error),
    #[error("its folder cannot be used")]
    Folder(#[source] std::io::Error),
    #[error("AnsFlow has a bug that this run has found: {0}")]
    Panicked(String),
}

impl From<ansflow_store::Error> for NotDriven {
    fn from(error: ansflow_store::Error) -> Self {
        match error {
            ansflow_store::Error::Corrupt(message) => NotDriven::Corrupt(message),
            other => NotDriven::Store(other),
        }
    }
}

impl From<CorruptLog> for NotDriven {
    fn from(error: CorruptLog) -> Self {
        NotDriven::Corrupt(error.to_string())
    }
}

impl From<EngineError> for NotDriven {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Store(error) => error.into(),
            EngineError::Corrupt(error) => error.into(),
            other @ (EngineError::Observer(_) | EngineError::System(_)) => NotDriven::Engine(other),
        }
    }
}

impl NotDriven {
    fn is_corrupt(&self) -> bool {
        match self {
            NotDriven::Corrupt(_) | NotDriven::Panicked(_) => true,
            NotDriven::Store(_) | NotDriven::Engine(_) | NotDriven::Secrets(_) | NotDriven::Folder(_) => false,
        }
    }
}

/// All runs that are kept apart.
#[derive(Debug, Default)]
pub(super) struct Troubles {
    by_run: BTreeMap<String, Trouble>,
}

impl Troubles {
    /// One more; says what is known of it now.
    pub(super) fn note(&mut self, run: &str, why: &NotDriven, now: Timestamp) -> Trouble {
        // One that went well for a long time has not failed in a row.
        let recent = self.by_run.get(run).filter(|trouble| now.duration_since(trouble.retry_at) < LONGEST_WAIT);
        let times = recent.map_or(0, |trouble| trouble.times).saturating_add(1);
        let wait = FIRST_WAIT.saturating_mul(1 << times.saturating_sub(1).min(16)).min(LONGEST_WAIT);
        let retry_at = now.saturating_add(wait).unwrap_or(Timestamp::MAX);
        let trouble = Trouble { message: with_causes(why), times, retry_at, is_corrupt: why.is_corrupt() };
        self.by_run.insert(run.to_owned(), trouble.clone());
        trouble
    }

    /// It is driven well, or is no more.
    pub(super) fn forget(&mut self, run: &str) {
        self.by_run.remove(run);
    }

    /// Only these runs still exist.
    pub(super) fn retain(&mut self, exists: impl Fn(&str) -> bool) {
        self.by_run.retain(|run, _| exists(run));
    }

    pub(super) fn get(&self, run: &str) -> Option<&Trouble> {
        self.by_run.get(run)
    }

    /// When the next one is to be tried again; those that are tried now, or wait for a turn, wait for no clock.
    pub(super) fn next_retry(&self, now: Timestamp) -> Option<Timestamp> {
        self.by_run.values().map(|trouble| trouble.retry_at).filter(|at| *at > now).min()
    }

    /// Those that are not being tried again.
    pub(super) fn waiting(&self, now: Timestamp) -> BTreeMap<String, Trouble> {
        let waiting = self.by_run.iter().filter(|(_, trouble)| trouble.retry_at > now);
        waiting.map(|(run, trouble)| (run.clone(), trouble.clone())).collect()
    }
}

fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_stay_bounded() {
        let mut troubles = Troubles::default();
        let now = Timestamp::UNIX_EPOCH;
        let mut note = || {
            let why = NotDriven::Folder(std::io::Error::other("disk full"));
            troubles.note("run_1", &why, now).retry_at.as_second()
        };
        let waits: Vec<i64> = (0..12).map(|_| note()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
        assert_eq!(troubles.get("run_1").unwrap().message, "its folder cannot be used: disk full");
    }
}
