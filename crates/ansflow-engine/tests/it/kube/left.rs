//! What killed attempts have left in clusters, found by a server that starts.

use ansflow_core::run::event::RunStatus;
use ansflow_engine::KnownCluster;
use serde_json::{Value, json};
use tokio::task::block_in_place;

use super::far::Far;
use crate::fleet::world::{Server, block_on, step};

fn job(name: &str, instance: &str, run: &str) -> Value {
    let labels = json!({
        "ansflow.io/instance": instance, "ansflow.io/run": run, "ansflow.io/step": "0", "ansflow.io/attempt": "7",
    });
    let container = json!({ "name": "step", "image": "busybox:1.36", "command": ["sleep", "600"] });
    let pod = json!({ "restartPolicy": "Never", "terminationGracePeriodSeconds": 0, "containers": [container] });
    json!({
        "apiVersion": "batch/v1", "kind": "Job", "metadata": { "name": name, "namespace": "default", "labels": labels },
        "spec": { "template": { "metadata": { "labels": labels }, "spec": pod } },
    })
}

#[test]
fn a_server_deletes_jobs_of_its_ended_runs_and_no_others() {
    let (far, gone) = (Far::start("ci"), Far::start("gone"));
    let known = |name: &str, far: &Far| KnownCluster {
        names: vec![name.to_owned()],
        access: far.access(),
        simulated: true,
        allowed_exec: Vec::new(),
    };
    let clusters = vec![known("gone", &gone), known("ci", &far)];
    drop(gone);
    let names = |kind: &str| -> Vec<String> {
        let found = if kind == "Job" { far.all_of("batch", "Job", "default") } else { far.all(kind, "default") };
        found.iter().map(|object| object.name().to_owned()).collect()
    };
    // The cluster's side has a runtime of its own.
    let seen = |kind: &str| block_in_place(|| names(kind));
    block_on(async {
        let server = Server::new().await;
        let fleet = server.start();
        server.queue("run_1", &[step("a", "true")]).await;
        server.until("run_1", RunStatus::Success).await;
        fleet.stop().await;
        server.queue("run_2", &[step("b", "while [ ! -e go ]; do sleep 0.01; done")]).await;
        let instance = ansflow_engine::instance(server.files.root()).unwrap();
        let others = "0123456789abcdef";
        for (name, instance, run) in [
            ("ended", &*instance, "run_1"),
            ("lives", &instance, "run_2"),
            ("unknown", &instance, "run_3"),
            ("others", others, "run_1"),
        ] {
            block_in_place(|| far.make(job(name, instance, run)));
        }
        server.wait_for("all pods", || seen("Pod").len() == 4).await;
        *server.clusters.lock().unwrap() = clusters;
        let fleet = server.start();
        server.wait_for("the sweep", || seen("Job") == ["lives", "others", "unknown"]).await;
        server.wait_for("the end of its pod", || seen("Pod").len() == 3).await;
        server.wait_for("its workspace", || server.files.workspace("run_2").exists()).await;
        server.write("run_2", "go", "");
        server.until("run_2", RunStatus::Success).await;
        fleet.stop().await;
    });
}
