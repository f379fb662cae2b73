//! What a command of the kubelet's own says: probes and hooks.

use crate::program::{Sink, Stream};
use crate::time::Micros;

/// So much of it is kept.
const MOST: usize = 10 << 10;

/// Both outputs in the order in which they were written.
#[derive(Debug, Default)]
pub(super) struct Collected(Vec<u8>);

impl Collected {
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.0).into_owned()
    }
}

impl Sink for Collected {
    fn write(&mut self, _stream: Stream, _at: Micros, bytes: &[u8]) {
        let room = MOST.saturating_sub(self.0.len());
        self.0.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }
}
