//! The nodes of the cluster: who says where a pod goes, what a node does with it, and what becomes of a node that is lost.
//!
//! The kubelet is its algorithm, not a script: what a watcher sees of a crash follows from when it looks, what it remembers
//! and when it tries again (`kubelet/worker.rs`).

mod images;
mod kubelet;
mod lifecycle;
mod pod;
mod quantity;
mod scheduler;

use crate::config::SimConfig;
use crate::world::controller::Controller;

/// The scheduler, the watcher over nodes, and a kubelet for each node of the configuration.
pub(crate) fn controllers(config: &SimConfig) -> Vec<Box<dyn Controller>> {
    let mut all: Vec<Box<dyn Controller>> =
        vec![Box::new(scheduler::Scheduler::new(config)), Box::new(lifecycle::Lifecycle::new(config))];
    for (at, node) in config.nodes.iter().enumerate() {
        all.push(Box::new(kubelet::Kubelet::new(config.seed, &node.name, at)));
    }
    all
}
