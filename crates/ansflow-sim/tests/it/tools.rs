//! The real clients: where they are, and a place of one's own to run them in.

use std::path::{Path, PathBuf};

use ansflow_sim::Who;
use tempfile::TempDir;
use tokio::process::Command;

use crate::cluster::Cluster;

/// Where the test's files lie.
pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

/// A client: one that `scripts/kube-tools.sh` has brought. Nothing where it has not, and then it says so, loudly.
pub(crate) fn client(name: &str) -> Option<PathBuf> {
    let told = std::env::var_os("ANSFLOW_TEST_KUBE_TOOLS").filter(|told| !told.is_empty()).map(PathBuf::from);
    let folder = told.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/tools"));
    let program = folder.join(name);
    if program.exists() {
        return Some(program);
    }
    println!("NOT RUN: THERE IS NO {}; scripts/kube-tools.sh brings it", name.to_uppercase());
    None
}

/// A home of a client's own: configuration, caches, temporary files, and where it is run.
pub(crate) struct Home(TempDir);

impl Home {
    pub(crate) fn of(cluster: &Cluster) -> Home {
        let home = tempfile::tempdir().unwrap();
        std::fs::create_dir(home.path().join("tmp")).unwrap();
        std::fs::write(home.path().join("kubeconfig"), cluster.sim.kubeconfig(&Who::admin())).unwrap();
        Home(home)
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// A command that knows nothing of the machine but its programs.
    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear().envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
        command.env("HOME", self.path()).env("TMPDIR", self.path().join("tmp"));
        command.env("KUBECONFIG", self.path().join("kubeconfig"));
        command.current_dir(self.path()).kill_on_drop(true);
        command
    }
}
