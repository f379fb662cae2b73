//! What AnsFlow remembers: events, output files, artifacts.
//!
//! Rows are in one database (SQLite or PostgreSQL, one SQL text for both), bytes are plain files. Nothing here
//! decides anything, and nothing here knows what a step does. Start with [`Runs::append`].

pub mod artifacts;
pub mod audit;
pub mod changes;
pub mod clusters;
mod db;
pub mod deliveries;
pub mod error;
pub mod files;
pub mod git_credentials;
pub mod health;
pub mod hooks;
pub mod keyring;
pub mod launch;
pub mod lead;
pub mod messages;
mod migrations;
pub mod notifications;
pub mod output;
pub mod people;
pub mod pipelines;
pub mod registries;
pub mod runs;
pub mod schedules;
pub mod secrets;
pub mod settings;
pub mod statistics;
pub mod store;

pub use artifacts::Artifacts;
pub use changes::Changes;
pub use error::{Error, Invalid, Result};
pub use files::Files;
pub use keyring::Keyring;
pub use messages::Messages;
pub use notifications::Notifications;
pub use runs::Runs;
pub use store::Store;
