//! The engine and its attempt processes, with real processes. Every test waits for facts, none sleeps.
#![expect(clippy::unwrap_used, reason = "tests say what they expect by failing")]

mod ansible;
mod artifacts;
mod begin;
mod docker;
mod engine;
mod fleet;
mod git;
mod inbox;
mod kube;
mod mailbox;
mod notifications;
mod notify;
mod output;
mod remotes;
mod schedules;
mod secrets;
mod spy;
mod steps;
mod tree;
mod world;
