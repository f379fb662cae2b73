//! Files that are kept, and those that must not be.

use std::fs;

use ansflow_core::run::event::Report;
use ansflow_store::Store;
use serde_json::json;
use tokio::io::AsyncReadExt as _;

use crate::engine::Bench;
use crate::world::{World, block_on};

#[test]
fn matching_files_are_kept_with_size_and_digest() {
    let world = World::new();
    let mut order = world.sh("mkdir -p out/deep .git; echo hi >out/a.txt; echo ho >out/deep/b.txt; : >c.log; : >.git/x.txt; mkfifo out/f.txt");
    order.artifacts = vec!["out/**/*.txt".into(), "*.md".into()];
    let ending = world.run(&order);
    let kept: Vec<_> = ending.artifacts.iter().map(|kept| (kept.path.as_str(), kept.size)).collect();
    assert_eq!(kept, [("out/a.txt", 3), ("out/deep/b.txt", 3)]);
    assert_eq!(ending.artifacts[0].sha256, "98ea6e4f216f2fb4b69fff9b3a44842c38686ca685f3f55dc48c5d3fb1107be4");
    assert_eq!(fs::read_to_string(world.folder.file("artifacts/out/a.txt")).unwrap(), "hi\n");
    assert_eq!(world.log(), "ansflow: artifacts: `*.md` matches no file\n");
}

#[test]
fn a_link_that_leaves_the_workspace_is_refused() {
    let world = World::new();
    let mut order = world.sh("echo in >real; ln -s real ok.txt; ln -s /etc/passwd no.txt");
    order.artifacts = vec!["ok.txt".into()];
    assert_eq!(world.run(&order).artifacts[0].size, 3);

    let world = World::new();
    let mut order = world.sh("ln -s /etc/passwd no.txt; ln -s /etc dir");
    order.artifacts = vec!["**/*".into()];
    let Report::Failed { message, .. } = world.run(&order).report else { panic!() };
    assert_eq!(message, "the artifact `dir` is a link that leaves the workspace");
    assert!(!world.folder.file("artifacts").exists());
}

#[test]
fn what_a_step_kept_is_known_to_the_store() {
    let bench = Bench::new(&json!([{
        "name": "a", "type": "command", "needs": [], "artifacts": ["out/*.txt"],
        "params": { "command": "mkdir out; echo hi >out/a.txt; echo hi >out/b.txt" }
    }]));
    assert!(bench.drive().rest().contains("status Success"));
    // Also where the folder of the attempt is gone.
    fs::remove_dir_all(bench.root().join("attempts")).unwrap();
    let found = block_on(async {
        let store = Store::open_file(&bench.root().join("run.db")).await.unwrap();
        let artifacts = store.artifacts(bench.root().join("artifacts"));
        let mut found = Vec::new();
        for kept in artifacts.list("run_1").await.unwrap() {
            let mut text = String::new();
            artifacts.open(&kept).await.unwrap().read_to_string(&mut text).await.unwrap();
            found.push((kept.step, kept.attempt, kept.path, kept.size, text));
        }
        found
    });
    let file = |path: &str| (0, 1, path.to_owned(), 3, "hi\n".to_owned());
    assert_eq!(found, [file("out/a.txt"), file("out/b.txt")]);
}

#[test]
fn a_step_whose_files_cannot_be_kept_has_not_succeeded() {
    let bench = Bench::new(&json!([{
        "name": "a", "type": "command", "needs": [], "artifacts": ["a"], "params": { "command": "echo a >a" }
    }]));
    fs::write(bench.root().join("artifacts"), "in the way").unwrap();
    let text = bench.drive().rest();
    assert!(text.contains("failed to keep the artifacts") && text.contains("status Failed"), "{text}");
}
