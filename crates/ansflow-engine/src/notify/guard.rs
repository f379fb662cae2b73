//! Where no message goes: the addresses at which a machine's own keeper answers (lesson 23).
//!
//! The check is made of the address that is connected to, after its name was resolved and by whoever resolves it, so
//! that a name which says one thing now and another a moment later gains nothing. Private networks are allowed: chats
//! and mail servers live there.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

use ansflow_core::net::forbidden;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Resolves a name; the port is given and stays.
type Lookup = dyn Fn(String, u16) -> Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>> + Send + Sync;

/// Lets through where messages may go.
#[derive(Clone)]
pub(super) struct Guard {
    allow_loopback: bool,
    lookup: Arc<Lookup>,
}

impl Guard {
    pub(super) fn new(allow_loopback: bool) -> Guard {
        Guard::with_lookup(allow_loopback, |name, port| {
            Box::pin(async move { Ok(tokio::net::lookup_host((name, port)).await?.collect()) })
        })
    }

    /// With a telephone book of one's own.
    pub(super) fn with_lookup(
        allow_loopback: bool,
        lookup: impl Fn(String, u16) -> Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>
        + Send
        + Sync
        + 'static,
    ) -> Guard {
        Guard { allow_loopback, lookup: Arc::new(lookup) }
    }

    /// Whether messages may go there. The unspecified address leads to this machine, as loopback does, but nobody who
    /// means a chat on this machine writes it: it is refused in any case.
    pub(super) fn check(&self, address: IpAddr) -> Result<(), String> {
        let allow_loopback = self.allow_loopback && !address.to_canonical().is_unspecified();
        match forbidden(address, allow_loopback) {
            Some(why) => Err(format!("the address {address} {why}: messages are not sent there")),
            None => Ok(()),
        }
    }

    /// The addresses of a host, a name or an address itself; all of them may be sent to.
    pub(super) async fn addresses(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        let addresses = match literal {
            Ok(address) => vec![SocketAddr::new(address, port)],
            Err(_) => (self.lookup)(host.to_owned(), port).await?,
        };
        // One bad address among good ones is no accident.
        for address in &addresses {
            self.check(address.ip()).map_err(io::Error::other)?;
        }
        match addresses.is_empty() {
            true => Err(io::Error::other("the name has no address")),
            false => Ok(addresses),
        }
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.clone();
        Box::pin(async move {
            let addresses = guard.addresses(name.as_str(), 0).await?;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

impl std::fmt::Debug for Guard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Guard(loopback: {})", self.allow_loopback)
    }
}
