//! Texts of a certain form: `format` of a schema.

use std::net::{Ipv4Addr, Ipv6Addr};

/// Whether a text has a form. A form that nobody knows asks nothing.
pub(super) fn fits(format: &str, text: &str) -> bool {
    match format {
        "date-time" | "datetime" => crate::time::Micros::parse(text).is_some(),
        "date" => text.parse::<jiff::civil::Date>().is_ok(),
        "ipv4" => text.parse::<Ipv4Addr>().is_ok(),
        "ipv6" => text.parse::<Ipv6Addr>().is_ok(),
        "cidr" => text.split_once('/').is_some_and(|(address, bits)| {
            address.parse::<std::net::IpAddr>().is_ok_and(|address| {
                bits.parse::<u8>().is_ok_and(|bits| bits <= if address.is_ipv4() { 32 } else { 128 })
            })
        }),
        "uuid" | "uuid3" | "uuid4" | "uuid5" => {
            let digits: String = text.chars().filter(|c| *c != '-').collect();
            digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
        }
        "email" => text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.')),
        "uri" => text.contains(':') || text.starts_with('/'),
        _ => true,
    }
}
