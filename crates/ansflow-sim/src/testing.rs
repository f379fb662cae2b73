//! The cluster that tests of other crates speak to: a real one where `ANSFLOW_TEST_KUBECONFIG` names its kubeconfig, else one
//! simulated cluster for each test process. A test that is about faults asks for [`Cluster::simulated`], and no other does:
//! everything else runs unchanged on a real cluster.

mod ask;
mod kubeconfig;
mod wire;

use std::fmt;
use std::ops::Deref;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::runtime::Handle;

use crate::config::{SimConfig, Who};
use crate::faults::registry::Registry;
use crate::sim::Sim;
use ask::Client;
pub use kubeconfig::Access;
pub use wire::Wire;

/// Where the kubeconfig of a real cluster is.
const KUBECONFIG: &str = "ANSFLOW_TEST_KUBECONFIG";

/// Which images there are to be used instead: `busybox=registry.local/busybox:1,web=registry.local/nginx:1`.
const IMAGES: &str = "ANSFLOW_TEST_IMAGES";

/// How long a clean-up may take at most; it goes on afterwards, where the process does.
const CLEAN_UP: Duration = Duration::from_secs(2);

/// The cluster of this test process.
pub struct Cluster {
    kubeconfig: String,
    client: Client,
    sim: Option<Sim>,
    /// Of a runtime that lives as long as the process: tests come and go with theirs.
    handle: Handle,
}

/// A namespace of a test, with an account that pods can run as. It is removed when it is dropped.
pub struct Namespace {
    name: String,
    cluster: &'static Cluster,
}

/// Faults of the simulated cluster, which are taken back when this is dropped.
pub struct Faults {
    sim: &'static Sim,
    put: Mutex<Vec<String>>,
}

impl Cluster {
    /// The cluster.
    ///
    /// # Panics
    ///
    /// Where there is none: the kubeconfig cannot be used, or nothing can be started.
    pub async fn get() -> &'static Cluster {
        static CLUSTER: OnceLock<Cluster> = OnceLock::new();
        // Blocks this thread, not the one that starts it.
        CLUSTER.get_or_init(|| match start().recv() {
            Ok(Ok(cluster)) => cluster,
            Ok(Err(why)) => panic!("there is no cluster for the tests: {why}"),
            Err(why) => panic!("there is no cluster for the tests: {why}"),
        })
    }

    /// A kubeconfig of its administrator.
    #[must_use]
    pub fn kubeconfig(&self) -> &str {
        &self.kubeconfig
    }

    /// What stands in the kubeconfig, taken apart.
    #[must_use]
    pub fn access(&self) -> &Access {
        self.client.access()
    }

    /// A way to it that can be cut, while others go on speaking to it.
    ///
    /// # Panics
    ///
    /// Where this machine has no port for it.
    #[must_use]
    pub fn wire(&self) -> Wire {
        match Wire::to(&self.access().server, &self.handle) {
            Ok(wire) => wire,
            Err(why) => panic!("there is no wire to the cluster: {why}"),
        }
    }

    /// A fresh namespace: `t-` and eight digits.
    ///
    /// # Panics
    ///
    /// Where it cannot be made.
    pub async fn namespace(&'static self) -> Namespace {
        let name = format!("t-{}", unique());
        let space = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": {"ansflow.io/test": "true"}}});
        let (code, said) = self.ask("POST", "/api/v1/namespaces", Some(&space)).await;
        assert_eq!(code, 201, "{said}");
        // Without its account no pod is taken.
        let accounts = format!("/api/v1/namespaces/{name}/serviceaccounts?watch=true&timeoutSeconds=30");
        let first = self.client.first_line(&format!("{accounts}&fieldSelector=metadata.name%3Ddefault")).await;
        assert!(first.as_ref().is_ok_and(|line| line.contains("ADDED")), "{name} got no account: {first:?}");
        Namespace { name, cluster: self }
    }

    /// An image that the cluster can pull: `busybox` has a shell, `web` answers on port 80.
    #[must_use]
    pub fn image(&self, what: &str) -> String {
        let given = std::env::var(IMAGES).unwrap_or_default();
        let given = given.split(',').find_map(|pair| pair.split_once('=').filter(|(name, _)| *name == what));
        match (given, what) {
            (Some((_, image)), _) => image.to_owned(),
            (None, "busybox") => "busybox:1.36".to_owned(),
            (None, "web") => "nginx:1.22".to_owned(),
            (None, other) => other.to_owned(),
        }
    }

    /// The faults of the simulated cluster; on a real one None, which is said: the test is over. For tests whose names
    /// begin with `simulated_` alone.
    #[must_use]
    #[expect(clippy::print_stdout, reason = "a test that did not run must say so")]
    pub fn simulated(&'static self) -> Option<Faults> {
        if self.sim.is_none() {
            println!("NOT RUN: needs the simulator's faults");
        }
        Some(Faults { sim: self.sim.as_ref()?, put: Mutex::default() })
    }

    /// Asks the cluster: status and answer. For what a test has to prepare without what it tests.
    ///
    /// # Panics
    ///
    /// Where nobody answers.
    pub async fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
        match self.client.ask(method, path, body).await {
            Ok(told) => told,
            Err(why) => panic!("{method} {path}: {why}"),
        }
    }
}

/// Starts it on a thread of its own.
fn start() -> Receiver<Result<Cluster, String>> {
    let (told, hear) = channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        match runtime {
            Ok(runtime) => {
                let cluster = runtime.block_on(connect(runtime.handle().clone()));
                // Nobody listens any more: the process ends.
                let _gone = told.send(cluster);
                runtime.block_on(std::future::pending::<()>());
            }
            Err(why) => drop(told.send(Err(why.to_string()))),
        }
    });
    hear
}

async fn connect(handle: Handle) -> Result<Cluster, String> {
    let (kubeconfig, sim) = match std::env::var_os(KUBECONFIG) {
        Some(path) => (std::fs::read_to_string(&path).map_err(|why| format!("{}: {why}", path.display()))?, None),
        None => {
            let config = SimConfig { rbac: true, ..SimConfig::default() };
            let sim = Sim::start(config).await.map_err(|why| why.to_string())?;
            (sim.kubeconfig(&Who::admin()), Some(sim))
        }
    };
    let client = Client::new(kubeconfig::read(&kubeconfig)?)?;
    if sim.is_none() {
        sweep(&client).await?;
    }
    Ok(Cluster { kubeconfig, client, sim, handle })
}

/// Removes what test processes left that were killed.
async fn sweep(client: &Client) -> Result<(), String> {
    let (_, spaces) = client.ask("GET", "/api/v1/namespaces?labelSelector=ansflow.io%2Ftest", None).await?;
    let old = (jiff::Timestamp::now().as_second() - 1_800).max(0);
    for space in spaces["items"].as_array().into_iter().flatten() {
        let made: Option<jiff::Timestamp> =
            space["metadata"]["creationTimestamp"].as_str().and_then(|text| text.parse().ok());
        if let (Some(made), Some(name)) = (made, space["metadata"]["name"].as_str())
            && made.as_second() < old
        {
            client.ask("DELETE", &format!("/api/v1/namespaces/{name}"), None).await?;
        }
    }
    Ok(())
}

/// Eight digits that no other test has.
fn unique() -> String {
    let mut bytes = [0_u8; 4];
    let random = ring::rand::SystemRandom::new();
    if ring::rand::SecureRandom::fill(&random, &mut bytes).is_err() {
        bytes = std::process::id().to_le_bytes();
    }
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Faults {
    /// Adds a rule: `{"on": {…}, "what": {…}}` as in docs/simulator.md.
    ///
    /// # Panics
    ///
    /// Where it is none.
    pub fn put(&self, rule: Value) {
        let name = format!("t-{}", unique());
        match serde_json::from_value(rule) {
            Ok(rule) => self.sim.faults().put(&name, rule),
            Err(why) => panic!("this is no rule: {why}"),
        }
        self.put.lock().unwrap_or_else(PoisonError::into_inner).push(name);
    }

    /// Answers for a registry: `of` is what references in full begin with, `127.0.0.1:5000` or `docker.io/library/web`;
    /// `has` says of one of them under which digest it is there. What is not there is not found.
    pub fn registry(&self, of: &str, has: impl Fn(&str) -> Option<String> + Send + Sync + 'static) {
        let name = format!("t-{}", unique());
        self.sim.faults().put_registry(&name, Registry::new(of, has));
        self.put.lock().unwrap_or_else(PoisonError::into_inner).push(name);
    }

    /// Takes every rule back that was added here.
    pub fn clear(&self) {
        for name in self.put.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            self.sim.faults().remove(&name);
        }
    }

    /// The cluster itself: its clock, its requests.
    #[must_use]
    pub fn sim(&self) -> &'static Sim {
        self.sim
    }
}

impl Drop for Faults {
    fn drop(&mut self) {
        self.clear();
    }
}

impl Deref for Namespace {
    type Target = str;

    fn deref(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for Namespace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl Drop for Namespace {
    /// Asks for its removal, and does not wait for that.
    fn drop(&mut self) {
        let (told, hear) = channel();
        let (client, path) = (self.cluster.client.clone(), format!("/api/v1/namespaces/{}", self.name));
        self.cluster.handle.spawn(async move {
            let asked = client.ask("DELETE", &path, None).await;
            let _gone = told.send(asked);
        });
        // What is not removed now is swept by a later process.
        let _late = hear.recv_timeout(CLEAN_UP);
    }
}
