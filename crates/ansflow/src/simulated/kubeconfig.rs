//! The kubeconfig of a simulated cluster: it holds a key, so that nobody else reads it, and goes when the cluster does.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::exit::Refused;
use crate::state::write_private;

/// How such a file begins: whoever finds it later knows what it is, and we know that it is ours to replace.
const MARK: &str = "# A simulated cluster of AnsFlow; gone when the command that wrote this has ended.\n";

/// Whether a file of somebody else's may be replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Overwrite {
    /// Only what an earlier simulated cluster has left.
    OnlyOurs,
    /// Whatever it is.
    Anything,
}

/// A kubeconfig that is removed when this is dropped, unless somebody has put another in its place.
#[derive(Debug)]
pub(crate) struct Kubeconfig {
    path: PathBuf,
    text: String,
}

/// Refuses a place where something stands that is not ours.
pub(super) fn check(path: &Path, overwrite: Overwrite) -> Result<()> {
    let found = match fs::read(path) {
        Ok(found) => found,
        Err(missing) if missing.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(other) => {
            return Err(other)
                .with_context(|| Refused::invalid(format!("`{}` cannot be looked at first", path.display())));
        }
    };
    if overwrite == Overwrite::Anything || found.is_empty() || found.starts_with(MARK.as_bytes()) {
        return Ok(());
    }
    Err(Refused::invalid(format!("`{}` is there, and is no kubeconfig of a simulated cluster", path.display()))
        .help("name another file, or replace it with --force")
        .into())
}

impl Kubeconfig {
    /// Writes it whole or not at all, for its owner's eyes only.
    pub(super) fn write(path: &Path, text: &str) -> Result<Kubeconfig> {
        let failed = || format!("failed to write the kubeconfig `{}`", path.display());
        let path = std::path::absolute(path).with_context(failed)?;
        let text = format!("{MARK}{text}");
        write_private(&path, text.as_bytes()).with_context(failed)?;
        Ok(Kubeconfig { path, text })
    }

    /// Where it is, absolute.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Kubeconfig {
    fn drop(&mut self) {
        if fs::read(&self.path).is_ok_and(|found| found == self.text.as_bytes()) {
            // A file that leads nowhere is all that stays where it cannot be removed.
            let _ = fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn it_is_for_its_owner_only_and_goes_with_its_holder() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("config");
        let held = Kubeconfig::write(&path, "kind: Config\n").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "no draft stays");
        drop(held);
        assert!(!path.exists());
    }

    #[test]
    fn what_took_its_place_stays() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("config");
        let first = Kubeconfig::write(&path, "first").unwrap();
        let _second = Kubeconfig::write(&path, "second").unwrap();
        drop(first);
        assert!(fs::read_to_string(&path).unwrap().ends_with("second"));
    }

    #[test]
    fn only_what_an_earlier_one_left_is_replaced_unasked() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("config");
        let may = |text: &str, overwrite| {
            fs::write(&path, text).unwrap();
            check(&path, overwrite).is_ok()
        };
        assert!(check(&path, Overwrite::OnlyOurs).is_ok());
        assert!(!may("kind: Config\n", Overwrite::OnlyOurs));
        assert!(may("kind: Config\n", Overwrite::Anything));
        assert!(may(&format!("{MARK}kind: Config\n"), Overwrite::OnlyOurs));
    }
}
