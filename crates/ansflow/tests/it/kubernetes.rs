//! Pipelines that deploy to a cluster, by the command as people type it and by a server that is killed.

mod away;
mod crash;
mod leaks;
mod story;
mod typo;
mod whole;

use ansflow_sim::testing::Cluster;
use serde_json::Value as Json;
use tokio::runtime::Runtime;

use crate::world::{Ended, World};

/// The tests' cluster, and a place where the command is typed.
struct Far {
    runtime: Runtime,
    cluster: &'static Cluster,
    world: World,
}

impl Far {
    fn new() -> Far {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let cluster = runtime.block_on(Cluster::get());
        let world = World::new();
        world.write("kubeconfig", cluster.kubeconfig());
        Far { runtime, cluster, world }
    }

    fn ask(&self, method: &str, path: &str, body: Option<&Json>) -> (u16, Json) {
        self.runtime.block_on(self.cluster.ask(method, path, body))
    }

    /// An object that is there.
    fn get(&self, path: &str) -> Json {
        let (code, object) = self.ask("GET", path, None);
        assert_eq!(code, 200, "{path}: {object}");
        object
    }

    /// A fresh namespace that is removed afterwards.
    fn namespace(&self) -> ansflow_sim::testing::Namespace {
        self.runtime.block_on(self.cluster.namespace())
    }

    /// `ansflow run FILE` with the cluster under this name, and JSON events.
    fn run(&self, file: &str, name: &str, words: &[&str]) -> Ended {
        let cluster = format!("{name}=kubeconfig");
        self.world.ansflow(&[&["run", file, "-o", "json", "--cluster", &cluster], words].concat())
    }
}
