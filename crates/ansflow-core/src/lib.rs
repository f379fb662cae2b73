//! What a pipeline means and how a run unfolds; pure.
//!
//! No clock, no files, no environment, no randomness: whatever this crate knows, it was told. Read in this order.

pub mod diagnostic;

pub mod duration;
pub mod expr;
pub mod image;
pub mod suggest;
pub mod template;
pub mod yaml;

pub mod catalog;
pub mod container;
pub mod schema;
pub mod shell;
mod variables;

pub mod pipeline;
pub mod plan;
pub mod planning;
pub mod preview;

pub mod run;

pub mod mask;
pub mod net;
pub mod resolve;
pub mod spec;

pub mod verdict;
pub mod webhook;
