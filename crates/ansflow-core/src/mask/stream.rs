//! Masks bytes that come in pieces, and holds back only what may still become a secret.

use std::sync::Arc;

use super::Inner;

/// One stream of bytes. What was pushed comes out masked, at the latest with [`MaskStream::finish`].
pub struct MaskStream {
    inner: Option<Arc<Inner>>,
    /// What may be the beginning of a secret.
    held: Vec<u8>,
    /// So many of the held bytes belong to a secret whose mask is already out.
    covered: usize,
}

impl MaskStream {
    pub(super) fn new(inner: Option<Arc<Inner>>) -> Self {
        Self { inner, held: Vec::new(), covered: 0 }
    }

    /// Takes the next bytes, and appends to `out` what is decided.
    pub fn push(&mut self, chunk: &[u8], out: &mut Vec<u8>) {
        let Some(inner) = self.inner.clone() else { return out.extend_from_slice(chunk) };
        if self.held.is_empty() {
            let until = inner.undecided(chunk);
            self.covered = emit(&inner, chunk, until, 0, out);
            self.held.extend_from_slice(&chunk[until..]);
        } else {
            self.held.extend_from_slice(chunk);
            let until = inner.undecided(&self.held);
            self.covered = emit(&inner, &self.held, until, self.covered, out);
            self.held.drain(..until);
        }
    }

    /// No more bytes will come: appends what was held back.
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        let Some(inner) = self.inner.clone() else { return };
        let held = std::mem::take(&mut self.held);
        emit(&inner, &held, held.len(), std::mem::take(&mut self.covered), out);
    }
}

impl std::fmt::Debug for MaskStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MaskStream([hidden])")
    }
}

/// Appends the text up to `until`, masked. Returns how many bytes after it are masked already.
fn emit(inner: &Inner, text: &[u8], until: usize, covered: usize, out: &mut Vec<u8>) -> usize {
    let mut done = 0;
    let mut rest = 0;
    inner.places(text, covered, |place| {
        let began_earlier = covered > 0 && place.start == 0;
        if place.start >= until && !began_earlier {
            // Nothing of it goes out now, so it will be found again.
            return;
        }
        out.extend_from_slice(&text[done..place.start]);
        if !began_earlier {
            out.extend_from_slice(inner.mask.as_bytes());
        }
        done = place.end.min(until);
        rest = place.end.saturating_sub(until);
    });
    out.extend_from_slice(&text[done..until]);
    rest
}
