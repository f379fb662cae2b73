//! Where a registry cannot send us: the addresses at which a machine's own keeper answers. A registry says where its
//! tokens are made and its blobs are kept, and we would go there.

use std::io;
use std::net::{IpAddr, SocketAddr};

use ansflow_core::net::forbidden;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

#[derive(Debug, Clone, Copy)]
pub(super) struct Guard;

/// Said of an address that is not asked.
pub(super) const FORBIDDEN: &str =
    "it leads to a link-local address or a cloud's metadata service, which are not asked";

/// Whether an address may be asked. This machine and private networks may: registries live there.
pub(super) fn allows(address: IpAddr) -> bool {
    forbidden(address, true).is_none()
}

/// Of the address that is connected to, so that a name which says one thing now and another later gains nothing.
impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            match found.iter().all(|address| allows(address.ip())) {
                true => Ok(Box::new(found.into_iter()) as Addrs),
                false => Err(io::Error::other(FORBIDDEN).into()),
            }
        })
    }
}
