//! `log.index`: the record's bytes, and finding the one that holds for a place.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use super::Stream;

pub(super) const HEADER: [u8; 16] = *b"ANSFLIDX\x01\0\0\0\x20\0\0\0";
pub(super) const RECORD: usize = 32;
const READ_AHEAD: usize = 128;

/// From `offset` on: this stream, this time, this line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) offset: u64,
    pub(super) line: u64,
    pub(super) time_ms: u64,
    pub(super) stream: Stream,
}

impl Record {
    /// What holds for a log whose index was lost.
    pub(super) const START: Record = Record { offset: 0, line: 1, time_ms: 0, stream: Stream::Stdout };

    pub(super) fn encode(&self) -> [u8; RECORD] {
        let mut bytes = [0; RECORD];
        bytes[..8].copy_from_slice(&self.offset.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.line.to_le_bytes());
        bytes[16..24].copy_from_slice(&self.time_ms.to_le_bytes());
        bytes[24] = match self.stream {
            Stream::Stdout => 0,
            Stream::Stderr => 1,
        };
        let check = fnv1a(&bytes[..28]);
        bytes[28..].copy_from_slice(&check.to_le_bytes());
        bytes
    }

    /// `None` for a torn record, such as the zeros that a power cut leaves.
    pub(super) fn decode(bytes: &[u8; RECORD]) -> Option<Record> {
        let check = u32::from_le_bytes([bytes[28], bytes[29], bytes[30], bytes[31]]);
        let stream = match bytes[24] {
            0 => Stream::Stdout,
            1 => Stream::Stderr,
            _ => return None,
        };
        (check == fnv1a(&bytes[..28])).then(|| Record {
            offset: number(bytes, 0),
            line: number(bytes, 8),
            time_ms: number(bytes, 16),
            stream,
        })
    }
}

/// The index as it is now: read on demand, never as a whole.
pub(super) struct Index<'f> {
    /// `None`: the file is missing or not an index; then nothing is known.
    file: Option<&'f File>,
    records: u64,
    log_len: u64,
}

impl<'f> Index<'f> {
    /// `log_len` must have been read before, so that the records of those bytes are there.
    pub(super) fn of(file: Option<&'f File>, log_len: u64) -> io::Result<Index<'f>> {
        let len = match file {
            Some(file) => file.metadata()?.len(),
            None => 0,
        };
        Ok(Index { file, records: len.saturating_sub(HEADER.len() as u64) / RECORD as u64, log_len })
    }

    /// The last good record that `holds`, with its number; `holds` must be true up to some record and false behind it.
    pub(super) fn last(&self, holds: impl Fn(&Record) -> bool) -> io::Result<Option<(u64, Record)>> {
        let (mut found, mut low, mut high) = (None, 0, self.records);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.get(middle)?.filter(|record| holds(record)) {
                Some(record) => {
                    found = Some((middle, record));
                    low = middle + 1;
                }
                None => high = middle,
            }
        }
        Ok(found)
    }

    fn get(&self, number: u64) -> io::Result<Option<Record>> {
        let Some(file) = self.file else { return Ok(None) };
        let mut bytes = [0; RECORD];
        file.read_exact_at(&mut bytes, HEADER.len() as u64 + number * RECORD as u64)?;
        Ok(Record::decode(&bytes).filter(|record| record.offset < self.log_len))
    }
}

/// Goes through the records in order, beside somebody who goes through the log.
pub(super) struct Cursor<'f> {
    index: Index<'f>,
    current: Record,
    /// The one after `current`, where there is a good one.
    next: Option<Record>,
    /// Number of the record after `next`.
    ahead: u64,
    buffer: Vec<u8>,
    used: usize,
}

impl<'f> Cursor<'f> {
    /// A cursor on the record that holds at `offset`.
    pub(super) fn at(index: Index<'f>, offset: u64) -> io::Result<Cursor<'f>> {
        let found = index.last(|record| record.offset <= offset)?;
        let (current, ahead) = found.map_or((Record::START, 0), |(number, record)| (record, number + 1));
        let mut cursor = Cursor { index, current, next: None, ahead, buffer: Vec::new(), used: 0 };
        cursor.next = cursor.take()?;
        Ok(cursor)
    }

    pub(super) fn current(&self) -> Record {
        self.current
    }

    /// Goes on to the record that holds at `offset`, which must not be before the last one asked for.
    pub(super) fn advance(&mut self, offset: u64) -> io::Result<Record> {
        while let Some(next) = self.next.filter(|next| next.offset <= offset) {
            self.current = next;
            self.next = self.take()?;
        }
        Ok(self.current)
    }

    fn take(&mut self) -> io::Result<Option<Record>> {
        let Some(file) = self.index.file.filter(|_| self.ahead < self.index.records) else { return Ok(None) };
        if self.used == self.buffer.len() {
            let many = (self.index.records - self.ahead).min(READ_AHEAD as u64) as usize;
            self.buffer.resize(many * RECORD, 0);
            file.read_exact_at(&mut self.buffer, HEADER.len() as u64 + self.ahead * RECORD as u64)?;
            self.used = 0;
        }
        let Some(bytes) = self.buffer[self.used..].first_chunk() else { return Ok(None) };
        let record = Record::decode(bytes).filter(|record| record.offset < self.index.log_len);
        match record {
            Some(_) => (self.ahead, self.used) = (self.ahead + 1, self.used + RECORD),
            None => self.ahead = self.index.records, // Whatever follows a bad record is ignored.
        }
        Ok(record)
    }
}

fn number(bytes: &[u8; RECORD], at: usize) -> u64 {
    u64::from_le_bytes(*bytes[at..].first_chunk().expect("fields of eight bytes end before the check"))
}

fn fnv1a(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}
