//! What of the host a container may see: the run's workspace, and what an administrator allows by name.
//!
//! Links are followed before it is judged, because the daemon follows them. The daemon's own socket is the whole machine,
//! so it is given to nobody by accident: neither itself nor a folder that it lies in.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Component, Path, PathBuf};

use ansflow_core::container::{Mount as Asked, MountSource};
use ansflow_docker::run::{Mount, Source};

use super::desk::Desk;
use crate::attempt::session::OUTPUT;
use crate::attempt::{NoGain, broken, failed};

pub(super) struct Policy<'a> {
    pub(super) workspace: &'a Path,
    /// What a relative path is relative to.
    pub(super) directory: &'a Path,
    pub(super) allowed: &'a [PathBuf],
    /// Of the daemon.
    pub(super) socket: Option<PathBuf>,
}

impl Policy<'_> {
    /// The workspace, under its own path.
    pub(super) fn workspace(&self) -> Result<Mount, NoGain> {
        self.permit(self.workspace)?;
        Ok(Mount {
            source: Source::Path(self.workspace.to_owned()),
            target: self.workspace.display().to_string(),
            read_only: false,
        })
    }

    /// What a step asks for.
    pub(super) fn mount(&self, asked: &Asked) -> Result<Mount, NoGain> {
        let source = match &asked.source {
            MountSource::Path(path) => Source::Path(self.permit(&self.directory.join(path))?),
            MountSource::Volume(name) => Source::Volume(name.clone()),
            MountSource::Anonymous => Source::Anonymous,
        };
        Ok(Mount { source, target: asked.target.clone(), read_only: asked.read_only })
    }

    /// The place that a path really is, if it may be mounted. A folder of the workspace that is not there yet is made.
    fn permit(&self, path: &Path) -> Result<PathBuf, NoGain> {
        let refuse = |why: &str| failed(format!("`{}` cannot be mounted: {why}", path.display()));
        let workspace = real(self.workspace).map_err(|why| refuse(&why))?;
        let (there, missing) = nearest(path).map_err(|why| refuse(&why))?;
        let is_in_workspace = there.starts_with(&workspace);
        let meant = there.join(&missing);
        let allowed: Vec<PathBuf> = self.allowed.iter().filter_map(|path| real(path).ok()).collect();
        if !is_in_workspace && !allowed.iter().any(|folder| meant.starts_with(folder)) {
            return Err(refuse("it lies outside the workspace, and nothing else of this machine is allowed to steps"));
        }
        let socket = self.socket.as_deref().and_then(|socket| real(socket).ok());
        if let Some(socket) = socket.filter(|socket| socket.starts_with(&meant) && !allowed.contains(socket)) {
            return Err(refuse(&format!(
                "the Docker daemon's socket {} would be the container's, and with it this machine",
                socket.display()
            )));
        }
        if missing.as_os_str().is_empty() {
            return Ok(there);
        }
        if !is_in_workspace {
            return Err(refuse("there is no such file or folder"));
        }
        // By us: the daemon would not make it, and one that did would make it root's.
        fs::create_dir_all(&meant).map_err(|error| refuse(&error.to_string()))?;
        Ok(meant)
    }
}

/// The file of the step's outputs, for whoever is the container's user: the folder that it lies in is ours alone.
pub(super) fn output(desk: &Desk<'_>) -> Result<Mount, NoGain> {
    let path = desk.folder.file(OUTPUT);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o666))
        .map_err(|error| broken(format!("failed to open `{}` to the container: {error}", path.display())))?;
    Ok(same_place(&path, false))
}

/// What the container has where we have it.
pub(super) fn same_place(path: &Path, read_only: bool) -> Mount {
    Mount { source: Source::Path(path.to_owned()), target: path.display().to_string(), read_only }
}

fn real(path: &Path) -> Result<PathBuf, String> {
    path.canonicalize().map_err(|error| error.to_string())
}

/// What of a path is there, links followed, and the rest.
fn nearest(path: &Path) -> Result<(PathBuf, PathBuf), String> {
    let mut there = path;
    loop {
        match there.symlink_metadata() {
            Ok(_) => break,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(error.to_string()),
        }
        there = there.parent().ok_or("it is no path")?;
    }
    let missing = path.strip_prefix(there).map_err(|error| error.to_string())?;
    if missing.components().any(|part| !matches!(part, Component::Normal(_))) {
        return Err("a folder on its way is not there".to_owned());
    }
    // A link that leads nowhere is there, and has no real place.
    Ok((real(there)?, missing.to_owned()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    struct World {
        root: tempfile::TempDir,
    }

    impl World {
        fn new() -> Self {
            let root = tempfile::tempdir().unwrap();
            for folder in ["work/src", "work/dir", "cache/npm", "secret", "run"] {
                fs::create_dir_all(root.path().join(folder)).unwrap();
            }
            fs::write(root.path().join("run/docker.sock"), "").unwrap();
            World { root }
        }

        fn check(&self, path: &str, allowed: &[&str], expected: &str) {
            let root = self.root.path();
            let allowed: Vec<PathBuf> = allowed.iter().map(|path| root.join(path)).collect();
            let policy = Policy {
                workspace: &root.join("work"),
                directory: &root.join("work/dir"),
                allowed: &allowed,
                socket: Some(root.join("run/docker.sock")),
            };
            let path = path.replace("ROOT", root.to_str().unwrap());
            let asked = Asked { source: MountSource::Path(path.clone()), target: "/x".to_owned(), read_only: true };
            let found = match policy.mount(&asked) {
                Ok(Mount { source: Source::Path(found), .. }) => {
                    found.strip_prefix(real(root).unwrap()).unwrap().display().to_string()
                }
                Ok(other) => format!("{other:?}"),
                Err(NoGain::Failed { message, .. }) => message.rsplit_once(": ").unwrap().1.to_owned(),
                Err(other) => format!("{other:?}"),
            };
            assert!(found.contains(expected), "{path}: {found}");
        }
    }

    const OUTSIDE: &str = "it lies outside the workspace";

    #[test]
    fn the_workspace_is_the_steps_own() {
        let world = World::new();
        world.check(".", &[], "work/dir");
        world.check("../src", &[], "work/src");
        world.check("ROOT/work/src", &[], "work/src");
        world.check("new/deep", &[], "work/dir/new/deep");
        assert!(world.root.path().join("work/dir/new/deep").is_dir());
    }

    #[test]
    fn nothing_else_of_the_host_is_reached_by_any_way_of_writing_it() {
        let world = World::new();
        let root = world.root.path();
        symlink("/", root.join("work/dir/up")).unwrap();
        symlink(root.join("secret"), root.join("work/dir/link")).unwrap();
        symlink(root.join("nowhere"), root.join("work/dir/dangling")).unwrap();
        for path in
            ["/", "/etc", "ROOT/secret", "../../secret", "link", "up/etc", "link/new", "ROOT/work/../secret", "ROOT"]
        {
            world.check(path, &[], OUTSIDE);
        }
        world.check("dangling", &[], "No such file");
        world.check("dangling/x", &[], "");
        world.check("not-there/../../../secret", &[], "is not there");
        assert!(!root.join("nowhere").exists() && !root.join("secret/new").exists());
    }

    #[test]
    fn what_an_administrator_allows_is_allowed_with_what_lies_in_it() {
        let world = World::new();
        world.check("ROOT/cache/npm", &["cache"], "cache/npm");
        world.check("ROOT/cache", &["cache"], "cache");
        world.check("ROOT/cache/new", &["cache"], "there is no such file or folder");
        world.check("ROOT/cache/../secret", &["cache"], OUTSIDE);
        world.check("ROOT/secret", &["cache"], OUTSIDE);
    }

    #[test]
    fn the_daemons_socket_is_allowed_by_its_own_name_only() {
        let world = World::new();
        world.check("ROOT/run/docker.sock", &[], OUTSIDE);
        world.check("ROOT/run/docker.sock", &["run"], "would be the container's, and with it this machine");
        world.check("ROOT/run", &["run"], "would be the container's");
        world.check("ROOT", &[""], "would be the container's");
        world.check("ROOT/run/docker.sock", &["run/docker.sock"], "run/docker.sock");
    }
}
