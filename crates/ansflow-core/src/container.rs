//! What a container is given: ports, volumes, limits, names; read from every shape in which people write them.
//!
//! A text is taken apart before values are put in, so that no value makes two parts of one.

pub(crate) mod endpoints;
pub(crate) mod limits;
pub(crate) mod name;
pub(crate) mod platform;
mod ports;
mod volumes;

pub use ports::{Port, Protocol};
pub use volumes::{Mount, MountSource};

#[cfg(test)]
mod tests;
