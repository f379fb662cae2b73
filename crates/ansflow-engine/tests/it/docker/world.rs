//! The door of these tests: the daemon that was started for them, and a registry of their own.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use ansflow_core::spec::{DockerRun, ImageName, PullPolicy, StepSpec};
use ansflow_docker::build::{Build, Builder, build_with};
use ansflow_docker::labels::{ATTEMPT, INSTANCE, Labels, RUN, STEP};
use ansflow_docker::run::Found;
use ansflow_docker::{Daemon, Environment, run, transfer};
use ansflow_engine::attempt::order::{Docker, Order};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::world::{World, wait_for};

/// Where the daemon is that tests may use: `scripts/dockerd.sh` starts one. It is nobody's own.
const HOST: &str = "ANSFLOW_TEST_DOCKER_HOST";
/// An image with a shell.
pub(super) const BUSYBOX: &str = "ansflow-engine-test-busybox:latest";

/// A daemon that tests may use.
pub(super) struct Dock {
    pub(super) daemon: Daemon,
    pub(super) dir: TempDir,
    runtime: Runtime,
    host: String,
}

/// Runs a test where there is a daemon, and says where there is none.
#[expect(clippy::print_stderr, reason = "a test that does not test says so")]
pub(super) fn with_daemon(test: impl FnOnce(&Dock)) {
    let Ok(host) = std::env::var(HOST) else {
        eprintln!("NOT TESTED: {HOST} is not set; scripts/tests.sh starts a daemon where there is one");
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("docker-config")).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let environment = Environment::new(vars(&host, dir.path()));
    let daemon = runtime.block_on(Daemon::connect(&environment)).unwrap();
    let dock = Dock { daemon, dir, runtime, host };
    dock.busybox();
    test(&dock);
}

/// Not the machine's own settings; and of the docker commands that there may be, Debian's.
fn vars(host: &str, dir: &Path) -> Vec<(String, String)> {
    let config = dir.join("docker-config").display().to_string();
    [("DOCKER_HOST", host), ("DOCKER_CONFIG", &config), ("PATH", "/usr/bin:/bin:/usr/sbin:/sbin")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
}

/// A name that no other test has.
pub(super) fn unique(word: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("{word}-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

impl Dock {
    pub(super) fn ask<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    pub(super) fn vars(&self) -> Vec<(String, String)> {
        vars(&self.host, self.dir.path())
    }

    fn busybox(&self) {
        // Other tests are other processes: made twice at once, it would be another image in the middle of a test.
        let lock = fs::File::create(std::env::temp_dir().join("ansflow-engine-test-busybox.lock")).unwrap();
        lock.lock().unwrap();
        if self.ask(transfer::inspect(&self.daemon, BUSYBOX)).is_ok() {
            return;
        }
        let context = self.dir.path().join(unique("busybox"));
        for folder in ["bin", "etc", "tmp"] {
            fs::create_dir_all(context.join(folder)).unwrap();
        }
        fs::copy("/usr/bin/busybox", context.join("bin/busybox"))
            .or_else(|_| fs::copy("/bin/busybox", context.join("bin/busybox")))
            .unwrap();
        fs::write(context.join("etc/passwd"), "root:x:0:0::/:/bin/sh\n").unwrap();
        for applet in [
            "sh", "cat", "dd", "echo", "env", "grep", "head", "id", "ls", "mkdir", "pwd", "sleep", "sort", "touch",
            "true",
        ] {
            std::os::unix::fs::symlink("busybox", context.join("bin").join(applet)).unwrap();
        }
        fs::write(
            context.join("Dockerfile"),
            "FROM scratch\nCOPY bin /bin\nCOPY etc /etc\nCOPY tmp /tmp\nENV PATH=/bin\nCMD [\"sh\"]\n",
        )
        .unwrap();
        let mut build = Build::new(&context);
        build.tags = vec![BUSYBOX.to_owned()];
        self.ask(build_with(&self.daemon, &build, Builder::Classic, &mut |_| {})).unwrap();
    }

    /// An attempt in a world of its own, which finds the daemon, and whose containers are known.
    pub(super) fn attempt(&self) -> Attempt {
        let mut world = World::new();
        world.vars = self.vars();
        let labels =
            [(INSTANCE, unique("instance")), (RUN, "run_1".into()), (STEP, "a step".into()), (ATTEMPT, "0-1".into())];
        let labels = labels.map(|(name, value)| (name.to_owned(), value)).into();
        Attempt { world, labels, name: unique("ansflow-test") }
    }

    /// The containers that carry these labels.
    pub(super) fn found(&self, labels: &Labels) -> Vec<Found> {
        self.ask(run::find(&self.daemon, labels)).unwrap()
    }

    /// The containers of an instance.
    pub(super) fn of_instance(&self, instance: &str) -> Vec<Found> {
        self.found(&Labels::from([(INSTANCE.to_owned(), instance.to_owned())]))
    }

    /// Removes what a test has made on purpose.
    pub(super) fn remove(&self, id: &str) {
        self.ask(run::remove(&self.daemon, id)).unwrap();
    }
}

/// One attempt at a step.
pub(super) struct Attempt {
    pub(super) world: World,
    pub(super) labels: Labels,
    pub(super) name: String,
}

impl Attempt {
    pub(super) fn order(&self, spec: StepSpec) -> Order {
        let docker = Docker { labels: self.labels.clone(), name: self.name.clone(), ..Docker::default() };
        Order { docker: Some(docker), ..self.world.order(spec) }
    }

    /// A shell's text by `docker_run`.
    pub(super) fn run(&self, text: &str) -> Order {
        self.order(StepSpec::DockerRun(Box::new(docker_run(text))))
    }
}

/// A shell's text in a container.
pub(super) fn docker_run(text: &str) -> DockerRun {
    DockerRun {
        image: ImageName { image: BUSYBOX.to_owned(), ..ImageName::default() },
        command: ["sh", "-c", text].map(str::to_owned).into(),
        entrypoint: None,
        environment: Vec::new(),
        volumes: Vec::new(),
        ports: Vec::new(),
        working_dir: None,
        name: None,
        network: Some("none".to_owned()),
        user: None,
        memory: None,
        nano_cpus: None,
        detach: false,
        remove: true,
        pull: PullPolicy::Missing,
        platform: None,
        mount_workspace: true,
    }
}

/// Debian's registry, on a port of its own, which asks for a password.
pub(super) struct Registry {
    /// `127.0.0.1:PORT`.
    pub(super) address: String,
    child: Child,
    _dir: TempDir,
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
            let config = dir.path().join("config.yml");
            let root = dir.path().display();
            let text = format!(
                "version: 0.1\nlog:\n  level: warn\nstorage:\n  filesystem:\n    rootdirectory: {root}/storage\n\
                 http:\n  addr: {address}\nauth:\n  htpasswd:\n    realm: test\n    path: {root}/htpasswd\n"
            );
            fs::write(&config, text).unwrap();
            let mut child = Command::new("docker-registry")
                .arg("serve")
                .arg(&config)
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .expect("Debian has it in docker-registry");
            let came_up = wait_for("the registry", || {
                let has_ended = child.try_wait().unwrap().is_some();
                (has_ended || TcpStream::connect(&address).is_ok()).then_some(!has_ended)
            });
            if came_up {
                return Registry { address, child, _dir: dir };
            }
        }
        panic!("no registry came up");
    }

    /// As the harness is told of it.
    pub(super) fn var(&self) -> (String, String) {
        ("ANSFLOW_TEST_REGISTRY".to_owned(), format!("{USER}:{PASSWORD}@{}", self.address))
    }

    /// The digest that it reports itself.
    pub(super) fn digest(&self, dock: &Dock, repository: &str, tag: &str) -> String {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let login = ansflow_docker::Login::new(USER, PASSWORD);
        let registry = ansflow_docker::registry::Registry::new(self.address.parse().unwrap(), Some(login)).unwrap();
        dock.ask(registry.manifest(repository, tag)).unwrap().digest
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A folder of a workspace with a Dockerfile that begins with a shell.
pub(super) fn dockerfile(work: &Path, rest: &str) -> PathBuf {
    let file = work.join("Dockerfile");
    fs::write(&file, format!("FROM {BUSYBOX}\n{rest}")).unwrap();
    file
}

/// Whether a process with this word among its arguments lives.
pub(super) fn runs(word: &str) -> bool {
    let Ok(entries) = fs::read_dir("/proc") else { return false };
    entries.flatten().any(|entry| {
        let line = fs::read(entry.path().join("cmdline")).unwrap_or_default();
        line.split(|&byte| byte == 0).any(|found| found == word.as_bytes())
    })
}
