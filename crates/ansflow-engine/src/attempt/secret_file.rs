//! A secret as a file for programs that take no other: in memory, gone with this process, readable by its user only.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::os::fd::AsRawFd as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use nix::sys::memfd::{MFdFlags, memfd_create};

use crate::folder::Folder;

/// Lives as long as programs need it.
pub(crate) struct SecretFile {
    file: File,
}

impl SecretFile {
    pub(crate) fn new(content: &[u8]) -> io::Result<Self> {
        // Closed at `exec`: programs find it through our process, so none inherits what was not meant for it.
        let mut file = File::from(memfd_create("ansflow", MFdFlags::MFD_CLOEXEC)?);
        file.set_permissions(Permissions::from_mode(0o600))?;
        file.write_all(content)?;
        Ok(Self { file })
    }

    pub(crate) fn key(text: &str) -> io::Result<Self> {
        Self::new(&key_text(text))
    }

    /// Where programs find it.
    pub(crate) fn path(&self) -> String {
        format!("/proc/{}/fd/{}", std::process::id(), self.file.as_raw_fd())
    }
}

/// A key as programs want it: some refuse one whose last line does not end.
pub(crate) fn key_text(text: &str) -> Vec<u8> {
    format!("{}\n", text.trim_end()).into_bytes()
}

/// A folder for programs that follow links to the end and so lose a file without a name, or make files of their own
/// that are nobody's business: in shared memory, with a link to it in the attempt's folder, by which an engine finds
/// what a killed attempt could not take away.
pub(crate) struct SecretFolder {
    link: PathBuf,
    path: PathBuf,
}

/// File systems of memory are mounted here on every Linux.
const MEMORY: &str = "/dev/shm";

/// Its link, in the attempt's folder.
const LINK: &str = "memory";

impl SecretFolder {
    pub(crate) fn new(attempt: &Folder) -> io::Result<Self> {
        let id = fs::read_to_string("/proc/sys/kernel/random/uuid")?;
        let path = Path::new(MEMORY).join(format!("ansflow-{}", id.trim()));
        let link = attempt.file(LINK);
        symlink(&path, &link)?;
        let folder = Self { link, path };
        DirBuilder::new().mode(0o700).create(&folder.path)?;
        Ok(folder)
    }

    /// Where programs find it. Short, so that sockets fit in.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// A new file in it: where programs find it.
    pub(crate) fn write(&self, name: &str, content: &[u8]) -> io::Result<String> {
        let path = self.path.join(name);
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?.write_all(content)?;
        Ok(path.display().to_string())
    }
}

impl Drop for SecretFolder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
        let _ = fs::remove_file(&self.link);
    }
}

/// Takes away what a killed attempt could not.
pub(crate) fn remove_left_behind(attempt: &Folder) {
    let link = attempt.file(LINK);
    if let Ok(path) = fs::read_link(&link)
        && path.parent() == Some(Path::new(MEMORY))
        && path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"ansflow-"))
    {
        let _ = fs::remove_dir_all(path);
        let _ = fs::remove_file(link);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_attempt_left_in_memory_is_taken_away_and_nothing_else() {
        let root = tempfile::tempdir().unwrap();
        let attempt = Folder::at(root.path());
        let folder = SecretFolder::new(&attempt).unwrap();
        folder.write("key", b"hunter2").unwrap();
        let path = folder.path().to_owned();
        std::mem::forget(folder);
        remove_left_behind(&attempt);
        assert!(!path.exists() && fs::symlink_metadata(attempt.file(LINK)).is_err());

        // A link that the step's programs have put in its place.
        let precious = root.path().join("ansflow-precious");
        fs::create_dir(&precious).unwrap();
        symlink(&precious, attempt.file(LINK)).unwrap();
        remove_left_behind(&attempt);
        assert!(precious.exists());
    }
}
