//! Which holes are refused so far, and why.

use std::ops::Range;

use super::Refusal;
use super::why::Why;

/// One reason for each hole, the first that was found.
pub(super) struct Findings<'t> {
    holes: &'t [Range<usize>],
    why: Vec<Option<Why>>,
    /// For each hole a later or equal one that may still be open: ranges overlap, and each hole is visited once.
    skip: Vec<usize>,
}

impl<'t> Findings<'t> {
    pub(super) fn new(holes: &'t [Range<usize>]) -> Self {
        Self { holes, why: vec![None; holes.len()], skip: (0..=holes.len()).collect() }
    }

    /// Refuses all holes that begin inside the range.
    pub(super) fn refuse(&mut self, range: Range<usize>, why: &Why) {
        let mut hole = self.open_from(self.holes.partition_point(|hole| hole.start < range.start));
        while hole < self.holes.len() && self.holes[hole].start < range.end {
            self.why[hole] = Some(why.clone());
            self.skip[hole] = hole + 1;
            hole = self.open_from(hole + 1);
        }
    }

    /// Whether a hole begins inside the range.
    pub(super) fn any_in(&self, range: &Range<usize>) -> bool {
        let first = self.holes.partition_point(|hole| hole.start < range.start);
        self.holes.get(first).is_some_and(|hole| hole.start < range.end)
    }

    pub(super) fn refusals(self, text: &str) -> Vec<Refusal> {
        let holes = self.holes;
        let one = |(hole, why): (usize, Option<Why>)| {
            let why = why?;
            let written = &text[holes[hole].clone()];
            Some(Refusal { hole, message: why.message(written), help: why.help(written) })
        };
        self.why.into_iter().enumerate().filter_map(one).collect()
    }

    /// The first hole at or after this one that is not refused.
    fn open_from(&mut self, hole: usize) -> usize {
        let mut root = hole;
        while self.skip[root] != root {
            root = self.skip[root];
        }
        let mut at = hole;
        while self.skip[at] != root {
            at = std::mem::replace(&mut self.skip[at], root);
        }
        root
    }
}
