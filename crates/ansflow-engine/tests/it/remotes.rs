//! Checkouts and playbooks from real servers, which ask who comes: the answers are secrets, and nobody else sees them.

mod http;
mod sshd;

use std::path::{Path, PathBuf};

use ansflow_core::run::event::Report;
use ansflow_core::spec::{Ansible, Git, StepSpec};
use ansflow_engine::attempt::order::Order;
use tempfile::TempDir;

use self::http::Http;
use self::sshd::Sshd;
use crate::git::git;
use crate::secrets::leaks;
use crate::spy::Spy;
use crate::world::World;

/// In no command line of another test.
const PASSWORD: &str = "correct-horse-battery";

/// Bare repositories, outside of any workspace: `shop.git`, with a submodule where one is given.
struct Shelf {
    root: TempDir,
}

impl Shelf {
    fn new(submodule: Option<&str>) -> Self {
        let root = tempfile::tempdir().unwrap();
        let draft = root.path().join("draft");
        std::fs::create_dir(&draft).unwrap();
        git(&draft, &["init", "-q"]);
        std::fs::write(draft.join("file"), "two").unwrap();
        if let Some(url) = submodule {
            // As `git submodule add`, which would fetch it.
            std::fs::write(draft.join(".gitmodules"), format!("[submodule \"lib\"]\n path = lib\n url = {url}\n"))
                .unwrap();
            git(&draft, &["update-index", "--add", "--cacheinfo", &format!("160000,{},lib", "1".repeat(40))]);
        }
        git(&draft, &["add", "file"]);
        git(&draft, &["add", "-A", "--", ":!lib"]);
        git(&draft, &["commit", "-qm", "two"]);
        let shelf = Self { root };
        git(shelf.path(), &["clone", "-q", "--bare", "draft", "shop.git"]);
        shelf
    }

    /// `shop.git` with `lib.git` in it.
    fn with_lib() -> Self {
        let shelf = Self::new(None);
        git(shelf.path(), &["clone", "-q", "--bare", "draft", "lib.git"]);
        let draft = shelf.path().join("draft");
        let commit = git(&draft, &["rev-parse", "HEAD"]);
        std::fs::write(draft.join(".gitmodules"), "[submodule \"lib\"]\n path = lib\n url = ../lib.git\n").unwrap();
        git(&draft, &["update-index", "--add", "--cacheinfo", &format!("160000,{commit},lib")]);
        git(&draft, &["add", ".gitmodules"]);
        git(&draft, &["commit", "-qm", "with lib"]);
        git(&draft, &["push", "-q", "../shop.git", "HEAD:main"]);
        shelf
    }

    fn path(&self) -> &Path {
        self.root.path()
    }

    fn shop(&self) -> PathBuf {
        self.path().join("shop.git")
    }
}

/// Runs it, watching that the secret shows up nowhere.
fn run(world: &World, order: &Order, secret: &str) -> Report {
    let spy = Spy::on(secret);
    let report = world.run(order).report;
    assert_eq!(spy.seen(), Vec::<String>::new(), "in the process list");
    assert_eq!(leaks(world.folder.path(), secret), Vec::<String>::new());
    assert_eq!(leaks(&world.work(), secret), Vec::<String>::new());
    report
}

fn succeeds(world: &World, order: &Order, secret: &str) {
    let report = run(world, order, secret);
    assert!(matches!(report, Report::Succeeded(_)), "{report:?}, log: {}", world.log());
}

fn over_http(url: String, password: &str) -> Git {
    Git { repository: url, path: Some("shop".into()), password: Some(password.into()), depth: 1, ..Git::default() }
}

#[test]
fn a_password_opens_a_repository_and_its_submodules_on_the_same_host() {
    let shelf = Shelf::with_lib();
    let server = Http::start(shelf.path(), Some(PASSWORD));
    let world = World::new();
    let spec = Git { submodules: true, ..over_http(server.url("shop.git"), PASSWORD) };
    succeeds(&world, &world.order(StepSpec::Git(spec)), PASSWORD);
    assert_eq!(world.text("shop/file"), "two");
    assert_eq!(world.text("shop/lib/file"), "two");
}

#[test]
fn a_wrong_password_fails_without_asking_anybody() {
    let shelf = Shelf::new(None);
    let server = Http::start(shelf.path(), Some("another"));
    let world = World::new();
    let order = world.order(StepSpec::Git(over_http(server.url("shop.git"), PASSWORD)));
    assert!(matches!(run(&world, &order, PASSWORD), Report::Failed { .. }));
    assert!(world.log().contains("Authentication failed"), "{}", world.log());
}

#[test]
fn a_password_is_told_to_no_other_host() {
    let thief = Http::start(Shelf::new(None).path(), Some("anything"));
    let shelf = Shelf::new(Some(&thief.url("shop.git")));
    let server = Http::start(shelf.path(), Some(PASSWORD));
    let world = World::new();
    let spec = Git { submodules: true, ..over_http(server.url("shop.git"), PASSWORD) };
    let report = run(&world, &world.order(StepSpec::Git(spec)), PASSWORD);
    assert!(matches!(report, Report::Failed { .. }), "{report:?}");
    assert!(thief.requests() > 0, "nobody asked it");
    assert_eq!(thief.told(), Vec::<String>::new());

    let decoy = Http::redirecting(&thief.url("shop.git"));
    let world = World::new();
    let order = world.order(StepSpec::Git(over_http(decoy.url("shop.git"), PASSWORD)));
    assert!(matches!(run(&world, &order, PASSWORD), Report::Failed { .. }));
    assert_eq!(thief.told(), Vec::<String>::new());
}

#[test]
fn a_key_opens_a_repository_over_ssh() {
    let Some(server) = Sshd::start() else { return };
    let shelf = Shelf::with_lib();
    let world = World::new();
    let spec = Git {
        repository: server.url(&shelf.shop()),
        path: Some("shop".into()),
        submodules: true,
        ssh_key: Some(server.key.clone()),
        known_hosts: Some(server.known_hosts.clone()),
        ..Git::default()
    };
    succeeds(&world, &world.order(StepSpec::Git(spec)), server.heart_of_key());
    assert_eq!(world.text("shop/file"), "two");
    assert_eq!(world.text("shop/lib/file"), "two");
}

#[test]
fn a_host_that_is_not_the_known_one_is_not_talked_to() {
    let Some(server) = Sshd::start() else { return };
    let shelf = Shelf::new(None);
    let world = World::new();
    let spec = Git {
        repository: server.url(&shelf.shop()),
        path: Some("shop".into()),
        ssh_key: Some(server.key.clone()),
        known_hosts: Some(server.known_hosts_of_another()),
        ..Git::default()
    };
    let report = run(&world, &world.order(StepSpec::Git(spec)), server.heart_of_key());
    assert!(matches!(report, Report::Failed { .. }), "{report:?}");
    assert!(world.log().contains("Host key verification failed"), "{}", world.log());
}

const ANSWER: &str = "
- hosts: all
  gather_facts: false
  tasks:
    - raw: echo it is $((6 * 7)) >'{{ work }}/answer'; while [ ! -e '{{ work }}/go' ]; do sleep 0.05; done
";

#[test]
fn a_key_opens_a_host_to_ansible() {
    let Some(server) = Sshd::start() else { return };
    if !crate::ansible::is_installed() {
        eprintln!("NOT TESTED: ansible-playbook is not installed");
        return;
    }
    let world = World::new();
    world.write("site.yml", ANSWER);
    let known = world.write("known_hosts", &server.known_hosts);
    let extra_vars = serde_json::json!({
        "work": world.work(), "ansible_port": server.port,
        "ansible_ssh_common_args": format!("-o StrictHostKeyChecking=yes -o UserKnownHostsFile={}", known.display()),
    });
    let spec = Ansible {
        playbook: "site.yml".into(),
        inventory: Some("127.0.0.1,".into()),
        extra_vars: serde_json::from_value(extra_vars).unwrap(),
        user: Some(server.user.clone()),
        private_key: Some(server.key.clone()),
        ..Ansible::default()
    };
    let spy = Spy::on(server.heart_of_key());
    let first = world.start(&world.order(StepSpec::Ansible(spec.clone())));
    assert_eq!(world.line("answer"), "it is 42");

    // The connection that it keeps open is no way in for another.
    let other = World::with_work_of(&world);
    let keyless = Ansible { private_key: Some(server.another_key()), ..spec };
    let report = other.run(&other.order(StepSpec::Ansible(keyless))).report;
    assert!(matches!(report, Report::Failed { exit_code: Some(4), .. }), "{report:?} {}", other.log());

    world.write("go", "");
    let report = world.finish(first).report;
    assert!(matches!(report, Report::Succeeded(_)), "{report:?} {}", world.log());
    assert!(!world.log().contains("ansflow:"), "{}", world.log());
    assert_eq!(spy.seen(), Vec::<String>::new(), "in the process list");
    assert_eq!(leaks(world.folder.path(), server.heart_of_key()), Vec::<String>::new());
    assert!(!world.folder.file("memory").exists());
}
