//! Waiting for objects to be as they should be, and no longer than there is hope.
//!
//! Objects that do not exist yet are waited for. Where only what goes well can end the waiting well, the objects are followed as a
//! rollout is, and what is certain to fail ends it.

pub mod condition;
mod hope;
pub mod jsonpath;
mod seen;
mod until;

pub use until::wait;
