//! The server, asked over HTTP.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod access;
mod catalogue;
mod clusters;
mod cross_site;
mod document;
mod hooks;
mod kubernetes;
mod log;
mod monitor;
mod notifications;
mod paths;
mod pipelines;
mod registries;
mod runs;
mod secrets;
mod service;
mod settings;
mod setup;
mod sign_in;
mod statistics;
mod tokens;
mod ui;
mod world;
mod zero_bytes;
