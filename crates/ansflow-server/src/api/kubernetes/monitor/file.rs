//! What an attempt tells of its rollout: a file of lines, read from where it was left.

use std::fs;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

/// The file in the attempt's folder.
const MONITOR: &str = "monitor.jsonl";

/// An attempt writes no more than this.
const MOST: u64 = 32 * 1024 * 1024;

/// One attempt's file, as far as it is read.
pub(super) struct File {
    path: PathBuf,
    offset: u64,
}

impl File {
    pub(super) fn new(folder: &Path) -> File {
        File { path: folder.join(MONITOR), offset: 0 }
    }

    /// The lines that were written since the last time, without one that has no end yet; none where it cannot be read.
    pub(super) async fn news(&mut self) -> Option<Vec<String>> {
        let (path, offset) = (self.path.clone(), self.offset);
        // A disk may have to be waited for.
        let bytes = tokio::task::spawn_blocking(move || read(path, offset)).await.ok()?.ok()?;
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        self.offset += whole as u64;
        let text = String::from_utf8_lossy(&bytes[..whole]).into_owned();
        Some(text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect())
    }
}

fn read(path: PathBuf, offset: u64) -> io::Result<Vec<u8>> {
    let mut file = match fs::File::open(path) {
        Ok(file) => file,
        // A step that waits for nothing tells nothing.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    file.seek(SeekFrom::Start(offset))?;
    let mut bytes = Vec::new();
    file.take(MOST).read_to_end(&mut bytes)?;
    Ok(bytes)
}
