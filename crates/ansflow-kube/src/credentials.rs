//! What people give to reach a cluster – a token, a kubeconfig, a certificate with its key, or nothing in a pod – taken apart
//! into plain data. Nothing that is given leads to a file or a program of this machine, unless an administrator allowed that
//! program by its path; on a laptop [`inline`] reads the user's own files.

mod certificate;
mod facts;
mod in_cluster;
mod inline;
mod kubeconfig;
mod refused;
mod server;
#[cfg(test)]
mod tests;
mod token;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

pub use self::certificate::{authorities, certificate};
pub use self::facts::{Facts, facts};
pub use self::in_cluster::{InCluster, in_cluster};
pub use self::inline::inline;
pub use self::kubeconfig::{Given, contexts, parse};
pub use self::refused::Refused;
pub use self::server::{proxy, server};
pub use self::token::token;
use crate::access::{Access, ActsAs, Auth, Secret, Tls};

/// The part of an access that is kept sealed.
#[derive(Clone, Serialize, Deserialize)]
pub struct Credential {
    /// Who we are.
    pub auth: Auth,
    /// Whom we act for, if that is another.
    #[serde(default)]
    pub acts_as: Option<ActsAs>,
    /// The proxy, where its address holds a password.
    #[serde(default)]
    pub proxy: Option<Secret>,
}

/// The part of an access that may be told. Empty texts say nothing.
#[derive(Debug, Clone, Copy)]
pub struct Place<'p> {
    /// `https://host:port`.
    pub server: &'p str,
    /// PEM.
    pub ca: &'p str,
    /// Whether its certificate is looked at.
    pub verify_tls: bool,
    /// The name that its certificate must have.
    pub tls_server_name: &'p str,
    /// Without user and password.
    pub proxy: &'p str,
    /// Where things go that say no namespace.
    pub namespace: &'p str,
}

impl Credential {
    /// What of an access is kept sealed.
    #[must_use]
    pub fn of(access: &Access) -> Credential {
        let proxy = access.proxy.clone().filter(|proxy| server::without_login(proxy) != proxy.as_str());
        Credential { auth: access.auth.clone(), acts_as: access.acts_as.clone(), proxy }
    }

    /// As text that can be sealed.
    #[must_use]
    pub fn text(&self) -> Secret {
        Zeroizing::new(serde_json::to_string(self).unwrap_or_default())
    }

    /// What was sealed, if it is one.
    #[must_use]
    pub fn read(text: &str) -> Option<Credential> {
        serde_json::from_str(text).ok()
    }

    /// Everything that a cluster is reached with.
    #[must_use]
    pub fn access(&self, place: &Place<'_>) -> Access {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let kept = self.proxy.clone().filter(|kept| server::without_login(kept) == place.proxy);
        let mut access = Access::new(place.server);
        access.tls = Tls { roots: some(place.ca), verify: place.verify_tls, server_name: some(place.tls_server_name) };
        access.auth = self.auth.clone();
        access.acts_as = self.acts_as.clone();
        access.proxy = kept.or_else(|| some(place.proxy).map(Zeroizing::new));
        access.namespace = some(place.namespace);
        access
    }

    /// The proxy as it may be told; empty: none.
    #[must_use]
    pub fn proxy_of(access: &Access) -> String {
        access.proxy.as_ref().map(|proxy| server::without_login(proxy)).unwrap_or_default()
    }
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Credential({:?})", self.auth)
    }
}
