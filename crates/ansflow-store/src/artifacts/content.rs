//! Bytes by content: `<two digits>/<sha256>`, written beside and moved into place.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{Error, Result};

pub(super) struct Content {
    pub(super) size: u64,
    pub(super) sha256: String,
}

/// Where the bytes with this sum are.
pub(super) fn place(folder: &Path, sha256: &str) -> PathBuf {
    folder.join(sha256.get(..2).unwrap_or_default()).join(sha256)
}

/// Copies a file into its place, on the disk before this returns. What died half-way stays in `incoming`, unnamed.
pub(super) fn take(folder: &Path, file: File) -> Result<Content> {
    let incoming = folder.join("incoming");
    fs::create_dir_all(&incoming).map_err(Error::io("create", &incoming))?;
    let draft = incoming.join(Uuid::now_v7().to_string());
    let taken = copy(file, &draft).and_then(|content| {
        let place = place(folder, &content.sha256);
        let parent = place.parent().expect("a place is in a folder of two digits");
        fs::create_dir_all(parent).map_err(Error::io("create", parent))?;
        // The same content again is the same file again.
        fs::rename(&draft, &place).map_err(Error::io("create", &place))?;
        File::open(parent).and_then(|folder| folder.sync_all()).map_err(Error::io("sync", parent))?;
        Ok(content)
    });
    if taken.is_err() {
        // What failed is reported; what is left of it is only untidy.
        let _ = fs::remove_file(&draft);
    }
    taken
}

/// Gives a file that was kept elsewhere its place, on the disk before this returns; it stays where it was as well.
pub(super) fn adopt(folder: &Path, file: &Path, sha256: &str) -> Result<()> {
    let opened = File::open(file).map_err(Error::io("open", file))?;
    opened.sync_all().map_err(Error::io("sync", file))?;
    let place = place(folder, sha256);
    let parent = place.parent().expect("a place is in a folder of two digits");
    fs::create_dir_all(parent).map_err(Error::io("create", parent))?;
    match fs::hard_link(file, &place) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => take(folder, opened).map(drop),
        // The same content again is the same file again.
        _ => File::open(parent).and_then(|folder| folder.sync_all()).map_err(Error::io("sync", parent)),
    }
}

fn copy(mut from: File, draft: &Path) -> Result<Content> {
    let mut to = File::create_new(draft).map_err(Error::io("create", draft))?;
    let (mut sum, mut size, mut buffer) = (Sha256::new(), 0, vec![0; 256 * 1024]);
    loop {
        let read = from.read(&mut buffer).map_err(Error::io("copy into", draft))?;
        if read == 0 {
            break;
        }
        sum.update(&buffer[..read]);
        to.write_all(&buffer[..read]).map_err(Error::io("write", draft))?;
        size += read as u64;
    }
    to.sync_all().map_err(Error::io("sync", draft))?;
    let sha256 = sum.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Content { size, sha256 })
}
