//! `ansflow run --simulate`: the cluster lives as long as the command.

use std::process::Stdio;

use super::{ask, names};
use crate::world::World;

/// Shows where it is led, and waits for a word.
const WAITS: &str = r#"
steps:
  - {name: one, type: command, command: 'echo "$KUBECONFIG {{ env.KUBECONFIG }}"; stat -c %a "$KUBECONFIG"'}
  - {name: two, type: command, command: "touch begun; while [ ! -e go ]; do sleep 0.02; done"}
  - {name: three, type: command, command: 'test -e "$KUBECONFIG" && echo there'}
"#;

#[test]
fn steps_are_led_to_a_cluster_that_says_that_it_is_simulated_and_goes_with_the_run() {
    let world = World::new();
    world.write("p.yml", WAITS);
    let mut command = world.command(&["run", "p.yml", "--simulate", "-o", "json"]);
    let child = command.env("KUBECONFIG", "/my/own").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    world.until("step two is there", || world.workspace().join("begun").exists());
    let file = world.state().join("ansflow/runs").join(world.runs().pop().unwrap()).join("kubeconfig");
    assert_eq!(ask(&file, "/version").unwrap()["gitVersion"], "v1.34.9+ansflow.simulated");
    assert_eq!(names(&ask(&file, "/api/v1/nodes").unwrap()).len(), 3);
    world.write("go", "");
    let ended = crate::world::Ended::after(child);
    let path = file.display();
    assert_eq!((ended.code, ended.log("one")), (0, vec![format!("{path} {path}"), "600".to_owned()]), "{ended:#?}");
    assert_eq!(ended.log("three"), ["there"]);
    assert!(
        ended.stderr.starts_with("simulated: cluster `simulated` (Kubernetes v1.34.9+ansflow.simulated) "),
        "{ended:#?}"
    );
    assert!(!file.exists());
}

#[test]
fn without_it_nobody_gets_a_simulated_cluster() {
    let world = World::new();
    let pipeline = "steps: [{name: a, type: command, command: 'echo \"[${KUBECONFIG-none}]\"'}]";
    let ended = world.run(pipeline, &[]);
    assert_eq!((ended.log("a"), ended.stderr.contains("simulated")), (vec!["[none]".to_owned()], false), "{ended:#?}");
}

#[test]
fn the_name_simulated_means_no_other_cluster() {
    let world = World::new();
    let pipeline = "steps: [{name: a, type: command, command: 'true'}]";
    let ended = world.run(pipeline, &["--simulate", "--cluster", "simulated=config"]);
    assert_eq!(ended.code, 2, "{ended:#?}");
    assert!(ended.stderr.contains("with --simulate, `simulated` is the simulated cluster"), "{ended:#?}");
    assert_eq!(world.runs(), Vec::<String>::new());
}

#[test]
fn a_run_that_was_killed_goes_on_with_a_new_cluster_only_where_that_is_said() {
    let world = World::new();
    world.write("p.yml", WAITS);
    let mut child = world.start(&["run", "p.yml", "--simulate", "-o", "json"]);
    world.until("step two is there", || world.workspace().join("begun").exists());
    child.kill().unwrap();
    child.wait().unwrap();
    let run = world.runs().pop().unwrap();
    let file = world.state().join("ansflow/runs").join(&run).join("kubeconfig");
    assert_eq!(ask(&file, "/version"), None, "the cluster ended with the command");

    let refused = world.ansflow(&["run", "--resume", &run]);
    assert_eq!(refused.code, 2, "{refused:#?}");
    assert!(refused.stderr.contains("its simulated cluster ended with the command"), "{refused:#?}");
    assert!(refused.stderr.contains(&format!("`ansflow run --resume {run} --simulate`")), "{refused:#?}");

    world.write("go", "");
    let ended = world.ansflow(&["run", "--resume", &run, "--simulate", "-o", "json"]);
    assert_eq!((ended.code, ended.log("three")), (0, vec!["there".to_owned()]), "{ended:#?}");
    assert!(ended.stderr.contains("is new and empty"), "{ended:#?}");
    assert!(!file.exists());

    // What has ended is only told, and needs no cluster.
    let again = world.ansflow(&["run", "--resume", &run, "-o", "json"]);
    assert_eq!((again.code, again.stderr.contains("simulated")), (0, false), "{again:#?}");
}

#[test]
fn a_run_that_began_without_it_does_not_go_on_with_it() {
    let world = World::new();
    world.write(
        "p.yml",
        "steps: [{name: a, type: command, command: 'touch begun; while [ ! -e go ]; do sleep 0.02; done'}]",
    );
    let mut child = world.start(&["run", "p.yml"]);
    world.until("it is under way", || world.workspace().join("begun").exists());
    child.kill().unwrap();
    child.wait().unwrap();
    world.write("go", "");
    let run = world.runs().pop().unwrap();
    let refused = world.ansflow(&["run", "--resume", &run, "--simulate"]);
    assert_eq!(refused.code, 2, "{refused:#?}");
    assert!(refused.stderr.contains("was started without --simulate"), "{refused:#?}");
    assert_eq!(world.ansflow(&["run", "--resume", &run]).code, 0);
}
