//! Looking at a cluster's objects, and changing them as a person does: lists with the judge's word, one object with what
//! belongs to it, YAML that is edited under a dry run, and the few acts that have a name of their own.
//!
//! What is shown of an object is decided here, so that a Secret's values never leave this module but by [`secrets::reveal`].

pub mod columns;
pub mod edit;
pub mod history;
pub mod known;
pub mod rows;
pub mod secrets;
pub mod table;
#[cfg(test)]
mod tests;
pub mod yaml;
