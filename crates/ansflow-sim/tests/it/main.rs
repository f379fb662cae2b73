//! The simulated cluster over its own HTTP, asked by clients that it does not know.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot go on says where, and one that cannot begin says why"
)]

mod basics;
mod clients;
mod cluster;
mod controllers;
mod docs;
mod documents;
mod doors;
mod faults;
mod figures;
mod hostile;
mod kube_rs;
mod kubectl;
mod laws;
mod mutants;
mod nodes;
mod pods;
mod python;
mod replay;
mod rollouts;
mod sequences;
mod spine;
mod tools;
