//! The folder in which the steps of a run work: made before the first of them, never made anew.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::Path;
use std::process::Stdio;

use ansflow_core::run::Run;
use ansflow_store::Files;
use tokio::process::Command;

/// Why there is no workspace.
#[derive(Debug)]
pub(super) enum NoWorkspace {
    /// The run goes on where an earlier one ended, and that one's workspace is gone: another one would be empty, and
    /// steps that take it for the real one would deploy nothing, or delete everything.
    Gone {
        /// The earlier run.
        of: String,
    },
    /// The system could not; it may later.
    System(io::Error),
}

impl From<io::Error> for NoWorkspace {
    fn from(error: io::Error) -> Self {
        NoWorkspace::System(error)
    }
}

/// Makes the run's folder and workspace, readable by their owner only. A workspace that is there stays as it is; one of
/// a run that has started and that somebody took away is not made again.
pub(super) async fn prepare(files: &Files, run: &Run) -> Result<(), NoWorkspace> {
    let created = run.created();
    let (folder, workspace) = (files.run(&created.run), files.workspace(&created.run));
    private_dir(&folder)?;
    if run.started_at().is_some() || workspace.symlink_metadata().is_ok() {
        return Ok(());
    }
    match created.facts.retry_of.as_deref().filter(|_| !created.carried.is_empty()) {
        None => Ok(private_dir(&workspace)?),
        Some(earlier) => {
            let source = files.workspace(earlier);
            // A link that a step has put in its place leads elsewhere.
            let is_there = super::is_plain(earlier) && source.symlink_metadata().is_ok_and(|about| about.is_dir());
            if !is_there {
                return Err(NoWorkspace::Gone { of: earlier.to_owned() });
            }
            Ok(copy(&source, &workspace, &folder.join(".workspace")).await?)
        }
    }
}

/// All of it or nothing: under another name first.
async fn copy(source: &Path, target: &Path, draft: &Path) -> io::Result<()> {
    if draft.symlink_metadata().is_ok() {
        fs::remove_dir_all(draft)?;
    }
    // `cp` knows of clones, sparse files, links, times and owners; it is a process, and no thread of ours waits for it.
    let copied = Command::new("cp")
        .args(["-a", "--reflink=auto", "--"])
        .args([source, draft])
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await?;
    if !copied.status.success() {
        let said = String::from_utf8_lossy(&copied.stderr);
        let said = said.lines().next().unwrap_or("it did not say why").to_owned();
        return Err(io::Error::other(format!("the workspace of the earlier run cannot be copied: {said}")));
    }
    fs::set_permissions(draft, fs::Permissions::from_mode(0o700))?;
    fs::rename(draft, target)
}

/// Makes a folder, and those above it; one that is there is fine.
pub(super) fn private_dir(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}
