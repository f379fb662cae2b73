//! One attempt in a world of its own: an order in, an ending and a log out.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use ansflow_core::run::event::{Gains, Report};
use ansflow_core::spec::{Dialect, Shell, StepSpec};
use ansflow_engine::attempt::order::{Delivery, Names, Order};
use ansflow_engine::folder::{Ending, Folder};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tempfile::TempDir;

/// Longer than anything here takes on a busy machine; only a bug waits for it.
const PATIENCE: Duration = Duration::from_secs(60);

/// An attempt's folder beside a workspace.
pub(crate) struct World {
    root: TempDir,
    work: PathBuf,
    pub(crate) folder: Folder,
    /// What the attempt finds in its environment besides.
    pub(crate) vars: Vec<(String, String)>,
}

impl World {
    pub(crate) fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let work = root.path().join("work");
        fs::create_dir(&work).unwrap();
        let folder = Folder::at(root.path().join("it's an attempt"));
        folder.create().unwrap();
        Self { work: fs::canonicalize(work).unwrap(), root, folder, vars: Vec::new() }
    }

    /// Another attempt in the same workspace.
    pub(crate) fn with_work_of(other: &World) -> Self {
        Self { work: other.work(), ..Self::new() }
    }

    /// The workspace.
    pub(crate) fn work(&self) -> PathBuf {
        self.work.clone()
    }

    /// A file of the workspace, parents made.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.work().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    /// What a file of the workspace says.
    pub(crate) fn text(&self, name: &str) -> String {
        fs::read_to_string(self.work().join(name)).unwrap()
    }

    /// What a file of the workspace says, as soon as it says a whole line.
    pub(crate) fn line(&self, name: &str) -> String {
        let path = self.work().join(name);
        wait_for(name, || fs::read_to_string(&path).ok()?.strip_suffix('\n').map(str::to_owned))
    }

    pub(crate) fn order(&self, spec: StepSpec) -> Order {
        let work = self.work().to_str().unwrap().to_owned();
        Order {
            folder: String::new(),
            mark: format!("mark-of-{}", self.root.path().display()),
            spec,
            env: Vec::new(),
            directory: work.clone(),
            workspace: work,
            secrets: vec!["hunter2-hunter2".into()],
            deadline_ms: None,
            grace_ms: 10_000,
            artifacts: Vec::new(),
            names: Names {
                run: "run_1".into(),
                build_number: 7,
                pipeline: "shop".into(),
                step: "unit tests".into(),
                git_commit: None,
                git_branch: Some("main".into()),
            },
            delivery: Delivery { mail: None, allow_loopback: true },
            docker: None,
            kube: None,
        }
    }

    pub(crate) fn sh(&self, text: &str) -> Order {
        self.order(shell(text))
    }

    /// The attempt process, listening.
    pub(crate) fn process(&self) -> Child {
        self.listening(Command::new(harness()))
    }

    /// The attempt, started by another program.
    pub(crate) fn under(&self, words: &[&str], program: &Path, order: &Order) -> Child {
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).arg(program);
        let mut child = self.listening(command);
        order.write(&mut child.stdin.take().unwrap()).unwrap();
        child
    }

    fn listening(&self, mut command: Command) -> Child {
        (command.arg("__attempt").arg(self.folder.path()))
            .env("ANSFLOW_LEAK", "of the engine")
            .envs(self.vars.iter().cloned())
            .stdin(Stdio::piped())
            .spawn()
            .unwrap()
    }

    pub(crate) fn start(&self, order: &Order) -> Child {
        let mut child = self.process();
        order.write(&mut child.stdin.take().unwrap()).unwrap();
        child
    }

    /// Runs the attempt to its end.
    pub(crate) fn run(&self, order: &Order) -> Ending {
        self.finish(self.start(order))
    }

    pub(crate) fn finish(&self, mut child: Child) -> Ending {
        let mut status = None;
        wait_for("the attempt's end", || {
            status = child.try_wait().unwrap();
            status
        });
        assert!(status.unwrap().success());
        self.folder.ending().unwrap().unwrap()
    }

    /// Runs it and expects success.
    pub(crate) fn gains(&self, order: &Order) -> Gains {
        match self.run(order).report {
            Report::Succeeded(gains) => gains,
            other => panic!("{other:?}, log: {}", self.log()),
        }
    }

    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.file("log")).unwrap()
    }
}

pub(crate) fn shell(text: &str) -> StepSpec {
    StepSpec::Shell(Shell { dialect: Dialect::Sh, text: text.into(), values: Vec::new() })
}

pub(crate) fn harness() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_ansflow-attempt-harness"))
}

/// Looks again and again until there is something.
pub(crate) fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(start.elapsed() < PATIENCE, "waited in vain for {what}");
        std::thread::park_timeout(Duration::from_millis(2));
    }
}

pub(crate) fn signal(pid: u32, signal: Signal) {
    kill(Pid::from_raw(pid.cast_signed()), signal).unwrap();
}

/// A process is gone, or only waits to be buried.
pub(crate) fn is_gone(pid: &str) -> bool {
    fs::read_to_string(format!("/proc/{pid}/stat"))
        .map_or(true, |stat| stat.rsplit(')').next().unwrap().trim_start().starts_with('Z'))
}

pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}
