//! The tests of this crate, through its public door.
