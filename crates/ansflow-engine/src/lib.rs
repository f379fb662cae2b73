//! What AnsFlow does: attempts, and the loop that makes them equal to what is wanted. Linux only.
//!
//! Read [`engine`] (the loop), [`folder`] (what an engine and an attempt process share), [`attempt`] (the process).

#[cfg(not(target_os = "linux"))]
compile_error!("the engine is made of Linux's processes, locks and /proc");

pub mod attempt;
mod brand;
mod cluster;
mod docker;
pub mod engine;
pub mod fleet;
pub mod folder;
mod git_credential;
mod in_flight;
mod keep;
mod kube;
pub mod notifications;
pub mod notify;
mod observer;
mod order;
mod registry;
mod remains;
pub mod schedules;
mod spare;
mod tail;
mod tree;

pub use self::attempt::attempt_main;
pub use self::brand::can_brand;
pub use self::cluster::KnownCluster;
pub use self::docker::{Containers, Leftovers, instance, sweep, used_containers};
pub use self::engine::{Engine, EngineError, Env, Replay};
pub use self::fleet::{Fleet, Limits, Sources};
pub use self::git_credential::{GitCredential, GitSecret};
pub use self::notifications::Notifier;
pub use self::observer::{Observer, Unobserved};
pub use self::registry::Registry;
pub use self::spare::Spawner;

/// The hidden subcommand under which the engine starts its own program as an attempt's process:
/// `PROGRAM __attempt DIR`, where attempts have their folders below `DIR`. See [`attempt_main`].
pub const ATTEMPT_COMMAND: &str = "__attempt";
