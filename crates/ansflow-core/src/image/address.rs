//! A registry, as people write it: `harbor.example.com`, `https://index.docker.io/v1/`, `http://127.0.0.1:5000/team`.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::reference::is_hub;
use super::refused::{Refused, shown};
use super::{HUB, LONGEST, parts};

/// The address of a registry, without user and password. Its path comes before every image's name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Address {
    host: String,
    path: String,
    insecure: bool,
}

impl Address {
    /// Reads an address. `http://` in front says that the registry speaks no TLS.
    ///
    /// # Errors
    /// Why it is none. A password that stands in it is not repeated.
    pub fn parse(text: &str) -> Result<Self, Refused> {
        let (scheme, rest) = match text.trim().split_once("://") {
            Some((scheme, rest)) => (scheme.to_ascii_lowercase(), rest),
            None => (String::new(), text.trim()),
        };
        if rest.contains('@') {
            let why = "an address of a registry holds no user and no password";
            return Err(Refused::new(format!("{why}; give them beside it")));
        }
        if !matches!(scheme.as_str(), "" | "http" | "https") {
            return Err(Refused::new(format!("`{}://` is no way to a registry", shown(&scheme)))
                .instead(Some(format!("https://{rest}")).filter(|near| Address::parse(near).is_ok())));
        }
        if rest.is_empty() {
            return Err(Refused::new("the address of the registry is empty"));
        }
        if rest.len() > LONGEST {
            return Err(Refused::new(format!("`{}` is too long for the address of a registry", shown(rest))));
        }
        if rest.contains(['?', '#']) {
            return Err(Refused::new(format!(
                "`{}` has a `?` or `#`, and addresses of registries have none",
                shown(rest)
            )));
        }
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let host = parts::host(host)?;
        let path = match path.trim_end_matches('/') {
            // Where the registry's own API begins, which is no project.
            "" | "v1" | "v2" => "",
            path => path,
        };
        if !path.is_empty() {
            parts::path(path).map_err(|refused| {
                let near = parts::tamed_path(path).map(|path| format!("{host}/{path}"));
                Refused::new(format!("in the address `{}`, {}", shown(rest), refused.reason)).instead(near)
            })?;
        }
        let host = if is_hub(&host) { HUB.to_owned() } else { host };
        Ok(Self { host, path: path.to_owned(), insecure: scheme == "http" })
    }

    /// Docker Hub's.
    #[must_use]
    pub fn hub() -> Self {
        Self { host: HUB.to_owned(), path: String::new(), insecure: false }
    }

    /// Host with port, in small letters, as it stands in names of images.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// What stands between the host and every image's name; often empty.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Whether it is Docker Hub.
    #[must_use]
    pub fn is_hub(&self) -> bool {
        self.host == HUB
    }

    /// Whether its author said that it speaks no TLS.
    #[must_use]
    pub fn is_insecure(&self) -> bool {
        self.insecure
    }

    /// The same, with or without TLS.
    #[must_use]
    pub fn insecure(self, insecure: bool) -> Self {
        Self { insecure, ..self }
    }

    /// Whether it is this machine, where Docker itself asks for no TLS.
    #[must_use]
    pub fn is_this_machine(&self) -> bool {
        let name = match self.host.strip_prefix('[') {
            Some(rest) => rest.split(']').next().unwrap_or_default(),
            None => self.host.split(':').next().unwrap_or_default(),
        };
        name == "localhost" || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }

    /// Where its API is asked, without a slash at the end: `https://registry-1.docker.io` for Docker Hub.
    #[must_use]
    pub fn endpoint(&self) -> String {
        let host = if self.is_hub() { "registry-1.docker.io" } else { &self.host };
        format!("{}://{host}", if self.insecure { "http" } else { "https" })
    }
}

/// Without scheme where it is `https://`.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.insecure { "http://" } else { "" };
        let slash = if self.path.is_empty() { "" } else { "/" };
        write!(f, "{scheme}{}{slash}{}", self.host, self.path)
    }
}

impl FromStr for Address {
    type Err = Refused;

    fn from_str(text: &str) -> Result<Self, Refused> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Address {
    type Error = Refused;

    fn try_from(text: String) -> Result<Self, Refused> {
        Self::parse(&text)
    }
}

impl From<Address> for String {
    fn from(address: Address) -> String {
        address.to_string()
    }
}
