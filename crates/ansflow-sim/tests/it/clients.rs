//! The real clients are the judges: kubectl and helm do here what they were recorded doing with a real cluster, in the
//! same order, and print the same, end with the same code and ask for the same.
//!
//! A story is a client with its commands (`fixtures/clients/*.json`, which `scripts/sim/clients.py` makes of recordings).
//! What differs has its line and its reason in `fixtures/clients/deviations.json`; a line that nothing needs is a failure.

mod deviations;
mod errand;
mod plain;
mod story;

use ansflow_sim::{NodeSpec, SimConfig};

use crate::cluster::Cluster;
use crate::tools::{self, Home};
use deviations::Deviations;
use story::Story;

/// Tells a story to a cluster of its own.
async fn tell(name: &str) {
    let story = Story::read(name);
    let Some(program) = tools::client(&story.client) else { return };
    let node = NodeSpec { cpus: 2, memory: 24 << 30, ..NodeSpec::named("vm") };
    let cluster = Cluster::with(SimConfig { nodes: vec![node], ..SimConfig::default() }).await;
    let home = Home::of(&cluster);
    let mut deviations = Deviations::of(name);
    for step in &story.steps {
        let began = std::time::Instant::now();
        let seen = errand::run(&cluster, &home, &program, &story, step).await;
        println!("{name} {} took {:.1?}", step.name, began.elapsed());
        deviations.judge(&step.name, step.differences(&seen));
    }
    cluster.sim.stop().await;
    deviations.end();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kubectl_cannot_tell_it_from_a_cluster() {
    tell("kubectl").await;
}

// They mostly wait, so that they are told side by side.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn helms_cannot_tell_it_from_a_cluster() {
    tokio::join!(tell("helm-4"), tell("helm-3"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn helms_meet_trouble_as_with_a_cluster() {
    tokio::join!(tell("helm-4-trouble"), tell("helm-3-trouble"));
}
