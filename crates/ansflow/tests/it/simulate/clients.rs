//! The real clients, against the binary itself. `scripts/kube-tools.sh` brings them; without, this says so, loudly.
#![expect(clippy::print_stdout, reason = "a test that cannot begin says why")]

use std::path::{Path, PathBuf};

use crate::world::{Ended, World};

/// Puts a client into a folder of the world's, under the name that scripts call it by. Nothing where there is none.
fn tool(world: &World, name: &str, file: &str) -> Option<PathBuf> {
    let told = std::env::var_os("ANSFLOW_TEST_KUBE_TOOLS").filter(|told| !told.is_empty()).map(PathBuf::from);
    let folder = told.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/tools"));
    let program = folder.join(file);
    if !program.exists() {
        println!("NOT RUN: THERE IS NO {}; scripts/kube-tools.sh brings it", file.to_uppercase());
        return None;
    }
    let bin = world.path().join("bin");
    std::fs::create_dir_all(&bin).unwrap();
    std::os::unix::fs::symlink(program, bin.join(name)).unwrap();
    Some(bin)
}

fn run(world: &World, bin: &Path, pipeline: &str, words: &[&str]) -> Ended {
    world.write("p.yml", pipeline);
    let mut command = world.command(&[&["run", "p.yml", "-o", "json"], words].concat());
    let path = std::env::var("PATH").unwrap_or_default();
    command.env("PATH", format!("{}:{path}", bin.display()));
    Ended::of(command)
}

#[test]
fn steps_with_kubectl_deploy_to_the_simulated_cluster_and_see_what_earlier_ones_did() {
    let world = World::new();
    let Some(bin) = tool(&world, "kubectl", "kubectl-1.36.3") else { return };
    let pipeline = r"
steps:
  - {name: deploy, type: command, command: kubectl create deployment web --image=nginx:1.27 --replicas=2}
  - {name: wait, type: command, command: kubectl rollout status deployment/web --timeout=60s}
  - {name: look, type: command, command: 'kubectl get deployment web -o jsonpath={.status.readyReplicas}'}
  - {name: broken, type: command, command: 'kubectl run bad --image=acme/web:nosuch && kubectl wait pod/bad --for=jsonpath={.status.containerStatuses[0].state.waiting.reason}=ErrImagePull --timeout=30s'}
";
    let ended = run(&world, &bin, pipeline, &["--simulate"]);
    assert_eq!(ended.code, 0, "{ended:#?}");
    assert_eq!(ended.log("look"), ["2"]);
}

#[test]
fn steps_with_helm_install_a_chart_into_the_simulated_cluster() {
    let world = World::new();
    let Some(bin) = tool(&world, "helm", "helm-4.2.3") else { return };
    let pipeline = r"
steps:
  - {name: chart, type: command, command: helm create shop}
  - {name: install, type: command, command: 'helm install shop ./shop --set image.tag=1.27 --wait --timeout 60s'}
  - {name: releases, type: command, command: helm list -q}
";
    let ended = run(&world, &bin, pipeline, &["--simulate"]);
    assert_eq!(ended.code, 0, "{ended:#?}");
    assert_eq!(ended.log("releases"), ["shop"]);
}

/// Twice: what the demo shows must not depend on who was there before.
#[test]
fn the_demo_s_sample_deploys_well_fails_once_on_purpose_and_goes_back() {
    let world = World::new();
    let Some(bin) = tool(&world, "kubectl", "kubectl-1.36.3") else { return };
    let sample = include_str!("../../../src/demo/simulated.yml");
    let cluster = super::Simulated::start(&world, &["--kubeconfig", "cluster.yml", "--speed", "10"]);
    let sample = sample.replace("@KUBECONFIG@", cluster.kubeconfig().to_str().unwrap());
    for _ in 0..2 {
        let ended = run(&world, &bin, &sample, &["--var", "patience=2s"]);
        assert_eq!(ended.code, 0, "{ended:#?}");
        let status = |step: &str| ended.finished(step)["status"].as_str().unwrap().to_owned();
        let steps = ["deploy", "deploy a bad image", "undo"].map(status);
        assert_eq!(steps, ["success", "failed", "success"], "{ended:#?}");
    }
}

/// docs/simulator.md: what it has people apply is applied, what it has them type is typed, in its order.
#[test]
fn the_examples_of_the_simulator_s_document_work_as_they_stand_there() {
    let world = World::new();
    let Some(bin) = tool(&world, "kubectl", "kubectl-1.36.3") else { return };
    let cluster = super::Simulated::start(&world, &["--kubeconfig", "cluster.yml", "--speed", "5"]);
    let text = include_str!("../../../../../docs/simulator.md");
    let mut tried = 0;
    for block in text.split("\n```").skip(1).step_by(2) {
        let (language, block) = block.split_once('\n').unwrap();
        world.write("block", block);
        let typed = match language {
            "yaml" => "kubectl apply -f block",
            "sh" => block,
            _ => continue,
        };
        let mut shell = std::process::Command::new("bash");
        shell.args(["-ec", typed]).current_dir(world.workspace()).env("KUBECONFIG", cluster.kubeconfig());
        let path = std::env::var("PATH").unwrap_or_default();
        shell.env("PATH", format!("{}:{path}", bin.display())).env("HOME", world.path());
        let ended = Ended::of(shell);
        assert_eq!(ended.code, 0, "{typed}\n{ended:#?}");
        tried += 1;
    }
    assert!(tried > 3, "the document has examples");
}
