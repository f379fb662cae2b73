//! The loop: decide, append, make the running attempts equal to what the run wants, sleep until something can change.
//!
//! It owns no truth. Everything that it knows is in the store and in the attempts' folders, so one that was killed is
//! replaced by one that looks again. Decisions are the core's.

mod boot;
mod drive;

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use ansflow_core::run::{Attempt, CorruptLog};
use ansflow_store::Store;

use crate::cluster::KnownCluster;
use crate::docker::Containers;
use crate::fleet::Fetch;
use crate::folder::Folder;
use crate::git_credential::GitCredential;
use crate::notify::MailServer;
use crate::registry::Registry;
use crate::spare::{ATTEMPTS, Spawner};

/// The environment that `env.NAME` in a pipeline means.
pub type Env = dyn Fn(&str) -> Option<String> + Send + Sync;

/// What drives runs.
#[derive(Clone)]
pub struct Engine {
    /// Where events are.
    pub store: Store,
    /// The folder of the run, absolute; its attempts get folders below `attempts/`.
    pub run_dir: PathBuf,
    /// What starts attempt processes, of the same folder.
    pub spawner: Arc<Spawner>,
    /// Environment that pipelines may name.
    pub env: Arc<Env>,
    /// Secrets by name. Their values are masked everywhere and reach attempts through a pipe only.
    pub secrets: BTreeMap<String, String>,
    /// How git steps sign in where they do not say it themselves.
    pub git_credentials: Vec<GitCredential>,
    /// Image registries that steps may name, asked for when such a step begins: a run may have waited for people for days,
    /// and passwords of some registries hold for hours.
    pub registries: Fetch<Vec<Registry>>,
    /// Clusters that steps may name, asked for when such a step begins.
    pub clusters: Fetch<Vec<KnownCluster>>,
    /// Whose containers steps make, and what these may see.
    pub containers: Containers,
    /// From asking an attempt's processes to end to killing them.
    pub grace: Duration,
    /// How mail leaves, for steps that send some.
    pub mail: Option<MailServer>,
    /// Whether steps may send messages to this machine's own services: on a laptop, in tests, in the demo.
    pub allow_loopback: bool,
}

/// What an observer is told of the time before it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replay {
    /// Every event from the first, and all output, in order.
    Everything,
    /// Only what happens from now on, and the output of attempts that still run.
    Nothing,
}

/// Why a run is no longer driven. Its attempts live on; drive it again to go on.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// Events could not be stored or loaded.
    #[error("failed to store what happened in the run")]
    Store(#[from] ansflow_store::Error),
    /// Stored events contradict each other.
    #[error("the events of the run contradict each other")]
    Corrupt(#[from] CorruptLog),
    /// The observer gave up, such as for a closed pipe.
    #[error("failed to show the run")]
    Observer(#[source] io::Error),
    /// The system refused what the engine itself needs.
    #[error("failed to follow the run's attempts")]
    System(#[source] io::Error),
}

impl Engine {
    /// Where the bytes of the run's artifacts are, for [`Store::artifacts`].
    #[must_use]
    pub fn artifacts(&self) -> PathBuf {
        self.run_dir.join("artifacts")
    }

    /// The folder of an attempt, made of facts: whoever starts it twice finds the first.
    #[must_use]
    pub fn folder(&self, attempt: Attempt) -> Folder {
        Folder::at(self.run_dir.join(ATTEMPTS).join(format!("{}-{}", attempt.step, attempt.number)))
    }
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Engine({})", self.run_dir.display())
    }
}
