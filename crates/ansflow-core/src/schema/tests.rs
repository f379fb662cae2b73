//! The schema is sound, takes every shape of the seeds, and refuses what validation refuses.

use jsonschema::Validator;
use serde_json::{Value as Json, json};

use super::*;
use crate::catalog;

fn validator() -> Validator {
    jsonschema::draft202012::new(&pipeline_schema()).expect("the schema compiles")
}

/// What the schema says of a YAML text: the place and the message of every problem.
fn problems(validator: &Validator, yaml: &str) -> String {
    let (node, diagnostics) = crate::yaml::read(yaml.as_bytes());
    assert!(diagnostics.is_empty(), "{diagnostics:?} in {yaml}");
    let file = node.expect("a text without problems has a node").to_json();
    let problems = validator.iter_errors(&file).map(|error| format!("{}: {error}", error.instance_path()));
    problems.collect::<Vec<_>>().join("\n")
}

fn takes(yaml: &str) {
    assert_eq!(problems(&validator(), yaml), "", "{yaml}");
}

/// Refuses the text because of what stands at these places.
fn refuses(yaml: &str, places: &[&str]) {
    let problems = problems(&validator(), yaml);
    let found: Vec<&str> = problems.lines().filter_map(|line| line.split(": ").next()).collect();
    assert_eq!(found, places, "{problems}");
}

/// A pipeline of one step, which is given as the lines of its map.
fn one_step(step: &str) -> String {
    let lines: Vec<String> = step.lines().map(|line| format!("    {line}")).collect();
    format!("steps:\n  -\n{}\n", lines.join("\n"))
}

#[test]
fn it_is_a_schema() {
    jsonschema::draft202012::meta::validate(&pipeline_schema()).expect("valid against the meta-schema");
}

#[test]
fn every_reference_leads_somewhere() {
    fn walk(part: &Json, whole: &Json) {
        match part {
            Json::Object(map) => {
                if let Some(target) = map.get("$ref").and_then(Json::as_str) {
                    assert!(whole.pointer(target.trim_start_matches('#')).is_some(), "nothing at {target}");
                }
                map.values().for_each(|value| walk(value, whole));
            }
            Json::Array(items) => items.iter().for_each(|value| walk(value, whole)),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
        }
    }
    let schema = pipeline_schema();
    walk(&schema, &schema);
}

#[test]
fn it_takes_the_seeds() {
    takes(include_str!("../../tests/fixtures/seeds/docker-flat.yml"));
    takes(include_str!("../../tests/fixtures/seeds/kubernetes-flat.yml"));
    takes(include_str!("../../tests/fixtures/seeds/hybrid-stages.yml"));
    takes(include_str!("../../tests/fixtures/seeds/full-stack.yml"));
}

#[test]
fn it_takes_every_example_of_the_catalogue() {
    let validator = validator();
    for kind in catalog::all() {
        for example in kind.examples {
            assert_eq!(problems(&validator, &one_step(example)), "", "{example}");
        }
    }
}

#[test]
fn it_takes_the_default_and_the_example_of_every_parameter() {
    for kind in catalog::all() {
        let mut schema = pipeline_schema();
        schema["then"] = json!({ "$ref": format!("#/$defs/config_{}", kind.word) });
        schema["else"] = json!({ "$ref": format!("#/$defs/config_{}", kind.word) });
        let validator = jsonschema::draft202012::new(&schema).expect("the schema compiles");
        for param in kind.params {
            for value in param.default.iter().chain(&param.example) {
                let value = value.replace('\n', "\n  ");
                assert_eq!(problems(&validator, &format!("{}: {value}\n", param.key)), "", "{}", kind.word);
            }
        }
    }
}

#[test]
fn it_takes_every_setting() {
    takes(
        r#"
name: shop
type: hybrid
variables: { image: registry.example.com/shop, sizes: [1, 2] }
env: { A: 1 }
triggers:
  - { type: schedule, cron: "0 3 * * *", timezone: Asia/Shanghai }
  - { type: webhook, branches: [main] }
  - { type: manual }
timeout: 30m
parallel_groups: { tests: { policy: fail_fast, timeout: 10m } }
steps:
  - name: 单元测试
    type: command
    command: cargo test
    description: all of them
    order: 1
    needs: []
    parallel_group: tests
    when: git_branch == "main"
    conditions: [{ type: branch_matches, value: "release/*" }, { type: always }]
    retry: { attempts: 2, delay: 5s, backoff: exponential, max_delay: 1m, on: [failed, lost] }
    timeout: 90
    approval: { approvers: [ops], required: 2, timeout: 24h }
    continue_on_failure: true
    environment: [RUST_LOG=debug, { key: CI, value: true }]
    working_directory: web
    artifacts: ["target/*.xml"]
    cache: [{ key: cargo, paths: [target] }]
  - name: old
    type: custom
    parameters: { script: make }
    retry_policy: { max_retries: 2, retry_delay_seconds: 5 }
    timeout_seconds: 300
    environment_vars: { A: b }
"#,
    );
}

#[test]
fn it_takes_parameters_in_all_their_places() {
    takes(&one_step("name: a\ntype: k8s_scale\nk8s_cluster: 1\nparameters: { k8s_config: { replicas: 3 } }"));
    takes(&one_step("name: a\ntype: k8s_scale\nk8s_cluster: 1\nk8s_config: { replicas: \"{{ count }}\" }"));
    takes(&one_step("name: a\ntype: docker_build\nparameters: { docker_image: shop }"));
    takes(&one_step("name: a\ntype: command\ncommand: ls\nshell: bash"));
    takes(&one_step("name: a\ntype: k8s_exec\nk8s_config: { pod_selector: app=shop }\ncommand: [ls, -l]"));
}

#[test]
fn it_takes_the_shapes_that_users_wrote() {
    for config in [
        "ports: [{ host: 8080, container: 80 }]",
        "ports: \"8080:80\"",
        "ports: [\"8080:80\"]",
        "ports: { 80: 8080 }",
        "volumes: [{ host: ./a, container: /a, mode: ro }]",
        "volumes: [\"./a:/a\"]",
        "volumes: { ./a: /a }",
        "environment: [A=b]",
        "environment_vars: { A: 1 }",
        "command: [npm, test]",
        "detach: \"{{ background }}\"",
    ] {
        takes(&one_step(&format!("name: a\ntype: docker_run\nconfig:\n  image: node\n  {config}")));
    }
}

#[test]
fn it_refuses_an_unknown_key() {
    refuses(&one_step("name: a\ntype: command\ncommand: ls\nneed: [b]"), &["/steps/0"]);
    refuses(&one_step("name: a\ntype: git\nconfig: { repository: x, banch: main }"), &["/steps/0/config"]);
    refuses("pipelines: 1\nsteps: [{ name: a, type: command, command: ls }]", &[""]);
    refuses("pipeline: { steps: [{ name: a, type: command, command: ls }] }\nname: a", &[""]);
}

#[test]
fn it_refuses_an_unknown_type() {
    refuses(&one_step("name: a\ntype: build"), &["/steps/0/type"]);
}

#[test]
fn it_refuses_a_value_of_the_wrong_kind() {
    refuses(&one_step("name: a\ntype: k8s_scale\nconfig: { replicas: 101 }"), &["/steps/0/config/replicas"]);
    refuses(&one_step("name: a\ntype: command\ncommand: ls\nconfig: { shell: zsh }"), &["/steps/0/config/shell"]);
    refuses(&one_step("name: a\ntype: k8s_wait\nconfig: { timeout: 5 }"), &["/steps/0/config/timeout"]);
    refuses(&one_step("name: a\ntype: command\ncommand: ls\ntimeout: soon"), &["/steps/0/timeout"]);
}

#[test]
fn it_refuses_a_step_without_what_it_needs() {
    refuses(&one_step("name: a\ntype: git\nconfig: { ref: main }"), &["/steps/0"]);
    refuses(&one_step("name: a\ntype: git\nconfig:"), &["/steps/0"]);
    refuses(&one_step("name: a\ntype: script"), &["/steps/0"]);
}

#[test]
fn it_refuses_steps_beside_stages() {
    refuses("steps: [{ name: a, type: approval }]\nstages: [{ name: b, steps: [{ name: c, type: approval }] }]", &[""]);
}

#[test]
fn descriptions_come_from_the_catalogue() {
    let schema = pipeline_schema();
    assert_eq!(
        schema.pointer("/$defs/config_k8s_scale/properties/replicas").expect("is there"),
        &json!({
            "anyOf": [{ "type": "integer", "minimum": 0, "maximum": 100 }, { "$ref": "#/$defs/template" }],
            "title": "Replicas",
            "description": "how many pods",
        })
    );
}
