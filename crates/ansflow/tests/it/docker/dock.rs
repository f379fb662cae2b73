//! The door of these tests: the daemon that was started for them, a registry of their own, an image's files.

use std::fs::{self, File};
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
pub(crate) const PATH: &str = "/usr/bin:/bin:/usr/sbin:/sbin";

/// A daemon that tests may use.
pub(crate) struct Dock {
    host: String,
    runtime: tokio::runtime::Runtime,
}

/// Runs a test where there is a daemon, and says where there is none.
#[expect(clippy::print_stderr, reason = "a test that does not test says so")]
pub(crate) fn with_daemon(test: impl FnOnce(&Dock)) {
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
    pub(crate) fn tell(&self, command: &mut Command) {
        command.env("DOCKER_HOST", &self.host).env("PATH", PATH);
    }

    /// Waits until nobody else builds `my-app` with this daemon, and until this is dropped nobody will.
    pub(crate) fn my_turn(&self) -> File {
        let socket = self.host.strip_prefix("unix://").expect("the tests' daemon has a socket");
        let lock = File::create(Path::new(socket).with_extension("my-app")).unwrap();
        lock.lock().unwrap();
        lock
    }

    /// Says of references to this machine's images which id the daemon has them under.
    pub(crate) fn looked_up(&self) -> impl Fn(&str) -> Option<String> + Send + Sync + use<> {
        let host = self.host.clone();
        move |full| {
            let name = full.strip_prefix("docker.io/library/")?;
            let mut command = Command::new("docker");
            command.args(["image", "inspect", "--format", "{{.Id}}", name]).env("DOCKER_HOST", &host).env("PATH", PATH);
            let said = command.output().ok().filter(|ended| ended.status.success())?.stdout;
            Some(String::from_utf8(said).ok()?.trim().to_owned())
        }
    }

    /// The containers of a data directory that there are, by name.
    pub(crate) fn containers(&self, data: &Path) -> Vec<String> {
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
pub(crate) struct Registry {
    /// `127.0.0.1:PORT`.
    pub(crate) address: String,
    child: Child,
    dir: TempDir,
}

pub(crate) const USER: &str = "robot";
pub(crate) const PASSWORD: &str = "registry-password-4711";

impl Registry {
    pub(crate) fn start() -> Registry {
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
    pub(crate) fn sign_in(&self, folder: &Path) {
        use base64::Engine as _;
        let auth = base64::engine::general_purpose::STANDARD.encode(format!("{USER}:{PASSWORD}"));
        let config = serde_json::json!({ "auths": { self.address.clone(): { "auth": auth } } });
        fs::create_dir_all(folder).unwrap();
        fs::write(folder.join("config.json"), config.to_string()).unwrap();
    }

    /// The digest that it reports itself.
    pub(crate) fn digest(&self, dock: &Dock, repository: &str, tag: &str) -> String {
        let address = self.address.parse().unwrap();
        let registry = registry::Registry::new(address, Some(Login::new(USER, PASSWORD))).unwrap();
        dock.runtime.block_on(registry.manifest(repository, tag)).unwrap().digest
    }

    /// Says of references to it which digest a tag stands for now.
    pub(crate) fn looked_up(&self) -> impl Fn(&str) -> Option<String> + Send + Sync + use<> {
        let (address, root) =
            (format!("{}/", self.address), self.dir.path().join("storage/docker/registry/v2/repositories"));
        move |full| {
            let (repository, tag) = full.strip_prefix(&address)?.rsplit_once(':')?;
            fs::read_to_string(root.join(format!("{repository}/_manifests/tags/{tag}/current/link"))).ok()
        }
    }

    /// Every digest under which it has ever been given something in a repository.
    pub(crate) fn digests(&self, repository: &str) -> Vec<String> {
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
pub(crate) fn image_files(folder: &Path, more: &str) {
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
pub(crate) fn image_program(folder: &Path, name: &str, text: &str) {
    let file = folder.join("bin").join(name);
    fs::write(&file, text).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
}
