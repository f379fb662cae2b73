//! Simulated clusters at the far side of the wire, and what they hold.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use ansflow_kube::cluster::{Page, Selector};
use ansflow_kube::object::Obj;
use ansflow_kube::{Access, Cluster, Kind, Limits, access};
use ansflow_sim::{Sim, SimConfig, Who};
use serde_json::Value;
use tokio::runtime::Runtime;

/// A simulated cluster of one test.
pub(crate) struct Far {
    runtime: Runtime,
    sim: Sim,
}

/// What steps that run as Jobs have in a cluster: Jobs, their pods that run, and Secrets.
pub(crate) fn of_jobs(far: &Far) -> Vec<String> {
    let named = |kind: &str, object: &Obj| format!("{kind}/{}", object.name());
    let is_over = |pod: &Obj| matches!(pod.text(&["status", "phase"]), Some("Succeeded" | "Failed"));
    let jobs = far.all_of("batch", "Job", "default");
    let pods = far.all("Pod", "default").into_iter().filter(|pod| !is_over(pod)).collect::<Vec<_>>();
    let secrets = far.all("Secret", "default");
    let secrets = secrets.iter().filter(|secret| secret.name().starts_with("af-"));
    let all = jobs.iter().map(|job| named("Job", job)).chain(pods.iter().map(|pod| named("Pod", pod)));
    all.chain(secrets.map(|secret| named("Secret", secret))).collect()
}

impl Far {
    pub(crate) fn start(name: &str) -> Far {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let sim = runtime.block_on(Sim::start(SimConfig { name: name.to_owned(), ..SimConfig::default() })).unwrap();
        Far { runtime, sim }
    }

    /// How its administrator reaches it.
    pub(crate) fn access(&self) -> Access {
        let (cert, key) = self.sim.certificate(&Who::admin());
        let mut access = Access::new(self.sim.url());
        access.tls.roots = Some(self.sim.ca_pem());
        access.auth = access::Auth::Certificate { cert, key: access::Secret::new(key) };
        access
    }

    /// All objects of a kind of the core group in a namespace.
    pub(crate) fn all(&self, kind: &str, namespace: &str) -> Vec<Obj> {
        self.all_of("", kind, namespace)
    }

    /// All objects of a kind in a namespace.
    pub(crate) fn all_of(&self, group: &str, kind: &str, namespace: &str) -> Vec<Obj> {
        let kind = Kind::builtin(group, kind).unwrap();
        self.ask(async |cluster| {
            cluster.list::<Obj>(&kind, Some(namespace), &Selector::all(), &Page::first(500)).await.unwrap().items
        })
    }

    /// Makes an object.
    pub(crate) fn make(&self, object: Value) {
        let object = Obj::new(object).unwrap();
        self.ask(async |cluster| drop(cluster.create(&object, false).await.unwrap()));
    }

    fn ask<T>(&self, ask: impl AsyncFnOnce(Cluster) -> T) -> T {
        self.runtime.block_on(async {
            let cluster = Cluster::connect(&self.access(), &Limits::with_loopback()).unwrap();
            ask(cluster).await
        })
    }
}

/// Says what clusters' names mean to a run in this folder.
pub(crate) fn name(dir: &Path, clusters: &[(&str, &Far)]) {
    let known: BTreeMap<&str, Access> = clusters.iter().map(|(name, far)| (*name, far.access())).collect();
    fs::write(dir.join("clusters.json"), serde_json::to_vec(&known).unwrap()).unwrap();
}
