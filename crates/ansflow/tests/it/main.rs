//! Stories: the whole binary, as people and scripts use it.
#![expect(clippy::unwrap_used, reason = "tests say what they expect by failing")]

mod commands;
mod crash;
mod exits;
mod hostile_values;
mod language;
mod resume;
mod secrets;
mod steps;
mod terminal;
mod world;
