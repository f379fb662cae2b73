//! Looking at a cluster's objects, and changing them as a person does: lists with the judge's word, one object with what
//! belongs to it, YAML that is edited under a dry run, and the few acts that have a name of their own.
//!
//! What is shown of an object is decided here, so that a Secret's values never leave this module but by [`secrets::reveal`].

pub mod act;
pub mod columns;
pub mod detail;
pub mod edit;
mod fault;
pub mod history;
pub mod known;
pub mod list;
pub mod live;
pub mod overview;
pub mod rows;
pub mod secrets;
pub mod table;
#[cfg(test)]
mod tests;
pub mod write;
pub mod yaml;

pub use fault::Fault;
