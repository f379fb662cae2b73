//! Build, run, push and pull, one after the other and one into the other.

use std::fs;

use ansflow_core::run::event::Report;
use ansflow_core::spec::{DockerBuild, DockerPull, DockerPush, ImageName, StepSpec};
use ansflow_docker::transfer;
use ansflow_engine::attempt::order::RegistryLogin;
use serde_json::{Value, json};

use super::world::{Attempt, BUSYBOX, Dock, PASSWORD, Registry, USER, docker_run, dockerfile, unique, with_daemon};
use crate::engine::Bench;
use crate::secrets::leaks;

fn step(name: &str, kind: &str, needs: &[usize], params: &Value) -> Value {
    json!({ "name": name, "type": kind, "needs": needs, "params": params })
}

/// What a step has left, from what the engine said.
pub(super) fn outputs(text: &str, step: usize) -> Value {
    let facts = text.lines().filter_map(|line| serde_json::from_str::<Value>(line.split_once(' ')?.1).ok());
    let mut ends = facts.filter(|fact| fact["kind"] == "step_finished" && fact["step"] == step);
    let end = ends.next().unwrap_or_else(|| panic!("no end of step {step}: {text}"));
    let mut found = Value::Null;
    find(&end, "outputs", &mut found);
    found
}

fn find(value: &Value, key: &str, found: &mut Value) {
    if let Value::Object(map) = value {
        for (name, inner) in map {
            if name == key {
                *found = inner.clone();
            }
            find(inner, key, found);
        }
    }
}

#[test]
fn build_run_push_and_pull_are_one_image_under_the_digest_that_the_registry_reports() {
    with_daemon(|dock| {
        let (registry, image) = (Registry::start(), unique("ansflow-test-shop"));
        let plan = json!({ "pipeline": "shop", "variables": {}, "steps": [
            step("build", "docker_build", &[], &json!({
                "image": image, "tag": "{{ build_number }}", "pull": false, "build_args": { "WORD": "it's $HOME" },
                "labels": { "team": "a b" },
            })),
            step("test", "docker_run", &[0], &json!({
                "image": "{{ docker_image }}", "command": ["sh", "-c", "cat /word; echo made >made; echo said=by the container >>$ANSFLOW_OUTPUT"],
                "working_dir": ".", "network": "none",
            })),
            step("push", "docker_push", &[1], &json!({ "image": "{{ docker_image }}", "registry": "1", "project": "team" })),
            step("pull", "docker_pull", &[2], &json!({ "image": "{{ docker_image }}", "registry": "1" })),
            step("again", "docker_push", &[3], &json!({ "image": "{{ docker_image }}", "registry": "1" })),
        ]});
        let bench = Bench::of(&plan, dock.vars().into_iter().chain([registry.var()]).collect());
        dockerfile(&bench.work(""), "ARG WORD\nCOPY word.sh /word.sh\nRUN sh /word.sh\n");
        fs::write(bench.work("word.sh"), "echo \"$WORD\" >/word\n").unwrap();
        let text = bench.drive().rest();
        assert!(text.contains("status Success"), "{text}");
        assert!(text.contains("| 1 it's $HOME\n"), "{text}");
        assert_eq!(bench.read("made"), "made\n");

        let built = outputs(&text, 0);
        assert_eq!((&built["image"], &built["tag"]), (&json!(image), &json!("1")), "{built}");
        assert_eq!(built["docker_image"], format!("{image}:1"));
        assert!(built["size"].as_u64().unwrap() > 500_000 && built["digest"].as_str().unwrap().starts_with("sha256:"));
        let ran = outputs(&text, 1);
        assert_eq!(
            (&ran["exit_code"], &ran["image"], &ran["said"]),
            (&json!(0), &json!(image), &json!("by the container"))
        );
        // Where a tool runs is not what the pipeline makes.
        assert_eq!(ran["docker_image"], Value::Null);
        let digest = registry.digest(dock, &format!("team/{image}"), "1");
        for index in [2, 3, 4] {
            let left = outputs(&text, index);
            assert_eq!(left["docker_image"], format!("{}/team/{image}:1", registry.address), "{left}");
            assert_eq!(left["digest"], digest, "step {index}");
        }
        // Whose the image is stands on it, but not the instance: that would make others' containers ours.
        let labels = dock.ask(transfer::inspect(&dock.daemon, &format!("{image}:1"))).unwrap().labels;
        assert_eq!(labels.get("io.ansflow.run").map(String::as_str), Some("run_1"));
        assert!(!labels.contains_key("io.ansflow.instance") && labels["team"] == "a b", "{labels:?}");
        assert_eq!(leaks(bench.root(), PASSWORD), Vec::<String>::new());
    });
}

fn build(image: &str) -> DockerBuild {
    DockerBuild {
        image: ImageName { image: image.to_owned(), ..ImageName::default() },
        dockerfiles: vec!["Dockerfile".to_owned()],
        context: String::new(),
        build_args: Vec::new(),
        secrets: Vec::new(),
        target_stage: None,
        platform: None,
        no_cache: false,
        pull: false,
        labels: Vec::new(),
        cache_from: Vec::new(),
    }
}

fn check_build(dock: &Dock, rest: &str, change: impl FnOnce(&mut DockerBuild, &Attempt), expected: &str) {
    let attempt = dock.attempt();
    dockerfile(&attempt.world.work(), rest);
    let mut spec = build(&unique("ansflow-test-built"));
    change(&mut spec, &attempt);
    let Report::Failed { message, .. } =
        attempt.world.run(&attempt.order(StepSpec::DockerBuild(Box::new(spec)))).report
    else {
        panic!("it built")
    };
    assert!(message.contains(expected), "{message}");
}

#[test]
fn a_build_that_cannot_be_says_why() {
    with_daemon(|dock| {
        check_build(
            dock,
            "RUN true\nRUN exit 7\n",
            |_, _| {},
            "line 3 of the Dockerfile, `RUN exit 7`: its command ended with exit code 7",
        );
        check_build(
            dock,
            "",
            |spec, _| spec.dockerfiles = vec!["Other".to_owned(), "docker/Other".to_owned()],
            "there is no Dockerfile at `Other` or `docker/Other` in the workspace",
        );
        check_build(dock, "", |spec, _| spec.context = "nowhere".to_owned(), "nowhere` cannot be used: No such file");
    });
}

#[test]
fn a_build_sees_nothing_outside_the_workspace() {
    with_daemon(|dock| {
        let out = |link: &'static str, target: &'static str| {
            move |spec: &mut DockerBuild, attempt: &Attempt| {
                let path = attempt.world.work().join(link);
                std::os::unix::fs::symlink(target, path).unwrap();
                match link {
                    "context" => spec.context = link.to_owned(),
                    _ => spec.dockerfiles = vec![link.to_owned()],
                }
            }
        };
        check_build(dock, "", out("context", "/etc"), "it lies outside the workspace");
        check_build(dock, "", out("file", "/etc/passwd"), "it lies outside the workspace");
        check_build(
            dock,
            "",
            |spec, _| spec.labels = vec![("io.ansflow.instance".to_owned(), "another's".to_owned())],
            "those that begin with `io.ansflow.` are AnsFlow's",
        );
        check_build(
            dock,
            "",
            |spec, _| spec.labels = vec![("by".to_owned(), "hunter2-hunter2".to_owned())],
            "the label `by` cannot be given, because its value holds a secret",
        );
    });
}

#[test]
fn a_secret_of_a_build_is_in_no_log_and_one_that_stays_in_the_image_is_warned_of() {
    with_daemon(|dock| {
        let attempt = dock.attempt();
        dockerfile(
            &attempt.world.work(),
            "ARG TOKEN\nRUN echo \"$TOKEN\"\nRUN --mount=type=secret,id=npm echo \"file $(cat /run/secrets/npm)\"\n",
        );
        let mut spec = build(&unique("ansflow-test-secret"));
        spec.no_cache = true;
        spec.build_args = vec![("TOKEN".to_owned(), "hunter2-hunter2".to_owned())];
        // What is a secret of the build is masked, whether or not the run knows it as one.
        spec.secrets = vec![("npm".to_owned(), "a-secret-file".to_owned())];
        attempt.world.gains(&attempt.order(StepSpec::DockerBuild(Box::new(spec))));
        let log = attempt.world.log();
        assert!(log.contains("warning: the build argument `TOKEN` holds a secret, which stays in the image"), "{log}");
        assert!(log.contains("file ***"), "{log}");
        for secret in ["hunter2-hunter2", "a-secret-file"] {
            assert!(!log.contains(secret), "{log}");
            assert_eq!(leaks(attempt.world.folder.path(), secret), Vec::<String>::new());
        }
    });
}

fn push_to(image: &str, address: &str) -> StepSpec {
    StepSpec::DockerPush(Box::new(DockerPush {
        image: ImageName { image: format!("{address}/{image}"), ..ImageName::default() },
        built: Some(BUSYBOX.to_owned()),
        is_built: true,
        all_tags: false,
        platform: None,
    }))
}

#[test]
fn a_registry_that_says_no_is_named_and_its_password_is_not() {
    with_daemon(|dock| {
        let registry = Registry::start();
        let said = |password: Option<&str>| {
            let attempt = dock.attempt();
            let mut order = attempt.order(push_to("app:v1", &registry.address));
            let login = password.map(|password| RegistryLogin {
                host: registry.address.clone(),
                username: USER.to_owned(),
                password: password.to_owned(),
            });
            order.docker.as_mut().unwrap().logins.extend(login);
            (format!("{:?}", attempt.world.run(&order).report), leaks(attempt.world.folder.path(), "wrong-4711"))
        };
        let (none, _) = said(None);
        assert!(none.contains("could not be pushed: its registry asks for a login (401)"), "{none}");
        let (wrong, leaked) = said(Some("wrong-4711"));
        assert!(wrong.contains("does not accept the login (401)"), "{wrong}");
        assert_eq!(leaked, Vec::<String>::new());
        let (right, _) = said(Some(PASSWORD));
        assert!(right.contains(&registry.digest(dock, "app", "v1")), "{right}");
    });
}

#[test]
fn the_login_of_this_machines_docker_command_is_used_where_none_is_given() {
    with_daemon(|dock| {
        let registry = Registry::start();
        use base64::Engine as _;
        let auth = base64::engine::general_purpose::STANDARD.encode(format!("{USER}:{PASSWORD}"));
        let config = json!({ "auths": { registry.address.clone(): { "auth": auth } } });
        fs::write(dock.dir.path().join("docker-config/config.json"), config.to_string()).unwrap();
        let attempt = dock.attempt();
        let gains = attempt.world.gains(&attempt.order(push_to("app:v2", &registry.address)));
        assert_eq!(gains.outputs["digest"], registry.digest(dock, "app", "v2"));
    });
}

#[test]
fn all_tags_go_and_come() {
    with_daemon(|dock| {
        let (registry, image) = (Registry::start(), unique("ansflow-test-tags"));
        for tag in ["a", "b", "latest"] {
            dock.ask(transfer::tag(&dock.daemon, BUSYBOX, &format!("{image}:{tag}"))).unwrap();
        }
        let login =
            RegistryLogin { host: registry.address.clone(), username: USER.to_owned(), password: PASSWORD.to_owned() };
        let name = ImageName { image: image.clone(), ..ImageName::default() };
        let push = DockerPush { image: name.clone(), built: None, is_built: false, all_tags: true, platform: None };
        let pull = DockerPull { image: name, all_tags: true, platform: None };
        for spec in [StepSpec::DockerPush(Box::new(push)), StepSpec::DockerPull(Box::new(pull))] {
            let attempt = dock.attempt();
            let mut order = attempt.order(spec);
            let docker = order.docker.as_mut().unwrap();
            docker.registry = Some(registry.address.parse().unwrap());
            docker.logins = vec![login.clone()];
            attempt.world.gains(&order);
        }
        for tag in ["a", "b", "latest"] {
            assert!(registry.digest(dock, &image, tag).starts_with("sha256:"));
        }
        assert_eq!(dock.ask(transfer::tags(&dock.daemon, &image)).unwrap(), ["a", "b", "latest"]);
    });
}

#[test]
fn an_image_that_nobody_has_is_named() {
    with_daemon(|dock| {
        let attempt = dock.attempt();
        let mut run = docker_run("true");
        (run.image.image, run.pull) = ("ansflow-test-nowhere:1".to_owned(), ansflow_core::spec::PullPolicy::Never);
        let report = attempt.world.run(&attempt.order(StepSpec::DockerRun(Box::new(run)))).report;
        let Report::Failed { message, .. } = report else { panic!("{report:?}") };
        assert_eq!(message, "the Docker daemon has no image `ansflow-test-nowhere:1`: build or pull it first");
    });
}
