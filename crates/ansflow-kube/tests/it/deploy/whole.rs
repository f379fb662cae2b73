//! Whole deploys: from the specification to the verdict.

use super::{Space, config, deployment};
use ansflow_core::mask::Masker;
use ansflow_core::spec::{K8sDeploy, Place, Source};
use ansflow_core::verdict::{End, Waiting};
use ansflow_kube::deploy::{Dir, Order, Outcome, Owner, run};
use ansflow_kube::sink::{Sink, Stop};
use serde_json::{Map, Value as Json, json};
use std::future::pending;
use std::sync::Mutex;
use std::time::Duration;
use tokio::time::Instant;

/// Hears all that is told.
#[derive(Default)]
pub(super) struct Ear(Mutex<Vec<String>>);

impl Sink for Ear {
    fn line(&self, line: &str) {
        self.0.lock().unwrap().push(line.to_owned());
    }

    fn waiting(&self, waiting: &Waiting) {
        self.line(&format!("waiting: {}", waiting.r#for));
    }
}

fn spec(objects: &[Json]) -> K8sDeploy {
    K8sDeploy {
        place: Place::default(),
        source: Source::Inline(objects.to_vec()),
        names: Map::new(),
        timeout_ms: 60_000,
        wait: true,
        rollback: true,
        dry_run: false,
        prune: false,
        force_conflicts: false,
        recreate_immutable: false,
        create_namespace: false,
        resource_name: None,
    }
}

struct Whole {
    space: Space,
    folder: tempfile::TempDir,
    ear: Ear,
}

impl Whole {
    async fn new() -> Whole {
        Whole { space: Space::new().await, folder: tempfile::tempdir().unwrap(), ear: Ear::default() }
    }

    async fn run(&self, spec: &K8sDeploy, stop: impl Future<Output = Stop>) -> Outcome {
        let dir = Dir { workspace: self.folder.path().into(), directory: self.folder.path().into() };
        let order = Order {
            dir: &dir,
            namespace: &self.space.space,
            until: Instant::now() + Duration::from_secs(60),
            owner: Owner { pipeline: "shop".to_owned(), step: "deploy".to_owned() },
            evidence: &self.folder.path().join("evidence"),
            masker: &Masker::new(["hunter2"]),
        };
        run(&self.space.cluster, spec, &order, &self.ear, stop).await
    }

    fn told(&self) -> String {
        self.ear.0.lock().unwrap().join("\n")
    }
}

#[tokio::test]
async fn a_deploy_ends_when_everything_is_ready_and_so_does_the_next_one() {
    let whole = Whole::new().await;
    let spec = spec(&[config("settings", "1"), deployment("web", &whole.space.world.image("web"), 2)]);
    for revision in ["1", "1"] {
        let outcome = whole.run(&spec, pending()).await;
        assert_eq!(outcome.verdict.outcome, End::Ready, "{:#?}", outcome.verdict);
        assert!(outcome.outputs.contains(&("revision", revision.to_owned())), "{:?}", outcome.outputs);
        assert!(outcome.outputs.contains(&("resource_name", "web".to_owned())), "{:?}", outcome.outputs);
    }
    assert!(whole.told().contains("0 to create, 0 to change, 2 as they should be"), "{}", whole.told());
}

#[tokio::test]
async fn a_tag_that_does_not_exist_is_the_cause_and_what_was_there_before_is_back() {
    let whole = Whole::new().await;
    let image = whole.space.world.image("web");
    assert_eq!(whole.run(&spec(&[deployment("web", &image, 1)]), pending()).await.verdict.outcome, End::Ready);
    let broken = spec(&[deployment("web", "registry.invalid/web:1", 1), config("new", "1")]);
    let began = std::time::Instant::now();
    let outcome = whole.run(&broken, pending()).await;
    assert_eq!(outcome.verdict.cause.as_ref().unwrap().as_str(), "image_pull", "{:#?}", outcome.verdict);
    let remark = outcome.verdict.remarks.last().unwrap();
    assert!(
        remark.starts_with("rolled back – as before") && remark.contains("; ready after "),
        "{remark}\n{}",
        whole.told()
    );
    assert!(began.elapsed().as_secs() < 30, "{:?}", began.elapsed());
    let now = whole.space.get("apps/deployments/web").await.unwrap();
    assert_eq!(now.pointer("/spec/template/spec/containers/0/image"), Some(&json!(image)));
    assert_eq!(whole.space.get("configmaps/new").await, None);
    let patch = std::fs::read_to_string(whole.folder.path().join("evidence/diff.patch")).unwrap();
    assert!(patch.contains("registry.invalid/web:1"), "{patch}");
    // The bundle is a recording too: what the watches told while the broken version was there.
    let files: Vec<_> = outcome.kept.iter().map(|it| it.display().to_string()).collect();
    for file in ["verdict.json", "watch.jsonl", "apply.json", "diff.patch"] {
        assert!(files.iter().any(|it| it == file), "{file}: {files:?}");
    }
    let told = whole.told();
    let at = |words: &str| told.find(words).unwrap_or_else(|| panic!("{words}: {told}"));
    assert!(at(&format!("evidence: {} files in ", files.len())) < at("rolling back"), "{told}");
}

#[tokio::test]
async fn a_dry_run_says_what_would_change_and_changes_nothing() {
    let whole = Whole::new().await;
    let dry = K8sDeploy { dry_run: true, ..spec(&[config("settings", "1")]) };
    let outcome = whole.run(&dry, pending()).await;
    assert_eq!(outcome.verdict.summary, "dry run: 1 would be created, 0 changed, 0 are as they should be");
    assert!(whole.told().contains("+  key: \"1\""), "{}", whole.told());
    assert_eq!(whole.space.get("configmaps/settings").await, None);
}

#[tokio::test]
async fn cancelling_undoes_nothing_and_says_what_was_written() {
    let whole = Whole::new().await;
    let mut slow = deployment("web", &whole.space.world.image("web"), 1);
    slow["spec"]["template"]["spec"]["containers"][0]["readinessProbe"] =
        json!({ "httpGet": { "port": 80 }, "initialDelaySeconds": 600 });
    let stop = async {
        while !whole.told().contains("waiting: ") {
            tokio::task::yield_now().await;
        }
        Stop::Cancelled
    };
    let outcome = whole.run(&spec(&[slow]), stop).await;
    assert_eq!(outcome.verdict.cause.as_ref().unwrap().as_str(), "cancelled", "{:#?}", outcome.verdict);
    assert!(whole.space.get("apps/deployments/web").await.is_some());
}

#[tokio::test]
async fn what_cannot_be_read_is_told_and_nobody_is_asked() {
    let whole = Whole::new().await;
    let outcome = whole.run(&K8sDeploy { source: Source::Look, ..spec(&[]) }, pending()).await;
    assert_eq!(outcome.verdict.cause.as_ref().unwrap().as_str(), "invalid_manifest");
    assert!(outcome.verdict.summary.contains("k8s"), "{:#?}", outcome.verdict);
}
