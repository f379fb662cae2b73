//! Ports of the host that lead to a container.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};

use super::endpoints::{Endpoint, Fill, field};

/// A port of the host that leads to one of the container.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Port {
    /// Address of the host; none: all of them.
    pub address: Option<IpAddr>,
    /// Port of the host; none: any that is free.
    pub host: Option<u16>,
    /// Port of the container.
    pub container: u16,
    /// What is spoken there.
    pub protocol: Protocol,
}

/// What is spoken at a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Protocol {
    /// TCP.
    #[default]
    Tcp,
    /// UDP.
    Udp,
    /// SCTP.
    Sctp,
}

impl Protocol {
    /// The word of the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Protocol::Tcp => "tcp",
            Protocol::Udp => "udp",
            Protocol::Sctp => "sctp",
        }
    }
}

impl Endpoint for Port {
    const KEYS: &'static [&'static [&'static str]] = &[
        &["host", "host_port", "published"],
        &["container", "container_port", "target"],
        &["protocol"],
        &["address", "host_ip", "ip"],
    ];

    fn pair(key: &str, value: &Json) -> Result<Map<String, Json>, String> {
        // `80/tcp: 8080`
        let (container, protocol) = key.split_once('/').map_or((key, None), |(port, word)| (port, Some(word)));
        let mut map = Map::from_iter([("container".to_owned(), json!(container)), ("host".to_owned(), value.clone())]);
        if let Some(protocol) = protocol {
            map.insert("protocol".to_owned(), json!(protocol));
        }
        Ok(map)
    }

    fn of_text(text: &str, fill: Fill<'_>) -> Result<Self, String> {
        let (ports, protocol) = text.rsplit_once('/').map_or((text, None), |(ports, word)| (ports, Some(word)));
        // An IPv6 address stands in brackets, because it has colons of its own.
        let (address, rest) = match ports.strip_prefix('[').and_then(|rest| rest.split_once("]:")) {
            Some((address, rest)) => (Some(address), rest),
            None => (None, ports),
        };
        let mut parts: Vec<&str> = rest.split(':').collect();
        let container = parts.pop().unwrap_or_default();
        let host = parts.pop();
        let address = address.or_else(|| parts.pop());
        if !parts.is_empty() {
            return Err(format!("`{}` has too many colons; write `HOST:CONTAINER`", text.escape_debug()));
        }
        let filled = |part: Option<&str>| part.map(fill).transpose();
        judged(filled(address)?, filled(host)?, Some(fill(container)?), filled(protocol)?)
    }

    fn of_map(map: &Map<String, Json>, fill: Fill<'_>) -> Result<Self, String> {
        let field = |key: &str| field(map, key, fill);
        judged(field("address")?, field("host")?, field("container")?, field("protocol")?)
    }
}

fn judged(
    address: Option<String>,
    host: Option<String>,
    container: Option<String>,
    protocol: Option<String>,
) -> Result<Port, String> {
    let container = container.ok_or("has no `container`, the port inside")?;
    let address = match address.filter(|address| !address.is_empty()) {
        Some(text) => Some(text.parse().map_err(|_| format!("`{}` is no address of the host", text.escape_debug()))?),
        None => None,
    };
    let protocol = match protocol.map(|word| word.to_ascii_lowercase()).as_deref() {
        None | Some("tcp") => Protocol::Tcp,
        Some("udp") => Protocol::Udp,
        Some("sctp") => Protocol::Sctp,
        Some(other) => return Err(format!("`{}` is no protocol; write `tcp` or `udp`", other.escape_debug())),
    };
    let host = host.filter(|host| !host.is_empty()).map(|host| number(&host)).transpose()?;
    Ok(Port { address, host, container: number(&container)?, protocol })
}

fn number(text: &str) -> Result<u16, String> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse::<u16>() {
        Ok(port) if digits && port > 0 => Ok(port),
        _ if text.contains('-') && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') => {
            Err(format!("`{text}` is a range; write each port by itself"))
        }
        _ => Err(format!("`{}` is no port; a port is a number from 1 to 65535", text.escape_debug())),
    }
}
