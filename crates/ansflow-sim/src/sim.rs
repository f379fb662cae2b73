//! The simulated cluster as its owner holds it: started, asked where it is, moved on, stopped.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::{Notify, broadcast, watch};
use tokio::task::JoinHandle;

use crate::bootstrap;
use crate::clock::Clock;
use crate::config::{SimConfig, Who};
use crate::containers::Containers;
use crate::door::Door;
use crate::faults::Faults;
use crate::http;
use crate::http::asked::{Asked, Listeners};
use crate::http::tls::{Authority, Pem};
use crate::ids::Ids;
use crate::kinds::Kinds;
use crate::lock::lock;
use crate::schema;
use crate::store::Store;
use crate::time::Micros;
use crate::world::World;

/// A simulated cluster. Copies are handles of the same one; it ends with `stop`, or with the process.
#[derive(Clone)]
pub struct Sim(Arc<Parts>);

/// Why a cluster could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address is taken, or not ours.
    #[error("failed to listen on {address}")]
    Listen {
        /// Where it should have listened.
        address: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// The certificates could not be made.
    #[error("failed to make the cluster's certificates: {0}")]
    Certificates(String),
}

struct Parts {
    config: SimConfig,
    address: SocketAddr,
    authority: Authority,
    door: Door,
    store: Store,
    kinds: Kinds,
    clock: Clock,
    ids: Mutex<Ids>,
    audit: Mutex<Ids>,
    world: Mutex<World>,
    containers: Containers,
    faults: Faults,
    listeners: Listeners,
    /// Told when the clock has jumped, so that nobody sleeps through it.
    jumped: Notify,
    stop: watch::Sender<bool>,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

impl Sim {
    /// Starts a cluster: when this returns, it answers.
    ///
    /// # Errors
    ///
    /// Where it cannot listen, or has no certificates.
    pub async fn start(config: SimConfig) -> Result<Sim, StartError> {
        schema::start();
        let listened = |source| StartError::Listen { address: config.listen, source };
        let listener = TcpListener::bind(config.listen).await.map_err(listened)?;
        let address = listener.local_addr().map_err(listened)?;
        let authority = Authority::new(address, &config.names).map_err(StartError::Certificates)?;
        let start = config.start.unwrap_or_else(Timestamp::now);
        let world = World::new(&config);
        let sim = Sim(Arc::new(Parts {
            address,
            authority,
            door: Door::new().map_err(StartError::Certificates)?,
            store: Store::new(1_000 + config.seed % 997),
            kinds: Kinds::new(),
            clock: Clock::new(config.speed, Micros::from(start)),
            ids: Mutex::new(Ids::new(config.seed, "ids")),
            audit: Mutex::new(Ids::new(config.seed, "audit")),
            world: Mutex::new(world),
            containers: Containers::default(),
            faults: Faults::default(),
            listeners: Listeners::default(),
            jumped: Notify::new(),
            stop: watch::Sender::new(false),
            tasks: Mutex::new(Vec::new()),
            config,
        }));
        bootstrap::fill(&sim);
        let mut tasks = vec![tokio::spawn(http::serve::run(sim.clone(), listener))];
        if sim.clock().is_manual() {
            sim.advance(Duration::ZERO);
        } else {
            tasks.push(tokio::spawn(crate::world::run(sim.clone())));
        }
        lock(&sim.0.tasks).extend(tasks);
        Ok(sim)
    }

    /// Where it answers: `https://127.0.0.1:40000`. One that listens everywhere answers on this machine too.
    #[must_use]
    pub fn url(&self) -> String {
        let mut address = self.0.address;
        if address.ip().is_unspecified() {
            let here: IpAddr = if address.is_ipv4() { Ipv4Addr::LOCALHOST.into() } else { Ipv6Addr::LOCALHOST.into() };
            address.set_ip(here);
        }
        format!("https://{address}")
    }

    /// The certificate of the cluster's authority.
    #[must_use]
    pub fn ca_pem(&self) -> String {
        self.0.authority.ca_pem()
    }

    /// A kubeconfig for somebody, with a certificate of their own inside.
    #[must_use]
    pub fn kubeconfig(&self, who: &Who) -> String {
        let (certificate, key) = self.certificate(who);
        http::tls::kubeconfig(&self.0.config.name, &self.url(), &self.ca_pem(), &who.name, &certificate, &key)
    }

    /// A client certificate with its key.
    #[must_use]
    pub fn certificate(&self, who: &Who) -> (Pem, Pem) {
        let (certificate, key) = self.0.authority.client(who);
        self.0.door.remember(&http::tls::der(&certificate), who);
        (certificate, key)
    }

    /// Lets time pass: everything that falls due meanwhile happens before this returns. For a manual clock; one that goes by
    /// itself jumps ahead.
    pub fn advance(&self, span: Duration) {
        if self.clock().is_manual() {
            let until = self.clock().now().plus(span);
            lock(&self.0.world).advance(self, until);
        } else {
            self.clock().jump(span);
            self.0.jumped.notify_one();
        }
    }

    /// What time it is in the cluster.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock().now().timestamp()
    }

    /// Every request from now on, when its answer has begun.
    #[must_use]
    pub fn requests(&self) -> broadcast::Receiver<Asked> {
        self.0.listeners.join()
    }

    /// Stops it: nobody is answered any more when this returns.
    pub async fn stop(self) {
        self.0.stop.send_replace(true);
        let tasks = std::mem::take(&mut *lock(&self.0.tasks));
        for task in tasks {
            // A task that panicked has said so, and is over too.
            let _over = task.await;
        }
    }

    pub(crate) fn config(&self) -> &SimConfig {
        &self.0.config
    }

    pub(crate) fn address(&self) -> String {
        self.0.address.to_string()
    }

    pub(crate) fn authority(&self) -> &Authority {
        &self.0.authority
    }

    pub(crate) fn door(&self) -> &Door {
        &self.0.door
    }

    pub(crate) fn store(&self) -> &Store {
        &self.0.store
    }

    pub(crate) fn kinds(&self) -> &Kinds {
        &self.0.kinds
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.0.clock
    }

    pub(crate) fn now_micros(&self) -> Micros {
        self.0.clock.now()
    }

    pub(crate) fn ids(&self) -> MutexGuard<'_, Ids> {
        lock(&self.0.ids)
    }

    /// Ids of requests: a draw of their own, so that reading moves nothing.
    pub(crate) fn audit_id(&self) -> String {
        lock(&self.0.audit).uid()
    }

    pub(crate) fn listeners(&self) -> &Listeners {
        &self.0.listeners
    }

    /// What goes wrong on purpose.
    pub(crate) fn faults(&self) -> &Faults {
        &self.0.faults
    }

    /// What runs in pods.
    pub(crate) fn containers(&self) -> &Containers {
        &self.0.containers
    }

    /// Until the clock jumps; at once where it has since this was last asked.
    pub(crate) async fn jumped(&self) {
        self.0.jumped.notified().await;
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        lock(&self.0.world)
    }

    /// Turns true when the cluster stops.
    pub(crate) fn stopping(&self) -> watch::Receiver<bool> {
        self.0.stop.subscribe()
    }
}

impl std::fmt::Debug for Sim {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Sim({})", self.0.address)
    }
}
