//! What every handler can reach.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use ansflow_store::{Files, Keyring, Store};
use jiff::Timestamp;

use crate::api::pipelines::Meanings;
use crate::api::registries::Places;
use crate::clusters::Reach;
use crate::live::Live;
use crate::metrics::Metrics;
use crate::password::Passwords;
use crate::throttle::Throttle;

/// The server's state. Cheap to clone.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    files: Files,
    keyring: Keyring,
    config: Config,
    clock: Box<Clock>,
    assets: Box<Assets>,
    passwords: Passwords,
    throttle: Throttle,
    metrics: Metrics,
    live: Live,
    meanings: Meanings,
    registry_places: Places,
    reach: Reach,
}

/// Tells the time; tests have their own.
pub type Clock = dyn Fn() -> Timestamp + Send + Sync;

/// Finds a file of the web UI by its path, such as `index.html`.
pub type Assets = dyn Fn(&str) -> Option<Asset> + Send + Sync;

/// A file of the web UI.
#[derive(Debug, Clone)]
pub struct Asset {
    /// Its bytes.
    pub bytes: Cow<'static, [u8]>,
    /// SHA-256 of them.
    pub sha256: [u8; 32],
}

/// What whoever starts the server decides.
#[derive(Clone, Default)]
pub struct Config {
    /// Shown by `/version`.
    pub version: String,
    /// The version of Kubernetes that a simulated cluster beside the server claims to be; none: nothing is simulated here.
    pub simulated_cluster: Option<String>,
    /// The one-time code for the first administrator; none: there is one, or nobody can become one.
    pub setup_code: Option<String>,
    /// Whether browsers come by HTTPS, so that cookies may say so.
    pub secure_cookies: bool,
    /// The names that browsers may use for the server, in lower case and without a port, such as `localhost`; others are
    /// turned away, so that no page elsewhere can reach it by a name of its own. Empty: any name.
    pub allowed_hosts: Vec<String>,
    /// What connections to clusters may do.
    pub clusters: ansflow_kube::Limits,
    /// So often it is looked whether who has a stream open may still have it; none: every 15 s.
    pub look_again: Option<Duration>,
}

impl App {
    /// Puts it together.
    pub fn new(
        store: Store,
        files: Files,
        keyring: Keyring,
        config: Config,
        clock: Box<Clock>,
        assets: Box<Assets>,
    ) -> App {
        let (passwords, throttle, metrics) = (Passwords::default(), Throttle::default(), Metrics::default());
        let (live, meanings) = (Live::default(), Meanings::default());
        let registry_places = Places::default();
        let inner = Inner {
            store,
            files,
            keyring,
            config,
            clock,
            assets,
            passwords,
            throttle,
            metrics,
            live,
            meanings,
            registry_places,
            reach: Reach::default(),
        };
        App { inner: Arc::new(inner) }
    }

    /// What AnsFlow remembers.
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// Where files are.
    pub fn files(&self) -> &Files {
        &self.inner.files
    }

    /// What many look at at once.
    pub(crate) fn live(&self) -> &Live {
        &self.inner.live
    }

    /// What seals secrets.
    pub fn keyring(&self) -> &Keyring {
        &self.inner.keyring
    }

    /// What was decided at the start.
    pub fn config(&self) -> &Config {
        &self.inner.config
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        (self.inner.clock)()
    }

    /// What the texts of pipelines mean, of those that were asked for lately.
    pub(crate) fn meanings(&self) -> &Meanings {
        &self.inner.meanings
    }

    /// Who may ask a registry now.
    pub(crate) fn registry_places(&self) -> &Places {
        &self.inner.registry_places
    }

    /// The clients of clusters.
    pub(crate) fn reach(&self) -> &Reach {
        &self.inner.reach
    }

    /// A file of the web UI.
    pub fn asset(&self, path: &str) -> Option<Asset> {
        (self.inner.assets)(path)
    }

    /// Who checks passwords.
    pub(crate) fn passwords(&self) -> &Passwords {
        &self.inner.passwords
    }

    /// Who counts attempts.
    pub(crate) fn throttle(&self) -> &Throttle {
        &self.inner.throttle
    }

    /// Who counts answers.
    pub(crate) fn metrics(&self) -> &Metrics {
        &self.inner.metrics
    }
}

impl std::fmt::Debug for Config {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Config").field("version", &self.version).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("App")
    }
}
