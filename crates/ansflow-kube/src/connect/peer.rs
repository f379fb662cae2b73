//! Whom a server's certificate names, who issued it, and when it ends: read, not believed.

use jiff::Timestamp;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::FromDer as _;

/// How many names of a certificate are told.
const NAMES: usize = 6;

/// A certificate that a server showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presented {
    /// The names and addresses that it is good for.
    pub names: Vec<String>,
    /// Who issued it.
    pub issuer: String,
    /// When it begins to be good.
    pub not_before: Option<Timestamp>,
    /// When it ends.
    pub not_after: Option<Timestamp>,
}

impl Presented {
    /// Reads the DER of a certificate; None where it is none.
    #[must_use]
    pub fn read(der: &[u8]) -> Option<Presented> {
        let (_, certificate) = X509Certificate::from_der(der).ok()?;
        let alternative = certificate.subject_alternative_name().ok().flatten();
        let mut names: Vec<String> =
            alternative.iter().flat_map(|names| &names.value.general_names).filter_map(name).collect();
        if names.is_empty() {
            names.extend(certificate.subject().iter_common_name().filter_map(|name| name.as_str().ok()).map(clean));
        }
        let issuer = certificate.issuer();
        let issuer_name = issuer.iter_common_name().find_map(|name| name.as_str().ok());
        let time = |seconds: i64| Timestamp::from_second(seconds).ok();
        Some(Presented {
            names,
            issuer: issuer_name.map_or_else(|| clean(&issuer.to_string()), clean),
            not_before: time(certificate.validity().not_before.timestamp()),
            not_after: time(certificate.validity().not_after.timestamp()),
        })
    }
}

fn name(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some(clean(name)),
        GeneralName::IPAddress(bytes) => address(bytes).map(|address| address.to_string()),
        _ => None,
    }
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    let four = <[u8; 4]>::try_from(bytes).map(|bytes| IpAddr::V4(Ipv4Addr::from(bytes)));
    let six = || <[u8; 16]>::try_from(bytes).map(|bytes| IpAddr::V6(Ipv6Addr::from(bytes)));
    four.or_else(|_| six()).ok()
}

/// A stranger's words, without what would move a terminal's cursor.
fn clean(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(100).collect()
}

impl fmt::Display for Presented {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<String> = self.names.iter().take(NAMES).map(|name| format!("`{name}`")).collect();
        let more = self.names.len().saturating_sub(NAMES);
        write!(f, "it is for {}", if names.is_empty() { "no name".to_owned() } else { names.join(", ") })?;
        if more > 0 {
            write!(f, " and {more} more")?;
        }
        write!(f, ", issued by `{}`", self.issuer)?;
        match self.not_after {
            Some(end) if end < Timestamp::now() => write!(f, ", and expired on {}", end.strftime("%Y-%m-%d")),
            Some(end) => write!(f, ", good until {}", end.strftime("%Y-%m-%d")),
            None => Ok(()),
        }
    }
}
