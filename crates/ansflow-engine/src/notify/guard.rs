//! Where no message goes: the addresses at which a machine's own keeper answers (lesson 23).
//!
//! The check is made of the address that is connected to, after its name was resolved and by whoever resolves it, so
//! that a name which says one thing now and another a moment later gains nothing. Private networks are allowed: chats
//! and mail servers live there.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

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

    /// Whether messages may go there.
    pub(super) fn check(&self, address: IpAddr) -> Result<(), String> {
        match forbidden(address, self.allow_loopback) {
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

/// What an address is that nothing is sent to.
fn forbidden(address: IpAddr, allow_loopback: bool) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => forbidden_v4(address, allow_loopback),
        IpAddr::V6(address) => match embedded(address) {
            Some(inner) => forbidden_v4(inner, allow_loopback),
            None => forbidden_v6(address, allow_loopback),
        },
    }
}

const OWN: &str = "is this machine's own";
const LINK_LOCAL: &str = "is link-local, where metadata services are";
const METADATA: &str = "is a metadata service";
const UNSPECIFIED: &str = "is unspecified";
const MULTICAST: &str = "is multicast or reserved";

/// Metadata services of clouds that are not link-local.
const METADATA_V4: [Ipv4Addr; 3] =
    [Ipv4Addr::new(100, 100, 100, 200), Ipv4Addr::new(168, 63, 129, 16), Ipv4Addr::new(192, 0, 0, 192)];
const METADATA_V6: [Ipv6Addr; 2] =
    [Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254), Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254)];

fn forbidden_v4(address: Ipv4Addr, allow_loopback: bool) -> Option<&'static str> {
    let first = address.octets()[0];
    if address.is_loopback() {
        (!allow_loopback).then_some(OWN)
    } else if address.is_link_local() {
        Some(LINK_LOCAL)
    } else if METADATA_V4.contains(&address) {
        Some(METADATA)
    } else if first == 0 {
        // The whole of 0/8 means this machine.
        Some(UNSPECIFIED)
    } else {
        (address.is_multicast() || first >= 240).then_some(MULTICAST)
    }
}

fn forbidden_v6(address: Ipv6Addr, allow_loopback: bool) -> Option<&'static str> {
    if address.is_loopback() {
        (!allow_loopback).then_some(OWN)
    } else if address.is_unicast_link_local() {
        Some(LINK_LOCAL)
    } else if METADATA_V6.contains(&address) {
        Some(METADATA)
    } else if address.is_unspecified() {
        Some(UNSPECIFIED)
    } else {
        address.is_multicast().then_some(MULTICAST)
    }
}

/// The IPv4 address that an IPv6 address leads to: mapped, compatible, NAT64 or 6to4.
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let from = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some(from(high, low)),
        [0, 0, 0, 0, 0, 0, high, low] if high != 0 => Some(from(high, low)),
        [0x2002, high, low, ..] => Some(from(high, low)),
        _ => None,
    }
}

impl std::fmt::Debug for Guard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Guard(loopback: {})", self.allow_loopback)
    }
}
