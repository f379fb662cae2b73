//! Building with what there is: the classic builder always, BuildKit where Debian's docker command has it.

use std::path::PathBuf;
use std::process::Command;

use ansflow_docker::build::{self, Build, Builder, build_with};
use ansflow_docker::{Error, Login, transfer};
use zeroize::Zeroizing;

use crate::world::{World, unique, with_daemon};

/// Each builder that there is here.
async fn builders(world: &World) -> Vec<Builder> {
    let found = build::builder(&world.daemon).await;
    if found == Builder::Classic {
        eprintln!("NOT TESTED: BuildKit; neither buildx nor a docker command before version 23 is in /usr/bin");
        return vec![found];
    }
    vec![found, Builder::Classic]
}

/// A folder whose Dockerfile begins with a shell.
fn with_shell(world: &World, rest: &str) -> PathBuf {
    world.context(&format!("FROM ansflow-test-busybox:latest\n{rest}"))
}

fn of(context: &PathBuf) -> Build {
    let mut build = Build::new(context);
    build.network = Some("none".to_owned());
    build
}

#[test]
fn a_build_gets_what_it_is_given_and_says_what_came_of_it() {
    with_daemon(async |world: World| {
        world.busybox().await;
        for builder in builders(&world).await {
            let context = with_shell(
                &world,
                "ARG WORD=none\nRUN echo \"said: $WORD\" && echo \"$WORD\" > /word\nFROM ansflow-test-busybox:latest AS second\nRUN exit 9\n",
            );
            let first = std::fs::read_to_string(context.join("Dockerfile")).unwrap().replacen(
                "latest\n",
                "latest AS first\n",
                1,
            );
            std::fs::create_dir(context.join("sub")).unwrap();
            std::fs::write(context.join("sub/Other"), first).unwrap();
            let mut build = of(&context);
            build.dockerfile = Some("sub/Other".into());
            build.target = Some("first".to_owned());
            build.args = vec![("WORD".to_owned(), "it's $HOME".to_owned())];
            build.labels = [("io.ansflow.run".to_owned(), "a=b c".to_owned())].into();
            let (one, two) = (unique("ansflow-test/built"), unique("ansflow-test/built"));
            build.tags = vec![format!("{one}:v1"), format!("{two}:v2")];
            build.no_cache = true;
            let mut lines = Vec::new();
            let built =
                build_with(&world.daemon, &build, builder.clone(), &mut |line| lines.push(line.to_owned())).await;
            let built = built.unwrap();
            assert!(built.image.id.starts_with("sha256:") && built.image.size > 1_000_000, "{built:?}");
            assert_eq!(built.image.labels.get("io.ansflow.run").map(String::as_str), Some("a=b c"));
            assert!(lines.iter().any(|line| line.contains("said: it's $HOME")), "{lines:#?}");
            assert!(lines.len() < 40, "{lines:#?}");
            for name in [format!("{one}:v1"), format!("{two}:v2")] {
                assert_eq!(transfer::inspect(&world.daemon, &name).await.unwrap().id, built.image.id);
            }
            // The same once more, from the cache, is the same image.
            build.no_cache = false;
            let again = build_with(&world.daemon, &build, builder, &mut |_| {}).await.unwrap();
            assert_eq!(again.image.id, built.image.id);
        }
    });
}

#[test]
fn a_build_that_fails_names_step_line_and_exit_code() {
    with_daemon(async |world: World| {
        world.busybox().await;
        for builder in builders(&world).await {
            let fails = async |dockerfile: &str| {
                let context = world.context(dockerfile);
                build_with(&world.daemon, &of(&context), builder.clone(), &mut |_| {}).await.unwrap_err().to_string()
            };
            let text =
                fails("FROM ansflow-test-busybox:latest\n\n# why\nRUN true && \\\n  true\nRUN exit 7\nRUN true\n")
                    .await;
            assert!(text.starts_with("the build failed at step "), "{text}");
            assert!(
                text.ends_with(", line 6 of the Dockerfile, `RUN exit 7`: its command ended with exit code 7"),
                "{text}"
            );
            let text =
                fails("FROM ansflow-test-busybox:latest\nARG WORD=hidden-7781\nRUN [ \"$WORD\" = \"${WORD}x\" ]\n")
                    .await;
            assert!(text.contains("line 3 of the Dockerfile, `RUN [ \"$WORD\" = \"${WORD}x\" ]`"), "{text}");
            assert!(!text.contains("hidden-7781"), "{text}");
            let text = fails("FROM scratch\nCOPY nope /\n").await;
            assert!(text.contains("line 2 of the Dockerfile, `COPY nope /`") && text.contains("not found"), "{text}");
            let text = fails("FROM scratch\nRUNN x\n").await;
            assert!(
                text.contains("line 2") && text.to_ascii_lowercase().contains("unknown instruction: runn"),
                "{text}"
            );
        }
    });
}

#[test]
fn secrets_and_logins_are_in_no_process_list_no_history_and_no_folder_afterwards() {
    with_daemon(async |world: World| {
        world.busybox().await;
        let builder = build::builder(&world.daemon).await;
        if builder == Builder::Classic {
            eprintln!("NOT TESTED: BuildKit's secrets; there is no BuildKit here");
            return;
        }
        let context = with_shell(
            &world,
            "ARG TOKEN\nRUN --mount=type=secret,id=key case \"$(cat /run/secrets/key)\" in key-*31) ;; *) exit 4 ;; esac && [ -n \"$TOKEN\" ] && sleep 1\n",
        );
        let scratch = world.dir.path().join("scratch");
        std::fs::create_dir(&scratch).unwrap();
        let mut build = of(&context);
        build.no_cache = true;
        build.args = vec![("TOKEN".to_owned(), "arg-value-5177".to_owned())];
        build.secrets = vec![("key".to_owned(), Zeroizing::new("key-value-9431".to_owned()))];
        build.logins = vec![("registry.example".to_owned(), Login::new("user", "pass-value-2286"))];
        build.scratch = Some(scratch.clone());
        let secrets = ["arg-value-5177", "key-value-9431", "pass-value-2286"];
        let (mut lines, mut looks, mut modes) = (Vec::new(), 0, Vec::new());
        let built = build_with(&world.daemon, &build, builder, &mut |line| {
            lines.push(line.to_owned());
            looks += 1;
            for arguments in process_list() {
                for secret in secrets {
                    assert!(!arguments.contains(secret), "{arguments}");
                }
            }
            for folder in std::fs::read_dir(&scratch).unwrap() {
                use std::os::unix::fs::PermissionsExt;
                modes.push(folder.unwrap().metadata().unwrap().permissions().mode() & 0o777);
            }
        })
        .await
        .unwrap();
        assert!(looks > 2 && modes.contains(&0o700) && modes.iter().all(|mode| *mode == 0o700), "{looks} {modes:?}");
        assert_eq!(std::fs::read_dir(&scratch).unwrap().count(), 0, "something was left");
        let history = Command::new("/usr/bin/docker")
            .args(["history", "--no-trunc", &built.image.id])
            .env("DOCKER_HOST", world.environment.get("DOCKER_HOST").unwrap())
            .output()
            .unwrap();
        let history = String::from_utf8(history.stdout).unwrap();
        assert!(history.contains("sleep 1"), "{history}");
        // A build argument is in the history, and BuildKit shows it: that is what secrets are for.
        for secret in ["key-value-9431", "pass-value-2286"] {
            assert!(!history.contains(secret) && !lines.join("\n").contains(secret), "{history}\n{lines:#?}");
        }
    });
}

#[test]
fn of_several_docker_commands_one_with_buildkit_builds() {
    with_daemon(async |mut world: World| {
        let folder = world.dir.path().join("bin");
        std::fs::create_dir(&folder).unwrap();
        for (name, version) in [("late", "28.2.2"), ("early", "20.10.24")] {
            std::fs::create_dir(folder.join(name)).unwrap();
            let file = folder.join(name).join("docker");
            std::fs::write(&file, format!("#!/bin/sh\necho Docker version {version}, build 1\n")).unwrap();
            std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        }
        let folder = folder.display().to_string();
        for (path, expected) in [
            (format!("{folder}/late:{folder}/early"), Builder::Docker(PathBuf::from(format!("{folder}/early/docker")))),
            (format!("{folder}/late"), Builder::Classic),
        ] {
            world.environment.set("PATH", path);
            let daemon = ansflow_docker::Daemon::connect(&world.environment).await.unwrap();
            assert_eq!(build::builder(&daemon).await, expected);
        }
    });
}

#[test]
fn the_classic_builder_says_that_it_has_no_secrets() {
    with_daemon(async |world: World| {
        let mut build = of(&world.context("FROM scratch\n"));
        build.secrets = vec![("key".to_owned(), Zeroizing::new("x".to_owned()))];
        let error = build_with(&world.daemon, &build, Builder::Classic, &mut |_| {}).await.unwrap_err();
        assert!(matches!(error, Error::NeedsBuildKit { .. }), "{error}");
    });
}

#[test]
fn what_is_ignored_is_what_docker_ignores() {
    with_daemon(async |world: World| {
        world.busybox().await;
        let context = with_shell(&world, "COPY . /c\nRUN cd /c && find . -type f -o -type l | cat\n");
        for file in [
            "a.log",
            "keep.log",
            "src/a.log",
            "src/main.rs",
            "src/deep/b.tmp",
            "node_modules/x/index.js",
            "node_modules/x/keep.md",
            "docs/[x].md",
            "docs/y.md",
            "tmp1",
            "tmp22",
            "sp ace",
        ] {
            let file = context.join(file);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, "x").unwrap();
        }
        std::os::unix::fs::symlink("/etc/shadow", context.join("link")).unwrap();
        let made = Command::new("mkfifo").arg(context.join("pipe")).status().unwrap();
        assert!(made.success());
        for patterns in [
            "",
            "# comment\n*.log\n!keep.log\n",
            "**/*.log\nnode_modules\n!node_modules/x/keep.md\n",
            "*\n!src\nsrc/deep\n",
            "/src/\ntmp?\ndocs/\\[x\\].md\n",
            "Dockerfile\n.dockerignore\ndocs/[x-z].md\n",
            "**\n!sp ace\n",
            "src/**/*.tmp\n  node_modules/*/index.js  \n",
        ] {
            // BuildKit leaves the pipe out, and the classic command would too.
            std::fs::write(context.join(".dockerignore"), patterns).unwrap();
            let mut build = of(&context);
            build.no_cache = true;
            let mut ours = Vec::new();
            let on_line = &mut |line: &str| ours.extend(line.starts_with("./").then(|| line.to_owned()));
            build_with(&world.daemon, &build, Builder::Classic, on_line).await.unwrap();
            let theirs = Command::new("/usr/bin/docker")
                .args(["build", "--no-cache", "--network=none", "."])
                .current_dir(&context)
                .env("DOCKER_HOST", world.environment.get("DOCKER_HOST").unwrap())
                .env("DOCKER_BUILDKIT", "0")
                .output()
                .unwrap();
            let text = String::from_utf8(theirs.stdout).unwrap();
            assert!(theirs.status.success(), "{text}{}", String::from_utf8_lossy(&theirs.stderr));
            let mut theirs: Vec<&str> = text.lines().filter(|line| line.starts_with("./")).collect();
            ours.sort();
            theirs.sort_unstable();
            assert_eq!(ours, theirs, "{patterns:?}");
        }
    });
}

#[test]
fn a_dockerfile_may_have_patterns_of_its_own_and_stand_elsewhere() {
    with_daemon(async |world: World| {
        world.busybox().await;
        let context = world.context("FROM scratch\n");
        for file in ["a", "b"] {
            std::fs::write(context.join(file), "x").unwrap();
        }
        let dockerfile = "FROM ansflow-test-busybox:latest\nCOPY . /c\nRUN cd /c && find . -type f | cat\n";
        std::fs::write(context.join(".dockerignore"), "a\n").unwrap();
        std::fs::write(context.join("web.Dockerfile"), dockerfile).unwrap();
        std::fs::write(context.join("web.Dockerfile.dockerignore"), "b\n*Dockerfile*\n").unwrap();
        let outside = world.dir.path().join("Outside");
        std::fs::write(&outside, dockerfile).unwrap();
        let seen = async |dockerfile: &std::path::Path| {
            let mut build = of(&context);
            build.no_cache = true;
            build.dockerfile = Some(dockerfile.to_owned());
            let mut seen = Vec::new();
            let on_line = &mut |line: &str| seen.extend(line.starts_with("./").then(|| line.to_owned()));
            build_with(&world.daemon, &build, Builder::Classic, on_line).await.unwrap();
            seen.sort();
            seen
        };
        assert_eq!(seen("web.Dockerfile".as_ref()).await, ["./a"]);
        assert_eq!(seen(&outside).await, ["./Dockerfile", "./b", "./web.Dockerfile", "./web.Dockerfile.dockerignore"]);
    });
}

#[test]
fn what_would_be_an_option_or_obeyed_is_refused() {
    with_daemon(async |world: World| {
        let context = world.context("FROM scratch\n");
        let refused = async |change: &dyn Fn(&mut Build)| {
            let mut build = of(&context);
            change(&mut build);
            for builder in builders(&world).await {
                let error = build_with(&world.daemon, &build, builder, &mut |_| {}).await.unwrap_err();
                assert!(matches!(error, Error::Invalid { .. }), "{error:?}");
            }
        };
        for name in ["-t", "--output=/", "a b", "A"] {
            refused(&|build| build.tags = vec![name.to_owned()]).await;
            refused(&|build| build.cache_from = vec![name.to_owned()]).await;
        }
        for text in ["--x", "-", "", "a b", "a,src=/etc/shadow"] {
            refused(&|build| build.target = Some(text.to_owned())).await;
            refused(&|build| build.platform = Some(text.to_owned())).await;
            refused(&|build| build.network = Some(text.to_owned())).await;
            refused(&|build| build.args = vec![(text.to_owned(), String::new())]).await;
            refused(&|build| build.secrets = vec![(text.to_owned(), Zeroizing::default())]).await;
        }
        let buildkit = build::builder(&world.daemon).await;
        for name in ["PATH", "LD_PRELOAD", "DOCKER_HOST", "HOME", "DOCKER_CONFIG"] {
            let mut build = of(&context);
            build.args = vec![(name.to_owned(), "/evil".to_owned())];
            if buildkit != Builder::Classic {
                let error = build_with(&world.daemon, &build, buildkit.clone(), &mut |_| {}).await.unwrap_err();
                assert!(matches!(error, Error::Invalid { .. }), "{name}: {error:?}");
            }
        }
        let missing = build_with(&world.daemon, &of(&context.join("nope")), Builder::Classic, &mut |_| {}).await;
        assert!(matches!(missing.unwrap_err(), Error::File { .. }));
    });
}

/// The arguments of every process.
fn process_list() -> Vec<String> {
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    let arguments = processes.filter_map(|process| std::fs::read(process.path().join("cmdline")).ok());
    arguments.map(|bytes| String::from_utf8_lossy(&bytes).replace('\0', " ")).collect()
}
