//! Values reach a step as data, and what has no value is named.

mod docker;
mod kubernetes;

use std::collections::BTreeMap;

use expect_test::{Expect, expect};
use jiff::Timestamp;
use serde_json::{Map, Value as Json, json};

use super::{Resolved, World, resolve};
use crate::pipeline::{Source, parse};
use crate::planning::{PlanFacts, plan};
use crate::run::Run;
use crate::run::event::{Event, Fact, RunCreated, RunFacts};
use crate::spec::{Shell, StepSpec};

/// The branch of an attacker.
const EVIL: &str = "zzz\";echo${IFS}pwned;#";

fn run(text: &str, variables: Map<String, Json>) -> Run {
    let (pipeline, problems) = parse(&Source { text: text.as_bytes(), file_stem: "shop", variables: &variables });
    let pipeline = pipeline.unwrap_or_else(|| panic!("{problems:?}\nin {text}"));
    let git_branch = Some(EVIL.to_owned());
    let plan = plan(&pipeline, &PlanFacts { variables, git_branch: git_branch.clone(), ..PlanFacts::default() })
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
    Run::replay(&[Event { at: Timestamp::UNIX_EPOCH, fact: Fact::RunCreated(Box::new(created)) }]).expect("a new run")
}

/// What the first step does.
fn first(text: &str, variables: Map<String, Json>) -> Result<Resolved, String> {
    let run = run(text, variables);
    let env = |name: &str| (name == "HOME").then(|| "/me".to_owned());
    let secrets = BTreeMap::from([("TOKEN".to_owned(), "s3cret".to_owned())]);
    resolve(&World { run: &run, env: &env, secrets: &secrets }, 0)
}

/// The first step of a pipeline with this step, in words.
fn check(step: &str, expected: &Expect) {
    let text =
        format!("variables: {{ x: 1, m: {{ a: [1] }}, late: 'v{{{{ build_number }}}}' }}\nsteps:\n  - name: a\n{step}");
    expected.assert_eq(&match first(&text, Map::new()) {
        Err(why) => format!("error: {why}\n"),
        Ok(resolved) => shown(&resolved),
    });
}

fn shown(resolved: &Resolved) -> String {
    let mut out = serde_json::to_string(&resolved.spec).expect("a spec") + "\n";
    for (name, value) in &resolved.env {
        out.push_str(&format!("env {name}={value}\n"));
    }
    if !resolved.directory.is_empty() {
        out.push_str(&format!("in {}\n", resolved.directory));
    }
    resolved.artifacts.iter().for_each(|glob| out.push_str(&format!("keeps {glob}\n")));
    out
}

#[test]
fn a_branch_name_is_never_part_of_a_shell_text() {
    let resolved = first(
        "steps: [{ name: a, type: script, script: \"echo {{ git_branch }} \\\"{{ git_branch }}\\\" '{{ git_branch }}'\", env: { B: 'on {{ git_branch }}' } }]",
        Map::new(),
    )
    .expect("it resolves");
    let StepSpec::Shell(Shell { text, values, .. }) = &resolved.spec else { panic!("a script is a shell text") };
    assert!(!text.contains("pwned") && !text.contains("{{"), "{text}");
    assert_eq!(values.len(), 3);
    assert!(values.iter().all(|(_, value)| value == EVIL));
    assert_eq!(resolved.env, [("B".to_owned(), format!("on {EVIL}"))]);
}

#[test]
fn a_value_from_outside_is_never_read_as_a_template() {
    let given = Map::from_iter([("x".to_owned(), json!("{{ secrets.TOKEN }}"))]);
    let text = "variables: { x: 1, y: 'is {{ x }} of {{ build_number }}' }\nsteps: [{ name: a, type: command, command: 'echo {{ y }}' }]";
    let Ok(Resolved { spec: StepSpec::Shell(shell), .. }) = first(text, given) else { panic!("a command") };
    assert_eq!(shell.values[0].1, "is {{ secrets.TOKEN }} of 7");
}

#[test]
fn the_working_directory_of_a_step_is_its_own() {
    check(
        "    type: command\n    command: 'echo {{ working_directory }}'\n    working_directory: sub\n",
        &expect![[r#"
            {"type":"shell","dialect":"sh","text":"echo \"${ANSFLOW_VALUE_1}\"","values":[["ANSFLOW_VALUE_1","/w/sub"]]}
            in sub
        "#]],
    );
}

#[test]
fn environment_and_directory_are_filled() {
    check(
        "    type: command\n    command: make\n    working_directory: ./b/../{{ late }}/\n    artifacts: ['out/{{ late }}.tgz']\n    env: { A: '{{ env.HOME }}/{{ secrets.TOKEN }}', N: '{{ m }}' }\n",
        &expect![[r#"
            {"type":"shell","dialect":"sh","text":"make","values":[]}
            env A=/me/s3cret
            env N={"a":[1]}
            in v7
            keeps out/v7.tgz
        "#]],
    );
}

#[test]
fn a_directory_stays_in_the_workspace() {
    for path in ["{{ x }}/../..", "/etc", "/w2", "{{ env.HOME }}"] {
        let step = format!("    type: command\n    command: make\n    working_directory: '{path}'\n");
        let text = format!("variables: {{ x: 1 }}\nsteps:\n  - name: a\n{step}");
        assert!(first(&text, Map::new()).is_err(), "{path}");
    }
    check(
        "    type: command\n    command: make\n    working_directory: /w/sub\n",
        &expect![[r#"
        {"type":"shell","dialect":"sh","text":"make","values":[]}
        in sub
    "#]],
    );
}

#[test]
fn a_script_file_gets_each_value_as_one_word() {
    check(
        "    type: script\n    config: { path: run.sh, args: \"--branch {{ git_branch }} 'a b'{{ x }}\" }\n",
        &expect![[r#"
            {"type":"script_file","path":"run.sh","args":["--branch","zzz\";echo${IFS}pwned;#","a b1"]}
        "#]],
    );
}

#[test]
fn a_tree_is_read_before_it_is_filled() {
    check(
        "    type: ansible\n    config:\n      playbook: site.yml\n      become: '{{ x == 1 }}'\n      verbose: '{{ x }}'\n      tags: a, b\n      extra_vars: |\n        plain: {{ x }}\n        quoted: '{{ x }}'\n        glued: v{{ x }}\n        branch: {{ git_branch }}\n        {{ late }}: {{ m }}\n",
        &expect![[r#"
            {"type":"ansible","playbook":"site.yml","inventory":null,"extra_vars":{"plain":1,"quoted":"1","glued":"v1","branch":"zzz\";echo${IFS}pwned;#","v7":{"a":[1]}},"tags":["a","b"],"skip_tags":[],"limit":null,"become":true,"check_mode":false,"verbose":1,"user":null,"private_key":null,"vault_password":null}
        "#]],
    );
}

#[test]
fn a_message_has_its_values_put_in_and_its_channel_decides_what_is_needed() {
    check(
        "    type: notify\n    config: { channel: dingtalk, webhook_url: ' https://x/{{ secrets.TOKEN }} ', signing_secret: '{{ secrets.TOKEN }}', title: 'no. {{ build_number }}', message: 'on {{ git_branch }}' }\n",
        &expect![[r#"
            {"type":"notify","to":{"hook":{"kind":"dingtalk","url":"https://x/s3cret","signing_secret":"s3cret"}},"title":"no. 7","message":"on zzz\";echo${IFS}pwned;#"}
        "#]],
    );
    check(
        "    type: notification\n    config: { webhook_url: 'https://x/' }\n",
        &expect![[r#"
            {"type":"notify","to":{"hook":{"kind":"webhook","url":"https://x/","signing_secret":null}},"title":null,"message":"Pipeline completed"}
        "#]],
    );
    check(
        "    type: notify\n    config: { channel: email, to: [a@b.c, 'x{{ x }}@b.c'], message: '' }\n",
        &expect![[r#"
            {"type":"notify","to":{"mail":["a@b.c","x1@b.c"]},"title":null,"message":"Pipeline completed"}
        "#]],
    );
    check(
        "    type: notify\n    config: { channel: slack, webhook_url: '{{ default(env.NONE, \"\") }}' }\n",
        &expect![[r#"
            error: step `a`, `webhook_url`: it is empty
        "#]],
    );
}

#[test]
fn what_has_no_value_is_named() {
    check(
        "    type: command\n    command: echo {{ secrets.NONE }}\n",
        &expect![[r#"
        error: step `a`, `command`: `secrets.NONE` has no value: secret `NONE` was not given; give it with `--secret NONE`
    "#]],
    );
    check(
        "    type: command\n    command: echo {{ env.NONE }}\n",
        &expect![[r#"
        error: step `a`, `command`: `env.NONE` has no value: the environment has no `NONE`
    "#]],
    );
    check(
        "    type: git\n    config: { repository: 'x', depth: '{{ late }}' }\n",
        &expect![[r#"
        error: step `a`, `depth`: it must be a whole number from 0 to 1000000
    "#]],
    );
}

#[test]
fn values_that_no_environment_takes_are_refused() {
    for value in ["a\0b".to_owned(), "x".repeat(200 * 1024)] {
        let given = Map::from_iter([("x".to_owned(), json!(value))]);
        let text = "steps: [{ name: a, type: command, command: 'echo {{ x }}' }]";
        assert!(first(text, given).is_err_and(|why| why.contains("step `a`, `command`")));
    }
}
