//! Kubernetes' own Python client: lists, watches, applies, runs commands, forwards ports, asks for tokens.
//!
//! What it does is in `scripts/sim/client.py`; the Python that has it is brought by `scripts/kube-tools.sh python`.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use ansflow_sim::SimConfig;

use crate::cluster::Cluster;
use crate::tools::Home;

fn python() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let told = std::env::var_os("ANSFLOW_TEST_KUBE_PYTHON").filter(|told| !told.is_empty()).map(PathBuf::from);
    let python = told.unwrap_or_else(|| root.join("target/tools/python-kubernetes-34.1.0/bin/python3"));
    if python.exists() {
        return Some(python);
    }
    println!("NOT RUN: THERE IS NO PYTHON CLIENT; scripts/kube-tools.sh brings it");
    None
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_python_client_finds_nothing_amiss() {
    let Some(python) = python() else { return };
    let cluster = Cluster::with(SimConfig::default()).await;
    let home = Home::of(&cluster);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/sim/client.py");
    let mut command = home.command(&python);
    command.args(["-W", "ignore"]).arg(script).arg(home.path().join("kubeconfig")).stdin(Stdio::null());
    let done = tokio::time::timeout(Duration::from_secs(90), command.output()).await.unwrap().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&[done.stdout, done.stderr].concat()));
    cluster.sim.stop().await;
}
