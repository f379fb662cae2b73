//! Pushing to and pulling from real registries, and every way in which they say no.

use std::process::Command;

use ansflow_docker::registry::Registry as Api;
use ansflow_docker::{Cause, Error, Login, transfer};

use crate::world::{Registry, Setting, World, unique, with_daemon};

/// Every letter that base64 has two spellings of is made of these.
const PASSWORD: &str = "p?>~~~ÿ?/+:x";

fn cause(error: Error) -> Cause {
    match error {
        Error::Transfer { cause, .. } => cause,
        other => panic!("{other}"),
    }
}

#[test]
fn what_is_pushed_is_pulled_under_the_digest_that_the_registry_reports() {
    with_daemon(async |world: World| {
        let registry = Registry::start(&Setting::default());
        let name = format!("{}/team/app:v1", registry.address);
        transfer::tag(&world.daemon, world.busybox().await, &name).await.unwrap();
        let mut lines = Vec::new();
        let pushed = transfer::push(&world.daemon, &name, None, &mut |line| lines.push(line.to_owned())).await.unwrap();
        assert!(
            lines.len() < 10 && lines.last().unwrap().starts_with(&format!("pushed {name}: 2 of 2 layers")),
            "{lines:?}"
        );
        let api = Api::new(registry.address.parse().unwrap(), None).unwrap();
        let manifest = api.manifest("team/app", "v1").await.unwrap();
        assert_eq!(manifest.digest, pushed.digest);
        assert!(manifest.size > 500_000 && manifest.created.is_some(), "{manifest:?}");
        assert_eq!(manifest.platforms, ["linux/amd64"]);

        let by_digest = format!("{}/team/app@{}", registry.address, pushed.digest);
        let pulled = transfer::pull(&world.daemon, &by_digest, None, None, &mut |_| {}).await.unwrap();
        assert_eq!(pulled.digest.as_deref(), Some(pushed.digest.as_str()));
        let local = transfer::inspect(&world.daemon, &name).await.unwrap();
        assert_eq!(pulled.image.id, local.id);
        assert!(local.repo_digests.iter().any(|digest| digest.ends_with(&pushed.digest)), "{local:?}");
        // The same again is the same digest.
        let again = transfer::push(&world.daemon, &name, None, &mut |_| {}).await.unwrap();
        assert_eq!(again.digest, pushed.digest);
    });
}

#[test]
fn a_registry_with_a_password_takes_the_right_one_only() {
    with_daemon(async |world: World| {
        let registry = Registry::start(&Setting { login: Some(("robot", PASSWORD)), ..Setting::default() });
        let name = format!("{}/app:v1", registry.address);
        transfer::tag(&world.daemon, world.busybox().await, &name).await.unwrap();
        let push = async |login: Option<Login>| transfer::push(&world.daemon, &name, login.as_ref(), &mut |_| {}).await;
        assert_eq!(cause(push(None).await.unwrap_err()), Cause::LoginNeeded);
        let wrong = push(Some(Login::new("robot", "wrong-4711"))).await.unwrap_err();
        assert!(!format!("{wrong} {wrong:?}").contains("wrong-4711"), "{wrong:?}");
        assert_eq!(cause(wrong), Cause::LoginRefused);
        let pushed = push(Some(Login::new("robot", PASSWORD))).await.unwrap();
        let pull =
            async |login: Option<Login>| transfer::pull(&world.daemon, &name, None, login.as_ref(), &mut |_| {}).await;
        assert_eq!(cause(pull(None).await.unwrap_err()), Cause::LoginNeeded);
        assert_eq!(cause(pull(Some(Login::new("robot", "x"))).await.unwrap_err()), Cause::LoginRefused);
        assert_eq!(pull(Some(Login::new("robot", PASSWORD))).await.unwrap().digest, Some(pushed.digest));
    });
}

#[test]
fn what_is_not_there_is_named() {
    with_daemon(async |world: World| {
        let registry = Registry::start(&Setting::default());
        let pull = async |name: String| {
            cause(transfer::pull(&world.daemon, &name, None, None, &mut |_| {}).await.unwrap_err())
        };
        assert_eq!(pull(format!("{}/nobody/nothing:v1", registry.address)).await, Cause::NoManifest);
        let name = format!("{}/app:v1", registry.address);
        transfer::tag(&world.daemon, world.busybox().await, &name).await.unwrap();
        transfer::push(&world.daemon, &name, None, &mut |_| {}).await.unwrap();
        assert_eq!(pull(format!("{}/app:v2", registry.address)).await, Cause::NoManifest);
        let unknown = format!("{}/{}:v1", registry.address, unique("never-built"));
        let error = transfer::push(&world.daemon, &unknown, None, &mut |_| {}).await.unwrap_err();
        assert!(matches!(error, Error::NoImage { .. }), "{error:?}");
        // Where nothing listens, and where no name leads.
        let address = registry.address.clone();
        drop(registry);
        assert_eq!(pull(format!("{address}/app:v1")).await, Cause::Refused);
        assert_eq!(pull("registry.invalid/app:v1".to_owned()).await, Cause::UnknownHost);
    });
}

#[test]
fn a_certificate_that_nobody_signed_is_named_with_its_reason() {
    with_daemon(async |world: World| {
        // Docker trusts this machine's loopback address without asking; its bridge is not that.
        let asked = Command::new("/usr/bin/docker")
            .args(["network", "inspect", "bridge", "-f", "{{(index .IPAM.Config 0).Gateway}}"])
            .env("DOCKER_HOST", world.environment.get("DOCKER_HOST").unwrap())
            .output()
            .unwrap();
        let ip = String::from_utf8(asked.stdout).unwrap().trim().to_owned();
        if std::net::TcpListener::bind((ip.as_str(), 0)).is_err() {
            eprintln!("NOT TESTED: a registry with a certificate of nobody's; the daemon has no bridge");
            return;
        }
        let registry = Registry::start(&Setting { tls: true, ip: Some(ip.clone()), ..Setting::default() });
        let name = format!("{}/app:v1", registry.address);
        transfer::tag(&world.daemon, world.busybox().await, &name).await.unwrap();
        let error = transfer::push(&world.daemon, &name, None, &mut |_| {}).await.unwrap_err();
        assert!(
            matches!(cause(error), Cause::Tls(why) if why.contains("unknown authority") || why.contains("certificate"))
        );
        let plain = Registry::start(&Setting { ip: Some(ip), ..Setting::default() });
        let name = format!("{}/app:v1", plain.address);
        transfer::tag(&world.daemon, world.busybox().await, &name).await.unwrap();
        let error = transfer::push(&world.daemon, &name, None, &mut |_| {}).await.unwrap_err();
        assert_eq!(cause(error), Cause::PlainHttp);
    });
}

#[test]
fn a_registry_whose_disk_is_full_is_said_to_be() {
    with_daemon(async |world: World| {
        let small = world.dir.path().join("small");
        std::fs::create_dir(&small).unwrap();
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=256k", "tmpfs"]).arg(&small).output();
        if !mounted.is_ok_and(|mounted| mounted.status.success()) {
            eprintln!("NOT TESTED: a registry whose disk is full; this user may not mount");
            return;
        }
        let registry = Registry::start(&Setting { storage: Some(small.clone()), ..Setting::default() });
        let name = format!("{}/app:v1", registry.address);
        transfer::tag(&world.daemon, world.busybox().await, &name).await.unwrap();
        let error = transfer::push(&world.daemon, &name, None, &mut |_| {}).await;
        drop(registry);
        Command::new("umount").arg(&small).status().unwrap();
        let error = error.unwrap_err();
        // Debian's registry answers 500 and no more; the daemon tries five times before it says so.
        assert!(error.to_string().contains("its log says which, and a full disk is a common one"), "{error}");
        assert!(matches!(cause(error), Cause::Broken(_) | Cause::DiskFull));
    });
}

#[test]
fn names_that_are_options_or_paths_reach_no_daemon() {
    with_daemon(async |world: World| {
        for name in ["-x", "--all-tags", "a/../../containers/prune", "a?b", "A", "", "http://h/x"] {
            let refused = [
                transfer::push(&world.daemon, name, None, &mut |_| {}).await.map(|_| ()),
                transfer::pull(&world.daemon, name, None, None, &mut |_| {}).await.map(|_| ()),
                transfer::tag(&world.daemon, "a", name).await,
                transfer::inspect(&world.daemon, name).await.map(|_| ()),
            ];
            for result in refused {
                assert!(matches!(result, Err(Error::Invalid { .. })), "{name}: {result:?}");
            }
        }
    });
}
