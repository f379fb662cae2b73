//! Containers: what they get, what comes out of them, how they end.

use std::time::{Duration, Instant};

use ansflow_docker::run::{self, Ended, Mount, Position, Source, Spec, Stream};
use ansflow_docker::{Error, transfer};

use crate::world::{World, unique, with_daemon};

#[test]
fn the_two_outputs_come_apart_and_the_exit_code_is_the_commands() {
    with_daemon(async |world: World| {
        let spec = world.script("echo out; echo err >&2; printf 'no end'; exit 3").await;
        let (ended, out, err) = world.shell(spec).await;
        assert_eq!((ended.code, ended.out_of_memory), (3, false));
        assert_eq!((out.as_str(), err.as_str()), ("out\nno end", "err\n"));
    });
}

#[test]
fn a_container_gets_what_the_spec_says() {
    with_daemon(async |world: World| {
        let folder = world.dir.path().join("a:b, type=bind");
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("file"), "from the host").unwrap();
        let mut spec =
            world.script("id -u; pwd; echo \"$A\"; cat /in/file; touch /in/x 2>&1; touch /mem/y && echo ok").await;
        spec.user = Some("guest".to_owned());
        spec.working_dir = Some("/bin".to_owned());
        spec.env = vec![("A".to_owned(), "b=c $HOME `id`".to_owned())];
        let mount = |source, target: &str, read_only| Mount { source, target: target.to_owned(), read_only };
        spec.mounts = vec![mount(Source::Path(folder), "/in", true), mount(Source::Tmpfs, "/mem", false)];
        let (ended, out, _) = world.shell(spec).await;
        let expected = "1234\n/bin\nb=c $HOME `id`\nfrom the hosttouch: /in/x: Read-only file system\nok\n";
        assert_eq!((out.as_str(), ended.code), (expected, 0));
    });
}

#[test]
fn an_empty_entrypoint_takes_the_images_own_away() {
    with_daemon(async |world: World| {
        let mut spec = world.script("echo plain").await;
        spec.entrypoint = Some(Vec::new());
        assert_eq!(world.shell(spec).await.1, "plain\n");
        let mut spec = world.script("").await;
        spec.entrypoint = Some(vec!["echo".to_owned(), "entry".to_owned()]);
        spec.command = vec!["a b".to_owned()];
        assert_eq!(world.shell(spec).await.1, "entry a b\n");
    });
}

#[test]
fn one_that_needs_more_memory_than_it_has_is_said_to_have() {
    with_daemon(async |world: World| {
        // The shell's own memory, so that what is killed is what runs the container.
        let mut spec = world.script("x=0123456789; while true; do x=$x$x; done").await;
        spec.memory = Some(16 << 20);
        let (ended, _, _) = world.shell(spec).await;
        assert!(ended.out_of_memory, "{ended:?}");
        assert_eq!(ended.code, 137);
    });
}

#[test]
fn stopping_gives_grace_and_then_kills() {
    with_daemon(async |world: World| {
        let stopped = async |text: &str, grace| {
            let spec = world.script(text).await;
            let running = run::start(&world.daemon, &spec).await.unwrap();
            let id = running.id().to_owned();
            let (sender, mut ready) = tokio::sync::mpsc::channel(4);
            let daemon = world.daemon.clone();
            let waiting = tokio::spawn(async move {
                let mut on = |_: Stream, _: &[u8]| {
                    let _ = sender.try_send(());
                };
                running.wait(&daemon, &mut Position::default(), &mut on).await.unwrap()
            });
            ready.recv().await.unwrap();
            let began = Instant::now();
            run::stop(&world.daemon, &id, grace).await.unwrap();
            (waiting.await.unwrap(), began.elapsed())
        };
        let (ended, took): (Ended, Duration) =
            stopped("trap 'exit 5' TERM; echo ready; while true; do sleep 0.1; done", Duration::from_secs(60)).await;
        assert_eq!(ended.code, 5);
        assert!(took < Duration::from_secs(30), "{took:?}");
        let (ended, _) =
            stopped("trap '' TERM; echo ready; while true; do sleep 0.1; done", Duration::from_secs(1)).await;
        assert_eq!((ended.code, ended.out_of_memory), (137, false));
    });
}

#[test]
fn who_attaches_later_gets_exactly_the_rest() {
    with_daemon(async |world: World| {
        let spec = world
            .script("echo one; echo err >&2; printf tw; cat /gate/pipe >/dev/null; echo o; echo three; echo four >&2")
            .await;
        let gate = world.dir.path().join("gate");
        std::fs::create_dir(&gate).unwrap();
        let made = std::process::Command::new("mkfifo").arg(gate.join("pipe")).status().unwrap();
        assert!(made.success());
        let mut spec = spec;
        spec.mounts = vec![Mount { source: Source::Path(gate.clone()), target: "/gate".to_owned(), read_only: false }];
        spec.name = Some(unique("ansflow-test"));

        // The first one sees up to the middle of a line, and is gone.
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut position = Position::default();
        {
            let running = run::start(&world.daemon, &spec).await.unwrap();
            let (sender, mut news) = tokio::sync::mpsc::unbounded_channel();
            let mut on = |stream, bytes: &[u8]| {
                sender.send((stream, bytes.to_vec())).unwrap();
            };
            let waiting = running.wait(&world.daemon, &mut position, &mut on);
            let seeing = async {
                while (out.as_slice(), err.as_slice()) != (b"one\ntw".as_slice(), b"err\n".as_slice()) {
                    match news.recv().await.unwrap() {
                        (Stream::Stdout, bytes) => out.extend(bytes),
                        (Stream::Stderr, bytes) => err.extend(bytes),
                    }
                }
            };
            tokio::select! {
                ended = waiting => panic!("{ended:?}"),
                () = seeing => {}
            }
        }
        // Another finds it by its labels.
        let found = run::find(&world.daemon, &world.labels()).await.unwrap();
        assert_eq!(found.len(), 1);
        assert!(found[0].is_running && Some(&found[0].name) == spec.name.as_ref(), "{found:?}");
        let again = run::start(&world.daemon, &spec).await.map(|_| ()).unwrap_err();
        assert!(matches!(again, Error::NameTaken { .. }), "{again}");
        let opened = gate.join("pipe");
        let write = tokio::task::spawn_blocking(move || std::fs::write(opened, "go"));
        let mut on = |stream, bytes: &[u8]| match stream {
            Stream::Stdout => out.extend_from_slice(bytes),
            Stream::Stderr => err.extend_from_slice(bytes),
        };
        let ended = run::follow(&world.daemon, &found[0].id, &mut position, &mut on).await.unwrap();
        write.await.unwrap().unwrap();
        assert_eq!(ended.code, 0);
        assert_eq!(
            (String::from_utf8_lossy(&out), String::from_utf8_lossy(&err)),
            ("one\ntwo\nthree\n".into(), "err\nfour\n".into())
        );
        // And one that has all gets nothing, of a container that has long ended.
        let mut more = 0;
        run::follow(&world.daemon, &found[0].id, &mut position, &mut |_, bytes| more += bytes.len()).await.unwrap();
        assert_eq!(more, 0);
        run::remove(&world.daemon, &found[0].id).await.unwrap();
        let gone = run::state(&world.daemon, &found[0].id).await.unwrap_err();
        assert!(matches!(gone, Error::NoContainer { .. }), "{gone}");
        run::remove(&world.daemon, &found[0].id).await.unwrap();
    });
}

#[test]
fn megabytes_come_whole() {
    with_daemon(async |world: World| {
        let spec = world.script("head -c 5000000 /dev/zero; head -c 3000000 /dev/zero >&2").await;
        let (ended, out, err) = world.shell(spec).await;
        assert_eq!((ended.code, out.len(), err.len()), (0, 5_000_000, 3_000_000));
    });
}

#[test]
fn what_cannot_start_is_named_and_nothing_is_left() {
    with_daemon(async |world: World| {
        let refused = async |change: &dyn Fn(&mut Spec)| {
            let mut spec = world.script("true").await;
            change(&mut spec);
            run::start(&world.daemon, &spec).await.map(|_| ()).unwrap_err()
        };
        let error = refused(&|spec| spec.command = vec!["no-such-program".to_owned()]).await;
        assert!(matches!(error, Error::NotStarted { code: Some(127), .. }), "{error:?}");
        assert!(error.to_string().contains("was not found in the image: \"no-such-program\""), "{error}");
        let error = refused(&|spec| spec.command = vec!["/etc/passwd".to_owned()]).await;
        assert!(matches!(error, Error::NotStarted { code: Some(126), .. }), "{error:?}");
        let error = refused(&|spec| spec.user = Some("nobody-here".to_owned())).await;
        assert!(error.to_string().contains("its user is not in the image"), "{error}");
        let error = refused(&|spec| spec.network = Some("no-such-net".to_owned())).await;
        assert!(error.to_string().ends_with("there is no network `no-such-net`"), "{error}");
        let source = world.dir.path().join("not-there");
        let target = "/x".to_owned();
        let mount = Mount { source: Source::Path(source.clone()), target, read_only: false };
        let error = refused(&move |spec| spec.mounts = vec![mount.clone()]).await;
        assert!(error.to_string().contains("not-there` on the daemon's machine to mount"), "{error}");
        assert!(!source.exists(), "the daemon made a folder of a spelling mistake");
        assert_eq!(run::find(&world.daemon, &world.labels()).await.unwrap(), []);
    });
}

#[test]
fn what_would_be_something_else_is_refused_before_the_daemon_hears_of_it() {
    with_daemon(async |world: World| {
        let refused = async |change: &dyn Fn(&mut Spec)| {
            let mut spec = world.script("true").await;
            change(&mut spec);
            let error = run::start(&world.daemon, &spec).await.map(|_| ()).unwrap_err();
            assert!(matches!(error, Error::Invalid { .. }), "{error:?}");
        };
        for name in ["-v", "--privileged", "../x", "a?b=c", "x/../../containers/create", "A"] {
            refused(&|spec| spec.image = name.to_owned()).await;
        }
        for name in ["-x", "a/b", "a b", "../up", "a?x", ""] {
            refused(&|spec| spec.name = Some(name.to_owned())).await;
            refused(&|spec| spec.network = Some(name.to_owned())).await;
        }
        refused(&|spec| spec.network = Some("container:../another".to_owned())).await;
        for target in ["", "x", "/", "/a/../..", "/../etc"] {
            let mount = Mount { source: Source::Tmpfs, target: target.to_owned(), read_only: false };
            refused(&|spec| spec.mounts = vec![mount.clone()]).await;
        }
        for source in [Source::Path("etc".into()), Source::Volume("/etc".to_owned()), Source::Volume("../x".to_owned())]
        {
            let mount = Mount { source, target: "/x".to_owned(), read_only: false };
            refused(&|spec| spec.mounts = vec![mount.clone()]).await;
        }
        refused(&|spec| spec.env = vec![("A=B".to_owned(), String::new())]).await;
        refused(&|spec| spec.memory = Some(4096)).await;
        assert_eq!(run::find(&world.daemon, &world.labels()).await.unwrap(), []);
    });
}

#[test]
fn an_image_that_nobody_has_is_named() {
    with_daemon(async |world: World| {
        let spec = Spec::new("ansflow-test-no-such-image:1");
        let error = run::start(&world.daemon, &spec).await.map(|_| ()).unwrap_err();
        assert!(matches!(error, Error::NoImage { .. }), "{error}");
        let mut spec = spec;
        spec.pull = run::Pull::Never;
        let error = run::ensure_image(&world.daemon, &spec, None, &mut |_| {}).await.unwrap_err();
        assert!(matches!(error, Error::NoImage { .. }), "{error}");
        let error = transfer::inspect(&world.daemon, "ansflow-test-no-such-image:1").await.unwrap_err();
        assert!(matches!(error, Error::NoImage { .. }), "{error}");
    });
}

#[test]
fn a_dropped_start_leaves_what_its_labels_find() {
    with_daemon(async |world: World| {
        let spec = world.script("sleep 600").await;
        let running = run::start(&world.daemon, &spec).await.unwrap();
        drop(running);
        let found = run::find(&world.daemon, &world.labels()).await.unwrap();
        assert!(found.len() == 1 && found[0].is_running, "{found:?}");
    });
}
