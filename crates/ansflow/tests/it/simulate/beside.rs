//! The demo's cluster, beside its server.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::Stdio;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::{ask, names};
use crate::world::World;

#[test]
fn the_demo_says_where_its_simulated_cluster_is_and_takes_it_away() {
    let world = World::new();
    let mut command = world.command(&["demo"]);
    let temporary = world.path().join("tmp");
    std::fs::create_dir(&temporary).unwrap();
    let mut child = command.env("TMPDIR", &temporary).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let mut said = Vec::new();
    for line in lines {
        let last = line.starts_with("Ctrl-C");
        said.push(line);
        if last {
            break;
        }
    }
    let file = said.iter().find_map(|line| line.trim().strip_prefix("export KUBECONFIG=")).map(PathBuf::from);
    let file = file.unwrap_or_else(|| panic!("{said:#?}"));
    assert!(
        said.iter().any(|line| line.contains("simulated cluster, Kubernetes v1.34.9+ansflow.simulated")),
        "{said:#?}"
    );
    assert_eq!(names(&ask(&file, "/api/v1/namespaces").unwrap())[0], "default");
    kill(Pid::from_raw(child.id().cast_signed()), Signal::SIGINT).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(std::fs::read_dir(&temporary).unwrap().count(), 0, "its folder is gone");
}

/// The sample is a file of the binary's; it is run as the demo runs it, on a machine that has no kubectl.
#[test]
fn the_sample_that_deploys_is_green_where_there_is_no_kubectl() {
    let world = World::new();
    let sample = include_str!("../../../src/demo/simulated.yml").replace("@KUBECONFIG@", "/nowhere");
    world.write("p.yml", sample);
    let bin = world.path().join("bin");
    std::fs::create_dir(&bin).unwrap();
    for program in ["sh", "cat", "echo"] {
        std::os::unix::fs::symlink(format!("/bin/{program}"), bin.join(program)).unwrap();
    }
    let mut command = world.command(&["run", "p.yml", "-o", "json"]);
    let ended = crate::world::Ended::of({
        command.env("PATH", &bin);
        command
    });
    assert_eq!(ended.code, 0, "{ended:#?}");
    assert_eq!(ended.finished("deploy")["status"], "skipped", "{ended:#?}");
}
