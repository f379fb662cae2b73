//! A command of a step as a Job: its pod gets the workspace, runs the command, and gives back what became of it.
//!
//! The server's workspace stays the truth: an init container of the step's own image receives it, and the main one waits, after
//! the command, until it was fetched. So the steps of a run may be on any node. [`manifest`] is what is created, [`workspace`]
//! what travels, [`attach`] how a command that runs is followed to its end, [`left`] what is found of those that nobody follows.

pub mod attach;
pub mod left;
pub mod manifest;
mod pin;
pub mod workspace;

pub use attach::{Done, Evidence, Ran, run};
pub use pin::Pin;

use ansflow_core::spec::PodPlace;
use std::collections::BTreeMap;

/// A command, and where it runs.
#[derive(Clone)]
pub struct Task {
    /// What the Job is called: made of facts, so that there are never two.
    pub name: String,
    /// Its namespace.
    pub namespace: String,
    /// By which it is found again; those of [`Task::siblings`] are among them.
    pub labels: BTreeMap<String, String>,
    /// Labels of the Jobs of earlier attempts of the same step, which are taken away.
    pub siblings: String,
    /// Image, account, resources.
    pub place: PodPlace,
    /// The workspace's absolute path, here and there.
    pub workspace: String,
    /// Where the command begins; absolute, below the workspace.
    pub directory: String,
    /// The command: a program of the image, and its arguments.
    pub command: Vec<String>,
    /// Its environment, values of secrets too: they travel in a Secret.
    pub env: Vec<(String, String)>,
    /// After so many seconds the cluster ends it by itself, whoever looks after it or not.
    pub seconds: u64,
    /// A word that nobody guesses: by it the end of the command is recognised in its log.
    pub mark: String,
}

/// The container of the command.
pub(crate) const STEP: &str = "step";
/// The init container that receives the workspace.
pub(crate) const RECEIVER: &str = "workspace";
/// Where our own few files are in the pod.
pub(crate) const OURS: &str = "/ansflow";

impl std::fmt::Debug for Task {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Task({}, [hidden])", self.name)
    }
}
