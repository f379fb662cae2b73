//! All shapes of a file mean the same pipeline.

use super::{read, right, shown};

/// Both texts are right, and mean the same.
fn same(one: &str, other: &str) {
    assert_eq!(right(one), right(other));
}

const FLAT: &str = "
type: hybrid
steps:
  - { name: a, type: command, config: { command: make } }
";

#[test]
fn everything_may_stand_under_pipeline() {
    same(FLAT, "pipeline:\n  type: hybrid\n  steps:\n    - { name: a, type: command, command: make }\n");
}

#[test]
fn execution_mode_is_type_and_custom_is_command() {
    same(FLAT, "execution_mode: hybrid\nsteps:\n  - { name: a, type: custom, parameters: { command: make } }\n");
}

#[test]
fn docker_fields_are_parameters() {
    same(
        "steps: [{ name: a, type: docker_build, config: { image: shop, tag: '1', dockerfile: D, build_args: { A: b } } }]",
        "steps: [{ name: a, type: docker_build, docker_image: shop, docker_tag: 1, docker_config: { dockerfile: D, build_args: [A=b] } }]",
    );
}

#[test]
fn kubernetes_fields_are_parameters_also_inside_parameters() {
    let canonical =
        "steps: [{ name: a, type: k8s_scale, config: { cluster: '1', namespace: n, resource_name: r, replicas: 2 } }]";
    let fields = "k8s_cluster: 1, k8s_namespace: n, k8s_resource_name: r";
    same(canonical, &format!("steps: [{{ name: a, type: k8s_scale, {fields}, k8s_config: {{ replicas: 2 }} }}]"));
    same(
        canonical,
        &format!("steps: [{{ name: a, type: k8s_scale, {fields}, parameters: {{ k8s_config: {{ replicas: 2 }} }} }}]"),
    );
}

#[test]
fn retries_count_on_top_of_the_first_try() {
    let step = |retry: &str| format!("steps: [{{ name: a, type: command, command: x, {retry} }}]");
    same(
        &step("retry: { attempts: 3, delay: 5s, backoff: linear }"),
        &step("retry_policy: { max_retries: 2, retry_delay_seconds: 5, backoff: linear }"),
    );
}

#[test]
fn environment_is_a_map_or_a_list() {
    let step = |env: &str| format!("steps: [{{ name: a, type: command, command: x, {env} }}]");
    for other in ["environment: [A=1, B=x=y]", "environment_vars: [{ key: A, value: 1 }, { key: B, value: x=y }]"] {
        same(&step("env: { A: '1', B: x=y }"), &step(other));
    }
}

#[test]
fn time_may_be_seconds() {
    same(
        "timeout: 5m\nsteps: [{ name: a, type: command, command: x, timeout: 1h30m }]",
        "timeout_seconds: 300\nsteps: [{ name: a, type: command, command: x, timeout_seconds: 5400 }]",
    );
}

#[test]
fn the_name_is_the_files_where_it_gives_none() {
    assert_eq!(right(FLAT).name.value, "shop");
}

#[test]
fn names_may_be_in_any_script() {
    let pipeline = right(
        "variables: { 镜像: shop }\nsteps:\n  - { name: 构建镜像, type: command, command: 'echo {{ 镜像 }}' }\n  - { name: 部署, type: command, needs: [构建镜像], command: 'echo {{ steps.构建镜像.status }}' }\n",
    );
    assert_eq!(pipeline.steps[0].name.value, "构建镜像");
}

#[test]
fn known_words_of_the_language_are_known() {
    let (pipeline, problems) = read(
        "variables: { image: shop, full: '{{ image }}:{{ build_number }}', app: { port: 80 } }
steps:
  - name: unit tests
    type: command
    command: echo {{ full }} {{ app.port }} {{ git_branch }} {{ pipeline.name }} {{ run.id }} {{ env.HOME }} {{ secrets.T }}
  - name: next
    type: command
    when: steps[\"unit tests\"].outputs.image != '' and default(missing, 'x') == 'x'
    command: echo {{ steps['unit tests'].outputs.image }} {{ working_directory }}
",
    );
    assert!(pipeline.is_some() && problems.is_empty(), "{}", shown(&problems));
}
