//! Simulated clusters at the far side of the wire, and what they hold.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use ansflow_kube::cluster::{Page, Selector};
use ansflow_kube::object::Obj;
use ansflow_kube::{Access, Cluster, Kind, Limits, access};
use ansflow_sim::{Sim, SimConfig, Who};
use tokio::runtime::Runtime;

/// A simulated cluster of one test.
pub(crate) struct Far {
    runtime: Runtime,
    sim: Sim,
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
        let kind = Kind::builtin("", kind).unwrap();
        self.runtime.block_on(async {
            let cluster = Cluster::connect(&self.access(), &Limits::with_loopback()).unwrap();
            cluster.list::<Obj>(&kind, Some(namespace), &Selector::all(), &Page::first(500)).await.unwrap().items
        })
    }
}

/// Says what clusters' names mean to a run in this folder.
pub(crate) fn name(dir: &Path, clusters: &[(&str, &Far)]) {
    let known: BTreeMap<&str, Access> = clusters.iter().map(|(name, far)| (*name, far.access())).collect();
    fs::write(dir.join("clusters.json"), serde_json::to_vec(&known).unwrap()).unwrap();
}
