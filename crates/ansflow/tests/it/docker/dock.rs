//! The door of these tests: the daemon that was started for them, a registry of their own, an image's files.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use ansflow_docker::labels::{INSTANCE, Labels};
use ansflow_docker::{Daemon, Environment, Login, registry, run};
use tempfile::TempDir;

/// Where the daemon is that tests may use: `scripts/dockerd.sh` starts one. It is nobody's own.
const HOST: &str = "ANSFLOW_TEST_DOCKER_HOST";
/// Of the docker commands that there may be, Debian's.
const PATH: &str = "/usr/bin:/bin:/usr/sbin:/sbin";

/// A daemon that tests may use.
pub(super) struct Dock {
    host: String,
    runtime: tokio::runtime::Runtime,
}

/// Runs a test where there is a daemon, and says where there is none.
#[expect(clippy::print_stderr, reason = "a test that does not test says so")]
pub(super) fn with_daemon(test: impl FnOnce(&Dock)) {
    let Ok(host) = std::env::var(HOST) else {
        eprintln!("NOT TESTED: {HOST} is not set; scripts/tests.sh starts a daemon where there is one");
        return;
    };
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    test(&Dock { host, runtime });
}

impl Dock {
    /// Tells a command where the daemon is.
    pub(super) fn tell(&self, command: &mut Command) {
        command.env("DOCKER_HOST", &self.host).env("PATH", PATH);
    }

    /// The containers of a data directory that there are, by name.
    pub(super) fn containers(&self, data: &Path) -> Vec<String> {
        let environment = Environment::new([("DOCKER_HOST".to_owned(), self.host.clone())]);
        let mine = Labels::from([(INSTANCE.to_owned(), ansflow_engine::instance(data).unwrap())]);
        let found = self.runtime.block_on(async {
            let daemon = Daemon::connect(&environment).await.unwrap();
            run::find(&daemon, &mine).await.unwrap()
        });
        found.into_iter().map(|container| container.name).collect()
    }
}

/// Debian's registry, on a port of its own, which asks for a password.
pub(super) struct Registry {
    /// `127.0.0.1:PORT`.
    pub(super) address: String,
    child: Child,
    dir: TempDir,
}

pub(super) const USER: &str = "robot";
pub(super) const PASSWORD: &str = "registry-password-4711";

impl Registry {
    pub(super) fn start() -> Registry {
        let dir = tempfile::tempdir().unwrap();
        let made = Command::new("htpasswd").args(["-Bbn", USER, PASSWORD]).output();
        fs::write(dir.path().join("htpasswd"), made.expect("Debian has it in apache2-utils").stdout).unwrap();
        // A port that is free now may be taken a moment later: try another then.
        for _ in 0..5 {
            let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            let address = format!("127.0.0.1:{port}");
            let (config, root) = (dir.path().join("config.yml"), dir.path().display());
            let text = format!(
                "version: 0.1\nlog:\n  level: warn\nstorage:\n  filesystem:\n    rootdirectory: {root}/storage\n\
                 http:\n  addr: {address}\nauth:\n  htpasswd:\n    realm: test\n    path: {root}/htpasswd\n"
            );
            fs::write(&config, text).unwrap();
            let mut command = Command::new("docker-registry");
            command.arg("serve").arg(&config).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            let mut child = command.spawn().expect("Debian has it in docker-registry");
            let until = Instant::now() + Duration::from_secs(20);
            while child.try_wait().unwrap().is_none() {
                if TcpStream::connect(&address).is_ok() {
                    return Registry { address, child, dir };
                }
                assert!(Instant::now() < until, "the registry does not answer");
                std::thread::yield_now();
            }
        }
        panic!("no registry came up");
    }

    /// A folder of the docker command's settings with the login in it.
    pub(super) fn sign_in(&self, folder: &Path) {
        use base64::Engine as _;
        let auth = base64::engine::general_purpose::STANDARD.encode(format!("{USER}:{PASSWORD}"));
        let config = serde_json::json!({ "auths": { self.address.clone(): { "auth": auth } } });
        fs::create_dir_all(folder).unwrap();
        fs::write(folder.join("config.json"), config.to_string()).unwrap();
    }

    /// The digest that it reports itself.
    pub(super) fn digest(&self, dock: &Dock, repository: &str, tag: &str) -> String {
        let address = self.address.parse().unwrap();
        let registry = registry::Registry::new(address, Some(Login::new(USER, PASSWORD))).unwrap();
        dock.runtime.block_on(registry.manifest(repository, tag)).unwrap().digest
    }

    /// Every digest under which it has ever been given something in a repository.
    pub(super) fn digests(&self, repository: &str) -> Vec<String> {
        let of = format!("storage/docker/registry/v2/repositories/{repository}/_manifests/revisions/sha256");
        let found = fs::read_dir(self.dir.path().join(of)).unwrap();
        found.map(|entry| format!("sha256:{}", entry.unwrap().file_name().into_string().unwrap())).collect()
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A folder from which an image is built that has a shell and nothing else, with these lines behind.
pub(super) fn image_files(folder: &Path, more: &str) {
    let bin = folder.join("bin");
    fs::create_dir_all(&bin).unwrap();
    let busybox = ["/usr/bin/busybox", "/bin/busybox"].map(PathBuf::from).into_iter().find(|file| file.is_file());
    fs::copy(busybox.expect("Debian has it in busybox-static"), bin.join("busybox")).unwrap();
    for applet in ["sh", "echo", "sleep"] {
        symlink("busybox", bin.join(applet)).unwrap();
    }
    fs::write(folder.join("Dockerfile"), format!("FROM scratch\nCOPY bin /bin\nENV PATH=/bin\n{more}")).unwrap();
}

/// A program of the image.
pub(super) fn image_program(folder: &Path, name: &str, text: &str) {
    let file = folder.join("bin").join(name);
    fs::write(&file, text).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
}
