//! What a Docker step does, with its values in it.

use expect_test::{Expect, expect};
use serde_json::{Map, json};

use super::first;
use crate::image::{Address, Reference};
use crate::spec::{DockerPush, ImageName, Meant, StepSpec};

/// The first step of a pipeline with this step; `x` is hostile.
fn check(step: &str, expected: &Expect) {
    expected.assert_eq(&shown(step));
}

fn shown(step: &str) -> String {
    let text = format!("type: hybrid\nvariables: {{ x: 1, list: ['1:2'] }}\nsteps:\n  - name: a\n{step}");
    let hostile = Map::from_iter([("x".to_owned(), json!("/etc:/x:rw,b --privileged"))]);
    match first(&text, hostile) {
        Err(why) => format!("error: {why}\n"),
        Ok(resolved) => serde_json::to_string_pretty(&resolved.spec).expect("a spec") + "\n",
    }
}

#[test]
fn a_build_is_told_where_everything_is() {
    check(
        "    type: docker_build\n    docker_image: team/shop\n    docker_tag: v{{ build_number }}\n    working_directory: app\n    docker_config: { dockerfile: docker/Dockerfile, context: ./web, build_args: { V: '{{ build_number }}', N: }, labels: [a=b], secrets: { npm: '{{ secrets.TOKEN }}' }, cache_from: [shop] }\n",
        &expect![[r#"
            {
              "type": "docker_build",
              "image": {
                "image": "team/shop",
                "tag": "v7",
                "project": null,
                "registry": null,
                "registry_url": null,
                "username": null,
                "password": null
              },
              "dockerfiles": [
                "app/docker/Dockerfile",
                "app/web/docker/Dockerfile"
              ],
              "context": "app/web",
              "build_args": [
                [
                  "V",
                  "7"
                ],
                [
                  "N",
                  ""
                ]
              ],
              "secrets": [
                [
                  "npm",
                  "s3cret"
                ]
              ],
              "target_stage": null,
              "platform": null,
              "no_cache": false,
              "pull": true,
              "labels": [
                [
                  "a",
                  "b"
                ]
              ],
              "cache_from": [
                "shop"
              ]
            }
        "#]],
    );
}

#[test]
fn a_build_stays_in_the_workspace() {
    for (key, path) in [
        ("context", ".."),
        ("context", "/etc"),
        ("dockerfile", "../../Dockerfile"),
        ("context", "a/{{ x }}/../../../../../b"),
    ] {
        let step = format!("    type: docker_build\n    config: {{ image: shop, {key}: '{path}' }}\n");
        assert!(shown(&step).starts_with(&format!("error: step `a`, `{key}`: ")), "{key} {path}: {}", shown(&step));
    }
}

#[test]
fn a_run_takes_everything_typed() {
    check(
        "    type: docker_run\n    docker_config: { image: 'node:22', command: 'npm test -- \"a b\"', entrypoint: [sh], environment: [A=1], ports: '{{ list }}', volumes: ['./d:/d:ro'], working_dir: web, container_name: db-1, network: host, user: 1000, memory: 512m, cpus: 1.5, detach: true, remove: false, pull: always, platform: linux/amd64 }\n",
        &expect![[r#"
            {
              "type": "docker_run",
              "image": {
                "image": "node:22",
                "tag": null,
                "project": null,
                "registry": null,
                "registry_url": null,
                "username": null,
                "password": null
              },
              "command": [
                "npm",
                "test",
                "--",
                "a b"
              ],
              "entrypoint": [
                "sh"
              ],
              "environment": [
                [
                  "A",
                  "1"
                ]
              ],
              "volumes": [
                {
                  "source": {
                    "path": "./d"
                  },
                  "target": "/d",
                  "read_only": true
                }
              ],
              "ports": [
                {
                  "address": null,
                  "host": 1,
                  "container": 2,
                  "protocol": "tcp"
                }
              ],
              "working_dir": "web",
              "name": "db-1",
              "network": "host",
              "user": "1000",
              "memory": 536870912,
              "nano_cpus": 1500000000,
              "detach": true,
              "remove": false,
              "pull": "always",
              "platform": "linux/amd64",
              "mount_workspace": true
            }
        "#]],
    );
}

#[test]
fn a_value_stays_one_word_one_path_one_port() {
    check(
        "    type: docker_run\n    config: { image: shop, command: 'echo {{ x }}' , mount_workspace: false }\n",
        &expect![[r#"
            {
              "type": "docker_run",
              "image": {
                "image": "shop",
                "tag": null,
                "project": null,
                "registry": null,
                "registry_url": null,
                "username": null,
                "password": null
              },
              "command": [
                "echo",
                "/etc:/x:rw,b --privileged"
              ],
              "entrypoint": null,
              "environment": [],
              "volumes": [],
              "ports": [],
              "working_dir": null,
              "name": null,
              "network": null,
              "user": null,
              "memory": null,
              "nano_cpus": null,
              "detach": false,
              "remove": true,
              "pull": "missing",
              "platform": null,
              "mount_workspace": false
            }
        "#]],
    );
    for (param, why) in [
        ("volumes: ['./a:{{ x }}:ro']", "`/etc:/x:rw,b --privileged` is no absolute path of the container"),
        ("volumes: './a:{{ x }}:ro,./b:/b'", "`/etc:/x:rw,b --privileged` is no absolute path of the container"),
        ("volumes: '{{ x }}'", "`/etc:/x:rw,b --privileged` is no absolute path of the container"),
        ("volumes: [{ host: ./a, container: '{{ x }}' }]", "is no absolute path of the container"),
        ("ports: ['{{ x }}:80']", "`/etc:/x:rw,b --privileged` is no port"),
        ("name: '{{ x }}'", "is no name of a container"),
        ("network: '{{ x }}'", "is no name of a network"),
        ("user: '{{ x }}'", "is no user of a container"),
        ("memory: '{{ x }}'", "is no amount of memory"),
        ("cpus: '{{ x }}'", "is no number of processors"),
        ("platform: '{{ x }}'", "is more than one platform"),
        ("tag: '{{ x }}'", "is no tag"),
        ("project: '{{ x }}'", "is no name of a project"),
        ("registry_url: '{{ x }}'", "is no host of a registry"),
    ] {
        let said = shown(&format!("    type: docker_run\n    config: {{ image: shop, {param} }}\n"));
        assert!(said.starts_with("error: step `a`") && said.contains(why), "{param}: {said}");
    }
    let said = shown("    type: docker_pull\n    config: { image: '{{ x }}' }\n");
    assert!(said.starts_with("error: step `a`, `image`: "), "{said}");
}

#[test]
fn a_shell_runs_in_its_image_and_on_the_host_without_one() {
    let container = |text: &str| first(text, Map::new()).expect("it resolves").container.map(|it| it.image.to_string());
    let docker = "type: docker\nimage: 'node:{{ build_number }}'\nsteps: [{ name: a, type: command, command: x }]";
    assert_eq!(container(docker).as_deref(), Some("node:7"));
    let hybrid = "type: hybrid\nsteps: [{ name: a, type: script, script: x, image: r.example.com/tools }]";
    assert_eq!(container(hybrid).as_deref(), Some("r.example.com/tools:latest"));
    assert_eq!(container("type: hybrid\nsteps: [{ name: a, type: command, command: x }]"), None);
    let git = "type: docker\nimage: node\nsteps: [{ name: a, type: git, config: { repository: x } }]";
    assert_eq!(container(git), None);
}

#[test]
fn a_tag_beside_the_image_of_the_context_is_another_tag_of_it() {
    let text = |image: &str| {
        format!(
            "variables: {{ docker_image: 'shop:1' }}\nsteps: [{{ name: a, type: docker_push, config: {{ image: '{image}', tag: v2, registry: 1 }} }}]"
        )
    };
    let push = |image: &str| match first(&text(image), Map::new()).expect("it resolves").spec {
        StepSpec::DockerPush(push) => *push,
        _ => panic!("a push"),
    };
    let registry = Address::parse("http://127.0.0.1:5000/team").unwrap();
    let target = |push: &DockerPush| push.image.reference(Some(&registry)).unwrap();
    let names =
        |push: &DockerPush| push.sources(&target(push)).iter().map(Reference::to_string).collect::<Vec<_>>().join(" ");
    let (whole, written) = (push("{{ docker_image }}"), push("shop:1"));
    assert_eq!(target(&whole).to_string(), "127.0.0.1:5000/team/shop:v2");
    assert_eq!(names(&whole), "shop:1 shop:v2 127.0.0.1:5000/team/shop:v2");
    assert_eq!(target(&written).to_string(), "127.0.0.1:5000/team/shop:1");
    assert_eq!(names(&written), "shop:1 127.0.0.1:5000/team/shop:1");
}

#[test]
fn a_registry_is_known_by_name_then_by_address() {
    let name = |registry: Option<&str>, url: Option<&str>| ImageName {
        image: "shop".to_owned(),
        registry: registry.map(str::to_owned),
        registry_url: url.map(|url| Address::parse(url).unwrap()),
        ..ImageName::default()
    };
    let known = |name: &str| name == "harbor";
    let address = |text: &str| Meant::Address(Address::parse(text).unwrap());
    assert_eq!(name(Some("harbor"), Some("r.example.com")).meant(&known), Ok(Meant::Known("harbor".to_owned())));
    assert_eq!(name(Some("1"), Some("r.example.com")).meant(&known), Ok(address("r.example.com")));
    assert_eq!(name(Some("r.example.com:5000"), None).meant(&known), Ok(address("r.example.com:5000")));
    assert_eq!(name(None, None).meant(&known), Ok(Meant::None));
    assert!(name(Some("1"), None).meant(&known).unwrap_err().contains("--registry 1=ADDRESS"));
}

#[test]
fn no_password_is_shown() {
    let text = "steps: [{ name: a, type: docker_pull, config: { image: shop, registry_url: r.example.com, username: ci, password: '{{ secrets.TOKEN }}' } }]";
    let resolved = first(text, Map::new()).expect("it resolves");
    assert!(!format!("{resolved:?}").contains("s3cret"));
    let StepSpec::DockerPull(pull) = resolved.spec else { panic!("a pull") };
    assert_eq!(pull.image.password.as_deref(), Some("s3cret"));
}
