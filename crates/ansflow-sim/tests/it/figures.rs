//! How quick it is. The figures are those of an optimised build (`cargo nextest run --release -p ansflow-sim figures`);
//! otherwise only that it works at all is asked.

use std::time::{Duration, Instant};

use ansflow_sim::{NodeSpec, SimConfig, Speed};
use serde_json::{Value, json};

use crate::cluster::Cluster;

#[tokio::test]
async fn a_cluster_answers_within_fifty_milliseconds() {
    let began = Instant::now();
    let sim = ansflow_sim::Sim::start(SimConfig::default()).await.unwrap();
    let took = began.elapsed();
    println!("started after {took:?}");
    assert!(cfg!(debug_assertions) || took < Duration::from_millis(50), "{took:?}");
    sim.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_thousand_writes_a_second_with_ten_watchers() {
    let cluster = Cluster::with(SimConfig::default()).await;
    let path = "/api/v1/namespaces/default/configmaps";
    let (seconds, writers) = (2, 8);
    let query = format!("{path}?watch=true&labelSelector=w&timeoutSeconds={}", seconds + 2);
    let watching = (0..10).map(|_| cluster.get(&query));
    let writing = (0..writers).map(|writer| {
        let cluster = &cluster;
        async move {
            let (began, mut written) = (Instant::now(), 0_u32);
            while began.elapsed() < Duration::from_secs(seconds) {
                let name = format!("w{writer}-{}", written % 50);
                let object =
                    json!({"metadata": {"name": name, "labels": {"w": ""}}, "data": {"n": written.to_string()}});
                let told = match written {
                    0..50 => cluster.post(path, &object).await,
                    _ => cluster.put(&format!("{path}/{name}"), &object).await,
                };
                assert!(told.code < 300, "{}", told.text);
                written += 1;
            }
            written
        }
    });
    let (seen, written) =
        tokio::join!(futures_util::future::join_all(watching), futures_util::future::join_all(writing));
    let written: u32 = written.iter().sum();
    let each = written / u32::try_from(seconds).unwrap();
    println!("{each} writes a second");
    assert!(seen.iter().all(|told| told.text.lines().count() == usize::try_from(written).unwrap()));
    assert!(cfg!(debug_assertions) || each > 2_000, "{each} writes a second");
    cluster.sim.stop().await;
}

fn deployment(name: &str, replicas: usize) -> Value {
    let labels = json!({"app": name});
    let container = json!({"name": "web", "image": "nginx:1.25", "ports": [{"containerPort": 80}],
        "readinessProbe": {"httpGet": {"path": "/", "port": 80}, "periodSeconds": 1}});
    json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name}, "spec": {"replicas": replicas,
        "selector": {"matchLabels": labels},
        "template": {"metadata": {"labels": labels}, "spec": {"containers": [container]}}}})
}

const DEPLOYMENTS: &str = "/apis/apps/v1/namespaces/default/deployments";

async fn ready(cluster: &Cluster) -> usize {
    let all = cluster.get(DEPLOYMENTS).await.expect(200);
    let each = all["items"].as_array().unwrap().iter().map(|one| one["status"]["readyReplicas"].as_u64().unwrap_or(0));
    usize::try_from(each.sum::<u64>()).unwrap()
}

/// Mebibytes of memory that this process holds: where there is no `/proc`, none.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|number| number.parse::<usize>().ok()).unwrap_or_default() / 1_024
}

/// It measures its own process, so it has to be the only test of one, as nextest has it.
#[tokio::test]
async fn ten_thousand_pods_live_in_two_hundred_megabytes() {
    let pods = if cfg!(debug_assertions) { 200 } else { 10_000 };
    let nodes = (0..pods / 100).map(|at| NodeSpec { cpus: 64, ..NodeSpec::named(format!("node-{at:03}")) });
    let config = SimConfig { speed: Speed::Manual, nodes: nodes.collect(), ..SimConfig::default() };
    let cluster = Cluster::with(config).await;
    let before = resident();
    let began = Instant::now();
    for at in 0..10 {
        cluster.post(DEPLOYMENTS, &deployment(&format!("web-{at}"), pods / 10)).await.expect(201);
    }
    let mut seconds = 0;
    while ready(&cluster).await < pods {
        cluster.sim.advance(Duration::from_secs(5));
        seconds += 5;
        assert!(seconds < 600, "{} of {pods} are ready after {seconds} s", ready(&cluster).await);
    }
    // What happens again and again is to take nothing more.
    cluster.sim.advance(Duration::from_secs(60));
    let (after, took) = (resident(), began.elapsed());
    println!("{pods} pods: {after} MiB ({before} MiB without), ready after {seconds} s, which took {took:?}");
    assert!(after < 200 * 1_000_000 / (1 << 20), "{after} MiB");
    cluster.sim.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rollout_of_ten_replicas_at_speed_one_hundred_ends_within_a_second() {
    let cluster = Cluster::with(SimConfig { speed: Speed::Real(100.0), ..SimConfig::default() }).await;
    cluster.post(DEPLOYMENTS, &deployment("web", 10)).await.expect(201);
    let began = Instant::now();
    while ready(&cluster).await < 10 {
        let pods = || cluster.get("/api/v1/namespaces/default/pods");
        assert!(began.elapsed() < Duration::from_secs(20), "{}", pods().await.text);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let began = Instant::now();
    let image = json!([{"name": "web", "image": "nginx:1.26"}]);
    let changed = json!({"spec": {"template": {"spec": {"containers": image}}}});
    cluster.merge(&format!("{DEPLOYMENTS}/web"), &changed).await.expect(200);
    loop {
        let web = cluster.get(&format!("{DEPLOYMENTS}/web")).await.expect(200);
        let counts = ["observedGeneration", "replicas", "updatedReplicas", "availableReplicas"];
        if counts.map(|field| web["status"][field].as_u64().unwrap_or(0)) == [2, 10, 10, 10] {
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(20), "{}", web["status"]);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let took = began.elapsed();
    println!("rolled out after {took:?}");
    assert!(cfg!(debug_assertions) || took < Duration::from_secs(1), "{took:?}");
    cluster.sim.stop().await;
}
