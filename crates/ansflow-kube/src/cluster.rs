//! One cluster, as everything of AnsFlow asks it. `connect` asks nothing; a `Cluster` is cheap to clone.

mod ask;
mod clock;
mod ends;
mod kinds;
mod lines;
mod pods;
mod query;
mod read;
mod upgrade;
pub(crate) mod watch;
mod write;

pub use lines::Lines;
pub use pods::PodLog;
pub use query::{Listed, Page, Selector};
pub use read::Item;
pub use upgrade::Socket;
pub use watch::{Head, News};
pub use write::{Apply, Delete, Patch, Precondition, Propagation, Written};

use crate::access::Access;
use crate::connect::{self, Limits};
use crate::discovery::Discovery;
use crate::error::Error;
use crate::kind::Kind;
use clock::Clock;
use ends::Ends;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// The name under which fields that we applied are ours.
pub const MANAGER: &str = "ansflow";

/// A cluster.
#[derive(Clone)]
pub struct Cluster(Arc<Parts>);

struct Parts {
    client: kube::Client,
    host: String,
    server: String,
    namespace: String,
    in_flight: Semaphore,
    discovery: Discovery,
    clock: Clock,
    ends: Option<Ends>,
}

impl Cluster {
    /// The cluster that an access leads to. Nothing is asked yet; an error says which part of the access cannot be used.
    /// To be called inside a tokio runtime, and used inside the same one.
    pub fn connect(access: &Access, limits: &Limits) -> Result<Cluster, Error> {
        Ok(Cluster(Arc::new(Parts {
            client: connect::client(access, limits)?,
            host: access.host().to_owned(),
            server: access.server.clone(),
            namespace: access.default_namespace().to_owned(),
            in_flight: Semaphore::new(limits.in_flight.max(1)),
            discovery: Discovery::default(),
            clock: Clock::default(),
            ends: Ends::of(&access.auth),
        })))
    }

    /// The server, as messages name it: host and port.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.0.host
    }

    /// The server's whole address.
    #[must_use]
    pub fn server(&self) -> &str {
        &self.0.server
    }

    /// Where things go that say no namespace.
    #[must_use]
    pub fn default_namespace(&self) -> &str {
        &self.0.namespace
    }

    /// The kind that a word of people means: `deploy`, `deployments`, `Deployment`, `certificates.cert-manager.io`. Kinds
    /// that every cluster has need no question; others are looked up, and once more where one is not there yet.
    pub async fn kind(&self, word: &str) -> Result<Kind, Error> {
        match Kind::all_builtin().find(|kind| kind.is_called(word)) {
            Some(kind) => Ok(kind),
            None => self.0.discovery.called(self, word).await,
        }
    }

    /// The kind of a group and a name, as manifests write it. `version` is preferred where it is served.
    pub async fn kind_of(&self, group: &str, version: Option<&str>, kind: &str) -> Result<Kind, Error> {
        match Kind::builtin(group, kind).filter(|known| version.is_none_or(|version| version == known.version)) {
            Some(kind) => Ok(kind),
            None => self.0.discovery.of(self, group, version, kind).await,
        }
    }

    /// Every kind that the cluster serves, in its preferred version.
    pub async fn kinds(&self) -> Result<Arc<Vec<Kind>>, Error> {
        self.0.discovery.all(self).await
    }

    /// What time it is there, as far as its answers tell: to a second or two.
    #[must_use]
    pub fn time(&self) -> jiff::Timestamp {
        self.0.clock.time()
    }

    /// Forgets what kinds there are: a definition was just applied.
    pub fn forget_kinds(&self) {
        self.0.discovery.forget();
    }
}

impl std::fmt::Debug for Cluster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Cluster({})", self.0.host)
    }
}
