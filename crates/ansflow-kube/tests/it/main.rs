//! The tests of this crate, through its public door.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod bend;
mod browse;
mod deploy;
mod follow;
mod held_out;
mod live;
mod replay;
mod simulated;
mod stream;
