//! `ansflow simulate`.

use std::os::unix::fs::PermissionsExt as _;

use nix::sys::signal::Signal;

use super::{Simulated, ask, names};
use crate::world::World;

const VERSION: &str = "v1.34.9+ansflow.simulated";

#[test]
fn its_kubeconfig_is_for_the_owner_only_leads_to_it_and_goes_with_it() {
    for signal in [Signal::SIGINT, Signal::SIGTERM] {
        let world = World::new();
        let file = world.path().join("config");
        let cluster = Simulated::start(&world, &["--kubeconfig", file.to_str().unwrap(), "--nodes", "2"]);
        assert_eq!((cluster.kubeconfig(), cluster.said["version"].as_str()), (file.as_path(), Some(VERSION)));
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(ask(&file, "/version").unwrap()["gitVersion"], VERSION);
        assert_eq!(names(&ask(&file, "/api/v1/nodes").unwrap()), ["node-1", "node-2"]);
        assert_eq!(cluster.end(signal), Some(0));
        assert!(!file.exists());
    }
}

#[test]
fn where_no_file_is_named_it_is_in_a_folder_that_goes_too() {
    let world = World::new();
    let cluster = Simulated::start(&world, &[]);
    let folder = cluster.kubeconfig().parent().unwrap().to_owned();
    assert_eq!(folder.metadata().unwrap().permissions().mode() & 0o777, 0o700);
    assert!(cluster.said["server"].as_str().unwrap().starts_with("https://127.0.0.1:"), "{}", cluster.said);
    assert_eq!(cluster.end(Signal::SIGTERM), Some(0));
    assert!(!folder.exists());
}

#[test]
fn it_says_what_it_is_and_prints_the_line_that_leads_to_it() {
    let world = World::new();
    let mut command = world.command(&["simulate", "--kubeconfig", "my config", "--speed", "5", "--seed", "7"]);
    let mut child = command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.take().unwrap()), &mut line).unwrap();
    let path = world.workspace().canonicalize().unwrap().join("my config");
    assert_eq!(line, format!("export KUBECONFIG='{}'\n", path.display()));
    let pid = nix::unistd::Pid::from_raw(child.id().cast_signed());
    nix::sys::signal::kill(pid, Signal::SIGINT).unwrap();
    let said = String::from_utf8(child.wait_with_output().unwrap().stderr).unwrap();
    let first = said.lines().next().unwrap();
    assert!(first.starts_with(&format!("simulated Kubernetes {VERSION} at https://127.0.0.1:")), "{said}");
    assert!(first.ends_with(": 3 nodes, seed 7, speed 5"), "{said}");
}

#[test]
fn the_kubeconfig_of_somebody_else_is_replaced_only_where_that_is_said() {
    let world = World::new();
    let file = world.write("config", "apiVersion: v1\nkind: Config\n");
    let refused = world.ansflow(&["simulate", "--kubeconfig", "config"]);
    assert_eq!(refused.code, 2, "{refused:?}");
    assert!(refused.stderr.contains("is no kubeconfig of a simulated cluster"), "{refused:?}");
    assert_eq!(world.read("config"), "apiVersion: v1\nkind: Config\n");
    let first = Simulated::start(&world, &["--kubeconfig", "config", "--force"]);
    // What an earlier one has left, killed as it may have been, is in nobody's way.
    let second = Simulated::start(&world, &["--kubeconfig", "config"]);
    assert_eq!(first.end(Signal::SIGTERM), Some(0));
    assert!(file.exists(), "it leads to the second");
    assert!(ask(&file, "/version").is_some());
    assert_eq!(second.end(Signal::SIGTERM), Some(0));
    assert!(!file.exists());
}

#[test]
fn what_it_cannot_do_is_refused_by_name() {
    let world = World::new();
    for (words, code, said) in [
        (&["--speed", "0"] as &[&str], 2, "it is a number from 0.001 to 1000"),
        (&["--speed", "nan"], 2, "it is a number from 0.001 to 1000"),
        (&["--nodes", "1001"], 2, "1001 is not in 0..=1000"),
        (&["--listen", "192.0.2.1:1"], 1, "failed to listen on 192.0.2.1:1"),
        (&["--kubeconfig", "nowhere/config"], 1, "failed to write the kubeconfig `nowhere/config`"),
        (&["--log", "x=y=z"], 2, "is no level and no filter"),
        (&["--force"], 2, "--kubeconfig <FILE>"),
    ] {
        let ended = world.ansflow(&[&["simulate"], words].concat());
        assert_eq!(ended.code, code, "{words:?}: {ended:?}");
        assert!(ended.stderr.contains(said), "{words:?}: {ended:?}");
    }
}

#[test]
fn one_that_listens_everywhere_says_so_and_answers_here() {
    let world = World::new();
    let mut command = world.command(&["simulate", "--listen", "0.0.0.0:0", "--kubeconfig", "config"]);
    let mut child = command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.take().unwrap()), &mut line).unwrap();
    let file = world.workspace().join("config");
    assert_eq!(ask(&file, "/version").unwrap()["gitVersion"], VERSION);
    nix::sys::signal::kill(nix::unistd::Pid::from_raw(child.id().cast_signed()), Signal::SIGTERM).unwrap();
    let said = String::from_utf8(child.wait_with_output().unwrap().stderr).unwrap();
    assert!(said.contains("it listens beyond this machine"), "{said}");
}
