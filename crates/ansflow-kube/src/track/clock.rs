//! The time that counts: that in which the world was known.

use crate::Millis;

/// A clock that can be stopped.
pub(super) struct Clock {
    /// The last moment that was counted.
    last: Millis,
    /// How much was counted.
    known: Millis,
    /// Whether the world is known now.
    runs: bool,
}

/// What passed between two looks.
pub(super) struct Span {
    /// The first moment that counts.
    pub(super) from: Millis,
    /// Now; not after `from` where nothing counts.
    pub(super) to: Millis,
    /// Whether time goes on.
    pub(super) runs: bool,
}

impl Clock {
    pub(super) fn from(origin: Millis) -> Clock {
        Clock { last: origin, known: 0, runs: true }
    }

    pub(super) fn advance(&mut self, now: Millis) -> Span {
        let from = self.last;
        if self.runs && now > from {
            self.known = self.known.saturating_add(now.saturating_sub(from));
            self.last = now;
        }
        Span { from, to: self.last, runs: self.runs }
    }

    pub(super) fn stop(&mut self) {
        self.runs = false;
    }

    pub(super) fn go_on(&mut self, now: Millis) {
        if !self.runs {
            self.last = self.last.max(now);
            self.runs = true;
        }
    }

    /// How much time has counted.
    pub(super) fn known(&self) -> Millis {
        self.known
    }

    /// The last moment that was counted, while it runs.
    pub(super) fn running_at(&self) -> Option<Millis> {
        self.runs.then_some(self.last)
    }
}
