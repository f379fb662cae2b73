//! Waiting for objects, and for the pod that a command runs in.

use super::{Here, Told, late, up_after};
use ansflow_core::mask::Masker;
use ansflow_core::spec::Pods;
use ansflow_core::verdict::{Cause, End};
use ansflow_kube::objects::What;
use ansflow_kube::stream::reach;
use ansflow_kube::wait::condition::Condition;
use ansflow_kube::wait::wait;
use serde_json::json;
use std::time::Duration;

fn named(kind: &str, names: &[&str]) -> What {
    What::Named { kind: kind.to_owned(), names: names.iter().map(ToString::to_string).collect() }
}

fn conditions(words: &[&str]) -> Vec<Condition> {
    words.iter().map(|word| Condition::parse(word).unwrap()).collect()
}

/// A pod that is not waited for.
async fn pod(here: &Here, name: &str, image: &str, script: &str) {
    let pod = json!({ "apiVersion": "v1", "kind": "Pod", "metadata": { "name": name, "labels": { "all": "yes" } },
        "spec": { "restartPolicy": "Never", "terminationGracePeriodSeconds": 1,
            "containers": [{ "name": "app", "image": image, "command": ["sh", "-c", script] }] } });
    here.make(&here.path("pods"), pod).await;
}

#[tokio::test]
async fn objects_that_do_not_exist_yet_are_waited_for() {
    let here = Here::new().await;
    let (told, busybox) = (Told::default(), here.far.image("busybox"));
    let (what, conditions) =
        (named("pod", &["one", "two"]), conditions(&["condition=Ready", "jsonpath={.status.phase}=Running"]));
    let waiting = wait(&here.cluster, &here.namespace, &what, &conditions, false, &told, late());
    let making = async {
        while !told.all().contains("it is not there yet") {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        pod(&here, "one", &busybox, "sleep 600").await;
        pod(&here, "two", &busybox, "sleep 600").await;
    };
    let (ending, ()) = tokio::join!(waiting, making);
    assert_eq!(
        (ending.verdict.outcome, ending.verdict.summary.as_str()),
        (End::Ready, "2 objects are as they should be")
    );
}

#[tokio::test]
async fn one_of_several_is_enough_where_any_is_meant() {
    let here = Here::new().await;
    pod(&here, "done", &here.far.image("busybox"), "true").await;
    pod(&here, "runs", &here.far.image("busybox"), "sleep 600").await;
    let (told, what) = (Told::default(), named("pods", &["runs", "done"]));
    let verdict =
        wait(&here.cluster, &here.namespace, &what, &conditions(&["complete"]), true, &told, late()).await.verdict;
    assert_eq!(verdict.summary, "Pod/done is as it should be");
    let soon = up_after(Duration::from_secs(1));
    let verdict =
        wait(&here.cluster, &here.namespace, &what, &conditions(&["complete"]), false, &told, soon).await.verdict;
    assert_eq!(verdict.cause, Some(Cause::Timeout));
    assert!(verdict.summary.contains("Pod/runs: its phase is Running"), "{}", verdict.summary);
}

#[tokio::test]
async fn what_is_gone_or_goes_is_deleted() {
    let here = Here::new().await;
    let (told, conditions) = (Told::default(), conditions(&["delete"]));
    let labels = What::Selected { kind: "pod".to_owned(), selector: "all=yes".to_owned() };
    let verdict = wait(&here.cluster, &here.namespace, &labels, &conditions, false, &told, late()).await.verdict;
    assert_eq!(verdict.summary, "there is no such object, as it should be");
    here.pod("web", "sleep 600").await;
    let path = format!("{}/web", here.path("pods"));
    let what = named("pod", &["web"]);
    let waiting = wait(&here.cluster, &here.namespace, &what, &conditions, false, &told, late());
    let (ending, (code, _)) = tokio::join!(waiting, here.far.ask("DELETE", &path, None));
    assert_eq!((ending.verdict.outcome, code), (End::Ready, 200), "{}", ending.verdict.summary);
}

#[tokio::test]
async fn what_is_hopeless_ends_the_waiting() {
    let here = Here::new().await;
    pod(&here, "web", "host.invalid/web:1", "true").await;
    let (told, what) = (Told::default(), named("pod", &["web"]));
    let ending = wait(&here.cluster, &here.namespace, &what, &conditions(&["ready"]), false, &told, late()).await;
    assert_eq!(ending.verdict.cause, Some(Cause::ImagePull), "{}", ending.verdict.summary);
    let folder = tempfile::tempdir().unwrap();
    let kept = ending.evidence(&here.cluster, folder.path(), &Masker::new::<&str>([])).await.unwrap();
    assert!(kept.iter().any(|kept| kept.path.ends_with("events.json")), "what was seen is kept: {}", kept.len());
    // Who waits for trouble gets it.
    let trouble = conditions(&["jsonpath={.status.phase}=Pending"]);
    let verdict = wait(&here.cluster, &here.namespace, &what, &trouble, false, &told, late()).await.verdict;
    assert_eq!(verdict.outcome, End::Ready);
}

#[tokio::test]
async fn the_pod_of_a_command_is_waited_for_until_it_is_ready_or_cannot_be() {
    let here = Here::new().await;
    let (told, all) = (Told::default(), Pods::Selected("all=yes".to_owned()));
    let reaching = reach::pod(&here.cluster, &here.namespace, &all, &told, late());
    let busybox = here.far.image("busybox");
    let (choice, ()) = tokio::join!(reaching, pod(&here, "web", &busybox, "sleep 600"));
    let choice = choice.unwrap();
    assert_eq!((&*choice.pod, &*choice.container, &*choice.why), ("web", "app", "the only one that is ready of 1 pod"));
    let none = Pods::Of("none".to_owned());
    let refused = reach::pod(&here.cluster, &here.namespace, &none, &told, late()).await.unwrap_err();
    assert!(refused.summary.contains("there is no workload and no pod `none`"), "{}", refused.summary);
}
