//! Steps on clusters.

mod common;
mod delete;
mod deploy;
mod exec;
mod logs;
mod scale;
mod wait;

pub use common::NO_HELM;
pub(super) use delete::DELETE;
pub(super) use deploy::DEPLOY;
pub(super) use deploy::OUTPUTS;
pub(super) use exec::EXEC;
pub(super) use logs::LOGS;
pub(super) use scale::SCALE;
pub(super) use wait::WAIT;
