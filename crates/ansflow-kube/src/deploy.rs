//! Deploying: from what somebody wrote to what a cluster has, and back where it went wrong.
//!
//! ```text
//! source ─▶ read (holes filled) ─▶ plan (everything tried, nothing written) ─▶ apply, wave by wave ─▶ goal of the tracker
//!                                                                                   └─▶ rollback · prune
//! ```
//!
//! Nothing is written before every object was tried: one refusal, and the cluster is as it was.

mod answer;
mod apply;
mod ask;
mod diff;
mod establish;
mod field;
mod holes;
mod manifest;
mod order;
mod plan;
mod prune;
mod read;
mod rollback;
mod run;
mod scope;
mod source;
mod spec;
#[cfg(test)]
mod tests;

pub use apply::Applied;
pub use ask::Asker;
pub use diff::diff;
pub use manifest::{Manifest, Origin, Problem};
pub use plan::{Counts, How, Plan, plan};
pub use prune::{Owner, Pruned, prune};
pub use read::{Reading, read};
pub use rollback::RolledBack;
pub use run::{Order, Outcome, run};
pub use source::Dir;

use diff::{brief, is_secret};
