//! A registry's own API: whether it is one and lets us in, what it has, and what a tag stands for.

mod certificate;
mod challenge;
mod check;
mod client;
mod guard;
mod list;
mod manifest;

use ansflow_core::image::Address;

pub use self::check::Checked;
pub use self::list::Listed;
pub use self::manifest::Manifest;
use crate::credentials::Login;
use crate::error::{Error, Result};

/// A registry, and who we are there.
///
/// Plain HTTP and certificates of nobody's are for addresses that are marked as insecure, and for this machine's own, as
/// Docker itself has it.
#[derive(Debug, Clone)]
pub struct Registry {
    address: Address,
    login: Option<Login>,
    http: client::Http,
}

impl Registry {
    /// A registry. Nothing is asked of it yet.
    pub fn new(address: Address, login: Option<Login>) -> Result<Registry> {
        let http = client::Http::new(address.is_insecure() || address.is_this_machine())
            .map_err(|why| Error::Registry { host: address.host().to_owned(), cause: crate::Cause::Other(why) })?;
        Ok(Registry { address, login, http })
    }

    /// Where it is.
    pub fn address(&self) -> &Address {
        &self.address
    }

    fn failed(&self, cause: crate::Cause) -> Error {
        Error::Registry { host: self.address.host().to_owned(), cause }
    }
}
