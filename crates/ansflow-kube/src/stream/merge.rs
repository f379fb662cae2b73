//! Lines of many containers, in the order of their times.
//!
//! Each container's lines come in order, but not all at the same pace. The oldest line goes out as soon as every container that
//! still speaks has said something younger, or after a short while: a silent one must not hold the others back. No more than
//! a bounded number is held. Pure: it is told the time.

#[cfg(test)]
mod tests;

use crate::Millis;
use jiff::Timestamp;
use std::collections::{BTreeSet, HashMap, VecDeque};

/// How long a line waits for older ones of others.
pub const HOLD: Millis = 400;
/// The same, where all that is told is in the past: each will say the rest of it soon.
pub const PATIENT: Millis = 10_000;
/// No more lines wait.
pub const MOST: usize = 5_000;

/// Which of the containers; the caller counts them.
pub type Source = usize;

/// Puts lines of several sources into one order.
pub struct Merge<T> {
    sources: HashMap<Source, Queue<T>>,
    /// The first line of each source that has one.
    heads: BTreeSet<(Timestamp, Source)>,
    waiting: usize,
    hold: Millis,
}

struct Queue<T> {
    lines: VecDeque<(Timestamp, Millis, T)>,
    /// The newest time that it has said; a line without one, or out of order, counts as that old.
    newest: Timestamp,
    speaks: bool,
}

impl<T> Default for Merge<T> {
    fn default() -> Merge<T> {
        Merge { sources: HashMap::new(), heads: BTreeSet::new(), waiting: 0, hold: HOLD }
    }
}

impl<T> Merge<T> {
    /// For what is in the past.
    #[must_use]
    pub fn patient() -> Merge<T> {
        Merge { hold: PATIENT, ..Merge::default() }
    }

    /// A source that may say something.
    pub fn opened(&mut self, source: Source) {
        self.queue(source).speaks = true;
    }

    /// A source says no more; what it said still goes out.
    pub fn closed(&mut self, source: Source) {
        self.queue(source).speaks = false;
    }

    /// A line, which came at `now`.
    pub fn push(&mut self, source: Source, at: Option<Timestamp>, line: T, now: Millis) {
        let queue = self.queue(source);
        queue.newest = at.map_or(queue.newest, |at| at.max(queue.newest));
        let at = queue.newest;
        queue.lines.push_back((at, now, line));
        if queue.lines.len() == 1 {
            self.heads.insert((at, source));
        }
        self.waiting += 1;
    }

    /// The next line that may go out at `now`.
    pub fn pop(&mut self, now: Millis) -> Option<T> {
        let (_, source) = *self.heads.first()?;
        let may = self.waiting > MOST || self.nobody_is_silent() || self.due_of(source)? <= now;
        may.then(|| self.take(source)).flatten()
    }

    /// When a line may go out though nothing comes.
    #[must_use]
    pub fn next(&self) -> Option<Millis> {
        self.heads.first().and_then(|(_, source)| self.due_of(*source))
    }

    /// The next of what is left, when nothing more will come.
    pub fn rest(&mut self) -> Option<T> {
        let (_, source) = *self.heads.first()?;
        self.take(source)
    }

    fn queue(&mut self, source: Source) -> &mut Queue<T> {
        let empty = || Queue { lines: VecDeque::new(), newest: Timestamp::MIN, speaks: true };
        self.sources.entry(source).or_insert_with(empty)
    }

    fn nobody_is_silent(&self) -> bool {
        self.sources.values().all(|queue| !queue.speaks || !queue.lines.is_empty())
    }

    fn due_of(&self, source: Source) -> Option<Millis> {
        let (_, came, _) = self.sources.get(&source)?.lines.front()?;
        Some(came.saturating_add(self.hold))
    }

    fn take(&mut self, source: Source) -> Option<T> {
        self.heads.pop_first();
        let queue = self.sources.get_mut(&source)?;
        let (_, _, line) = queue.lines.pop_front()?;
        if let Some((at, _, _)) = queue.lines.front() {
            self.heads.insert((*at, source));
        } else if !queue.speaks {
            self.sources.remove(&source);
        }
        self.waiting = self.waiting.saturating_sub(1);
        Some(line)
    }
}
