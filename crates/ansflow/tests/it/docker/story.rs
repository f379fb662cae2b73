//! The documents' own pipeline: built with build arguments, tested, pushed; and again, from the cache.

use std::path::Path;

use super::dock::{Dock, PASSWORD, Registry, image_files, image_program, with_daemon};
use crate::world::{Ended, World};

/// The example of the seeds, as far as its push.
fn as_far_as_the_push() -> String {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../ansflow-core/tests/fixtures/seeds/full-stack.yml");
    let text = std::fs::read_to_string(file).unwrap();
    text.split_once("    # 4. ").unwrap().0.to_owned()
}

const DOCKERFILE: &str = "ARG NODE_ENV
ARG VERSION
ENV NODE_ENV=$NODE_ENV
RUN echo \"$NODE_ENV $VERSION\" >/built
WORKDIR /app
";

const NPM: &str = "#!/bin/sh
read -r built </built
echo \"npm $1 in $PWD: $built, CI=$CI, NODE_ENV=$NODE_ENV\"
[ \"$1\" = test ]
";

fn run(dock: &Dock, world: &World, registry: &Registry) -> Ended {
    let here = format!("1={}", registry.address);
    let words = ["run", "p.yml", "-o", "json", "--registry", &here, "--var", "git_commit=4711abc"];
    let mut command = world.command(&words);
    dock.tell(&mut command);
    command.env("DOCKER_CONFIG", world.path().join("settings"));
    Ended::of(command)
}

#[test]
fn the_full_pipeline_of_the_documents_runs_as_far_as_its_push_and_again_from_the_cache() {
    with_daemon(|dock| {
        let (world, registry, _turn) = (World::new(), Registry::start(), dock.my_turn());
        world.write("p.yml", as_far_as_the_push());
        registry.sign_in(&world.path().join("settings"));
        image_files(&world.workspace(), DOCKERFILE);
        // Of this test run only: the daemon may have built the same before.
        image_program(&world.workspace(), "npm", &format!("{NPM}# {}\n", world.path().display()));

        for number in 1..=2 {
            let ended = run(dock, &world, &registry);
            let story =
                "Build Application Image success · Run Unit Tests success · Push to Registry success · run success";
            assert_eq!((ended.code, ended.story().as_str()), (0, story), "{ended:#?}");
            assert!(ended.stderr.contains("registry `1` of step `Push to Registry` wins over its `registry_url`"));
            let tested = "npm test in /app: production 4711abc, CI=true, NODE_ENV=production";
            assert_eq!(ended.log("Run Unit Tests"), [tested]);
            let build = ended.log("Build Application Image").join("\n");
            let from_cache = build.contains("CACHED") || build.contains("Using cache");
            assert_eq!(from_cache, number == 2, "{build}");
            let outputs = |step: &str| ended.finished(step)["outputs"].clone();
            assert_eq!(outputs("Build Application Image")["docker_image"], format!("my-app:{number}"));
            let pushed = outputs("Push to Registry");
            assert_eq!(pushed["docker_image"], format!("{}/my-app:{number}", registry.address));
            assert_eq!(pushed["digest"], registry.digest(dock, "my-app", &number.to_string()));
        }
        assert_eq!(dock.containers(&world.state().join("ansflow")), Vec::<String>::new());
        assert_eq!(world.processes(), []);
        assert!(!contains(&world.state(), PASSWORD), "the password was stored");
    });
}

#[test]
fn a_push_that_the_registry_refuses_ends_the_run_with_one_sentence() {
    with_daemon(|dock| {
        let (world, registry, _turn) = (World::new(), Registry::start(), dock.my_turn());
        world.write("p.yml", as_far_as_the_push());
        image_files(&world.workspace(), DOCKERFILE);
        image_program(&world.workspace(), "npm", NPM);
        let ended = run(dock, &world, &registry);
        assert_eq!(ended.code, 1, "{ended:#?}");
        let why = ended.finished("Push to Registry")["why"].as_str().unwrap().to_owned();
        assert!(why.contains("its registry asks for a login (401): give a user name and a password"), "{why}");
        assert_eq!(dock.containers(&world.state().join("ansflow")), Vec::<String>::new());
    });
}

/// Whether a file below a folder holds a text.
fn contains(folder: &Path, text: &str) -> bool {
    std::fs::read_dir(folder).unwrap().flatten().any(|entry| {
        let path = entry.path();
        match path.is_dir() {
            true => contains(&path, text),
            false => std::fs::read(&path)
                .is_ok_and(|bytes| bytes.windows(text.len()).any(|window| window == text.as_bytes())),
        }
    })
}
