//! Containers, as the engine knows them: whose they are, what their steps are told, and how they end when their attempt
//! could not see to it. Who speaks to the daemon in a step's name is the attempt (`attempt/docker`).

mod instance;
mod labels;
mod order;
mod sweep;

use std::path::PathBuf;

pub use self::instance::instance;
pub(crate) use self::labels::{UNTIL, UNTIL_RUN};
pub(crate) use self::order::{may_name_a_registry, order};
pub use self::sweep::{Leftovers, sweep, used_containers};
pub(crate) use self::sweep::{after_loss, after_run, lives};

/// What all steps on containers of one data directory have in common.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Containers {
    /// Whose they are: [`instance`] of the data directory. Nothing of another's is ever removed.
    pub instance: String,
    /// What of the host steps may mount besides their workspace. The daemon's own socket only where it stands here itself.
    pub allowed_mounts: Vec<PathBuf>,
}
