//! The order of steps, and what is known before a run.

mod docker;

use expect_test::{Expect, expect};
use serde_json::{Map, json};

use super::{PlanFacts, cannot_run, plan};
use crate::pipeline::{Pipeline, Source, parse};

fn right(text: &str) -> Pipeline {
    let (pipeline, problems) = parse(&Source { text: text.as_bytes(), file_stem: "shop", variables: &Map::new() });
    pipeline.unwrap_or_else(|| panic!("{problems:?}"))
}

/// Lines such as `c < a b`: the step and what it waits for.
fn order(text: &str) -> String {
    let plan = plan(&right(text), &PlanFacts::default()).expect("it plans");
    let line = |step: &crate::plan::PlannedStep| {
        let needs: Vec<&str> = step.needs.iter().map(|need| plan.steps[*need].name.as_str()).collect();
        format!("{} < {}\n", step.name, needs.join(" "))
    };
    plan.steps.iter().map(line).collect()
}

/// Steps in a short form: a name, and what stands after it as YAML.
fn check(steps: &[&str], expected: &Expect) {
    let line = |step: &&str| {
        let (name, rest) = step.split_once(' ').unwrap_or((step, ""));
        let rest = if rest.is_empty() { String::new() } else { format!(", {rest}") };
        format!("  - {{ name: {name}, type: command, command: x{rest} }}\n")
    };
    expected.assert_eq(&order(&format!("steps:\n{}", steps.iter().map(line).collect::<String>())));
}

#[test]
fn steps_follow_each_other() {
    check(
        &["a", "b", "c"],
        &expect![[r#"
        a < 
        b < a
        c < b
    "#]],
    );
}

#[test]
fn order_wins_over_the_file_and_holds_for_what_stands_behind() {
    check(
        &["a order: 2", "b", "c order: 1"],
        &expect![[r#"
        c < 
        a < c
        b < a
    "#]],
    );
}

#[test]
fn needs_of_one_step_change_nothing_for_the_others() {
    check(
        &["a", "b needs: []", "c", "d needs: [a]", "e"],
        &expect![[r#"
        a < 
        b < 
        c < a b
        d < a
        e < c d
    "#]],
    );
}

#[test]
fn a_group_stands_where_its_first_member_stands() {
    check(
        &["a", "b parallel_group: g", "c parallel_group: g", "d", "e parallel_group: g"],
        &expect![[r#"
        a < 
        b < a
        c < a
        d < b c e
        e < a
    "#]],
    );
}

#[test]
fn a_member_with_needs_leaves_the_others_alone() {
    check(
        &["a", "b parallel_group: g", "c parallel_group: g, needs: []", "d"],
        &expect![[r#"
        a < 
        b < a
        c < 
        d < b c
    "#]],
    );
}

#[test]
fn needs_may_point_forward_where_nothing_turns_in_a_circle() {
    check(
        &["a needs: [c]", "b needs: []", "c needs: [b]"],
        &expect![[r#"
        a < c
        b < 
        c < b
    "#]],
    );
}

#[test]
fn stages_are_barriers() {
    expect![[r#"
        a < 
        b < 
        c < a b
        d < a b
        e < a c
    "#]].assert_eq(&order(
        "stages:
  - name: build
    steps: [{ name: a, type: command, command: x }, { name: b, type: command, command: x, needs: [] }]
  - name: test
    steps: [{ name: c, type: command, command: x }, { name: d, type: command, command: x, needs: [] }, { name: e, type: command, command: x, needs: [a, c] }]
",
    ));
}

#[test]
fn what_is_left_out_comes_from_earlier_steps() {
    let pipeline = right(
        "steps:
  - { name: image, type: docker_build, config: { image: shop, registry: harbor } }
  - { name: test, type: docker_run, config: { command: make test } }
  - { name: deploy, type: k8s_deploy, config: { cluster: c, namespace: n, deployment_spec: { name: web } } }
  - { name: wait, type: k8s_wait }
",
    );
    let plan = plan(&pipeline, &PlanFacts::default()).expect("it plans");
    assert_eq!(plan.steps[1].params["image"], json!("{{ docker_image }}"));
    assert_eq!(plan.steps[2].params["deployment_spec"], json!({ "name": "web", "image": "{{ docker_image }}" }));
    assert_eq!(
        serde_json::Value::Object(plan.steps[3].params.clone()),
        json!({ "cluster": "c", "namespace": "n", "resource_name": "web" })
    );
}

#[test]
fn variables_are_filled_where_they_can_be_and_values_from_outside_are_data() {
    let pipeline = right(
        "variables: { a: 1, b: '{{ a }}', c: 'x{{ b }}', late: '{{ build_number }}-{{ c }}' }
steps: [{ name: a, type: command, command: x }]",
    );
    let facts =
        PlanFacts { variables: Map::from_iter([("a".to_owned(), json!("{{ secrets.T }}"))]), ..PlanFacts::default() };
    let plan = plan(&pipeline, &facts).expect("it plans");
    let outside = "{{ secrets.T }}";
    assert_eq!(plan.variables["b"], json!(outside));
    assert_eq!(plan.variables["c"], json!(format!("x{outside}")));
    assert_eq!(plan.late["late"], json!("{{ build_number }}-{{ c }}"));
}

#[test]
fn a_branch_in_a_text_needs_a_checkout_and_in_a_condition_does_not() {
    let problems = |text: &str| match plan(&right(text), &PlanFacts::default()) {
        Ok(_) => String::new(),
        Err(problems) => problems
            .iter()
            .map(|problem| format!("{}\n{}\n", problem.message, problem.help.clone().unwrap_or_default()))
            .collect(),
    };
    let step = |more: &str| {
        format!("variables: {{ v: '{{{{ git_commit }}}}' }}\nsteps:\n  - {{ name: a, type: command, {more} }}\n")
    };
    assert_eq!(problems(&step("command: x, when: git_branch == 'main'")), "");
    assert_eq!(problems(&step("command: 'echo {{ git_branch }}', when: git_branch == 'main'")), "");
    assert_eq!(problems(&step("command: 'echo {{ default(git_branch, 1) }}'")), "");
    expect![[r#"
        `git_branch` has no value outside a git checkout
        give it with `--var git_branch=…`
        `git_commit` has no value outside a git checkout
        give it with `--var git_commit=…`
    "#]]
    .assert_eq(&problems(&step("command: 'echo {{ git_branch }}', env: { A: '{{ v }}' }")));
}

#[test]
fn what_cannot_run_is_named_unless_it_is_skipped_for_certain() {
    let text = "type: remote
variables: { environment: staging }
steps:
  - { name: a, type: command, command: x }
  - { name: b, type: command, command: x, conditions: [{ type: environment_equals, value: production }] }
  - { name: c, type: command, command: x, when: steps.a.status == 'failed' }
  - { name: d, type: k8s_logs, config: { cluster: x, pod: y }, when: git_branch == 'main' and steps.a.status == 'success' }
  - { name: e, type: approval }
";
    let pipeline = right(text);
    let facts = PlanFacts::default();
    let refused = cannot_run(&plan(&pipeline, &facts).expect("it plans"), &facts);
    let lines: String =
        refused.iter().map(|refused| format!("{} ({}): {}\n", refused.step, refused.kind, refused.why)).collect();
    expect![[r#"
        a (command): a pipeline of type `remote` would run it elsewhere, which it cannot yet; use type `local`
        c (command): a pipeline of type `remote` would run it elsewhere, which it cannot yet; use type `local`
    "#]]
    .assert_eq(&lines);
}

#[test]
fn shell_steps_of_a_pipeline_of_type_kubernetes_run_where_those_before_them_do() {
    let text = "type: kubernetes
image: node:22
steps:
  - { name: a, type: command, command: x, config: { cluster: staging, namespace: ci, workspace: { pvc: builds } } }
  - { name: b, type: script, script: x, image: 'alpine:3', config: { run_as_user: 0, node_selector: { disk: ssd } } }
  - { name: c, type: ansible, config: { playbook: site.yml } }
";
    let pipeline = right(text);
    let facts = PlanFacts::default();
    let planned = plan(&pipeline, &facts).expect("it plans");
    let of = |index: usize, key: &str| planned.steps[index].params[key].as_str().unwrap_or_default().to_owned();
    assert_eq!([of(0, "image"), of(0, "cluster"), of(0, "namespace")], ["node:22", "staging", "ci"]);
    assert_eq!([of(1, "image"), of(1, "cluster"), of(1, "namespace")], ["alpine:3", "staging", "ci"]);
    let refused: Vec<String> = cannot_run(&planned, &facts).into_iter().map(|refused| refused.step).collect();
    assert_eq!(refused, ["c"]);
    let said = |text: &str| {
        let (_, found) = parse(&Source { text: text.as_bytes(), file_stem: "shop", variables: &Map::new() });
        found.iter().map(|problem| format!("{}\n", problem.message)).collect::<String>()
    };
    let nowhere = said("type: kubernetes\nsteps:\n  - { name: a, type: command, command: x }\n");
    assert!(nowhere.contains("step `a` has no `cluster` to run in, and no step before it has one"), "{nowhere}");
    assert!(nowhere.contains("step `a` has no `image` to run in"), "{nowhere}");
    let beside = said("steps:\n  - { name: a, type: command, command: x, config: { run_as_user: 0 } }\n");
    assert!(beside.contains("`run_as_user` has no effect in step `a`"), "{beside}");
}

#[test]
fn a_cluster_that_nobody_knows_is_named_with_those_there_are() {
    let text = "variables: { c: x }
steps:
  - { name: a, type: k8s_scale, config: { cluster: stagin, resource_name: x, replicas: 1 } }
  - { name: b, type: k8s_scale, config: { cluster: 1, resource_name: x, replicas: 1 } }
  - { name: c, type: k8s_scale, config: { cluster: '{{ c }}', resource_name: x, replicas: 1 } }
  - { name: d, type: k8s_deploy, config: { cluster: 1, deploy_type: helm } }
  - { name: e, type: k8s_deploy, config: { cluster: 1, chart_name: x } }
";
    let refused = |clusters: Option<&[&str]>| {
        let clusters = clusters.map(|clusters| clusters.iter().map(|name| (*name).to_owned()).collect());
        let facts = PlanFacts { clusters, ..PlanFacts::default() };
        let refused = cannot_run(&plan(&right(text), &facts).expect("it plans"), &facts);
        refused.iter().map(|refused| format!("{}: {}\n", refused.step, refused.why)).collect::<String>()
    };
    expect![[r#"
        d: `deploy_type: helm` arrives with Helm; deploy manifests with `manifest_path`, or run `helm` in a `command` step
        e: `deploy_type: helm` arrives with Helm; deploy manifests with `manifest_path`, or run `helm` in a `command` step
    "#]].assert_eq(&refused(None));
    expect![[r#"
        a: there is no cluster `stagin`, known are `1`, `staging`; add it to the clusters, or give it with `--cluster stagin=KUBECONFIG`
        d: `deploy_type: helm` arrives with Helm; deploy manifests with `manifest_path`, or run `helm` in a `command` step
        e: `deploy_type: helm` arrives with Helm; deploy manifests with `manifest_path`, or run `helm` in a `command` step
    "#]].assert_eq(&refused(Some(&["staging", "1"])));
    expect![[r#"
        a: there is no cluster `stagin`, there is none yet; add it to the clusters, or give it with `--cluster stagin=KUBECONFIG`
        b: there is no cluster `1`, there is none yet; add it to the clusters, or give it with `--cluster 1=KUBECONFIG`
        d: `deploy_type: helm` arrives with Helm; deploy manifests with `manifest_path`, or run `helm` in a `command` step
        e: `deploy_type: helm` arrives with Helm; deploy manifests with `manifest_path`, or run `helm` in a `command` step
    "#]].assert_eq(&refused(Some(&[])));
}

#[test]
fn a_cache_cannot_be_kept_yet() {
    let pipeline = right("steps: [{ name: a, type: command, command: x, cache: [{ key: k, paths: [p] }] }]");
    let facts = PlanFacts::default();
    let refused = cannot_run(&plan(&pipeline, &facts).expect("it plans"), &facts);
    assert_eq!(refused.len(), 1);
    assert!(refused[0].why.contains("`cache`"), "{refused:?}");
}

#[test]
fn a_missing_value_is_told_where_its_name_stands() {
    let text = "env: ['A=x{{ git_commit }}']
steps:
  - name: a
    type: command
    command: |
      echo 构建
      echo {{ git_branch }}
  - { name: b, type: command, command: \"echo \\u4e2d {{ git_commit }}\" }
";
    let problems = plan(&right(text), &PlanFacts::default()).expect_err("nothing is known");
    let places: Vec<(u32, u32)> =
        problems.iter().map(|problem| (problem.span.start.line, problem.span.start.column)).collect();
    assert_eq!(places, [(1, 14), (7, 15), (8, 56)]);
}
