//! Commands as Jobs.

use super::{Here, Told, late, up_after};
use ansflow_core::spec::PodPlace;
use ansflow_kube::job::{Ran, Task, run};
use ansflow_kube::sink::Stop;
use serde_json::json;
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
}

async fn done(here: &Here, task: &Task, stop: impl Future<Output = Stop>) -> Done {
    let (out, told) = (Mutex::new(String::new()), Told::default());
    let write = |text: &str| out.lock().unwrap().push_str(text);
    let ran = run(&here.cluster, task, &write, &told, stop).await;
    let out = out.lock().unwrap().clone();
    Done { ran, out, told: told.all() }
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
    assert_eq!(done.ran, Ran::Stopped(Stop::Deadline), "{}", done.told);
    let job = format!("/apis/batch/v1/namespaces/{}/jobs/af-0198c1-test-1", &*here.namespace);
    let (code, job) = here.far.ask("GET", &job, None).await;
    assert!(code == 404 || !job["metadata"]["deletionTimestamp"].is_null(), "{job}");
}

#[tokio::test]
async fn a_job_that_runs_already_is_attached_to_and_one_of_an_earlier_attempt_goes() {
    let here = Here::new().await;
    let workspace = tempfile::tempdir().unwrap();
    let mut earlier = task(&here, workspace.path(), "sleep 600");
    earlier.name = "af-0198c1-test-0".to_owned();
    let job = ansflow_kube::job::manifest::job(&earlier).unwrap();
    here.cluster.create(&job, false).await.unwrap();
    let now = task(&here, workspace.path(), "echo once");
    here.cluster.create(&ansflow_kube::job::manifest::secret(&now).unwrap(), false).await.unwrap();
    here.cluster.create(&ansflow_kube::job::manifest::job(&now).unwrap(), false).await.unwrap();
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
    assert_eq!(done.ran, Ran::Stopped(Stop::Deadline), "{}", done.told);
    assert!(done.told.contains(": it waits for room"), "{}", done.told);
}
