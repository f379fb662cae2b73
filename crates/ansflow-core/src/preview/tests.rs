//! What is said of a step before it starts is true when it starts.

use jiff::Timestamp;
use serde_json::{Map, json};

use super::{message, params, secrets, text};
use crate::pipeline::{Source, parse};
use crate::planning::{PlanFacts, plan};
use crate::run::event::{RunCreated, RunFacts};
use crate::run::{Input, Run};

fn run(text: &str) -> Run {
    let variables = Map::new();
    let (pipeline, problems) = parse(&Source { text: text.as_bytes(), file_stem: "shop", variables: &variables });
    let pipeline = pipeline.unwrap_or_else(|| panic!("{problems:?}\nin {text}"));
    let git_branch = Some("main".to_owned());
    let plan = plan(
        &pipeline,
        &PlanFacts { variables, git_branch: git_branch.clone(), git_commit: None, ..PlanFacts::default() },
    )
    .expect("it plans");
    let facts = RunFacts { build_number: 7, workspace: "/w".to_owned(), git_branch, ..RunFacts::default() };
    let created = RunCreated {
        run: "run_1".to_owned(),
        plan,
        facts,
        carried: Vec::new(),
        deselected: Vec::new(),
        concurrency: 1,
    };
    let mut run = Run::new();
    run.advance(&Input::Create(Box::new(created)), Timestamp::UNIX_EPOCH).expect("a new run");
    run
}

/// The command of the last step.
fn check(steps: &str, expected: &str) {
    let text = format!(
        "variables: {{ x: 1, late: 'v{{{{ build_number }}}}', later: '{{{{ late }}}}-{{{{ x }}}}' }}\nsteps:\n{steps}"
    );
    let run = run(&text);
    let last = run.plan().steps.len() - 1;
    assert_eq!(params(&run, last)["command"], json!(expected), "of {steps}");
}

#[test]
fn what_is_known_is_filled_in_and_the_rest_stays_as_written() {
    check(
        "  - { name: a, type: command, command: '{{ x }} {{ git_branch }} {{ build_number }} {{ env.HOME }}' }",
        "1 main {{ build_number }} {{ env.HOME }}",
    );
}

#[test]
fn a_variable_that_waits_for_the_run_stays_as_written() {
    check("  - { name: a, type: command, command: 'x {{ late }} {{ later }}' }", "x {{ late }} {{ later }}");
}

#[test]
fn where_the_step_before_ends_nobody_knows() {
    let command = "type: command, command: 'echo {{ working_directory }}'";
    check(&format!("  - {{ name: a, {command} }}"), "echo /w");
    check(&format!("  - {{ name: b, {command} }}\n  - {{ name: a, {command} }}"), "echo {{ working_directory }}");
}

#[test]
fn what_a_checkout_brings_nobody_knows() {
    check(
        "  - { name: get, type: git, config: { repository: x } }\n  - { name: a, type: command, command: 'echo {{ git_branch }}' }",
        "echo {{ git_branch }}",
    );
}

#[test]
fn people_are_told_values_and_no_secrets() {
    let run = run("steps:
  - name: a
    type: approval
    config: { message: 'ship {{ build_number }} of {{ git_branch }} with {{ secrets.TOKEN }}?' }
");
    assert_eq!(message(&run, 0).as_deref(), Some("ship 7 of main with {{ secrets.TOKEN }}?"));
    assert_eq!(text(&run, 0, "{{ build_number }} of {{ git_branch }}"), "{{ build_number }} of main");
}

#[test]
fn secrets_are_found_wherever_a_step_names_them() {
    let run = run("variables: { v: 'x{{ secrets.IN_A_VARIABLE }}', w: '{{ v }}', unused: '{{ secrets.UNUSED }}' }
env: { A: '{{ secrets.IN_ENV }}' }
steps:
  - name: a
    type: command
    working_directory: '{{ secrets.IN_DIRECTORY }}'
    artifacts: ['{{ secrets.IN_ARTIFACTS }}']
    command: 'echo {{ w }} {{ default(secrets.OPTIONAL, 1) }}'
");
    let names: Vec<String> = secrets(run.plan(), [0].into_iter()).into_iter().collect();
    assert_eq!(names, ["IN_ARTIFACTS", "IN_A_VARIABLE", "IN_DIRECTORY", "IN_ENV"]);
}
