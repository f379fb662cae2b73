//! One connection: which streams are open, what the peer does with them, and what it is answered.

use std::collections::BTreeMap;

use super::Broken;
use super::frame::{self, Frame};
use super::headers::{Headers, Packer, Unpacker};

/// More streams than this nobody opens at once.
const STREAMS: usize = 1_000;
/// RST_STREAM: the stream is not wanted.
const REFUSED: u32 = 3;

/// What the peer did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Event {
    Opened {
        id: u32,
        headers: Headers,
    },
    Data {
        id: u32,
        bytes: Vec<u8>,
    },
    /// It will send no more on this stream.
    Finished {
        id: u32,
    },
    /// The stream is no more.
    Reset {
        id: u32,
    },
    /// It opens no more streams.
    Leaving,
}

#[derive(Default)]
struct Stream {
    theirs_done: bool,
    ours_done: bool,
}

/// The side of a connection that streams are opened to.
pub(crate) struct Session {
    buffer: Vec<u8>,
    unpacker: Unpacker,
    packer: Packer,
    streams: BTreeMap<u32, Stream>,
    out: Vec<u8>,
}

impl Session {
    pub(crate) fn new() -> Session {
        let (unpacker, packer) = (Unpacker::new(), Packer::new());
        Session { buffer: Vec::new(), unpacker, packer, streams: BTreeMap::new(), out: Vec::new() }
    }

    /// Takes bytes as they come, in pieces of any size.
    pub(crate) fn receive(&mut self, bytes: &[u8]) -> Result<Vec<Event>, Broken> {
        self.buffer.extend_from_slice(bytes);
        let mut events = Vec::new();
        while let Some(frame) = frame::take(&mut self.buffer)? {
            self.frame(frame, &mut events)?;
        }
        Ok(events)
    }

    /// What is to be sent.
    pub(crate) fn take_output(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.out)
    }

    pub(crate) fn send(&mut self, id: u32, bytes: &[u8]) {
        if self.streams.get(&id).is_some_and(|stream| !stream.ours_done) {
            for piece in bytes.chunks(32 << 10) {
                self.put(&Frame::Data { id, fin: false, bytes: piece.to_vec() });
            }
        }
    }

    /// We send no more on this stream.
    pub(crate) fn finish(&mut self, id: u32) {
        let Some(stream) = self.streams.get_mut(&id) else { return };
        if !std::mem::replace(&mut stream.ours_done, true) {
            let over = stream.theirs_done;
            self.put(&Frame::Data { id, fin: true, bytes: Vec::new() });
            if over {
                self.streams.remove(&id);
            }
        }
    }

    /// Refuses a stream, or breaks it off.
    pub(crate) fn reset(&mut self, id: u32) {
        if self.streams.remove(&id).is_some() {
            self.put(&Frame::Reset { id, status: REFUSED });
        }
    }

    fn frame(&mut self, frame: Frame, events: &mut Vec<Event>) -> Result<(), Broken> {
        match frame {
            Frame::SynStream { id, fin, block } => {
                let headers = self.unpacker.read(&block)?;
                if self.streams.len() >= STREAMS || self.streams.contains_key(&id) || id % 2 == 0 {
                    self.put(&Frame::Reset { id, status: REFUSED });
                    return Ok(());
                }
                self.streams.insert(id, Stream { theirs_done: fin, ours_done: false });
                let block = self.packer.write(&[]);
                self.put(&Frame::SynReply { id, fin: false, block });
                events.push(Event::Opened { id, headers });
                if fin {
                    events.push(Event::Finished { id });
                }
            }
            Frame::Data { id, fin, bytes } => {
                let Some(stream) = self.streams.get_mut(&id).filter(|stream| !stream.theirs_done) else {
                    return Ok(());
                };
                stream.theirs_done = fin;
                let over = fin && stream.ours_done;
                if !bytes.is_empty() {
                    events.push(Event::Data { id, bytes });
                }
                if fin {
                    events.push(Event::Finished { id });
                }
                if over {
                    self.streams.remove(&id);
                }
            }
            Frame::Reset { id, .. } => {
                if self.streams.remove(&id).is_some() {
                    events.push(Event::Reset { id });
                }
            }
            Frame::Headers { block, .. } | Frame::SynReply { block, .. } => {
                // Read for the sake of the zlib stream.
                self.unpacker.read(&block)?;
            }
            // Ours would be even; theirs is sent back as it is.
            Frame::Ping { id } if id % 2 == 1 => self.put(&Frame::Ping { id }),
            Frame::GoAway { .. } => events.push(Event::Leaving),
            Frame::Ping { .. } | Frame::Other => {}
        }
        Ok(())
    }

    fn put(&mut self, frame: &Frame) {
        self.out.extend(frame::bytes(frame));
    }
}
