//! The way to a cluster, of our own: kube's client over a connector that checks where it goes, with nothing read from the
//! environment and no redirect followed.

mod cause;
pub(crate) mod exec;
mod guard;
mod peer;
mod service;
mod tls;
pub(crate) mod token;
mod wire;

pub use cause::{Trouble, Why};
pub use guard::Lookup;
pub use peer::Presented;

use crate::access::{Access, Auth};
use guard::Guard;
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use service::{Base, Door};
use std::path::PathBuf;
use std::time::Duration;
use tls::Tls;
use token::{CA_FILE, Tokens};
use wire::{Connector, Proxy};

/// How long a connection that nobody uses is kept.
const IDLE: Duration = Duration::from_secs(60);

/// What a connection may do.
#[derive(Clone)]
pub struct Limits {
    /// Whether this machine itself may be a cluster's address: on a laptop and in tests.
    pub allow_loopback: bool,
    /// How many requests are under way at once; watches and streams are not counted.
    pub in_flight: usize,
    /// Programs that may be run for a token, by absolute path.
    pub allowed_exec: Vec<PathBuf>,
    /// A telephone book of one's own; the system's where there is none.
    pub lookup: Option<Lookup>,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { allow_loopback: false, in_flight: 20, allowed_exec: Vec::new(), lookup: None }
    }
}

impl Limits {
    /// As they are where the cluster may be this machine.
    #[must_use]
    pub fn with_loopback() -> Limits {
        Limits { allow_loopback: true, ..Limits::default() }
    }
}

/// kube's client over our door. It asks nothing yet; inside a tokio runtime only.
pub(crate) fn client(access: &Access, limits: &Limits) -> Result<kube::Client, Trouble> {
    let host = access.host().to_owned();
    door(access, limits)
        .map(|door| kube::Client::new(door, access.default_namespace()))
        .map_err(|why| Trouble::new(host, why))
}

fn door(access: &Access, limits: &Limits) -> Result<Door, Why> {
    let base = Base::new(&access.server)?;
    let connector = Connector {
        guard: Guard { allow_loopback: limits.allow_loopback, lookup: limits.lookup.clone() },
        tls: Tls::new(access, roots(access)?.as_deref())?,
        proxy: access.proxy.as_ref().map(|proxy| Proxy::new(proxy)).transpose()?,
    };
    let client =
        Client::builder(TokioExecutor::new()).pool_idle_timeout(IDLE).pool_timer(TokioTimer::new()).build(connector);
    Door::new(client, base, Tokens::new(&access.auth, limits), access)
}

/// A pod trusts the authority that it was given.
fn roots(access: &Access) -> Result<Option<String>, Why> {
    match (&access.tls.roots, &access.auth) {
        (Some(roots), _) => Ok(Some(roots.clone())),
        (None, Auth::InCluster) => std::fs::read_to_string(CA_FILE)
            .map(Some)
            .map_err(|error| Why::Credential(format!("{CA_FILE}: {error}; is this a pod with a service account?"))),
        (None, _) => Ok(None),
    }
}
