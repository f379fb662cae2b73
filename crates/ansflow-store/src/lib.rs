//! What AnsFlow remembers: events, output files, artifacts.
//!
//! Rows are in one database (SQLite or PostgreSQL, one SQL text for both), bytes are plain files. Nothing here
//! decides anything, and nothing here knows what a step does. Start with [`Runs::append`].

pub mod artifacts;
pub mod changes;
mod db;
pub mod error;
mod migrations;
pub mod output;
pub mod runs;
pub mod store;

pub use artifacts::Artifacts;
pub use changes::Changes;
pub use error::{Error, Result};
pub use runs::Runs;
pub use store::Store;
