//! How much memory a following of thousands of pods takes. The cluster is another process, so that only ours is measured.

use super::ear::Ear;
use super::{apply, end};
use crate::live::objects::{deployment, object};
use ansflow_core::verdict::End;
use ansflow_kube::access::{Auth, Tls};
use ansflow_kube::{Access, Cluster, Limits};
use ansflow_sim::{NodeSpec, Sim, SimConfig, Speed, Who};
use serde_json::json;
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Stdio};
use zeroize::Zeroizing;

/// Says that this process is to be the cluster.
const CLUSTER: &str = "ANSFLOW_TEST_BE_THE_CLUSTER";

/// `PODS=5000` is what the figure in the papers is of; a simulated cluster without optimisation takes four minutes for it.
fn pods() -> u32 {
    std::env::var("PODS").ok().and_then(|pods| pods.parse().ok()).unwrap_or(1_000)
}

/// The cluster, where this process is to be one: its access on a line, then until its input ends.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_cluster_of_another_process() {
    if std::env::var_os(CLUSTER).is_none() {
        return;
    }
    let nodes = (0..50).map(|number| NodeSpec { cpus: 64, ..NodeSpec::named(format!("node-{number}")) }).collect();
    let sim = Sim::start(SimConfig { nodes, speed: Speed::Real(20.0), ..SimConfig::default() }).await.unwrap();
    let (cert, key) = sim.certificate(&Who::admin());
    let access = Access {
        auth: Auth::Certificate { cert: cert.to_string(), key: Zeroizing::new(key.to_string()) },
        tls: Tls { roots: Some(sim.ca_pem()), ..Tls::default() },
        ..Access::new(sim.url())
    };
    println!("\nACCESS {}", serde_json::to_string(&access).unwrap());
    tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new())).await.unwrap().unwrap();
}

/// The most that this process ever held, in MB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1_024
}

#[tokio::test]
async fn memory_for_five_thousand_pods_is_a_hundred_megabytes_at_most() {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "follow::memory::the_cluster_of_another_process", "--nocapture"])
        .env(CLUSTER, "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let line = lines.find_map(|line| line.strip_prefix("ACCESS ").map(str::to_owned)).unwrap();
    let access: Access = serde_json::from_str(&line).unwrap();
    let cluster = Cluster::connect(&access, &Limits::with_loopback()).unwrap();
    let space = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}});
    cluster.apply(&object(space), ansflow_kube::cluster::Apply::default()).await.unwrap();
    let before = peak();
    let ear = Ear::default();
    let goal = apply(&cluster, &[deployment("shop", "web", "acme/web:1", pods())]).await;
    let began = std::time::Instant::now();
    let followed = end(&cluster, goal, &ear, 400).await;
    let after = peak();
    println!("{} pods: {before} MB before, {after} MB at most, {:?}, {:?}", pods(), began.elapsed(), followed.verdict);
    drop(child.stdin.take());
    child.wait().unwrap();
    assert_eq!(followed.verdict.outcome, End::Ready, "{:?}", followed.verdict);
    // What grows, grows with the pods: 26 MB are there before the first.
    let allowed = 26 + 74 * u64::from(pods()) / 5_000 + 20;
    assert!(after < allowed.min(100), "{after} MB of {allowed}");
}
