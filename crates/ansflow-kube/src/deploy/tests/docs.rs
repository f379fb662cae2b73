//! The examples of docs/kubernetes.md are what the code does.

use super::{Space, names};
use crate::patience::{Class, PATIENCE};
use ansflow_core::spec::Source;
use serde_json::json;

const DOCUMENT: &str = include_str!("../../../../../docs/kubernetes.md");

#[test]
fn manifests_of_the_document_can_be_read() {
    let blocks: Vec<&str> = DOCUMENT.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    let manifests: Vec<&&str> = blocks.iter().filter(|block| block.starts_with("apiVersion")).collect();
    assert_eq!((blocks.len(), manifests.len()), (4, 1));
    let space = Space::new(&[("a.yaml", manifests[0])]);
    let mut names = names();
    names.insert("replicas".to_owned(), json!("3"));
    let reading = space.read(&Source::Path("a.yaml".to_owned()), Some(&names)).unwrap();
    let object = &reading.manifests[0].object;
    assert_eq!(object.int(&["spec", "replicas"]), Some(3));
    assert_eq!(object.text(&["metadata", "annotations", "build"]), Some("7"));
}

#[test]
fn graces_of_the_document_are_those_that_hold() {
    let rows = [
        ("an object's own last word", Class::FinalState),
        ("the fourth death", Class::Crash),
        ("the runtime cannot start", Class::Start),
        ("an image that is not there", Class::ImageFinal),
        ("the second death of the same kind", Class::CrashTold),
        ("a ConfigMap, Secret or key", Class::Config),
        ("the readiness probe is answered 4xx", Class::Ready4xx),
        ("registries, nodes, provisioners", Class::ImageTransient),
        ("no node fits, where an autoscaler", Class::ScheduleGrowing),
        ("everything else", Class::Suspected),
    ];
    let written = DOCUMENT.split("| what is seen | grace |").nth(1).unwrap().split("\n\n").next().unwrap();
    assert_eq!(written.lines().filter(|line| line.starts_with("| ")).count(), rows.len());
    for (begin, class) in rows {
        let row =
            written.lines().find(|line| line.starts_with(&format!("| {begin}"))).unwrap_or_else(|| panic!("{begin}"));
        let grace = match PATIENCE.grace(class) {
            Some(0) => "at once".to_owned(),
            Some(grace) => format!("{} s |", grace / 1_000),
            None => "never".to_owned(),
        };
        assert!(row.split(" | ").nth(1).unwrap().starts_with(&grace), "{row}: {grace}");
    }
}
