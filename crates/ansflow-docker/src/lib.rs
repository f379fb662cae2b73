//! The Docker daemon and image registries, as AnsFlow needs them. It knows nothing of runs but the labels that it is given.
//!
//! Start at [`daemon`] (finding one and speaking to it); then [`build`](mod@build), [`run`], [`transfer`] (pull and
//! push), [`registry`] (a registry's own API), [`credentials`] and [`sweep`](mod@sweep). Every function is given what it
//! may know: there is no state of the process in here.
//!
//! A future that is dropped leaves nothing half-told: a command that it started is killed, and a container stays, with its
//! labels, for [`run::find`] and [`sweep::sweep`].

pub mod build;
mod cause;
pub mod credentials;
pub mod daemon;
mod environment;
mod error;
mod image;
pub mod labels;
mod program;
mod progress;
pub mod registry;
pub mod run;
pub mod sweep;
pub mod transfer;

pub use self::cause::Cause;
pub use self::credentials::Login;
pub use self::daemon::Daemon;
pub use self::environment::Environment;
pub use self::error::{Error, Result};
pub use self::progress::OnLine;
