//! The pipelines of the documents that the project was made from.

use crate::world::World;

/// The YAML examples of the seeds, copied word by word.
fn seeds() -> Vec<(String, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../ansflow-core/tests/fixtures/seeds");
    let mut seeds: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .flatten()
        .filter(|entry| entry.path().extension().is_some_and(|extension| extension == "yml"))
        .map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read_to_string(entry.path()).unwrap()))
        .collect();
    seeds.sort();
    assert!(seeds.len() >= 4, "{seeds:?}");
    seeds
}

#[test]
fn every_example_of_the_seeds_validates_and_plans() {
    let world = World::new();
    for (name, text) in seeds() {
        world.write(&name, text);
        assert_eq!(world.ansflow(&["validate", &name]).code, 0, "{name}: {:#?}", world.ansflow(&["validate", &name]));
        let plan = world.ansflow(&["plan", &name, "--var", "git_commit=abc"]);
        assert_eq!(plan.code, 0, "{name}: {plan:#?}");
    }
}

#[test]
fn running_an_example_names_every_step_that_cannot_run_yet_and_starts_nothing() {
    let world = World::new();
    for (name, text) in seeds() {
        // Docker steps do run.
        if !text.contains("k8s_") {
            continue;
        }
        world.write(&name, &text);
        let ended = world.ansflow(&["run", &name, "--var", "git_commit=abc", "--var", "git_branch=main"]);
        assert_eq!((ended.code, ended.stdout.as_str()), (2, ""), "{name}: {ended:#?}");
        let of_type = |line: &&str| line.trim().starts_with("type:") && line.contains("k8s_");
        let refused = text.lines().filter(of_type).count();
        assert_eq!(
            ended.stderr.lines().filter(|line| line.starts_with("step `")).count(),
            refused,
            "{name}: {}",
            ended.stderr
        );
    }
    assert!(world.runs().is_empty());
}

#[test]
fn a_registry_is_what_its_flag_says_and_anything_else_is_refused_before_the_start() {
    let world = World::new();
    world.write("p.yml", "steps: [{ name: a, type: docker_pull, config: { image: x, registry: 1 } }]\n");
    for (flags, says) in [
        (&[][..], "there is no registry `1`; add it to the registries, or give it with `--registry 1=ADDRESS`"),
        (&["--registry", "2=127.0.0.1:5000/team"], "there is no registry `1`"),
        (&["--registry", "1"], "`--registry 1` is no name with an address"),
        (&["--registry", "=127.0.0.1:5000"], "is no name with an address"),
        (&["--registry", "1=ftp://x"], "`--registry 1`: `ftp://` is no way to a registry"),
        (&["--registry", "1=a", "--registry", "1=b"], "`--registry 1` is given twice"),
        (&["--registry", "1=me:hunter2@r.example.com"], "holds no user and no password"),
    ] {
        let ended = world.ansflow(&[&["run", "p.yml"], flags].concat());
        assert_eq!(ended.code, 2, "{ended:#?}");
        assert!(ended.stderr.contains(says) && !ended.stderr.contains("hunter2"), "{}", ended.stderr);
    }
    assert!(world.runs().is_empty());
}

#[test]
fn a_registry_that_is_mapped_wins_over_an_address_with_a_warning() {
    let world = World::new();
    world.write("p.yml", "steps:\n- { name: a, type: docker_pull, when: false, config: { image: x, registry: 1, registry_url: r.example.com } }\n");
    let ended = world.ansflow(&["run", "p.yml", "--registry", "1=127.0.0.1:5000/team"]);
    assert_eq!(ended.code, 0, "{ended:#?}");
    assert!(ended.stderr.contains("registry `1` of step `a` wins over its `registry_url`"), "{}", ended.stderr);
}

#[test]
fn without_a_daemon_a_docker_step_says_where_it_was_looked_for() {
    for text in [
        "steps: [{ name: a, type: docker_pull, config: { image: x } }]\n",
        "type: docker\nimage: node\nsteps: [{ name: a, type: command, command: 'true' }]\n",
    ] {
        let world = World::new();
        world.write("p.yml", text);
        let ended =
            world.command(&["run", "p.yml"]).env("DOCKER_HOST", "unix:///nowhere/docker.sock").output().unwrap();
        let said = String::from_utf8_lossy(&ended.stdout).into_owned() + &String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(1), "{said}");
        assert!(said.contains("no Docker daemon answers: unix:///nowhere/docker.sock "), "{said}");
    }
}

#[test]
fn the_three_shapes_run_with_shell_steps() {
    for text in [
        "steps:\n  - name: a\n    type: command\n    config: { command: echo hi }\n",
        "pipeline:\n  name: x\n  type: hybrid\n  stages:\n    - name: Build\n      steps:\n        - { name: a, type: command, config: { command: echo hi } }\n",
        "pipeline:\n  name: x\n  execution_mode: local\n  steps:\n    - { name: a, type: custom, order: 1, command: echo hi }\n",
    ] {
        let ended = World::new().run(text, &[]);
        assert_eq!((ended.code, ended.log("a")), (0, vec!["hi".to_owned()]), "{text}: {ended:#?}");
    }
}

#[test]
fn a_step_that_cannot_run_is_no_hindrance_where_a_known_condition_skips_it() {
    let text = "steps:\n  - {name: a, type: command, command: 'true'}\n  - {name: b, type: docker_pull, config: {image: x}, when: git_branch == 'main'}\n";
    assert_eq!(World::new().run(text, &["--var", "git_branch=dev"]).story(), "a success · b skipped · run success");
}

#[test]
fn hostile_files_end_soon_with_a_message() {
    let world = World::new();
    let bomb = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\ng: [*f,*f,*f,*f,*f,*f,*f,*f,*f]\n";
    let deep = "[".repeat(10_000);
    let nested: String = (0..10_000).map(|depth| format!("{}a:\n", " ".repeat(depth % 4_000))).collect();
    let files: [(&str, Vec<u8>); 7] = [
        ("bomb", bomb.into()),
        ("deep", deep.into()),
        ("nested", nested.into()),
        ("large", vec![b'a'; 5 << 20]),
        ("utf-16", "\u{feff}steps: []".encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("latin-1", b"name: caf\xe9\n".to_vec()),
        ("nul", b"name: a\0b\n".to_vec()),
    ];
    for (name, bytes) in files {
        world.write("p.yml", bytes);
        let started = std::time::Instant::now();
        let ended = world.ansflow(&["validate", "p.yml"]);
        assert_eq!(ended.code, 1, "{name}: {}", ended.stderr);
        assert!(ended.stdout.contains("p.yml:"), "{name}: {}", ended.stdout);
        let limit = if cfg!(debug_assertions) { 5 } else { 1 };
        assert!(started.elapsed().as_secs() < limit, "{name} took {:?}", started.elapsed());
    }
}
