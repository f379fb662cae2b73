//! The door of these tests: the daemon that was started for them, and registries of their own.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use ansflow_docker::build::{Build, Builder, build_with};
use ansflow_docker::labels::{INSTANCE, Labels};
use ansflow_docker::{Daemon, Environment, run, transfer};
use tempfile::TempDir;

/// Where the daemon is that tests may use: `scripts/dockerd.sh` starts one. It is nobody's own.
const HOST: &str = "ANSFLOW_TEST_DOCKER_HOST";

/// A daemon, a folder, and an instance of its own whose containers are removed at the end.
pub(crate) struct World {
    pub(crate) daemon: Daemon,
    pub(crate) environment: Environment,
    pub(crate) dir: TempDir,
    pub(crate) instance: String,
}

/// Runs a test where there is a daemon, and says where there is none.
pub(crate) fn with_daemon<T>(test: impl FnOnce(World) -> T)
where
    T: Future<Output = ()>,
{
    let Ok(host) = std::env::var(HOST) else {
        eprintln!("NOT TESTED: {HOST} is not set; scripts/tests.sh starts a daemon where there is one");
        return;
    };
    block_on(async {
        let dir = tempfile::tempdir().unwrap();
        // Not the machine's own settings; and of the two docker commands that there may be, Debian's.
        let config = dir.path().join("docker-config");
        std::fs::create_dir(&config).unwrap();
        let environment = Environment::new([
            ("DOCKER_HOST".to_owned(), host),
            ("DOCKER_CONFIG".to_owned(), config.display().to_string()),
            ("HOME".to_owned(), dir.path().display().to_string()),
            ("PATH".to_owned(), "/usr/bin:/bin".to_owned()),
        ]);
        let daemon = Daemon::connect(&environment).await.unwrap();
        let instance = unique("instance");
        let labels = Labels::from([(INSTANCE.to_owned(), instance.clone())]);
        let cleanup = daemon.clone();
        test(World { daemon, environment, dir, instance }).await;
        for left in run::find(&cleanup, &labels).await.unwrap() {
            run::remove(&cleanup, &left.id).await.unwrap();
        }
    });
}

pub(crate) fn block_on<T>(test: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(test)
}

/// A name that no other test has.
pub(crate) fn unique(word: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("{word}-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

impl World {
    /// An image with a shell, made from nothing but Debian's busybox.
    pub(crate) async fn busybox(&self) -> &'static str {
        const NAME: &str = "ansflow-test-busybox:latest";
        // Other tests are other processes: made twice at once, it would be another image in the middle of a test.
        let lock = std::fs::File::create(std::env::temp_dir().join("ansflow-test-busybox.lock")).unwrap();
        lock.lock().unwrap();
        if transfer::inspect(&self.daemon, NAME).await.is_err() {
            let context = self.context("FROM scratch\nCOPY bin /bin\nCOPY etc /etc\nENV PATH=/bin\nCMD [\"sh\"]\n");
            std::fs::create_dir(context.join("bin")).unwrap();
            std::fs::create_dir(context.join("etc")).unwrap();
            std::fs::copy(busybox(), context.join("bin/busybox")).unwrap();
            std::fs::write(context.join("etc/passwd"), "root:x:0:0::/:/bin/sh\nguest:x:1234:1234::/:/bin/sh\n")
                .unwrap();
            for applet in
                ["sh", "cat", "echo", "sleep", "id", "pwd", "head", "ls", "touch", "true", "env", "dd", "find"]
            {
                std::os::unix::fs::symlink("busybox", context.join("bin").join(applet)).unwrap();
            }
            let mut build = Build::new(&context);
            build.tags = vec![NAME.to_owned()];
            build_with(&self.daemon, &build, Builder::Classic, &mut |_| {}).await.unwrap();
        }
        NAME
    }

    /// A folder with a Dockerfile.
    pub(crate) fn context(&self, dockerfile: &str) -> PathBuf {
        let folder = self.dir.path().join(unique("context"));
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("Dockerfile"), dockerfile).unwrap();
        folder
    }

    pub(crate) fn labels(&self) -> Labels {
        Labels::from([(INSTANCE.to_owned(), self.instance.clone())])
    }

    /// Runs a shell's text to its end, with what it wrote to its two outputs.
    pub(crate) async fn shell(&self, spec: run::Spec) -> (run::Ended, String, String) {
        let mut spec = spec;
        spec.labels.extend(self.labels());
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let running = run::start(&self.daemon, &spec).await.unwrap();
        let mut on_output = |stream, bytes: &[u8]| match stream {
            run::Stream::Stdout => out.extend_from_slice(bytes),
            run::Stream::Stderr => err.extend_from_slice(bytes),
        };
        let ended = running.wait(&self.daemon, &mut run::Position::default(), &mut on_output).await.unwrap();
        (ended, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
    }

    /// What runs a shell's text in the test image, on no network.
    pub(crate) async fn script(&self, text: &str) -> run::Spec {
        let mut spec = run::Spec::new(self.busybox().await);
        spec.command = ["sh", "-c", text].map(str::to_owned).into();
        spec.network = Some("none".to_owned());
        spec.labels = self.labels();
        spec
    }
}

fn busybox() -> PathBuf {
    ["/usr/bin/busybox", "/bin/busybox"].map(PathBuf::from).into_iter().find(|file| file.is_file()).unwrap()
}

/// Debian's registry, on a port of its own.
pub(crate) struct Registry {
    /// `127.0.0.1:PORT`.
    pub(crate) address: String,
    child: Child,
    /// Removed with it.
    _dir: TempDir,
}

/// How a registry is to be.
#[derive(Default)]
pub(crate) struct Setting {
    /// Who may come in, with which password; everybody where there is none.
    pub(crate) login: Option<(&'static str, &'static str)>,
    /// Whether it speaks TLS, with a certificate that it signed itself.
    pub(crate) tls: bool,
    /// Where it listens, if not on the loopback address.
    pub(crate) ip: Option<String>,
    /// Where it keeps images.
    pub(crate) storage: Option<PathBuf>,
}

impl Registry {
    pub(crate) fn start(setting: &Setting) -> Registry {
        let dir = tempfile::tempdir().unwrap();
        let ip = setting.ip.as_deref().unwrap_or("127.0.0.1");
        // A port that is free now may be taken a moment later: try another then.
        for _ in 0..5 {
            let port = std::net::TcpListener::bind((ip, 0)).unwrap().local_addr().unwrap().port();
            let address = format!("{ip}:{port}");
            let config = dir.path().join("config.yml");
            std::fs::write(&config, config_of(setting, dir.path(), &address)).unwrap();
            let log = std::fs::File::create(dir.path().join("log")).unwrap();
            let mut child = Command::new("docker-registry")
                .arg("serve")
                .arg(&config)
                .stdin(Stdio::null())
                .stdout(log.try_clone().unwrap())
                .stderr(log)
                .spawn()
                .expect("Debian has it in docker-registry");
            if answers(&address, &mut child) {
                return Registry { address, child, _dir: dir };
            }
        }
        panic!("no registry came up: {}", std::fs::read_to_string(dir.path().join("log")).unwrap());
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn answers(address: &str, child: &mut Child) -> bool {
    let until = Instant::now() + Duration::from_secs(20);
    while Instant::now() < until && child.try_wait().unwrap().is_none() {
        if std::net::TcpStream::connect(address).is_ok() {
            return true;
        }
        std::thread::yield_now();
    }
    let _ = child.kill();
    let _ = child.wait();
    false
}

fn config_of(setting: &Setting, dir: &Path, address: &str) -> String {
    let storage = setting.storage.clone().unwrap_or_else(|| dir.join("storage"));
    let mut text = format!(
        "version: 0.1\nlog:\n  level: warn\nstorage:\n  filesystem:\n    rootdirectory: {}\n  delete:\n    enabled: true\nhttp:\n  addr: {address}\n",
        storage.display()
    );
    if setting.tls {
        let certificate = certificate(dir, address.rsplit_once(':').unwrap().0);
        text += &format!("  tls:\n    certificate: {0}/cert.pem\n    key: {0}/key.pem\n", certificate.display());
    }
    if let Some((user, password)) = setting.login {
        let made = Command::new("htpasswd").args(["-Bbn", user, password]).output();
        let made = made.expect("Debian has it in apache2-utils");
        std::fs::write(dir.join("htpasswd"), made.stdout).unwrap();
        text += &format!("auth:\n  htpasswd:\n    realm: test\n    path: {}/htpasswd\n", dir.display());
    }
    text
}

/// A certificate of nobody's.
fn certificate(dir: &Path, ip: &str) -> PathBuf {
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"])
        .args(["-subj", "/CN=test", "-addext", &format!("subjectAltName=IP:{ip}")])
        .arg("-keyout")
        .arg(dir.join("key.pem"))
        .arg("-out")
        .arg(dir.join("cert.pem"))
        .output()
        .expect("Debian has it in openssl");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    dir.to_owned()
}

/// An executable script.
pub(crate) fn program(file: &Path, text: &str) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::write(file, text).unwrap();
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o755)).unwrap();
}
