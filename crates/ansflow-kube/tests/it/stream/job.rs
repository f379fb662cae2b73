//! Commands as Jobs.

use super::{Here, Told, late, up_after};
use ansflow_core::mask::Masker;
use ansflow_core::spec::PodPlace;
use ansflow_core::spec::PodWorkspace;
use ansflow_core::verdict::{Cause, Verdict};
use ansflow_kube::job::{Evidence, Pin, Ran, Task, left, run};
use ansflow_kube::sink::Stop;
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

fn task(here: &Here, workspace: &Path, text: &str) -> Task {
    let labels = [("ansflow.io/run", "0198c1"), ("ansflow.io/step", "test"), ("ansflow.io/attempt", "1")];
    let workspace = workspace.to_str().unwrap().to_owned();
    Task {
        name: "af-0198c1-test-1".to_owned(),
        namespace: here.namespace.to_string(),
        labels: labels.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
        siblings: "ansflow.io/run=0198c1,ansflow.io/step=test".to_owned(),
        place: PodPlace { image: here.far.image("busybox"), ..PodPlace::default() },
        directory: workspace.clone(),
        workspace,
        command: ["sh", "-e", "-c", text].map(str::to_owned).to_vec(),
        env: vec![
            ("GREETING".to_owned(), "hello there".to_owned()),
            ("ANSFLOW_OUTPUT".to_owned(), "/ansflow/output".to_owned()),
        ],
        seconds: 600,
        mark: "end-4711".to_owned(),
    }
}

struct Done {
    ran: Ran,
    out: String,
    told: String,
    kept: BTreeMap<String, String>,
    is_clean: bool,
}

async fn done(here: &Here, task: &Task, stop: impl Future<Output = Stop>) -> Done {
    let (out, told) = (Mutex::new(String::new()), Told::default());
    let write = |text: &str| out.lock().unwrap().push_str(text);
    let folder = tempfile::tempdir().unwrap();
    let masker = Masker::new(&["hunter2-hunter2".to_owned()]);
    let evidence = Evidence { into: folder.path(), masker: &masker };
    let done = Box::pin(run(&here.cluster, task, &write, &told, &evidence, stop)).await;
    let kept = done
        .kept
        .iter()
        .map(|path| (path.to_str().unwrap().to_owned(), std::fs::read_to_string(folder.path().join(path)).unwrap()));
    let out = out.lock().unwrap().clone();
    Done { ran: done.ran, out, told: told.all(), kept: kept.collect(), is_clean: done.is_clean }
}

/// The Jobs and Secrets that are there, by their kinds and names.
async fn there(here: &Here) -> Vec<String> {
    let found = left::find(&here.cluster, Some(&here.namespace), "ansflow.io/run=0198c1").await.unwrap();
    found.iter().map(|left| left.key.object().to_string()).collect()
}

/// The pods of our Jobs that run.
async fn running(here: &Here) -> Vec<Json> {
    let (_, pods) =
        here.far.ask("GET", &format!("{}?labelSelector=ansflow.io%2Frun%3D0198c1", here.path("pods")), None).await;
    let mut pods = pods["items"].as_array().unwrap().clone();
    pods.retain(|pod| !matches!(pod["status"]["phase"].as_str(), Some("Succeeded" | "Failed")));
    pods
}

/// Only what passes the strictest level is let in.
async fn restricted(here: &Here) {
    let path = format!("/api/v1/namespaces/{}", &*here.namespace);
    let (_, mut space) = here.far.ask("GET", &path, None).await;
    space["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] = json!("restricted");
    assert_eq!(here.far.ask("PUT", &path, Some(&space)).await.0, 200);
}

#[tokio::test]
async fn a_command_gets_the_workspace_and_gives_it_back_where_only_the_strictest_pods_are_let_in() {
    let here = Here::new().await;
    restricted(&here).await;
    let workspace = tempfile::tempdir().unwrap();
    std::fs::create_dir(workspace.path().join("src")).unwrap();
    std::fs::write(workspace.path().join("src/in"), "from the server\n").unwrap();
    let text =
        "cat src/in; echo \"$GREETING\"; echo made > made; echo changed > src/in; echo version=1.2 > $ANSFLOW_OUTPUT";
    let done = done(&here, &task(&here, workspace.path(), text), late()).await;
    assert_eq!(done.out, "from the server\nhello there\n", "{:?} {}", done.ran, done.told);
    let expected = Ran::Ended { code: 0, output: b"version=1.2\n".to_vec(), directory: String::new() };
    assert_eq!(done.ran, expected, "{}", done.told);
    assert_eq!(std::fs::read_to_string(workspace.path().join("made")).unwrap(), "made\n");
    assert_eq!(std::fs::read_to_string(workspace.path().join("src/in")).unwrap(), "changed\n");
    let secret = format!("{}/af-0198c1-test-1", here.path("secrets"));
    assert_eq!(here.far.ask("GET", &secret, None).await.0, 404, "its environment stays nowhere");
}

#[tokio::test]
async fn its_exit_code_is_the_steps() {
    let here = Here::new().await;
    let workspace = tempfile::tempdir().unwrap();
    let done = done(&here, &task(&here, workspace.path(), "echo no; exit 7"), late()).await;
    assert!(matches!(done.ran, Ran::Ended { code: 7, .. }), "{:?} {}", done.ran, done.told);
    assert_eq!(done.out, "no\n");
}

#[tokio::test]
async fn what_is_called_off_is_deleted() {
    let here = Here::new().await;
    let workspace = tempfile::tempdir().unwrap();
    let done = done(&here, &task(&here, workspace.path(), "sleep 600"), up_after(Duration::from_secs(4))).await;
    let Ran::Stopped(Stop::Deadline, Some(verdict)) = &done.ran else { panic!("{:?} {}", done.ran, done.told) };
    assert_eq!(verdict.cause, Some(Cause::Timeout), "{verdict:?}");
    assert!(done.kept.contains_key("watch.jsonl") && done.is_clean, "{:?}", done.kept.keys());
    assert_eq!((there(&here).await, running(&here).await), (Vec::new(), Vec::new()), "{}", done.told);
}

#[tokio::test]
async fn an_image_that_is_not_there_ends_it_with_its_cause_and_the_evidence_is_kept() {
    let here = Here::new().await;
    let workspace = tempfile::tempdir().unwrap();
    let mut typo = task(&here, workspace.path(), "true");
    typo.place.image += "-nosuch";
    typo.env.push(("TOKEN".to_owned(), "hunter2-hunter2".to_owned()));
    let done = done(&here, &typo, late()).await;
    let verdict = failure(&done);
    assert_eq!(verdict.cause, Some(Cause::ImagePull), "{verdict:?}");
    for file in ["verdict.json", "events.json", "objects.yaml", "watch.jsonl"] {
        assert!(done.kept.contains_key(file), "{file}: {:?}", done.kept.keys());
    }
    assert!(done.kept["verdict.json"].contains("image_pull"), "{}", done.kept["verdict.json"]);
    assert!(done.kept["objects.yaml"].contains("kind: Job"), "{}", done.kept["objects.yaml"]);
    let has = |text: &str| done.kept.values().any(|kept| kept.contains(text));
    assert!(!has("hunter2-hunter2") && !has("aHVudGVyMi1odW50ZXIy"), "a value of the environment is kept");
    assert_eq!((there(&here).await, done.is_clean), (Vec::new(), true), "{}", done.told);
}

#[tokio::test]
async fn simulated_a_command_that_takes_too_much_memory_is_called_that() {
    let here = Here::new().await;
    let Some(faults) = here.far.simulated() else { return };
    let on = json!({ "namespace": &*here.namespace, "container": "step" });
    faults.put(json!({ "on": on, "what": { "exit": { "code": 137, "after": "1s", "log": "begun\n", "oom": true } } }));
    let workspace = tempfile::tempdir().unwrap();
    let done = done(&here, &task(&here, workspace.path(), "true"), late()).await;
    let verdict = failure(&done);
    assert_eq!(verdict.cause, Some(Cause::OomKilled), "{verdict:?} {}", done.told);
    assert!(
        done.kept.contains_key("verdict.json") && done.out.contains("begun"),
        "{:?} {}",
        done.kept.keys(),
        done.out
    );
    assert_eq!((there(&here).await, done.is_clean), (Vec::new(), true), "{}", done.told);
}

/// The nodes of four commands that use one claim at the same time.
async fn nodes(here: &Here, mode: &str) -> BTreeSet<String> {
    claim(here, "cache", mode).await;
    let workspace = tempfile::tempdir().unwrap();
    let of = |step: &str| {
        let mut task = task(here, workspace.path(), "sleep 2");
        task.name = format!("af-0198c1-{step}-1");
        task.labels.insert("ansflow.io/step".to_owned(), step.to_owned());
        task.siblings = format!("ansflow.io/run=0198c1,ansflow.io/step={step}");
        task.place.workspace = PodWorkspace::Claim("cache".to_owned());
        task
    };
    let steps = ["a", "b", "c", "d"].map(of);
    let watched = async {
        let mut nodes = BTreeMap::new();
        while nodes.len() < steps.len() {
            for pod in running(here).await {
                if let Some(node) = pod["spec"]["nodeName"].as_str() {
                    nodes.insert(pod["metadata"]["name"].to_string(), node.to_owned());
                }
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        nodes.into_values().collect()
    };
    let all = futures_util::future::join_all(steps.iter().map(|task| done(here, task, late())));
    let (nodes, all) = tokio::join!(watched, all);
    for done in all {
        assert!(matches!(done.ran, Ran::Ended { code: 0, .. }), "{mode}: {:?} {}", done.ran, done.told);
    }
    nodes
}

#[tokio::test]
async fn commands_that_use_a_volume_of_one_node_at_once_are_on_one_node() {
    let nodes = nodes(&Here::new().await, "ReadWriteOnce").await;
    assert_eq!(nodes.len(), 1, "{nodes:?}");
}

#[tokio::test]
async fn simulated_commands_that_use_a_volume_of_many_nodes_are_on_many() {
    let here = Here::new().await;
    if here.far.simulated().is_none() {
        return;
    }
    let nodes = nodes(&here, "ReadWriteMany").await;
    assert!(nodes.len() > 1, "{nodes:?}");
}

async fn claim(here: &Here, name: &str, mode: &str) {
    let spec = json!({ "accessModes": [mode], "resources": { "requests": { "storage": "1Gi" } } });
    let claim =
        json!({ "apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": { "name": name }, "spec": spec });
    here.make(&here.path("persistentvolumeclaims"), claim).await;
}

fn failure(done: &Done) -> &Verdict {
    match &done.ran {
        Ran::Failed(verdict) => verdict,
        ran => panic!("{ran:?} {}", done.told),
    }
}

#[tokio::test]
async fn a_job_that_runs_already_is_attached_to_and_one_of_an_earlier_attempt_goes() {
    let here = Here::new().await;
    let workspace = tempfile::tempdir().unwrap();
    let mut earlier = task(&here, workspace.path(), "sleep 600");
    earlier.name = "af-0198c1-test-0".to_owned();
    let job = ansflow_kube::job::manifest::job(&earlier, Pin::Free).unwrap();
    here.cluster.create(&job, false).await.unwrap();
    let now = task(&here, workspace.path(), "echo once");
    here.cluster.create(&ansflow_kube::job::manifest::secret(&now).unwrap(), false).await.unwrap();
    here.cluster.create(&ansflow_kube::job::manifest::job(&now, Pin::Free).unwrap(), false).await.unwrap();
    let done = done(&here, &now, late()).await;
    assert!(matches!(done.ran, Ran::Ended { code: 0, .. }), "{:?} {}", done.ran, done.told);
    assert_eq!(done.out, "once\n");
    assert!(done.told.contains("Job/af-0198c1-test-0 of an earlier attempt: deleted"), "{}", done.told);
    assert!(done.told.contains("it runs already and is attached to"), "{}", done.told);
}

#[tokio::test]
async fn a_cluster_that_is_full_is_waited_for() {
    let here = Here::new().await;
    let workspace = tempfile::tempdir().unwrap();
    let mut large = task(&here, workspace.path(), "true");
    large.place.requests = vec![("cpu".to_owned(), "4000".to_owned())];
    let done = done(&here, &large, up_after(Duration::from_secs(8))).await;
    let Ran::Stopped(Stop::Deadline, Some(verdict)) = &done.ran else { panic!("{:?} {}", done.ran, done.told) };
    assert_eq!(verdict.cause, Some(Cause::UnschedulableResources), "{verdict:?}");
    assert!(done.told.contains(": it waits for room"), "{}", done.told);
}
