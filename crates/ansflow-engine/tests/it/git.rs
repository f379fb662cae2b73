//! Checkouts by the real `git`.

use std::path::Path;
use std::process::Command;

use ansflow_core::run::event::Report;
use ansflow_core::spec::{Git, StepSpec};

use crate::world::World;

/// The program itself, for what a test needs to be there.
pub(crate) fn git(at: &Path, words: &[&str]) -> String {
    let identity = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main"];
    let output = Command::new("git").current_dir(at).args(identity).args(words).output().unwrap();
    assert!(output.status.success(), "git {words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

/// A repository `origin` with two commits on `main`, a tag on the first and a branch `feature/x`.
fn world() -> World {
    let world = World::new();
    let origin = world.work().join("origin");
    std::fs::create_dir(&origin).unwrap();
    git(&origin, &["init", "-q"]);
    for text in ["one", "two"] {
        world.write("origin/file", text);
        git(&origin, &["add", "."]);
        git(&origin, &["commit", "-qm", text]);
    }
    git(&origin, &["tag", "v1", "HEAD~1"]);
    git(&origin, &["branch", "feature/x", "HEAD~1"]);
    world
}

fn spec(reference: Option<&str>, depth: u32) -> StepSpec {
    let reference = reference.map(str::to_owned);
    StepSpec::Git(Git { repository: "origin".into(), path: Some("shop".into()), reference, depth, ..Git::default() })
}

fn check(reference: Option<&str>, depth: u32, branch: Option<&str>, content: &str) {
    let world = world();
    let gains = world.gains(&world.order(spec(reference, depth)));
    assert_eq!(gains.git_branch.as_deref(), branch);
    assert_eq!(gains.directory.as_deref(), Some("shop"));
    assert_eq!(gains.git_commit, Some(git(&world.work().join("shop"), &["rev-parse", "HEAD"])));
    assert_eq!(world.text("shop/file"), content);
    assert_eq!(git(&world.work().join("shop"), &["status", "--porcelain"]), "");
}

#[test]
fn a_reference_is_a_branch_a_tag_or_a_commit() {
    check(None, 0, Some("main"), "two");
    check(Some("feature/x"), 1, Some("feature/x"), "one");
    check(Some("v1"), 1, None, "one");
    let world = world();
    let commit = git(&world.work().join("origin"), &["rev-parse", "HEAD~1"]);
    let gains = world.gains(&world.order(spec(Some(&commit), 1)));
    assert_eq!(gains.git_commit, Some(commit));
}

#[test]
fn a_checkout_that_is_there_is_brought_up_to_date() {
    let world = world();
    world.gains(&world.order(spec(None, 0)));
    world.write("origin/file", "three");
    git(&world.work().join("origin"), &["commit", "-qam", "three"]);
    let again = World::with_work_of(&world);
    again.gains(&again.order(spec(None, 0)));
    assert_eq!(world.text("shop/file"), "three");
}

#[test]
fn what_is_there_and_is_no_checkout_is_left_alone() {
    let world = world();
    world.write("shop/precious", "mine");
    let Report::Failed { message, .. } = world.run(&world.order(spec(None, 0))).report else { panic!() };
    assert!(message.contains("shop` is not empty and no checkout of `origin`"), "{message}");
    assert_eq!(world.text("shop/precious"), "mine");
}

#[test]
fn an_option_is_no_reference_and_no_address() {
    for (repository, reference, path) in [
        ("--upload-pack=touch pwned", None, None),
        ("ext::touch pwned", None, None),
        ("origin", Some("--upload-pack=touch pwned"), None),
        ("origin", None, Some("../outside")),
    ] {
        let world = world();
        let [reference, path] = [reference, path].map(|text: Option<&str>| text.map(str::to_owned));
        let git = Git { repository: repository.into(), reference, path, ..Git::default() };
        assert!(matches!(world.run(&world.order(StepSpec::Git(git))).report, Report::Failed { exit_code: None, .. }));
        assert!(!world.work().join("pwned").exists());
    }
}

#[test]
fn an_unknown_reference_is_named() {
    let world = world();
    let Report::Failed { message, .. } = world.run(&world.order(spec(Some("nowhere"), 0))).report else { panic!() };
    assert!(message.ends_with("has no branch or tag `nowhere`"), "{message}");
    assert!(!world.work().join("shop").exists());
}
