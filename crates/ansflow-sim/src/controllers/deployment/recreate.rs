//! Recreate: first all old pods end, then the new ones begin.

use super::Rollout;
use super::sets::wanted;
use crate::controllers::Step;
use crate::controllers::known::known;
use crate::controllers::pods::Pod;
use crate::object::{Object, ObjectExt};
use crate::world::controller::Outcome;

impl Rollout<'_, '_> {
    pub(super) fn recreate(&mut self, sets: &[Object]) -> Step<Outcome> {
        let (new, mut old) = self.existing(sets)?;
        let mut scaled = false;
        for set in old.iter_mut().filter(|set| wanted(set) > 0) {
            scaled |= self.scale_to(set, 0)?;
        }
        if scaled || self.old_pods_run(&old) {
            return self.rollout_status(new.as_ref(), &old);
        }
        let mut new = match new {
            Some(new) => new,
            None => self.current(sets)?.0,
        };
        self.scale_to(&mut new, self.replicas())?;
        if self.is_complete_now() {
            self.forget_old(&old)?;
        }
        self.rollout_status(Some(&new), &old)
    }

    fn old_pods_run(&self, old: &[Object]) -> bool {
        let runs = |set: &Object| self.cx.owned::<Pod>(set.uid(), known().pod).iter().any(|(_, pod)| !pod.has_ended());
        old.iter().any(runs)
    }
}
