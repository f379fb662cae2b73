//! Whose containers are whose: one name for each data directory.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use sha2::{Digest as _, Sha256};

/// Its file in the data directory.
const FILE: &str = "instance";

/// The name of a data directory, made when it is asked for the first time.
///
/// It is made of what the directory keeps and of where it is, so that a copy of it elsewhere is another instance and
/// takes nobody's containers away.
///
/// # Errors
/// When the directory cannot be read or written.
pub fn instance(dir: &Path) -> io::Result<String> {
    let path = dir.join(FILE);
    let id = match read(&path)? {
        Some(id) => id,
        None => make(&path)?,
    };
    let place = fs::canonicalize(dir)?;
    let digest = Sha256::new().chain_update(id).chain_update([0_u8]).chain_update(place.as_os_str().as_encoded_bytes());
    Ok(digest.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect())
}

/// None where there is none; one that a power cut left empty is none.
fn read(path: &Path) -> io::Result<Option<String>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Two at once make one.
fn make(path: &Path) -> io::Result<String> {
    let id = fs::read_to_string("/proc/sys/kernel/random/uuid")?;
    let draft = path.with_extension(id.trim());
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
    file.write_all(id.as_bytes())?;
    file.sync_all()?;
    let linked = match fs::hard_link(&draft, path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && read(path)?.is_some() => Ok(()),
        // An empty one, or a file system without links.
        Err(_) => fs::rename(&draft, path),
        Ok(()) => Ok(()),
    };
    let _ = fs::remove_file(&draft);
    linked?;
    read(path)?.ok_or_else(|| io::Error::other("the instance's name was not kept"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_data_directory_keeps_its_name_and_a_copy_has_another() {
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let name = instance(one.path()).unwrap();
        assert_eq!(instance(one.path()).unwrap(), name);
        assert!(name.len() == 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit()), "{name}");
        fs::copy(one.path().join(FILE), two.path().join(FILE)).unwrap();
        assert_ne!(instance(two.path()).unwrap(), name);
        assert_eq!(fs::read_dir(one.path()).unwrap().count(), 1, "a draft was left");
    }

    #[test]
    fn a_name_that_a_power_cut_emptied_is_made_anew() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(FILE), "").unwrap();
        assert_eq!(instance(dir.path()).unwrap(), instance(dir.path()).unwrap());
    }

    #[test]
    fn many_who_ask_at_once_are_told_the_same() {
        let dir = tempfile::tempdir().unwrap();
        let names: Vec<String> = std::thread::scope(|scope| {
            let asking: Vec<_> = (0..8).map(|_| scope.spawn(|| instance(dir.path()).unwrap())).collect();
            asking.into_iter().map(|asked| asked.join().unwrap()).collect()
        });
        assert!(names.iter().all(|name| *name == names[0]), "{names:?}");
    }
}
