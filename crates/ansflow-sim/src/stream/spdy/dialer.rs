//! The other side of a session, for tests: opens streams as kubectl does.

use std::collections::BTreeMap;

use super::frame::{self, Frame};
use super::headers::Packer;

pub(crate) struct Dialer {
    packer: Packer,
    buffer: Vec<u8>,
    told: BTreeMap<u32, Vec<u8>>,
}

impl Dialer {
    pub(crate) fn new() -> Dialer {
        Dialer { packer: Packer::new(), buffer: Vec::new(), told: BTreeMap::new() }
    }

    /// Opens the two streams of a connection, `error` and the next odd one, and writes to it.
    pub(crate) fn dial(&mut self, error: u32, port: u16, request: &str, text: &str) -> Vec<u8> {
        let port = port.to_string();
        let mut out = Vec::new();
        for (id, kind) in [(error, "error"), (error + 2, "data")] {
            let block = self.packer.write(&[("streamtype", kind), ("port", &port), ("requestid", request)]);
            out.extend(frame::bytes(&Frame::SynStream { id, fin: false, block }));
            if kind == "error" {
                out.extend(frame::bytes(&Frame::Data { id, fin: true, bytes: Vec::new() }));
            }
        }
        out.extend(frame::bytes(&Frame::Data { id: error + 2, fin: false, bytes: text.as_bytes().to_vec() }));
        out
    }

    pub(crate) fn receive(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
        while let Some(frame) = frame::take(&mut self.buffer).unwrap() {
            if let Frame::Data { id, bytes, .. } = frame {
                self.told.entry(id).or_default().extend(bytes);
            }
        }
    }

    /// What was written on a stream.
    pub(crate) fn text(&self, id: u32) -> String {
        String::from_utf8(self.told.get(&id).cloned().unwrap_or_default()).unwrap()
    }
}
