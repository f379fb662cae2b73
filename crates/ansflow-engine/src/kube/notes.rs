//! What an attempt says while it waits: a file of lines, read from where it was left.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};

use ansflow_core::verdict::Waiting;
use serde::{Deserialize, Serialize};

use crate::folder::Folder;

/// The file in the attempt's folder.
pub(crate) const NOTES: &str = "notes.jsonl";

/// So much is read at once; an attempt writes no more than this in all.
const MOST: u64 = 1024 * 1024;

/// One line of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Note {
    /// From 1, rising.
    pub(crate) number: u32,
    /// What is waited for.
    pub(crate) waiting: Waiting,
    /// The cluster is a simulated one.
    #[serde(default)]
    pub(crate) simulated: bool,
}

/// How far one attempt's notes are read.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    offset: u64,
}

impl Notes {
    /// What was noted since the last time. A line without its end is none yet; a writer that was killed never ends it.
    pub(crate) fn news(&mut self, folder: &Folder) -> Vec<Note> {
        let bytes = match self.read(folder) {
            Ok(bytes) => bytes,
            // Notes are for people who wait: what cannot be read now is read the next time, or not.
            Err(_) => return Vec::new(),
        };
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        self.offset += whole as u64;
        let lines = bytes[..whole].split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        lines.filter_map(|line| serde_json::from_slice(line).ok()).collect()
    }

    fn read(&self, folder: &Folder) -> io::Result<Vec<u8>> {
        let mut file = match File::open(folder.file(NOTES)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        file.seek(SeekFrom::Start(self.offset))?;
        let mut bytes = Vec::new();
        file.take(MOST).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    #[test]
    fn a_torn_line_is_none_until_it_has_its_end_and_a_damaged_one_never_is() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::at(dir.path());
        let mut notes = Notes::default();
        let mut said = |text: &str| {
            let mut file = File::options().create(true).append(true).open(folder.file(NOTES)).unwrap();
            file.write_all(text.as_bytes()).unwrap();
            notes.news(&folder).iter().map(|note| note.number).collect::<Vec<_>>()
        };
        assert_eq!(said(""), Vec::<u32>::new());
        assert_eq!(said("{\"number\":1,\"waiting\":{\"for\":\"a\"}}\n{\"number\":2,\"wai"), [1]);
        assert_eq!(said("ting\":{\"for\":\"b\",\"objects\":[]},\"simulated\":true}\n"), [2]);
        assert_eq!(said("\0\0\n\n{\"number\":3,\"waiting\":{\"for\":\"c\"}}\n"), [3]);
    }
}
