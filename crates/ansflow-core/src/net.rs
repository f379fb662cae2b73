//! Addresses that nobody is sent to by what others wrote: where a machine's own keeper answers.
//!
//! Who connects checks the address that is connected to, after its name was resolved, so that a name which says one thing
//! now and another a moment later gains nothing. Private networks are allowed: registries, chats and clusters live there.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

const OWN: &str = "is this machine's own";
const LINK_LOCAL: &str = "is link-local, where metadata services are";
const METADATA: &str = "is a metadata service";
const UNSPECIFIED: &str = "is unspecified";
const MULTICAST: &str = "is multicast or reserved";

/// Metadata services that are not link-local: Alibaba's, Azure's, Oracle's; Amazon's and Google's.
const METADATA_V4: [Ipv4Addr; 3] =
    [Ipv4Addr::new(100, 100, 100, 200), Ipv4Addr::new(168, 63, 129, 16), Ipv4Addr::new(192, 0, 0, 192)];
const METADATA_V6: [Ipv6Addr; 2] =
    [Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254), Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254)];

/// What an address is that nothing is sent to, as the end of a sentence: `is a metadata service`.
#[must_use]
pub fn forbidden(address: IpAddr, allow_loopback: bool) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => forbidden_v4(address, allow_loopback),
        IpAddr::V6(address) => match embedded(address) {
            Some(inner) => forbidden_v4(inner, allow_loopback),
            None => forbidden_v6(address, allow_loopback),
        },
    }
}

fn forbidden_v4(address: Ipv4Addr, allow_loopback: bool) -> Option<&'static str> {
    let first = address.octets()[0];
    // Who connects to the unspecified address reaches this machine.
    if address.is_loopback() || address.is_unspecified() {
        (!allow_loopback).then_some(OWN)
    } else if address.is_link_local() {
        Some(LINK_LOCAL)
    } else if METADATA_V4.contains(&address) {
        Some(METADATA)
    } else if first == 0 {
        // The rest of 0/8 means nothing that can be asked.
        Some(UNSPECIFIED)
    } else {
        (address.is_multicast() || first >= 240).then_some(MULTICAST)
    }
}

fn forbidden_v6(address: Ipv6Addr, allow_loopback: bool) -> Option<&'static str> {
    if address.is_loopback() || address.is_unspecified() {
        (!allow_loopback).then_some(OWN)
    } else if address.is_unicast_link_local() {
        Some(LINK_LOCAL)
    } else if METADATA_V6.contains(&address) {
        Some(METADATA)
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

#[cfg(test)]
mod tests {
    use super::forbidden;

    #[test]
    fn private_networks_are_asked_and_metadata_services_are_not() {
        for good in ["10.0.0.1", "192.168.1.1", "fd00::1", "2606:4700::1111", "100.100.100.201"] {
            assert_eq!(forbidden(good.parse().unwrap(), false), None, "{good}");
        }
        for own in ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "0.0.0.0", "::"] {
            assert!(forbidden(own.parse().unwrap(), false).is_some(), "{own}");
            assert_eq!(forbidden(own.parse().unwrap(), true), None, "{own}");
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
            "0.0.0.1",
        ] {
            assert!(forbidden(bad.parse().unwrap(), true).is_some(), "{bad}");
        }
    }
}
