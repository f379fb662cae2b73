//! Waiting for objects to be as they should be.

pub mod condition;
pub mod jsonpath;
