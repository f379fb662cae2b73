//! A server's data, and a fleet that can be stopped and started.

use std::collections::BTreeMap;
use std::fs;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use ansflow_core::run::event::{Event, Fact, RunCreated, RunFacts, RunStatus};
use ansflow_core::run::{Input, Run};
use ansflow_engine::{Fleet, KnownCluster, Limits, Registry, Sources};
use ansflow_store::runs::NewRun;
use ansflow_store::{Files, Store};
use jiff::Timestamp;
use serde_json::{Value as Json, json};
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::world::harness;

pub(crate) struct Server {
    pub(crate) store: Store,
    pub(crate) files: Files,
    limits: Arc<AtomicU64>,
    pub(crate) days: Arc<Mutex<(u32, u32)>>,
    secrets: Arc<Mutex<BTreeMap<String, String>>>,
    pub(crate) registries: Arc<Mutex<Vec<Registry>>>,
    pub(crate) clusters: Arc<Mutex<Vec<KnownCluster>>>,
    numbers: AtomicU64,
    _dir: TempDir,
}

/// A fleet at work.
pub(crate) struct Started {
    pub(crate) fleet: Fleet,
    stop: oneshot::Sender<()>,
    running: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn new() -> Server {
        Server::on(None).await
    }

    /// With a database of its own, or on this one.
    pub(crate) async fn on(url: Option<&str>) -> Server {
        let dir = tempfile::tempdir().unwrap();
        let files = Files::at(fs::canonicalize(dir.path()).unwrap());
        let own = format!("sqlite://{}", files.database().display());
        let store = Store::open_for_server(url.unwrap_or(&own)).await.unwrap();
        let (days, secrets) = (Arc::default(), Arc::default());
        let (registries, clusters) = (Arc::default(), Arc::default());
        let (limits, numbers) = (Arc::new(AtomicU64::new(8)), AtomicU64::new(0));
        Server { store, files, limits, days, secrets, registries, clusters, numbers, _dir: dir }
    }

    pub(crate) fn max_runs(&self, max_runs: u64) {
        self.limits.store(max_runs, Ordering::SeqCst);
    }

    pub(crate) fn set_secret(&self, name: &str, value: &str) {
        self.secrets.lock().unwrap().insert(name.into(), value.into());
    }

    pub(crate) fn fleet(&self) -> Fleet {
        let (limits, days, secrets) = (Arc::clone(&self.limits), Arc::clone(&self.days), Arc::clone(&self.secrets));
        let (registries, clusters) = (Arc::clone(&self.registries), Arc::clone(&self.clusters));
        let sources = Sources {
            mail: Arc::new(|| Box::pin(async { Ok(None) })),
            allow_loopback: true,
            limits: Arc::new(move || {
                let (keep_runs_days, keep_workspaces_days) = *days.lock().unwrap();
                let max_runs = limits.load(Ordering::SeqCst);
                Box::pin(async move { Ok(Limits { max_runs, keep_runs_days, keep_workspaces_days }) })
            }),
            secrets: Arc::new(move || {
                let secrets = secrets.lock().unwrap().clone();
                Box::pin(async move { Ok(secrets) })
            }),
            git_credentials: Arc::new(|| Box::pin(async { Ok(Vec::new()) })),
            clusters: Arc::new(move || {
                let clusters = clusters.lock().unwrap().clone();
                Box::pin(async move { Ok(clusters) })
            }),
            registries: Arc::new(move || {
                let registries = registries.lock().unwrap().clone();
                Box::pin(async move { Ok(registries) })
            }),
            allowed_mounts: Vec::new(),
        };
        Fleet::new(self.store.clone(), self.files.clone(), harness().to_owned(), sources)
    }

    pub(crate) fn start(&self) -> Started {
        let fleet = self.fleet();
        let (stop, stopped) = oneshot::channel::<()>();
        let running = tokio::spawn({
            let fleet = fleet.clone();
            async move { fleet.run(async { drop(stopped.await) }).await.unwrap() }
        });
        Started { fleet, stop, running }
    }

    /// A run that waits for its turn.
    pub(crate) async fn queue(&self, id: &str, steps: &[Json]) {
        self.queue_with(id, steps, |_| ()).await;
    }

    pub(crate) async fn queue_with(&self, id: &str, steps: &[Json], change: impl FnOnce(&mut RunCreated)) {
        let number = self.numbers.fetch_add(1, Ordering::SeqCst) + 1;
        let plan = json!({ "pipeline": "shop", "variables": {}, "steps": steps });
        let workspace = self.files.workspace(id).to_str().unwrap().to_owned();
        let mut created = RunCreated {
            run: id.into(),
            plan: serde_json::from_value(plan).unwrap(),
            facts: RunFacts { build_number: number, workspace, ..RunFacts::default() },
            carried: Vec::new(),
            deselected: Vec::new(),
            concurrency: 200,
        };
        change(&mut created);
        let mut run = Run::new();
        let events = run.advance(&Input::Create(Box::new(created)), Timestamp::now()).unwrap();
        assert_eq!(run.status(), RunStatus::Queued);
        let new = NewRun { id, pipeline: "pl_1", number, status: run.status() };
        self.store.runs().create(new, &events).await.unwrap();
    }

    pub(crate) async fn create_corrupt(&self, id: &str) {
        let number = self.numbers.fetch_add(1, Ordering::SeqCst) + 1;
        let events = [Event { at: Timestamp::now(), fact: Fact::RunStarted }];
        let new = NewRun { id, pipeline: "pl_1", number, status: RunStatus::Running };
        self.store.runs().create(new, &events).await.unwrap();
    }

    pub(crate) async fn until(&self, run: &str, status: RunStatus) {
        let mut listener = self.store.changes().listen(run);
        loop {
            let row = self.store.runs().get(run).await.unwrap();
            if row.status == status {
                return;
            }
            let ended = !matches!(row.status, RunStatus::Queued | RunStatus::Running | RunStatus::Waiting);
            assert!(!ended, "{run} is {:?}, not {status:?}: {:#?}", row.status, self.store.runs().load(run).await);
            let news = tokio::time::timeout(Duration::from_secs(60), listener.changed()).await;
            assert!(news.is_ok(), "waited in vain for {run} to be {status:?}, it is {:?}", row.status);
        }
    }

    pub(crate) async fn wait_for(&self, what: &str, mut is_so: impl FnMut() -> bool) {
        let started = Instant::now();
        while !is_so() {
            assert!(started.elapsed().as_secs() < 60, "waited in vain for {what}");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    pub(crate) fn write(&self, run: &str, name: &str, text: &str) {
        fs::write(self.files.workspace(run).join(name), text).unwrap();
    }

    pub(crate) fn text(&self, run: &str, name: &str) -> String {
        fs::read_to_string(self.files.workspace(run).join(name)).unwrap_or_default()
    }

    /// What a file says as soon as it says a whole line.
    pub(crate) async fn line(&self, run: &str, name: &str) -> String {
        self.wait_for(name, || self.text(run, name).ends_with('\n')).await;
        self.text(run, name).trim().to_owned()
    }

    /// Processes of attempts, one that waits for its order included.
    pub(crate) fn attempts(&self) -> Vec<String> {
        let here = self.files.runs().to_str().unwrap().to_owned();
        let pids = fs::read_dir("/proc").unwrap().flatten().filter_map(|entry| entry.file_name().into_string().ok());
        let words = |pid: &String| fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        pids.filter(|pid| words(pid).contains("__attempt") && words(pid).contains(&here)).collect()
    }
}

impl Started {
    /// Lets it end in order.
    pub(crate) async fn stop(self) {
        self.stop.send(()).unwrap();
        self.running.await.unwrap();
    }

    /// As a crash would.
    pub(crate) fn drop_it(self) {
        self.running.abort();
    }
}

/// A step that follows the one before it only where `needs` say so; the first of a list.
pub(crate) fn step(name: &str, command: &str) -> Json {
    json!({ "name": name, "type": "command", "needs": [], "params": { "command": command } })
}

pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(future)
}
