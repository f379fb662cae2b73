//! Deploying: from what somebody wrote to what a cluster has, and back where it went wrong.
//!
//! ```text
//! source ─▶ read (holes filled) ─▶ plan (everything tried, nothing written) ─▶ apply, wave by wave ─▶ goal of the tracker
//!                                                                                   └─▶ rollback · prune
//! ```
//!
//! Nothing is written before every object was tried: one refusal, and the cluster is as it was.

mod diff;
mod field;
mod holes;
mod manifest;
mod order;
mod read;
mod source;
mod spec;
#[cfg(test)]
mod tests;

pub use diff::diff;
pub use manifest::{Manifest, Origin, Problem};
pub use read::{Reading, read};
pub use source::Dir;
