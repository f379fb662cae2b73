//! Paths of artifacts: relative to a workspace, and never out of it.

use std::fs::File;
use std::path::{Component, Path};

use nix::errno::Errno;
use nix::fcntl::{OFlag, OpenHow, ResolveFlag, openat2};

use crate::{Error, Result};

/// How often a race that the kernel cannot judge is run again.
const TRIES: u32 = 1_000;

/// A relative path without `.`, `..` or anything else that is not a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ArtifactPath(String);

impl ArtifactPath {
    pub(super) fn parse(text: &str) -> Result<ArtifactPath> {
        let refuse = |why| Err(Error::Refused(format!("the artifact path `{}` {why}", text.escape_debug())));
        let mut names = Vec::new();
        for component in Path::new(text).components() {
            match component {
                Component::Normal(name) => names.extend(name.to_str()),
                Component::CurDir => (),
                Component::ParentDir => return refuse("contains `..`"),
                Component::RootDir | Component::Prefix(_) => return refuse("is not relative to the workspace"),
            }
        }
        match names.is_empty() || text.contains('\0') {
            true => refuse("names no file"),
            false => Ok(ArtifactPath(names.join("/"))),
        }
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn into_string(self) -> String {
        self.0
    }

    /// Opens the ordinary file for reading. The kernel resolves the path, links included, and refuses to leave the
    /// workspace at any point: what a program of the workspace changes meanwhile makes no difference.
    pub(super) fn open_beneath(&self, workspace: &Path) -> Result<File> {
        let shown = workspace.join(&self.0);
        let refused = |why: &str| Error::Refused(format!("the artifact `{}` {why}", self.0.escape_debug()));
        let root = File::open(workspace).map_err(Error::io("open", workspace))?;
        // Without NONBLOCK, opening a named pipe would wait for somebody who writes to it.
        let how = OpenHow::new()
            .flags(OFlag::O_RDONLY | OFlag::O_CLOEXEC | OFlag::O_NONBLOCK)
            .resolve(ResolveFlag::RESOLVE_BENEATH | ResolveFlag::RESOLVE_NO_MAGICLINKS);
        // EAGAIN: a `..` in a link met somebody's rename, anywhere on the machine, and the kernel could not be sure.
        let open = || openat2(&root, self.0.as_str(), how);
        let certain = |opened: &nix::Result<_>| !matches!(opened, Err(Errno::EAGAIN));
        let opened = (1..TRIES).map(|_| open()).find(certain);
        let file = opened.unwrap_or_else(open).map(File::from).map_err(|errno| match errno {
            Errno::EXDEV => refused("is a link that leaves the workspace, or an absolute one"),
            Errno::ELOOP => refused("is a link that leads nowhere"),
            Errno::ENXIO => refused("is not an ordinary file"),
            Errno::ENOENT | Errno::ENOTDIR => Error::NotFound(format!("the artifact `{}`", shown.display())),
            other => Error::io("open", &shown)(other.into()),
        })?;
        match file.metadata().map_err(Error::io("read", &shown))?.is_file() {
            true => Ok(file),
            false => Err(refused("is not an ordinary file")),
        }
    }
}
