//! All runs of a server: each has its turn when its time has come, and is driven to its end.
//!
//! Level-triggered, as one run is: look at what is stored, make the driven runs equal to it, wait for news. It owns no
//! truth, so that one that was killed is replaced by one that looks again; attempts live on in between.

mod admission;
mod driving;
mod environment;
mod housekeeping;
mod jobs;
mod keeper;
mod trouble;
mod workspace;

use std::collections::BTreeMap;
use std::future::Future;
use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ansflow_core::run::Input;
use ansflow_store::lead::Lead;
use ansflow_store::{Files, Store};
use jiff::Timestamp;
use tracing::{error, info, warn};

pub use self::trouble::Trouble;

use self::keeper::Keeper;
use self::trouble::Troubles;
use crate::cluster::KnownCluster;
use crate::docker::{self, Leftovers};
use crate::git_credential::GitCredential;
use crate::notify::MailServer;
use crate::registry::Registry;
use crate::spare::Spawner;

/// From asking an attempt's processes to end to killing them.
const GRACE: Duration = Duration::from_secs(10);
/// From one round of housekeeping to the next.
const HOUSEKEEPING: Duration = Duration::from_secs(3600);
/// The first round: a server that has just started has better things to do.
const SETTLED: Duration = Duration::from_secs(60);

/// A Docker daemon that does not answer holds up the rest of the housekeeping no longer.
const SWEEPING: Duration = Duration::from_secs(120);

/// So often several servers look at who drives the runs.
const LEAD: Duration = Duration::from_secs(2);

/// Asks for something that may have changed since the last time.
pub type Fetch<T> = Arc<dyn Fn() -> Fetched<T> + Send + Sync>;
/// What [`Fetch`] answers.
pub type Fetched<T> = Pin<Box<dyn Future<Output = ansflow_store::Result<T>> + Send>>;

/// What an administrator sets, as far as it concerns all runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// At most so many runs that have work to do at once.
    pub max_runs: u64,
    /// Ended runs go after so many days; 0: never.
    pub keep_runs_days: u32,
    /// Workspaces of ended runs go after so many days; 0: never.
    pub keep_workspaces_days: u32,
}

impl Default for Limits {
    fn default() -> Self {
        let processors = std::thread::available_parallelism().map_or(1, |count| count.get() as u64);
        Self { max_runs: (4 * processors).max(8), keep_runs_days: 0, keep_workspaces_days: 0 }
    }
}

/// What the fleet asks for again and again.
#[derive(Clone)]
pub struct Sources {
    /// Asked before every decision about turns.
    pub limits: Fetch<Limits>,
    /// Asked when a run begins to be driven: secrets by name.
    pub secrets: Fetch<BTreeMap<String, String>>,
    /// Asked when a run begins to be driven.
    pub git_credentials: Fetch<Vec<GitCredential>>,
    /// What of the host steps may mount besides their workspace, absolute: the word of whoever started the server.
    pub allowed_mounts: Vec<PathBuf>,
    /// Asked when a step begins that may name one: image registries.
    pub registries: Fetch<Vec<Registry>>,
    /// Asked when a step begins that names one: clusters.
    pub clusters: Fetch<Vec<KnownCluster>>,
    /// Asked when a run begins to be driven: how mail of `notify` steps leaves.
    pub mail: Fetch<Option<MailServer>>,
    /// Whether `notify` steps may talk to this machine's own services, for tests and the demo.
    pub allow_loopback: bool,
}

/// Drives all runs of a store. Cheap to clone.
#[derive(Clone)]
pub struct Fleet {
    store: Store,
    files: Files,
    spawner: Arc<Spawner>,
    env: Arc<BTreeMap<String, String>>,
    sources: Sources,
    troubles: Arc<Mutex<Troubles>>,
    leads: Arc<AtomicBool>,
}

impl Fleet {
    /// Of a server's store, with the runs' folders where `files` say. Attempts are `program`, called as
    /// `PROGRAM __attempt DIR`: usually this one. Of this process' environment, attempts get what is known to be theirs.
    #[must_use]
    pub fn new(store: Store, files: Files, program: PathBuf, sources: Sources) -> Fleet {
        let env = environment::allowed(std::env::vars_os());
        let spawner = Arc::new(Spawner::of_many(program, &files.runs(), env.clone()));
        Fleet { store, files, spawner, env: Arc::new(env), sources, troubles: Arc::default(), leads: Arc::default() }
    }

    /// Gives turns, drives and tidies up until `shutdown` is ready. Attempts that run then live on, as they do when the
    /// future is dropped; the next fleet attaches to them.
    ///
    /// # Errors
    /// When the runs' folder cannot be made. Nothing that comes later ends it.
    pub async fn run(&self, shutdown: impl Future<Output = ()>) -> io::Result<()> {
        workspace::private_dir(&self.files.runs())?;
        docker::instance(self.files.root())?;
        if let Err(why) = crate::can_brand() {
            warn!("processes of killed steps that hide cannot be found: {why}");
        }
        let mut shutdown = std::pin::pin!(shutdown);
        let mut is_standing_by = false;
        loop {
            let lead = tokio::select! {
                () = &mut shutdown => return Ok(()),
                lead = self.store.try_lead() => lead,
            };
            match lead {
                Ok(Some(lead)) => {
                    if self.run_while(lead, &mut shutdown).await {
                        return Ok(());
                    }
                }
                Ok(None) if is_standing_by => {}
                Ok(None) => info!("another server drives the runs of this database; this one stands by"),
                Err(error) => error!("failed to find out who drives the runs: {error}"),
            }
            is_standing_by = true;
            tokio::select! {
                () = &mut shutdown => return Ok(()),
                () = tokio::time::sleep(LEAD) => {}
            }
        }
    }

    /// Until `shutdown`, or until another server may drive the runs: whether it was the first of them.
    async fn run_while(&self, mut lead: Lead, shutdown: &mut (impl Future<Output = ()> + Unpin)) -> bool {
        let mut keeper = Keeper::new(self.clone());
        self.leads.store(true, Ordering::Relaxed);
        let is_down = tokio::select! {
            () = shutdown => true,
            () = keeper.keep() => false,
            () = self.keep_house() => false,
            () = lost(&mut lead), if self.store.is_shared() => {
                warn!("the connection that says who drives the runs was lost; they wait until somebody does again");
                false
            }
        };
        self.leads.store(false, Ordering::Relaxed);
        keeper.stop().await;
        lead.leave().await;
        is_down
    }

    /// Whether this is the server that drives the runs of its database, and does what only one may do.
    #[must_use]
    pub fn leads(&self) -> bool {
        self.leads.load(Ordering::Relaxed)
    }

    /// Runs that cannot be driven for now, by id. They are tried again by themselves.
    #[must_use]
    pub fn troubles(&self) -> BTreeMap<String, Trouble> {
        self.lock_troubles().waiting(Timestamp::now())
    }

    /// Cancels every run that has not ended and waits until all have; only runs that cannot be driven are left. For a
    /// server that takes everything with it when it goes; [`Fleet::run`] must be under way.
    ///
    /// # Errors
    /// [`ansflow_store::Error::Unavailable`].
    pub async fn end_all(&self, by: &str) -> ansflow_store::Result<()> {
        let mut listener = self.store.changes().listen_to_all();
        loop {
            let mut turns = self.store.runs().turns().await?;
            turns.retain(|turn| self.lock_troubles().get(&turn.run).is_none());
            if turns.is_empty() {
                return Ok(());
            }
            for turn in turns {
                // Refused: it ends already.
                let _ =
                    self.store.runs().decide(&turn.run, &Input::Cancel { by: by.to_owned() }, Timestamp::now()).await;
            }
            // Trouble that comes up meanwhile is no change of a run.
            let _ = tokio::time::timeout(Duration::from_millis(500), listener.changed()).await;
        }
    }

    async fn keep_house(&self) {
        // What a machine that went down left may be in the way of those that run now.
        self.sweep().await;
        let mut wait = SETTLED;
        loop {
            tokio::time::sleep(wait).await;
            if wait == HOUSEKEEPING {
                self.sweep().await;
            }
            wait = HOUSEKEEPING;
            if let Err(error) = self.tidy(Timestamp::now()).await {
                error!("failed to tidy up: {error}");
            }
        }
    }

    async fn sweep(&self) {
        tokio::join!(self.sweep_containers(), jobs::sweep(self));
    }

    /// One round of housekeeping: what ended long ago, by the limits of now, goes.
    ///
    /// # Errors
    /// [`ansflow_store::Error::Unavailable`].
    pub async fn tidy(&self, now: Timestamp) -> ansflow_store::Result<()> {
        housekeeping::tidy(&self.store, &self.files, (self.sources.limits)().await?, now).await
    }

    /// Removes the containers of attempts that are over and could not do it themselves.
    async fn sweep_containers(&self) {
        let instance = match docker::instance(self.files.root()) {
            Ok(instance) => instance,
            Err(error) => return error!("failed to find out whose containers are ours: {error}"),
        };
        let leftovers = Leftovers::new(instance, self.files.runs(), self.env.as_ref().clone());
        let store = self.store.clone();
        let has_ended = move |run: String| {
            let store = store.clone();
            async move { matches!(store.runs().ended_at(&run).await, Ok(None | Some(Some(_)))) }
        };
        let swept = tokio::time::timeout(SWEEPING, docker::sweep(&leftovers, has_ended));
        let Ok(swept) = swept.await else {
            return warn!("containers whose steps are over could not be looked for: the Docker daemon does not answer");
        };
        match swept {
            Ok(swept) => {
                for container in swept.removed {
                    info!("the container `{}` was removed: its step is over", container.name);
                }
                for (container, why) in swept.failed {
                    warn!("the container `{}`, whose step is over, could not be removed: {why}", container.name);
                }
            }
            // Most servers have none, and need none.
            Err(ansflow_docker::Error::NoDaemon { .. }) => {}
            Err(why) => warn!("containers whose steps are over could not be looked for: {why}"),
        }
    }

    fn lock_troubles(&self) -> std::sync::MutexGuard<'_, Troubles> {
        self.troubles.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns when somebody else may lead.
async fn lost(lead: &mut Lead) {
    while lead.holds().await {
        tokio::time::sleep(LEAD).await;
    }
}

/// Whether a run's id is a name for a folder. Ids are ours, but rows are only rows.
pub(crate) fn is_plain(id: &str) -> bool {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '-';
    !id.is_empty() && id.len() <= 100 && id.chars().all(is_plain)
}

impl std::fmt::Debug for Fleet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Fleet({})", self.files.root().display())
    }
}
