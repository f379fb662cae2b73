//! The commands beside `run`.

use serde_json::Value as Json;

use crate::world::{Ended, World};

#[test]
fn version_says_its_name_and_number() {
    let ended = World::new().ansflow(&["version"]);
    assert_eq!((ended.code, ended.stdout), (0, format!("ansflow {}\n", env!("CARGO_PKG_VERSION"))));
}

#[test]
fn steps_lists_every_type_and_says_what_runs() {
    let ended = World::new().ansflow(&["steps", "-o", "json"]);
    let types: Vec<Json> = serde_json::from_str(&ended.stdout).unwrap();
    let runs = |word: &str| types.iter().find(|kind| kind["type"] == word).unwrap()["available"].as_bool();
    assert_eq!(
        (runs("command"), runs("ansible"), runs("docker_build"), runs("k8s_deploy")),
        (Some(true), Some(true), Some(true), Some(true))
    );
}

#[test]
fn an_unknown_step_type_gets_the_nearest_one() {
    let ended = World::new().ansflow(&["steps", "k8s_deplo"]);
    assert_eq!(ended.code, 6);
    assert!(ended.stderr.contains("k8s_deploy"), "{}", ended.stderr);
}

#[test]
fn schema_is_a_json_schema_of_2020_12() {
    let schema: Json = serde_json::from_str(&World::new().ansflow(&["schema"]).stdout).unwrap();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
}

#[test]
fn judge_says_of_each_object_whether_it_is_ready() {
    let world = World::new();
    let list = "kind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: shop}}\n- {apiVersion: batch/v1, kind: Job, metadata: {name: j}, status: {active: 1}}\n";
    world.write("objects.yml", list);
    let ended = world.ansflow(&["judge", "objects.yml"]);
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""), "{ended:#?}");
    assert!(ended.stdout.contains("ConfigMap  shop/c  ready"), "{}", ended.stdout);
    assert!(ended.stdout.contains("1 running, 0 succeeded, 0 failed"), "{}", ended.stdout);
    let told: Json = serde_json::from_str(&world.ansflow(&["judge", "objects.yml", "-o", "json"]).stdout).unwrap();
    assert_eq!((&told[0]["verdict"], &told[1]["verdict"]), (&Json::from("ready"), &Json::from("progressing")));
}

#[test]
fn judge_refuses_what_is_no_object_and_names_the_place() {
    let world = World::new();
    world.write("words.yml", "just words\n");
    let ended = world.ansflow(&["judge", "words.yml"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (2, ""), "{ended:#?}");
    assert!(ended.stderr.contains("words.yml: line 1: this is no object of Kubernetes"), "{}", ended.stderr);
    assert_eq!(world.ansflow(&["judge", "nowhere.yml"]).code, 2);
}

#[test]
fn doctor_finds_the_shell_and_the_place_for_run_data() {
    let ended = World::new().ansflow(&["doctor", "-o", "json"]);
    let found: Json = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!((ended.code, found["ok"].as_bool()), (0, Some(true)), "{found:#}");
}

#[test]
fn doctor_asks_the_daemon_that_steps_would_use_and_a_machine_without_one_is_well() {
    let world = World::new();
    let mut doctor = world.command(&["doctor", "-o", "json"]);
    doctor.env("DOCKER_HOST", "unix:///nowhere/docker.sock");
    let ended = Ended::of(doctor);
    let found: Json = serde_json::from_str(&ended.stdout).unwrap();
    let docker = found["checks"].as_array().unwrap().iter().find(|check| check["check"] == "docker").unwrap();
    assert_eq!((ended.code, &docker["ok"]), (0, &Json::Bool(false)), "{found:#}");
    assert!(docker["detail"].as_str().unwrap().contains("unix:///nowhere/docker.sock"), "{docker}");
}

#[test]
fn completion_is_printed_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ended = World::new().ansflow(&["completion", shell]);
        assert!(ended.code == 0 && ended.stdout.contains("ansflow"), "{shell}");
    }
}

#[test]
fn plan_shows_resolved_values_and_starts_nothing() {
    let world = World::new();
    world.write(
        "p.yml",
        "variables: {who: world}\nsteps:\n  - {name: a, type: command, command: 'touch x; echo {{ who }} {{ steps.b.outputs.k }}', needs: [b]}\n  - {name: b, type: command, needs: [], command: 'echo {{ secrets.T }}', when: git_branch == 'main'}\n",
    );
    let ended = world.ansflow(&["plan", "p.yml", "-o", "json", "--var", "who=line", "--var", "git_branch=dev"]);
    let plan: Json = serde_json::from_str(&ended.stdout).unwrap();
    let command = |step: usize| plan["steps"][step]["params"]["command"].as_str().unwrap();
    assert_eq!(command(0), "touch x; echo line {{ steps.b.outputs.k }}");
    assert_eq!(command(1), "echo {{ secrets.T }}");
    assert_eq!(plan["steps"][0]["needs"], serde_json::json!(["b"]));
    assert!(plan["steps"][1]["skipped"].as_str().unwrap().contains("git_branch"), "{plan:#}");
    assert!(!world.workspace().join("x").exists());
}

#[test]
fn validate_reports_all_problems_at_once_with_line_and_column() {
    let world = World::new();
    world.write("p.yml", "name: x\nsteps:\n  - name: a\n    type: command\n    comand: make\n  - name: b\n    type: command\n    command: echo {{ nobody }}\n    needs: [c]\n");
    let ended = world.ansflow(&["validate", "p.yml", "-o", "json"]);
    let problems: Vec<Json> = serde_json::from_str(&ended.stdout).unwrap();
    let places: Vec<(u64, u64)> =
        problems.iter().map(|one| (one["line"].as_u64().unwrap(), one["column"].as_u64().unwrap())).collect();
    assert_eq!(ended.code, 1);
    assert!(places.contains(&(5, 5)) && places.contains(&(8, 22)) && places.contains(&(9, 13)), "{problems:#?}");
    assert!(
        problems[0]["help"].as_str().unwrap_or_default().contains("command")
            || problems[1]["help"].as_str().unwrap_or_default().contains("command"),
        "{problems:#?}"
    );
}

#[test]
fn plan_tells_people_everything_that_decides_what_runs() {
    let world = World::new();
    world.write(
        "p.yml",
        "variables: { x: 1, tag: 'v{{ build_number }}' }
env: { ALL: '{{ x }}' }
parallel_groups: { g: { policy: fail_fast, timeout: 10m } }
steps:
  - name: a
    type: command
    parallel_group: g
    working_directory: sub
    timeout: 90s
    retry: { attempts: 3, delay: 5s, backoff: exponential, max_delay: 1m }
    continue_on_failure: true
    artifacts: ['out/**']
    env: { OWN: '{{ tag }}' }
    command: |
      echo {{ x }}
      echo {{ tag }}
  - { name: b, type: approval, config: { approvers: [ops, dev], required: 2, timeout: 1h, message: 'ship {{ x }} {{ tag }}?' } }
",
    );
    expect_test::expect![[r"
        p
          x = 1
          tag = v{{ build_number }}

        1. a (command, parallel in g, which the first failure ends, at most 10m)
           starts at once
           up to 3 tries, 5s apart, then twice as long each time, at most 1m
           times out after 1m30s
           the run goes on when it fails
           working_directory: sub
           env ALL: 1
           env OWN: {{ tag }}
           keeps out/**
           command:
              echo 1
              echo {{ tag }}

        2. b (approval)
           after a
           waits for approval (2 of ops, dev, within 1h): ship 1 {{ tag }}?
    "]]
    .assert_eq(&world.ansflow(&["plan", "p.yml"]).stdout);
}

#[test]
fn the_approvers_are_told_values_not_templates() {
    let world = World::new();
    let ended =
        world.run("steps: [{ name: a, type: approval, config: { message: 'ship {{ build_number }}?' } }]", &["--yes"]);
    let opened = ended.events().into_iter().find(|event| event["event"] == "approval_opened").unwrap();
    assert_eq!(opened["message"], "ship 1?");
}

#[test]
fn the_catalogue_fits_on_a_narrow_terminal() {
    let world = World::new();
    let words = world.ansflow(&["steps", "-o", "json"]);
    let types: Json = serde_json::from_str(&words.stdout).unwrap();
    for kind in types.as_array().unwrap() {
        let word = kind["type"].as_str().unwrap();
        let text = world.ansflow(&["steps", word]).stdout;
        // An example is YAML, which is not wrapped.
        let described = text.split("\nexample:").next().unwrap_or_default();
        for line in described.lines() {
            assert!(line.chars().count() <= 80, "`{word}`: {line}");
        }
    }
}
