//! What a cluster is reached with: an address, whom to trust, who one is. Plain data, without anything to be looked up.
//!
//! It is serialised for one purpose, the pipe to the process of an attempt, and shown nowhere.

mod kubeconfig;
#[cfg(test)]
mod tests;

use base64::Engine as _;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use zeroize::Zeroizing;

/// A text that is shown nowhere, and wiped from memory when it is dropped.
pub type Secret = Zeroizing<String>;

/// How a cluster is reached, and as whom.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    /// `https://10.0.0.5:6443`, with or without a path.
    pub server: String,
    /// Who is at the other end.
    #[serde(default)]
    pub tls: Tls,
    /// Who we are.
    #[serde(default)]
    pub auth: Auth,
    /// Whom we act for, if that is another.
    #[serde(default)]
    pub acts_as: Option<ActsAs>,
    /// `http://proxy:3128` or `socks5://proxy:1080`.
    #[serde(default)]
    pub proxy: Option<Secret>,
    /// Where things go that say no namespace; `default` where nothing is said.
    #[serde(default)]
    pub namespace: Option<String>,
}

/// How a server proves to be the cluster's.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Tls {
    /// Certificates of authorities, PEM; the machine's own where there are none.
    pub roots: Option<String>,
    /// Whether the server's certificate is looked at. Without, whoever answers is believed.
    pub verify: bool,
    /// The name that the certificate must have, where it is not the server's.
    pub server_name: Option<String>,
}

/// Who we are.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Auth {
    /// Nobody.
    #[default]
    Nobody,
    /// A bearer token.
    Token(Secret),
    /// A client certificate.
    Certificate {
        /// PEM, with those between it and its authority.
        cert: String,
        /// Its private key, PEM.
        key: Secret,
    },
    /// The service account of the pod that this runs in; its token is read again when it changes.
    InCluster,
    /// A program that the administrator allowed prints a token.
    Exec(Program),
}

/// A program that prints an `ExecCredential`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    /// Absolute.
    pub path: PathBuf,
    /// Its arguments.
    #[serde(default)]
    pub args: Vec<String>,
    /// What its environment has besides.
    #[serde(default)]
    pub env: Vec<(String, Secret)>,
}

/// Whom we act for: `Impersonate-…`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ActsAs {
    /// `as`.
    pub user: String,
    /// `as-uid`.
    pub uid: Option<String>,
    /// `as-groups`.
    pub groups: Vec<String>,
}

impl Default for Tls {
    fn default() -> Tls {
        Tls { roots: None, verify: true, server_name: None }
    }
}

impl Access {
    /// A server, as nobody, trusting the machine's authorities.
    #[must_use]
    pub fn new(server: impl Into<String>) -> Access {
        Access {
            server: server.into(),
            tls: Tls::default(),
            auth: Auth::default(),
            acts_as: None,
            proxy: None,
            namespace: None,
        }
    }

    /// The server as messages name it: host, and port where one is written.
    #[must_use]
    pub fn host(&self) -> &str {
        let rest = self.server.split_once("://").map_or(self.server.as_str(), |(_, rest)| rest);
        let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
        authority.rsplit_once('@').map_or(authority, |(_, host)| host)
    }

    /// Where things go that say no namespace.
    #[must_use]
    pub fn default_namespace(&self) -> &str {
        self.namespace.as_deref().unwrap_or("default")
    }

    /// A kubeconfig with this alone, everything inside: one cluster, one user, one context. JSON, which is YAML. It holds
    /// the credential: a file of it is its owner's only.
    #[must_use]
    pub fn kubeconfig(&self) -> Secret {
        kubeconfig::kubeconfig(self)
    }

    /// Everything that must not be read in an output, as it is and in the forms that it is passed on in.
    #[must_use]
    pub fn secrets(&self) -> Vec<Secret> {
        let mut found = Vec::new();
        match &self.auth {
            Auth::Nobody | Auth::InCluster => {}
            Auth::Token(token) => found.push(token.clone()),
            Auth::Certificate { cert, key } => {
                found.extend([key.clone(), base64_of(key), base64_of(cert)]);
                let lines = key.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("-----"));
                found.extend(lines.map(|line| Zeroizing::new(line.to_owned())));
            }
            Auth::Exec(program) => found.extend(program.env.iter().map(|(_, value)| value.clone())),
        }
        // `http://user:password@proxy`.
        let user_info = self.proxy.as_ref().and_then(|proxy| {
            let (_, rest) = proxy.split_once("://")?;
            let (user_info, _) = rest.rsplit_once('@')?;
            Some(user_info.split_once(':')?.1.to_owned())
        });
        found.extend(user_info.map(Zeroizing::new));
        found.retain(|secret| !secret.trim().is_empty());
        found
    }
}

pub(crate) fn base64_of(text: &str) -> Secret {
    Zeroizing::new(base64::engine::general_purpose::STANDARD.encode(text))
}

impl std::fmt::Debug for Access {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Access({}, [hidden])", self.host())
    }
}

impl std::fmt::Debug for Tls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Tls(verify: {}, own roots: {})", self.verify, self.roots.is_some())
    }
}

impl std::fmt::Debug for Auth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Auth::Nobody => "Nobody",
            Auth::Token(_) => "Token([hidden])",
            Auth::Certificate { .. } => "Certificate([hidden])",
            Auth::InCluster => "InCluster",
            Auth::Exec(_) => "Exec([hidden])",
        })
    }
}

impl std::fmt::Debug for Program {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Program({}, [hidden])", self.path.display())
    }
}

impl std::fmt::Debug for ActsAs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ActsAs({})", self.user)
    }
}
