//! Hides secrets in whatever is stored: each becomes `***`, also cut into lines, encoded or escaped.
//!
//! Works on bytes and across any borders of chunks. It hides what it was told and nothing else: it must not guess what
//! looks like a secret. Secrets shorter than [`SHORTEST`] would take ordinary words with them and are left alone.

mod patterns;
mod stream;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use aho_corasick::{AhoCorasick, AhoCorasickKind, Input, MatchKind};

pub use self::stream::MaskStream;

/// Secrets of fewer characters are not masked; callers warn.
pub const SHORTEST: usize = 4;

/// What stands where a secret stood, unless a secret itself is made of it.
pub const MASK: &str = "***";

/// Up to so many bytes of patterns are compiled for speed; beyond, for memory.
const SMALL: usize = 16 * 1024;

/// Knows the secrets of one run. Cheap to clone; its `Debug` shows nothing.
#[derive(Clone, Default)]
pub struct Masker {
    /// Nothing when there is nothing to hide.
    inner: Option<Arc<Inner>>,
}

struct Inner {
    finder: AhoCorasick,
    /// What is hidden, sorted.
    patterns: Vec<Vec<u8>>,
    longest: usize,
    /// A bit for each pair of bytes with which a pattern begins: most places in a text are told apart by it.
    begins: Vec<u64>,
    mask: String,
}

impl Masker {
    /// Hides these, in all the forms in which they are likely to be printed.
    pub fn new<S: AsRef<str>>(secrets: impl IntoIterator<Item = S>) -> Masker {
        let secrets: Vec<S> = secrets.into_iter().collect();
        let long = |secret: &&str| secret.chars().count() >= SHORTEST;
        let secrets: Vec<&str> = secrets.iter().map(AsRef::as_ref).filter(long).collect();
        let patterns = patterns::all(&secrets);
        let bytes: usize = patterns.iter().map(Vec::len).sum();
        let kind = if bytes <= SMALL { AhoCorasickKind::DFA } else { AhoCorasickKind::ContiguousNFA };
        // Only an absurd amount of secrets, beyond 2³¹ bytes, cannot be compiled.
        let finder = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .kind(Some(kind))
            .build(&patterns)
            .expect("secrets are far smaller than two gigabytes");
        let mut begins = vec![0; 1 << 10];
        for pattern in &patterns {
            let pair = pair(pattern);
            begins[pair >> 6] |= 1 << (pair & 63);
        }
        let longest = patterns.iter().map(Vec::len).max().unwrap_or(0);
        let mask = mask_for(&secrets);
        let some = !patterns.is_empty();
        Masker { inner: some.then(|| Arc::new(Inner { finder, patterns, longest, begins, mask })) }
    }

    /// Whether there is nothing to hide.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.inner.is_none()
    }

    /// The text with every secret masked.
    #[must_use]
    pub fn mask<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let Some(inner) = &self.inner else { return Cow::Borrowed(text) };
        if !inner.finder.is_match(text) {
            return Cow::Borrowed(text);
        }
        let mut out = Vec::with_capacity(text.len());
        let mut stream = self.stream();
        stream.push(text.as_bytes(), &mut out);
        stream.finish(&mut out);
        Cow::Owned(String::from_utf8(out).expect("patterns are whole characters, so what is left of a text is too"))
    }

    /// Masks bytes as they come.
    #[must_use]
    pub fn stream(&self) -> MaskStream {
        MaskStream::new(self.inner.clone())
    }
}

impl fmt::Debug for Masker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Masker([hidden])")
    }
}

impl Inner {
    /// Where secrets stand, rising. Those that overlap are one: what is left of the second would give it away.
    /// The first `covered` bytes belong to one that began earlier.
    fn places(&self, text: &[u8], covered: usize, mut each: impl FnMut(Range<usize>)) {
        let mut place = 0..covered;
        let mut from = 0;
        while let Some(found) = self.finder.find(Input::new(text).range(from..)) {
            // Not from its end: another may begin inside it.
            from = found.start() + 1;
            if found.start() < place.end {
                place.end = place.end.max(found.end());
                continue;
            }
            let before = std::mem::replace(&mut place, found.range());
            if !before.is_empty() {
                each(before);
            }
        }
        if !place.is_empty() {
            each(place);
        }
    }

    /// Where the longest end of the text begins that may still become a secret.
    fn undecided(&self, text: &[u8]) -> usize {
        let first = (text.len() + 1).saturating_sub(self.longest);
        let may_begin = |at: &usize| {
            let end = &text[*at..];
            let known = end.len() < 2 || self.begins[pair(end) >> 6] >> (pair(end) & 63) & 1 == 1;
            known && self.is_beginning(end)
        };
        (first..text.len()).find(may_begin).unwrap_or(text.len())
    }

    /// Whether some pattern begins with this and goes on.
    fn is_beginning(&self, end: &[u8]) -> bool {
        // All that begin with it stand together in the order, the one that equals it first.
        let after = self.patterns.partition_point(|pattern| pattern.as_slice() <= end);
        self.patterns.get(after).is_some_and(|pattern| pattern.starts_with(end))
    }
}

/// The first two bytes as a number; there are at least two, for a pattern has four characters.
fn pair(bytes: &[u8]) -> usize {
    usize::from(bytes[0]) << 8 | usize::from(bytes[1])
}

/// `***`, unless a secret could be read into it and what stands beside it.
fn mask_for(secrets: &[&str]) -> String {
    let star = |secret: &str| secret.starts_with('*') || secret.ends_with('*') || secret.contains(MASK);
    if !secrets.iter().any(|secret| star(secret)) {
        return MASK.to_owned();
    }
    let unused = |c: &char| !secrets.iter().any(|secret| secret.contains(*c));
    let sign = ['#', '•', '█'].into_iter().chain('\u{2591}'..).find(unused).unwrap_or('*');
    sign.to_string().repeat(MASK.len())
}
