//! What a command becomes.

use super::super::Task;
use super::super::pin::Pin;
use super::{job, secret};
use ansflow_core::spec::{PodPlace, PodWorkspace};
use serde_json::json;

fn task() -> Task {
    Task {
        name: "af-0198c1-test-1".to_owned(),
        namespace: "shop".to_owned(),
        labels: [("ansflow.io/run".to_owned(), "0198c1".to_owned())].into(),
        siblings: "ansflow.io/run=0198c1".to_owned(),
        place: PodPlace { image: "node:22".to_owned(), ..PodPlace::default() },
        workspace: "/work space".to_owned(),
        directory: "/work space/it's".to_owned(),
        command: vec!["sh".to_owned(), "-e".to_owned(), "-c".to_owned(), "make".to_owned()],
        env: vec![("TOKEN".to_owned(), "hunter2".to_owned())],
        seconds: 600,
        mark: "end-4711".to_owned(),
    }
}

#[test]
fn values_stand_in_the_secret_and_nowhere_else() {
    let (job, secret) = (job(&task(), Pin::Free).unwrap().into_json(), secret(&task()).unwrap().into_json());
    assert_eq!(secret["data"], json!({ "TOKEN": "aHVudGVyMg==" }));
    assert!(!job.to_string().contains("hunter2") && !job.to_string().contains("aHVudGVyMg"));
}

#[test]
fn the_pod_is_as_restricted_as_can_be_unless_root_is_asked_for() {
    let built = job(&task(), Pin::Free).unwrap().into_json();
    let pod = &built["spec"]["template"]["spec"];
    let container = &pod["containers"][0];
    assert_eq!(pod["securityContext"]["runAsNonRoot"], true);
    assert_eq!(pod["securityContext"]["seccompProfile"]["type"], "RuntimeDefault");
    assert_eq!(container["securityContext"]["capabilities"]["drop"], json!(["ALL"]));
    assert_eq!((&pod["automountServiceAccountToken"], &built["spec"]["backoffLimit"]), (&json!(false), &json!(0)));
    let mut root = task();
    root.place.run_as_user = Some(0);
    let built = job(&root, Pin::Free).unwrap().into_json();
    assert!(built["spec"]["template"]["spec"]["securityContext"].get("runAsNonRoot").is_none());
}

#[test]
fn a_claim_needs_nobody_who_receives() {
    let mut task = task();
    task.place.workspace = PodWorkspace::Claim("cache".to_owned());
    let built = job(&task, Pin::Free).unwrap().into_json();
    let pod = &built["spec"]["template"]["spec"];
    assert!(pod.get("initContainers").is_none() && pod.get("affinity").is_none());
    assert_eq!(pod["volumes"][0]["persistentVolumeClaim"]["claimName"], "cache");
}

#[test]
fn pods_of_a_claim_that_one_node_can_have_find_each_other_by_the_label_that_they_carry() {
    let mut task = task();
    task.place.workspace = PodWorkspace::Claim("cache".to_owned());
    let built = job(&task, Pin::Required).unwrap().into_json();
    let template = &built["spec"]["template"];
    let term = &template["spec"]["affinity"]["podAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"][0];
    assert_eq!(
        term["labelSelector"]["matchLabels"]["ansflow.io/claim"],
        template["metadata"]["labels"]["ansflow.io/claim"]
    );
    assert_eq!(
        (&term["topologyKey"], template["metadata"]["labels"].get("ansflow.io/run").is_some()),
        (&json!("kubernetes.io/hostname"), true)
    );
}

#[test]
fn odd_paths_stay_one_word() {
    let built = job(&task(), Pin::Free).unwrap().into_json();
    let text = built["spec"]["template"]["spec"]["containers"][0]["command"][2].as_str().unwrap().to_owned();
    assert!(text.starts_with(r"cd '/work space/it'\''s' || exit 1; "), "{text}");
}
