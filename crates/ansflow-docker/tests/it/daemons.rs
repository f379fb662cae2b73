//! Finding a daemon as the docker command does, and saying why there is none.

use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;

use ansflow_docker::{Daemon, Environment, Error};

use crate::world::{World, block_on, with_daemon};

fn environment(pairs: &[(&str, &str)]) -> Environment {
    Environment::new(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
}

fn refusal(pairs: &[(&str, &str)]) -> String {
    block_on(Daemon::connect(&environment(pairs))).map(|_| ()).unwrap_err().to_string()
}

#[test]
fn a_daemon_is_spoken_to_in_its_own_version() {
    with_daemon(async |world: World| {
        let about = world.daemon.about();
        assert!(about.version.starts_with(|c: char| c.is_ascii_digit()) && !about.is_podman, "{about:?}");
        assert!(about.platform.starts_with("linux/"), "{about:?}");
        let mut older = world.environment.clone();
        older.set("DOCKER_API_VERSION", "1.41");
        assert_eq!(Daemon::connect(&older).await.unwrap().about().api, "1.41");
    });
}

#[test]
fn a_context_leads_to_its_daemon() {
    with_daemon(async |world: World| {
        let host = world.environment.get("DOCKER_HOST").unwrap().to_owned();
        let config = world.environment.get("DOCKER_CONFIG").unwrap().to_owned();
        // Made by the command itself, so that what is read is what it writes.
        let made = Command::new("/usr/bin/docker")
            .args(["context", "create", "other", "--docker", &format!("host={host}")])
            .env("DOCKER_CONFIG", &config)
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let by_name = environment(&[("DOCKER_CONFIG", &config), ("DOCKER_CONTEXT", "other")]);
        assert_eq!(Daemon::connect(&by_name).await.unwrap().place().to_string(), host);
        let used = Command::new("/usr/bin/docker")
            .args(["context", "use", "other"])
            .env("DOCKER_CONFIG", &config)
            .output()
            .unwrap();
        assert!(used.status.success(), "{}", String::from_utf8_lossy(&used.stderr));
        let by_file = environment(&[("DOCKER_CONFIG", &config)]);
        assert_eq!(Daemon::connect(&by_file).await.unwrap().place().to_string(), host);
        let unknown = environment(&[("DOCKER_CONFIG", &config), ("DOCKER_CONTEXT", "../../etc")]);
        let error = Daemon::connect(&unknown).await.unwrap_err().to_string();
        assert!(
            error.contains("the Docker context `../../etc` (of DOCKER_CONTEXT)") && error.contains("no such context"),
            "{error}"
        );
    });
}

#[test]
fn each_place_is_named_with_its_reason() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).display().to_string();
    let text = refusal(&[("DOCKER_HOST", &format!("unix://{}", path("absent.sock")))]);
    assert_eq!(text, format!("no Docker daemon answers: unix://{} is not there", path("absent.sock")));
    drop(UnixListener::bind(path("dead.sock")).unwrap());
    let text = refusal(&[("DOCKER_HOST", &format!("unix://{}", path("dead.sock")))]);
    assert!(text.contains("nothing listens on it: is the daemon running?"), "{text}");
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let text = refusal(&[("DOCKER_HOST", &format!("tcp://127.0.0.1:{port}"))]);
    assert!(text.contains("nothing listens on it"), "{text}");
    let text = refusal(&[("DOCKER_HOST", "tcp://nowhere.invalid:2375")]);
    assert!(text.contains("has a name without an address"), "{text}");
}

#[test]
fn the_usual_places_are_all_looked_at() {
    if Path::new("/var/run/docker.sock").exists() || Path::new("/run/podman/podman.sock").exists() {
        eprintln!("NOT TESTED: this machine has a daemon at one of the usual places");
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let runtime = dir.path().display().to_string();
    let text = refusal(&[("XDG_RUNTIME_DIR", &runtime), ("HOME", &runtime)]);
    let places = [
        "/var/run/docker.sock".to_owned(),
        format!("{runtime}/docker.sock"),
        format!("{runtime}/podman/podman.sock"),
        "/run/podman/podman.sock".to_owned(),
    ];
    for place in places {
        assert!(text.contains(&format!("unix://{place} is not there")), "{text}");
    }
}

#[test]
fn a_socket_that_may_not_be_used_says_what_to_do() {
    let whoami = Command::new("id").arg("-u").output().unwrap();
    if whoami.stdout == b"0\n" {
        eprintln!("NOT TESTED: root may use every socket");
        return;
    }
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("docker.sock");
    let _listener = UnixListener::bind(&path).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).unwrap();
    let text = refusal(&[("DOCKER_HOST", &format!("unix://{}", path.display()))]);
    assert!(text.contains("permission denied (add the user to the group docker)"), "{text}");
}

#[test]
fn addresses_that_are_none_are_refused_by_name_and_repeat_no_password() {
    for (host, expected) in [
        ("ssh://user:pw-5521@host", "goes by SSH, which is not supported"),
        ("npipe:////./pipe/docker_engine", "is Windows' own"),
        ("fd://", "what a daemon listens on"),
        ("unix://relative.sock", "has no absolute path"),
        ("tcp://user:pw-5521@host:2375", "is no host with a port"),
        ("tcp://host/path", "is no host with a port"),
        ("ftp://host", "is not an address of a Docker daemon"),
    ] {
        let text = refusal(&[("DOCKER_HOST", host)]);
        assert!(text.starts_with("DOCKER_HOST names no usable Docker daemon: ") && text.contains(expected), "{text}");
        assert!(!text.contains("pw-5521"), "{text}");
    }
}

#[test]
fn what_answers_and_is_no_daemon_or_too_old_is_said_to_be() {
    use std::io::{Read, Write};
    let answering = |body: &'static str| {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                let Ok(mut connection) = connection else { break };
                if connection.read(&mut [0; 4096]).is_ok_and(|read| read > 0) {
                    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n";
                    let _ = write!(connection, "{head}content-length: {}\r\n\r\n{body}", body.len());
                }
            }
        });
        format!("tcp://127.0.0.1:{port}")
    };
    let text = refusal(&[("DOCKER_HOST", &answering("<html>"))]);
    assert!(text.contains("is no Docker daemon"), "{text}");
    let old = environment(&[("DOCKER_HOST", &answering(r#"{"Version":"18.09","ApiVersion":"1.39"}"#))]);
    let error = block_on(Daemon::connect(&old)).map(|_| ()).unwrap_err();
    assert!(matches!(error, Error::TooOld { .. }) && error.to_string().contains("1.41 (Docker 20.10)"), "{error}");
}

#[test]
fn tls_needs_its_files_and_names_the_one_that_is_missing() {
    let dir = tempfile::tempdir().unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let host = format!("tcp://{}", listener.local_addr().unwrap());
    let folder = dir.path().display().to_string();
    let text = refusal(&[("DOCKER_HOST", &host), ("DOCKER_TLS_VERIFY", "1"), ("DOCKER_CERT_PATH", &folder)]);
    assert!(text.contains(&format!("needs {folder}/ca.pem")), "{text}");
}
