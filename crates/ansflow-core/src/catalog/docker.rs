//! Steps on images and containers.

mod build;
mod common;
mod pull;
mod push;
mod run;

pub(super) use build::BUILD;
pub(super) use common::OUTPUTS;
pub(super) use pull::PULL;
pub(super) use push::PUSH;
pub(super) use run::RUN;
