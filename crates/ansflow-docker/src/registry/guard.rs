//! Where a registry cannot send us: the addresses at which a machine's own keeper answers. A registry says where its
//! tokens are made and its blobs are kept, and we would go there.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

#[derive(Debug, Clone, Copy)]
pub(super) struct Guard;

/// Said of an address that is not asked.
pub(super) const FORBIDDEN: &str =
    "it leads to a link-local address or a cloud's metadata service, which are not asked";

/// Metadata services that are not link-local: Alibaba's, Azure's, Oracle's; Amazon's and Google's.
const METADATA_V4: [Ipv4Addr; 3] =
    [Ipv4Addr::new(100, 100, 100, 200), Ipv4Addr::new(168, 63, 129, 16), Ipv4Addr::new(192, 0, 0, 192)];
const METADATA_V6: [Ipv6Addr; 2] =
    [Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254), Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254)];

/// Whether an address may be asked. Private networks may: registries live there.
pub(super) fn allows(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => allows_v4(address),
        IpAddr::V6(address) => match embedded(address) {
            Some(inner) => allows_v4(inner),
            None => !address.is_unicast_link_local() && !address.is_multicast() && !METADATA_V6.contains(&address),
        },
    }
}

fn allows_v4(address: Ipv4Addr) -> bool {
    let is_nobodys = address.is_broadcast() || address.is_multicast();
    !address.is_link_local() && !is_nobodys && !METADATA_V4.contains(&address)
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

#[cfg(test)]
mod tests {
    use super::allows;

    #[test]
    fn private_networks_and_this_machine_are_asked_and_metadata_services_are_not() {
        for good in ["10.0.0.1", "192.168.1.1", "127.0.0.1", "::1", "fd00::1", "2606:4700::1111", "100.100.100.201"] {
            assert!(allows(good.parse().unwrap()), "{good}");
        }
        for bad in [
            "169.254.169.254",
            "::ffff:169.254.169.254",
            "64:ff9b::a9fe:a9fe",
            "2002:a9fe:a9fe::1",
            "::169.254.169.254",
            "100.100.100.200",
            "168.63.129.16",
            "192.0.0.192",
            "fd00:ec2::254",
            "fd20:ce::254",
            "fe80::1",
            "224.0.0.1",
            "ff02::1",
            "255.255.255.255",
        ] {
            assert!(!allows(bad.parse().unwrap()), "{bad}");
        }
    }
}
