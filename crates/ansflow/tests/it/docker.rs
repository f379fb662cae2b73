//! Images and containers by the whole binary, with a real daemon and a real registry that asks for a password.

mod crash;
pub(crate) mod dock;
mod story;
