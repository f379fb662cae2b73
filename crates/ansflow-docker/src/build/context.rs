//! A build's context as a stream of tar: what `.dockerignore` leaves, no links followed, owned by nobody in particular.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use futures_util::Stream;
use tokio::sync::mpsc;

use super::Checked;
use super::ignore::Ignore;
use crate::error::{Error, Result};

/// A Dockerfile that is not where the builder would see it in the context goes under this name.
const OUTSIDE: &str = ".ansflow.Dockerfile";
const IGNORE: &str = ".dockerignore";
const CHUNK: usize = 64 * 1024;

/// What the builder is sent.
pub(super) struct Context {
    root: PathBuf,
    ignore: Ignore,
    /// Its path in the context.
    pub(super) dockerfile: String,
    /// The Dockerfile's text, where it is not one of the context's files.
    outside: Option<Vec<u8>>,
}

impl Context {
    pub(super) fn of(checked: &Checked<'_>) -> Result<Context> {
        let (root, dockerfile) = (checked.context.clone(), &checked.dockerfile);
        // `web.Dockerfile.dockerignore` is for this Dockerfile only, and before the one for all.
        let mut own = dockerfile.clone().into_os_string();
        own.push(IGNORE);
        let own = PathBuf::from(own);
        let (file, is_own) = if own.is_file() { (own, true) } else { (root.join(IGNORE), false) };
        let mut ignore = match std::fs::read_to_string(&file) {
            Ok(text) => Ignore::parse(&text).map_err(|why| Error::File { path: file, verb: "used", why })?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ignore::default(),
            Err(error) => return Err(Error::file(file, "read", &error)),
        };
        let inside = dockerfile.strip_prefix(&root).ok().and_then(Path::to_str).map(str::to_owned);
        match inside.filter(|_| !is_own) {
            Some(name) => {
                // The builder needs both, and takes away again what `.dockerignore` means.
                ignore.except(&name);
                ignore.except(IGNORE);
                Ok(Context { root, ignore, dockerfile: name, outside: None })
            }
            None => {
                let text = std::fs::read(dockerfile).map_err(|error| Error::file(dockerfile, "read", &error))?;
                Ok(Context { root, ignore, dockerfile: OUTSIDE.to_owned(), outside: Some(text) })
            }
        }
    }

    /// The tar, as it is made; who stops reading stops the making.
    pub(super) fn stream(self) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
        let (sender, receiver) = mpsc::channel(4);
        tokio::task::spawn_blocking(move || {
            let pipe = Pipe { sender: sender.clone(), buffer: Vec::with_capacity(CHUNK) };
            if let Err(error) = self.write(pipe) {
                // The reader gets the error in place of an end; one that went away needs none.
                let _ = sender.blocking_send(Err(error));
            }
        });
        futures_util::stream::unfold(receiver, |mut receiver| async move {
            receiver.recv().await.map(|chunk| (chunk, receiver))
        })
    }

    fn write(&self, pipe: Pipe) -> io::Result<()> {
        let mut tar = tar::Builder::new(pipe);
        tar.follow_symlinks(false);
        self.folder(&mut tar, Path::new(""))?;
        if let Some(text) = &self.outside {
            // The classic builder knows `.dockerignore` only: this one makes it take both away, so that they are not
            // copied and a build finds its cache again.
            let hide = format!("{OUTSIDE}\n{IGNORE}\n");
            for (name, text) in [(OUTSIDE, text.as_slice()), (IGNORE, hide.as_bytes())] {
                let mut header = tar::Header::new_gnu();
                header.set_size(text.len() as u64);
                header.set_mode(0o644);
                tar.append_data(&mut header, name, text)?;
            }
        }
        tar.into_inner()?.flush()
    }

    fn folder(&self, tar: &mut tar::Builder<Pipe>, folder: &Path) -> io::Result<()> {
        let mut entries = std::fs::read_dir(self.root.join(folder))?.collect::<io::Result<Vec<_>>>()?;
        // A context that did not change is the same bytes again.
        entries.sort_by_key(std::fs::DirEntry::file_name);
        for entry in entries {
            let path = folder.join(entry.file_name());
            // Patterns are text, and so is what they mean.
            let name = path.to_string_lossy().into_owned();
            let is_replaced = self.outside.is_some() && (name == IGNORE || name == OUTSIDE);
            let is_out = is_replaced || self.ignore.leaves_out(&name);
            let is_folder = entry.file_type()?.is_dir();
            if !is_out {
                self.append(tar, &path).map_err(|error| named(&error, &path))?;
            }
            if is_folder && (!is_out || self.ignore.may_except_below(&name)) {
                self.folder(tar, &path)?;
            }
        }
        Ok(())
    }

    fn append(&self, tar: &mut tar::Builder<Pipe>, path: &Path) -> io::Result<()> {
        let file = self.root.join(path);
        let found = file.symlink_metadata()?;
        let kind = found.file_type();
        if kind.is_socket() || kind.is_fifo() || kind.is_char_device() || kind.is_block_device() {
            return Ok(());
        }
        let mut header = tar::Header::new_gnu();
        header.set_metadata(&found);
        header.set_uid(0);
        header.set_gid(0);
        header.set_mode(found.permissions().mode() & 0o7777);
        if kind.is_symlink() {
            header.set_size(0);
            return tar.append_link(&mut header, path, std::fs::read_link(&file)?);
        }
        if kind.is_dir() {
            header.set_size(0);
            return tar.append_data(&mut header, path, io::empty());
        }
        // As long as it was said to be, also when somebody writes to it or cuts it short meanwhile.
        let size = found.len();
        header.set_size(size);
        tar.append_data(&mut header, path, File::open(&file)?.chain(io::repeat(0)).take(size))
    }
}

fn named(error: &io::Error, path: &Path) -> io::Error {
    io::Error::new(error.kind(), format!("{} of the build context could not be read: {error}", path.display()))
}

struct Pipe {
    sender: mpsc::Sender<io::Result<Bytes>>,
    buffer: Vec<u8>,
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= CHUNK {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let chunk = Bytes::from(std::mem::replace(&mut self.buffer, Vec::with_capacity(CHUNK)));
        self.sender.blocking_send(Ok(chunk)).map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))
    }
}
