//! Shell steps of a pipeline of type `kubernetes`: Jobs in a cluster, with the run's workspace.

use std::fs;

use serde_json::{Value, json};

use super::far::{Far, name};
use crate::engine::Bench;

fn plan(steps: &Value) -> Value {
    json!({ "pipeline": "shop", "type": "kubernetes", "variables": {}, "steps": steps })
}

fn step(name: &str, needs: &[usize], command: &str) -> Value {
    let params = json!({ "command": command, "image": "busybox:1.36", "cluster": "ci", "namespace": "default" });
    json!({ "name": name, "type": "command", "needs": needs, "params": params })
}

#[test]
fn steps_hand_the_workspace_and_outputs_to_each_other_through_their_pods() {
    let far = Far::start("ci");
    let build = step("build", &[], "cat source; echo built > made; echo version=7 > $ANSFLOW_OUTPUT");
    let test = step("test", &[0], "cat made; echo \"version {{ steps.build.outputs.version }}\"; echo tested >> made");
    let bench = Bench::of(&plan(&json!([build, test])), Vec::new());
    name(bench.root(), &[("ci", &far)]);
    fs::write(bench.work("source"), "from the server\n").unwrap();
    let text = bench.drive().rest();
    assert!(text.contains("\"status\":\"success\""), "{text}");
    for line in ["from the server", "built", "version 7", "ansflow: cluster ci (https://127.0.0.1:"] {
        assert!(text.contains(line), "{line} is missing: {text}");
    }
    assert_eq!(bench.read("made"), "built\ntested\n");
    let secrets = far.all("Secret", "default");
    assert!(!secrets.iter().any(|secret| secret.name().starts_with("af-")), "the environment of a step stays nowhere");
}

#[test]
fn a_command_that_fails_fails_its_step_with_its_exit_code() {
    let far = Far::start("ci");
    let bench = Bench::of(&plan(&json!([step("test", &[], "echo no; exit 7")])), Vec::new());
    name(bench.root(), &[("ci", &far)]);
    let text = bench.drive().rest();
    assert!(text.contains("ended with exit code 7"), "{text}");
}
