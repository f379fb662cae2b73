//! Stories: the whole binary, as people and scripts use it.
#![expect(clippy::unwrap_used, reason = "tests say what they expect by failing")]

mod audit;
mod clusters;
mod commands;
mod crash;
mod docker;
mod exits;
mod following;
mod hostile_values;
mod kubernetes;
mod language;
mod live_crash;
mod messages;
mod objects;
mod postgres;
mod registries;
mod resume;
mod secrets;
mod server;
mod server_crash;
mod server_postgres;
mod server_world;
mod simulate;
mod steps;
mod terminal;
mod world;
