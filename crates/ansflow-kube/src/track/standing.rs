//! How long each finding has stood.
//!
//! A finding is the same while its object, container and class are: texts and reasons flicker, as `ErrImagePull` and
//! `ImagePullBackOff` do.

use super::clock::Span;
use crate::Millis;
use crate::explain::Finding;
use crate::patience::{Class, Patience};
use ansflow_core::verdict::{Cause, Object};
use std::collections::{BTreeMap, HashMap};

type Same = (Object, Option<String>, Class);

#[derive(Default)]
pub(super) struct Standing {
    found: BTreeMap<Same, Stood>,
}

struct Stood {
    finding: Finding,
    /// How long it has stood, but for the time in which it was held.
    stood: Millis,
    /// The first try in vain that was seen.
    first_try: Option<Millis>,
}

impl Standing {
    /// What is found now; what is not found any more has to begin anew.
    pub(super) fn see(&mut self, findings: Vec<Finding>, span: &Span) {
        self.pass(span);
        let mut before = std::mem::take(&mut self.found);
        for finding in findings {
            let same = (finding.object.clone(), finding.container.clone(), finding.class);
            let old = before.remove(&same);
            let first_try = old.as_ref().and_then(|old| old.first_try).or(finding.tried_since).or(finding.tried);
            let stood = old.map_or(0, |old| old.stood);
            self.found.entry(same).or_insert(Stood { finding, stood, first_try });
        }
    }

    /// Time goes by, and nothing changes.
    pub(super) fn pass(&mut self, span: &Span) {
        for it in self.found.values_mut() {
            it.stood += it.counted(span);
        }
    }

    /// The finding that was certain first; of several the one that most pods have.
    pub(super) fn due(&self, patience: &Patience) -> Option<(&Finding, Millis)> {
        let mut alike: HashMap<(Class, &Cause), usize> = HashMap::new();
        for it in self.found.values() {
            *alike.entry((it.finding.class, &it.finding.cause)).or_default() += 1;
        }
        let rarity =
            |finding: &Finding| usize::MAX - alike.get(&(finding.class, &finding.cause)).copied().unwrap_or_default();
        let due = self.found.values().filter_map(|it| Some((it.left(patience).filter(|left| *left <= 0)?, it)));
        let first = due.min_by_key(|(left, it)| (*left, rarity(&it.finding), it.finding.class))?.1;
        Some((&first.finding, first.stood))
    }

    /// When the next finding becomes certain, if nothing changes.
    pub(super) fn next(&self, patience: &Patience, now: Millis) -> Option<Millis> {
        let when =
            |it: &Stood| Some(now.max(it.finding.not_before.unwrap_or(now)).saturating_add(it.left(patience)?.max(0)));
        self.found.values().filter_map(when).min()
    }

    /// Everything that is found, the strongest first.
    pub(super) fn findings(&self) -> Vec<Finding> {
        let mut findings: Vec<Finding> = self.found.values().map(|it| it.finding.clone()).collect();
        findings.sort_by_key(|finding| (finding.class == Class::Suspected, finding.class));
        findings
    }

    /// The strongest finding, with how long it has stood.
    pub(super) fn strongest(&self) -> Option<(&Finding, Millis)> {
        let strongest = self.found.values().min_by_key(|it| (it.finding.class == Class::Suspected, it.finding.class));
        strongest.map(|it| (&it.finding, it.stood))
    }
}

impl Stood {
    /// What of a span counts for it: not what lies before its grace begins, and nothing while it is held.
    fn counted(&self, span: &Span) -> Millis {
        let from = span.from.max(self.finding.not_before.unwrap_or(span.from));
        if self.finding.held || !span.runs { 0 } else { span.to.saturating_sub(from).max(0) }
    }

    /// How long it has yet to stand; none where standing alone proves nothing.
    fn left(&self, patience: &Patience) -> Option<Millis> {
        let is_open = self.finding.ripe && !self.finding.held;
        let grace = patience.grace(self.finding.class).filter(|_| is_open)?;
        self.was_tried_for(grace).then(|| grace - self.stood)
    }

    /// Whether it was tried in vain when the grace was over, where anybody tries.
    fn was_tried_for(&self, grace: Millis) -> bool {
        let tries = self.first_try.zip(self.finding.tried);
        tries.is_none_or(|(first, last)| last.saturating_sub(first) >= grace)
    }
}
