//! Against a real daemon and a real registry: `scripts/tests.sh` starts the one, each test the other.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test that cannot go on says where, and one that cannot begin says why"
)]

mod builds;
mod daemons;
mod logins;
mod registries;
mod runs;
mod sweeps;
mod transfers;
mod world;
