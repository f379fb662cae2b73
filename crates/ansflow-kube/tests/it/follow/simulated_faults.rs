//! Every way to fail that a Deployment has, live, each against the time at which its decisive signal came: the one after
//! which only the grace of its class is left.

use super::ear::Ear;
use super::{apply, end};
use crate::live::cluster;
use crate::live::objects::object;
use ansflow_core::mask::Masker;
use ansflow_kube::evidence::gather;
use ansflow_kube::object::Obj;
use ansflow_sim::testing;
use futures_util::StreamExt as _;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use std::path::Path;

/// Which line of what the watches told decides.
#[derive(Clone, Copy)]
enum Signal {
    /// So manieth with this text.
    Text(&'static str, usize),
    /// So manieth death of a container.
    Death(usize),
    /// So many milliseconds after the first with this text: that long it must be seen.
    Later(&'static str, i64),
}

struct Fault {
    name: &'static str,
    cause: &'static str,
    signal: Signal,
    /// What is written before.
    before: Vec<Json>,
    /// What the Deployment is besides.
    change: fn(&mut Json),
    image: &'static str,
}

fn container(deployment: &mut Json) -> &mut Json {
    &mut deployment["spec"]["template"]["spec"]["containers"][0]
}

fn script(deployment: &mut Json, script: &str) {
    container(deployment)["command"] = json!(["sh", "-c", script]);
}

fn annotated(deployment: &mut Json, fault: &Json) {
    deployment["spec"]["template"]["metadata"]["annotations"] = json!({"sim.ansflow.io/fault": fault.to_string()});
}

fn fault(name: &'static str, cause: &'static str, signal: Signal, image: &'static str, change: fn(&mut Json)) -> Fault {
    Fault { name, cause, signal, before: Vec::new(), change, image }
}

const CREATE: Signal = Signal::Text("FailedCreate", 1);
const UNSCHEDULED: Signal = Signal::Text("Unschedulable", 1);

fn faults() -> Vec<Fault> {
    let pulls = Signal::Text("ErrImagePull", 1);
    let config = Signal::Text("CreateContainerConfigError", 1);
    let quota = json!({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "few"}, "spec": {"hard": {"pods": "0"}}});
    let range = json!({"apiVersion": "v1", "kind": "LimitRange", "metadata": {"name": "small"},
        "spec": {"limits": [{"type": "Container", "max": {"cpu": "100m"}}]}});
    let claim = json!({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "data"}, "spec": {
        "storageClassName": "nosuch", "accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}});
    let with = |before, fault: Fault| Fault { before: vec![before], ..fault };
    let mounts: fn(&mut Json) = |it| {
        it["spec"]["template"]["spec"]["volumes"] =
            json!([{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]);
        container(it)["volumeMounts"] = json!([{"name": "data", "mountPath": "/data"}]);
    };
    vec![
        fault("image-tag", "image_pull", pulls, "acme/web:nosuch", |_| {}),
        fault("image-denied", "image_pull", pulls, "acme/web:denied", |_| {}),
        fault("image-host", "image_pull", pulls, "registry.invalid/web:1", |_| {}),
        fault("image-name", "image_name", Signal::Text("InvalidImageName", 1), "Acme/Web:1", |_| {}),
        fault("config-map", "container_config", config, "acme/web:1", |it| {
            container(it)["envFrom"] = json!([{"configMapRef": {"name": "nosuch"}}]);
        }),
        fault("secret-key", "container_config", config, "acme/web:1", |it| {
            let from = json!({"secretKeyRef": {"name": "nosuch", "key": "password"}});
            container(it)["env"] = json!([{"name": "PASSWORD", "valueFrom": from}]);
        }),
        fault("mount-secret", "volume_mount", Signal::Text("FailedMount", 1), "acme/web:1", |it| {
            it["spec"]["template"]["spec"]["volumes"] = json!([{"name": "keys", "secret": {"secretName": "nosuch"}}]);
            container(it)["volumeMounts"] = json!([{"name": "keys", "mountPath": "/keys"}]);
        }),
        fault("start-command", "container_start", Signal::Text("StartError", 1), "busybox:1.36", |it| {
            container(it)["command"] = json!(["/nosuch"]);
        }),
        fault(
            "start-hook",
            "container_start",
            Signal::Text("\"reason\":\"FailedPostStartHook\"", 2),
            "busybox:1.36",
            |it| {
                script(it, "sleep 600");
                it["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] = json!(1);
                container(it)["lifecycle"] = json!({"postStart": {"exec": {"command": ["false"]}}});
            },
        ),
        fault("crash-told", "crash_loop", Signal::Death(2), "busybox:1.36", |it| {
            script(it, "echo 'Error: environment variable DATABASE_URL is not set' >&2; exit 1");
        }),
        fault("init-crash-told", "init_container", Signal::Death(2), "acme/web:1", |it| {
            it["spec"]["template"]["spec"]["initContainers"] = json!([{"name": "migrate", "image": "busybox:1.36",
                "command": ["sh", "-c", "echo 'syntax error at or near \"TABEL\"'; exit 3"]}]);
        }),
        fault("oom", "oom_killed", Signal::Death(2), "acme/web:oom", |it| it["spec"]["minReadySeconds"] = json!(60)),
        fault("liveness", "liveness_probe", Signal::Text("\"Killing\"", 2), "acme/web:unhealthy", |it| {
            it["spec"]["minReadySeconds"] = json!(60);
            container(it)["livenessProbe"] =
                json!({"httpGet": {"port": 80}, "periodSeconds": 1, "failureThreshold": 1});
        }),
        fault("readiness-port", "readiness_probe", Signal::Text("\"Unhealthy\"", 1), "acme/web:1", |it| {
            container(it)["readinessProbe"] = json!({"httpGet": {"port": "nosuch"}, "periodSeconds": 1});
        }),
        fault("readiness-404", "readiness_probe", Signal::Later("\"Unhealthy\"", 30_000), "acme/web:1", |it| {
            container(it)["readinessProbe"] = json!({"httpGet": {"port": 80}, "periodSeconds": 1});
            annotated(it, &json!({"probe": {"which": "readiness", "status": 404}}));
        }),
        with(quota, fault("quota", "quota_exceeded", CREATE, "acme/web:1", |_| {})),
        with(
            range,
            fault("limit-range", "admission_denied", CREATE, "acme/web:1", |it| {
                container(it)["resources"] = json!({"limits": {"cpu": "2"}});
            }),
        ),
        fault("priority-class", "admission_denied", CREATE, "acme/web:1", |it| {
            it["spec"]["template"]["spec"]["priorityClassName"] = json!("nosuch");
        }),
        fault("too-much-cpu", "unschedulable_resources", UNSCHEDULED, "acme/web:1", |it| {
            container(it)["resources"] = json!({"requests": {"cpu": "100"}});
        }),
        fault("node-selector", "unschedulable_constraints", UNSCHEDULED, "acme/web:1", |it| {
            it["spec"]["template"]["spec"]["nodeSelector"] = json!({"disk": "nosuch"});
        }),
        fault("claim-missing", "volume_unbound", UNSCHEDULED, "acme/web:1", mounts),
        with(claim, fault("storage-class", "volume_unbound", UNSCHEDULED, "acme/web:1", mounts)),
        fault("sandbox", "sandbox", Signal::Text("FailedCreatePodSandBox", 1), "acme/web:1", |it| {
            annotated(it, &json!({"sandbox": "no runtime for \"nosuch\" is configured"}));
        }),
        fault("evicted", "evicted", Signal::Text("\"Evicted\"", 2), "acme/web:1", |it| {
            it["spec"]["minReadySeconds"] = json!(60);
            annotated(
                it,
                &json!({"evict": {"after": "1s", "message": "Usage of EmptyDir volume \"tmp\" exceeds the limit \"1Mi\"."}}),
            );
        }),
        fault("paused", "paused", Signal::Text("\"paused\":true", 1), "acme/web:1", |it| {
            it["spec"]["paused"] = json!(true)
        }),
    ]
}

/// When the decisive signal came, by what the watches told.
fn decided(dir: &Path, signal: Signal) -> Option<i64> {
    let text = std::fs::read_to_string(dir.join("watch.jsonl")).unwrap();
    let lines: Vec<(i64, &str)> = text
        .lines()
        .map(|line| (serde_json::from_str::<Json>(line).unwrap()["t_ms"].as_i64().unwrap(), line))
        .collect();
    let told = |word: &'static str| lines.iter().filter(move |(_, line)| line.contains(word)).map(|(at, _)| *at);
    match signal {
        Signal::Text(word, number) => told(word).nth(number - 1),
        Signal::Later(word, after) => {
            let first = told(word).next()?;
            Some(first + after)
        }
        Signal::Death(number) => {
            let mut lives = BTreeSet::new();
            lines.iter().find_map(|(at, line)| {
                let line: Json = serde_json::from_str(line).unwrap();
                let status = &line["object"]["status"];
                let containers = ["containerStatuses", "initContainerStatuses"];
                let containers = containers.iter().flat_map(|all| status[all].as_array().into_iter().flatten());
                for container in containers {
                    for state in ["state", "lastState"] {
                        let id = &container[state]["terminated"]["containerID"];
                        lives.extend(id.as_str().map(str::to_owned));
                    }
                }
                (lives.len() >= number).then_some(*at)
            })
        }
    }
}

/// What came of a fault: what is wrong, and how late the verdict was after the decisive signal and after the write.
async fn play(fault: Fault) -> (String, Result<(i64, i64), String>) {
    let (tests, cluster) = (testing::Cluster::get().await, cluster().await);
    let (space, ear) = (tests.namespace().await, Ear::default());
    for mut before in fault.before {
        before["metadata"]["namespace"] = json!(&*space);
        cluster.create(&object(before), false).await.unwrap();
    }
    let mut deployment = crate::live::objects::deployment(&space, "web", fault.image, 1).into_json();
    (fault.change)(&mut deployment);
    let goal = apply(&cluster, &[Obj::new(deployment).unwrap()]).await;
    let since = goal.since;
    let followed = end(&cluster, goal, &ear, 90).await;
    let took = ansflow_kube::follow::now() - since;
    let dir = tempfile::tempdir().unwrap();
    gather(&cluster, &followed, dir.path(), &Masker::new::<&str>([])).await.unwrap();
    let cause = followed.verdict.cause.as_ref().map_or("-", ansflow_core::verdict::Cause::as_str);
    if cause != fault.cause {
        return (fault.name.to_owned(), Err(format!("{cause} after {took} ms: {}", followed.verdict.summary)));
    }
    let recorded = ansflow_kube::replay::Recording::read(dir.path()).unwrap();
    let replayed = ansflow_kube::replay::replay(&recorded);
    if replayed.verdict.cause != followed.verdict.cause {
        return (fault.name.to_owned(), Err(format!("replayed: {:?} at {}", replayed.verdict, replayed.at)));
    }
    let late = decided(dir.path(), fault.signal).map(|at| (took - at, took));
    (fault.name.to_owned(), late.ok_or_else(|| "its decisive signal was not told".to_owned()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn simulated_every_way_to_fail_is_told_within_five_seconds_of_its_decisive_signal() {
    if testing::Cluster::get().await.simulated().is_none() {
        return;
    }
    let only = std::env::var("ONLY").unwrap_or_default();
    let chosen = faults().into_iter().filter(|fault| only.is_empty() || fault.name == only);
    let played: Vec<_> = futures_util::stream::iter(chosen.map(play)).buffer_unordered(8).collect().await;
    let mut late = Vec::new();
    let mut wrong = Vec::new();
    for (name, result) in &played {
        match result {
            Ok((after, took)) => {
                println!("{name:20} {after:6} ms after its signal, {took:6} ms after the write");
                late.push(*after);
                wrong.extend((*after > 5_000).then(|| format!("{name}: {after} ms")));
            }
            Err(why) => wrong.push(format!("{name}: {why}")),
        }
    }
    late.sort_unstable();
    println!("median {:?} ms, worst {:?} ms of {}", late.get(late.len() / 2), late.last(), late.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
