//! The tests of this crate, through its public door.

mod bend;
mod held_out;
mod replay;
