//! The labels by which what AnsFlow made is known again.

use std::collections::BTreeMap;

/// Labels of a container or an image.
pub type Labels = BTreeMap<String, String>;

/// Which data directory's AnsFlow made it: the one label without which nothing is ever removed.
pub const INSTANCE: &str = "io.ansflow.instance";
/// Which run.
pub const RUN: &str = "io.ansflow.run";
/// Which step of the run.
pub const STEP: &str = "io.ansflow.step";
/// Which attempt at the step.
pub const ATTEMPT: &str = "io.ansflow.attempt";
/// On a container that is to outlive its step: no sweep takes it.
pub const DETACHED: &str = "io.ansflow.detached";
