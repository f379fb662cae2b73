//! Images and registries: what travels, what is missing, what is wrong, and where.

use std::collections::BTreeSet;

use expect_test::{Expect, expect};
use serde_json::{Map, Value as Json, json};

use super::right;
use crate::diagnostic::Diagnostic;
use crate::pipeline::{Source, parse};
use crate::planning::{PlanFacts, cannot_run, named_registries, plan, warnings};

/// Every problem with its place.
fn check(text: &str, expected: &Expect) {
    let (_, problems) = parse(&Source { text: text.as_bytes(), file_stem: "shop", variables: &Map::new() });
    let shown = problems.iter().map(|problem| {
        let (at, help) = (problem.span.start, problem.help.as_deref().unwrap_or("no advice"));
        format!("{}:{} {}\n  {help}\n", at.line, at.column, problem.message)
    });
    expected.assert_eq(&shown.collect::<String>());
}

fn params(text: &str) -> Vec<Json> {
    let plan = plan(&right(text), &PlanFacts::default()).expect("it plans");
    plan.steps.into_iter().map(|step| Json::Object(step.params)).collect()
}

#[test]
fn a_registry_travels_whole_and_parts_of_two_are_never_mixed() {
    let steps = "steps:
  - { name: a, type: docker_build, config: { image: shop, registry: 1, registry_url: r.example.com, username: ci } }
  - { name: b, type: docker_push, config: { project: team } }
  - { name: c, type: docker_push, config: { image: shop, registry: other } }
  - { name: d, type: docker_run, config: { image: node } }
  - { name: e, type: docker_pull, config: { image: shop } }
";
    let params = params(steps);
    assert_eq!(
        params[1],
        json!({ "project": "team", "image": "{{ docker_image }}", "registry": "1", "registry_url": "r.example.com", "username": "ci" })
    );
    assert_eq!(params[2], json!({ "image": "shop", "registry": "other" }));
    // A tool's image is not sought where the last push went.
    assert_eq!(params[3], json!({ "image": "node" }));
    assert_eq!(params[4], json!({ "image": "shop", "registry": "other" }));
}

#[test]
fn a_shell_step_of_a_docker_pipeline_runs_in_its_image_or_the_pipelines() {
    let text = "type: docker
docker_image: node:22
steps:
  - { name: a, type: command, command: x }
  - { name: b, type: script, script: x, image: python }
  - { name: c, type: command, command: x, docker_image: '{{ build_number }}' }
  - { name: d, type: git, config: { repository: x } }
  - { name: e, type: docker_build, config: { image: shop } }
  - { name: f, type: docker_run }
";
    let params = params(text);
    let images: Vec<&Json> = params.iter().map(|params| &params["image"]).collect();
    let none = Json::Null;
    assert_eq!(
        images,
        [
            &json!("node:22"),
            &json!("python"),
            &json!("{{ build_number }}"),
            &none,
            &json!("shop"),
            &json!("{{ docker_image }}")
        ]
    );
    let (plan, facts) = (plan(&right(text), &PlanFacts::default()).expect("it plans"), PlanFacts::default());
    assert_eq!(cannot_run(&plan, &facts), []);
}

#[test]
fn the_image_that_was_made_is_pushed_and_not_the_one_of_a_tool_that_ran_meanwhile() {
    let images = |text: &str| params(text).iter().map(|params| params["image"].clone()).collect::<Vec<_>>();
    let text = "steps:
  - { name: a, type: docker_build, config: { image: shop } }
  - { name: b, type: docker_run, config: { image: node, tag: '22', command: npm run lint } }
  - { name: c, type: docker_run, config: { command: npm test } }
  - { name: d, type: docker_push, config: { registry: 1 } }
";
    let made = "{{ docker_image }}";
    assert_eq!(images(text), ["shop", "node", made, made]);
    // Where nothing was made, what ran last is meant.
    let text = "steps:
  - { name: a, type: docker_run, config: { image: shop, tag: '1' } }
  - { name: b, type: docker_run, config: { image: node, tag: '22' } }
  - { name: c, type: docker_run, config: { command: npm test } }
";
    assert_eq!(images(text), ["shop", "node", "node:22"]);
}

#[test]
fn what_a_shell_runs_in_is_handed_to_nobody() {
    let text = "type: hybrid
steps:
  - { name: a, type: command, command: x, image: node }
  - { name: b, type: docker_run }
";
    check(
        text,
        &expect![[r#"
            4:13 step `b` (`docker_run`) has no `image`, and no step before it has one
              add `image`: the image, with or without registry and tag; left out, the image of the nearest earlier step
        "#]],
    );
}

#[test]
fn a_step_without_an_image_and_an_image_without_a_container_are_errors() {
    check(
        "type: docker\nsteps:\n  - { name: a, type: command, command: x }\n  - { name: b, type: ansible, config: { playbook: x } }\n",
        &expect![[r#"
            3:13 step `a` has no `image` to run in, and the pipeline has none
              add `image:` to the step, or to the pipeline for all its steps
        "#]],
    );
    check(
        "image: node\nsteps:\n  - { name: a, type: command, command: x, config: { image: node } }\n",
        &expect![[r#"
            1:8 `image` has no effect in a pipeline of type `local`
              write `type: docker`, or give the steps an `image` in a pipeline of type `hybrid`
            3:53 step `a` has an `image`, and a pipeline of type `local` runs nothing in one
              write `type: hybrid` or `type: docker` at the top of the pipeline
        "#]],
    );
}

#[test]
fn a_push_says_where_to() {
    check(
        "steps:
  - { name: a, type: docker_build, config: { image: shop } }
  - { name: b, type: docker_push }
  - { name: c, type: docker_push, config: { image: r.example.com/shop } }
  - { name: d, type: docker_push, config: { image: '{{ docker_image }}' } }
  - { name: e, type: docker_push, config: { image: shop, registry_url: r.example.com } }
  - { name: f, type: docker_push, config: { image: shop } }
",
        &expect![[r#"
            3:13 step `b` (`docker_push`) has no `registry`, and no step before it has one
              add `registry:` with its name or id, or `registry_url:`; `docker.io` is Docker Hub
        "#]],
    );
}

#[test]
fn wrong_values_are_named_where_they_stand() {
    check(
        "steps:
  - name: a
    type: docker_build
    docker_image: My Shop
    docker_tag: feature/login
    docker_config:
      platform: amd64
      registry_url: https://me:pw@r.example.com
      project: Team
  - name: b
    type: docker_run
    docker_config:
      image: shop
      ports:
        - '8080:80'
        - { host: 8080, container: http }
      volumes: { ./a: '/a:rx' }
      memory: 512
      cpus: many
      name: -rm
      network: a b
      user: 'x y'
      privileged: true
",
        &expect![[r#"
            4:19 `docker_image`: `My Shop` is no name of an image: it has upper-case letters
              write `my-shop`
            5:17 `docker_tag`: `feature/login` is no tag: it has a `/` in it, as names of branches have
              write `feature-login`
            7:17 `platform`: `amd64` is no platform: it is system, processor and perhaps a variant
              write one such as `linux/amd64`, `linux/arm64` or `linux/arm/v7`
            8:21 `registry_url`: an address of a registry holds no user and no password; give them beside it
              no advice
            9:16 `project`: `Team` is no name of a project: it has upper-case letters
              write `team`
            16:11 `ports`: `http` is no port
              a port is a number from 1 to 65535
            17:18 `volumes`: `rx` is no mode of a volume
              write `ro` or `rw`
            18:15 `memory`: `512` is 512 bytes, and no container starts with less than 6m
              write `512m` for mebibytes
            19:13 `cpus`: `many` is no number of processors
              write a number from 0.01 to 1000, such as `1.5` or `500m`
            20:13 `name`: `-rm` is no name of a container
              use two or more letters, digits, `_`, `.` and `-`, and begin with a letter or a digit
            21:16 `network`: `a b` is no name of a network
              write a network's name, `host`, `none` or `bridge`
            22:13 `user`: `x y` is no user of a container
              write a user, or user and group, such as `1000:1000` or `node`
            23:7 a step of type `docker_run` takes no `privileged`
              a step gets no rights over its host; say with `user`, `volumes` and `network` what it needs
        "#]],
    );
}

#[test]
fn a_secret_that_would_stay_in_the_image_is_worth_a_warning() {
    check(
        "steps:
  - name: a
    type: docker_build
    config:
      image: shop
      build_args: { TOKEN: 'x-{{ secrets.NPM_TOKEN }}', VERSION: '{{ build_number }}' }
      labels: { by: '{{ secrets.NAME }}' }
      secrets: { npm: '{{ secrets.NPM_TOKEN }}' }
",
        &expect![[r#"
            6:34 `build_args` of step `a` puts a secret into the image, where it stays readable
              give it in `secrets`, and read it with `RUN --mount=type=secret,id=NAME`
            7:25 `labels` of step `a` puts a secret into the image, where it stays readable
              give it in `secrets`, and read it with `RUN --mount=type=secret,id=NAME`
        "#]],
    );
}

#[test]
fn an_output_that_no_build_gives_is_named() {
    check(
        "steps:
  - { name: image, type: docker_build, config: { image: shop } }
  - { name: a, type: command, command: 'echo {{ steps.image.outputs.digest }} {{ steps.image.outputs.size }}' }
  - { name: b, type: command, command: 'echo {{ steps.image.outputs.digset }}' }
  - { name: c, type: docker_run, config: { image: x } }
  - { name: d, type: command, command: 'echo {{ steps.c.outputs.anything }}' }
",
        &expect![[r#"
            4:49 step `image` (`docker_build`) has no output `digset`
              did you mean `digest`? there are `docker_image`, `image`, `tag`, `digest`, `size`
        "#]],
    );
}

#[test]
fn a_registry_that_nobody_knows_is_refused_before_anything_starts() {
    let text = "steps:
  - { name: a, type: docker_pull, config: { image: shop, registry: harbor } }
  - { name: b, type: docker_pull, config: { image: shop, registry: 1, registry_url: r.example.com } }
  - { name: c, type: docker_pull, config: { image: shop, registry: r.example.com } }
  - { name: d, type: docker_pull, config: { image: shop, registry: '{{ build_number }}' } }
";
    let pipeline = right(text);
    let told = |known: &[&str]| {
        let registries = Some(known.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>());
        let facts = PlanFacts { registries, ..PlanFacts::default() };
        let refused = cannot_run(&plan(&pipeline, &facts).expect("it plans"), &facts);
        let refused = refused.into_iter().map(|refused| format!("{}: {}", refused.step, refused.why));
        let warned = warnings(&pipeline, &facts)
            .into_iter()
            .map(|warning| format!("{}:{} {}", warning.span.start.line, warning.span.start.column, warning.message));
        refused.chain(warned).collect::<Vec<_>>()
    };
    assert_eq!(
        told(&[]),
        ["a: there is no registry `harbor`; add it to the registries, or give it with `--registry harbor=ADDRESS`"]
    );
    assert_eq!(told(&["harbor", "1"]), ["3:71 registry `1` of step `b` wins over its `registry_url`"]);
    let facts = PlanFacts::default();
    assert_eq!(cannot_run(&plan(&pipeline, &facts).expect("it plans"), &facts), []);
}

#[test]
fn before_a_run_a_registry_that_nobody_knows_is_worth_a_word_where_it_stands() {
    let text = "steps:
  - { name: a, type: docker_pull, config: { image: shop, registry: harbor } }
  - { name: b, type: docker_pull, config: { image: shop, registry: 1, registry_url: r.example.com } }
  - { name: c, type: docker_pull, config: { image: shop, registry: r.example.com } }
  - { name: d, type: docker_pull, config: { image: shop, registry: '{{ build_number }}' } }
";
    let pipeline = right(text);
    let told = |known: &[&str]| {
        let known: BTreeSet<String> = known.iter().map(|name| (*name).to_owned()).collect();
        let warnings = named_registries(&pipeline).into_iter().filter_map(|named| named.warning(&known));
        let line = |found: Diagnostic| format!("{}:{} {}", found.span.start.line, found.code, found.message);
        warnings.map(line).collect::<Vec<_>>()
    };
    assert_eq!(told(&[]), ["2:missing-registry there is no registry `harbor`"]);
    assert_eq!(told(&["harbor", "1"]), ["3:no-effect registry `1` of step `b` wins over its `registry_url`"]);
}

#[test]
fn a_push_that_says_nothing_of_where_to_goes_to_the_default_registry_or_is_refused() {
    let pipeline = right("steps: [{ name: a, type: docker_push, config: { image: shop } }]");
    let planned = |known: Option<&[&str]>| {
        let registries = known.map(|known| known.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>());
        plan(&pipeline, &PlanFacts { registries, ..PlanFacts::default() })
    };
    assert!(planned(None).is_ok(), "nobody knows yet");
    assert!(planned(Some(&["harbor", "default"])).is_ok());
    let refused = planned(Some(&["harbor"])).expect_err("there is no default registry");
    assert!(refused[0].is_error() && refused[0].message.contains("step `a` (`docker_push`) has no `registry`"));
}
