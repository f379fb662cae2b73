//! The workspace on its way to a pod and back, as a tar through `exec`.
//!
//! What comes back was made by the step's own program, and is taken as that: no entry leaves the workspace, neither by `..` nor
//! through a link. What was sent and does not come back was deleted there, and is deleted here.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Component, Path, PathBuf};
use tokio::sync::mpsc;

/// More is not sent, nor fetched.
pub const MOST: u64 = 512 * 1024 * 1024;
/// How much travels at once.
const PIECE: usize = 64 * 1024;

/// Packs a folder into pieces; gives the names of all that was sent. To be called where blocking is allowed.
pub(super) fn pack(folder: &Path, to: mpsc::Sender<Vec<u8>>) -> io::Result<BTreeSet<PathBuf>> {
    let mut names = BTreeSet::new();
    let mut tar = tar::Builder::new(Pieces { to, piece: Vec::new(), sent: 0 });
    tar.follow_symlinks(false);
    let mut folders = vec![PathBuf::new()];
    while let Some(inside) = folders.pop() {
        let mut entries: Vec<_> = fs::read_dir(folder.join(&inside))?.collect::<Result<_, _>>()?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let (name, kind) = (inside.join(entry.file_name()), entry.file_type()?);
            // Sockets and pipes mean nothing elsewhere.
            if !(kind.is_dir() || kind.is_file() || kind.is_symlink()) {
                continue;
            }
            tar.append_path_with_name(entry.path(), &name)?;
            if kind.is_dir() {
                folders.push(name.clone());
            }
            names.insert(name);
        }
    }
    tar.into_inner()?.flush()?;
    Ok(names)
}

/// Unpacks what comes into a folder; gives how many files came. `sent`: what does not come back of it is deleted. An empty piece
/// says that all came; without it nothing is deleted, and what came is an error.
pub(super) fn unpack(folder: &Path, sent: &BTreeSet<PathBuf>, from: mpsc::Receiver<Vec<u8>>) -> io::Result<u64> {
    let mut archive = tar::Archive::new(Joined { from, piece: Vec::new(), at: 0, taken: 0, is_over: false });
    archive.set_overwrite(true);
    let (mut came, mut files) = (BTreeSet::new(), 0);
    for entry in archive.entries()? {
        let mut entry = entry?;
        let Some(name) = inside(&entry.path()?) else {
            let name = entry.path()?.display().to_string();
            return Err(io::Error::other(format!("`{name}` lies outside of the workspace")));
        };
        if name.as_os_str().is_empty() {
            continue;
        }
        let kind = entry.header().entry_type();
        if !(kind.is_file() || kind.is_dir() || kind.is_symlink() || kind.is_hard_link()) {
            continue;
        }
        if !entry.unpack_in(folder)? {
            return Err(io::Error::other(format!("`{}` lies outside of the workspace", name.display())));
        }
        files += u64::from(!kind.is_dir());
        came.insert(name);
    }
    // Half a workspace would be one in which the other half was deleted.
    io::copy(&mut archive.into_inner(), &mut io::sink())?;
    let deleted: Vec<&PathBuf> = sent.difference(&came).collect();
    remove(folder, deleted.into_iter())?;
    Ok(files)
}

/// A path below the workspace, without what stands for the workspace itself; None where it leads elsewhere.
fn inside(path: &Path) -> Option<PathBuf> {
    let mut name = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::Normal(part) => name.push(part),
            Component::Prefix(_) | Component::RootDir | Component::ParentDir => return None,
        }
    }
    Some(name)
}

/// Deepest first, so that folders are empty when their turn comes.
fn remove<'n>(folder: &Path, names: impl DoubleEndedIterator<Item = &'n PathBuf>) -> io::Result<()> {
    for name in names.rev() {
        let path = folder.join(name);
        let is_folder = fs::symlink_metadata(&path).map(|found| found.is_dir());
        let removed = match is_folder {
            Ok(true) => fs::remove_dir(&path),
            Ok(false) => fs::remove_file(&path),
            Err(error) => Err(error),
        };
        match removed {
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::DirectoryNotEmpty) => {}
            removed => removed?,
        }
    }
    Ok(())
}

/// Bytes become pieces.
struct Pieces {
    to: mpsc::Sender<Vec<u8>>,
    piece: Vec<u8>,
    sent: u64,
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.sent += bytes.len() as u64;
        if self.sent > MOST {
            let most = MOST / 1024 / 1024;
            return Err(io::Error::other(format!(
                "the workspace is larger than {most} MiB; use `workspace: {{ pvc: NAME }}`"
            )));
        }
        self.piece.extend_from_slice(bytes);
        if self.piece.len() >= PIECE {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let piece = std::mem::take(&mut self.piece);
        if piece.is_empty() {
            return Ok(());
        }
        self.to.blocking_send(piece).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

/// Pieces become bytes.
struct Joined {
    from: mpsc::Receiver<Vec<u8>>,
    piece: Vec<u8>,
    at: usize,
    taken: u64,
    is_over: bool,
}

impl Read for Joined {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.at >= self.piece.len() {
            if self.is_over {
                return Ok(0);
            }
            match self.from.blocking_recv() {
                Some(piece) if piece.is_empty() => self.is_over = true,
                Some(piece) => (self.piece, self.at) = (piece, 0),
                None => return Err(io::ErrorKind::UnexpectedEof.into()),
            }
        }
        let rest = self.piece.get(self.at..).unwrap_or_default();
        let count = rest.len().min(into.len());
        if let (Some(to), Some(from)) = (into.get_mut(..count), rest.get(..count)) {
            to.copy_from_slice(from);
        }
        self.at += count;
        self.taken += count as u64;
        if self.taken > MOST {
            return Err(io::Error::other(format!("more than {} MiB came back", MOST / 1024 / 1024)));
        }
        Ok(count)
    }
}
