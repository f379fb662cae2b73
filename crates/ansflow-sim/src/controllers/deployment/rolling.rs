//! The rolling update: up as far as the surge lets, down as far as enough pods stay available.

use super::Rollout;
use super::sets::{count, sum, wanted};
use crate::controllers::{Step, part};
use crate::object::Object;
use crate::world::controller::Outcome;

impl Rollout<'_, '_> {
    pub(super) fn roll(&mut self, sets: &[Object]) -> Step<Outcome> {
        let (mut new, mut old) = self.current(sets)?;
        if !self.grow(&mut new, &old)? {
            self.shrink(&new, &mut old)?;
        }
        if self.is_complete_now() {
            self.forget_old(&old)?;
        }
        self.rollout_status(Some(&new), &old)
    }

    /// How many pods the new set is to have, beside the old.
    pub(super) fn next_size(&self, new: i64, all: i64) -> i64 {
        if part(&self.deployment, "spec")["strategy"]["type"] == "Recreate" {
            return self.replicas();
        }
        let most = self.replicas() + self.surge();
        if all >= most {
            return new;
        }
        new + (most - all).min(self.replicas() - new)
    }

    fn grow(&mut self, new: &mut Object, old: &[Object]) -> Step<bool> {
        if wanted(new) == self.replicas() {
            return Ok(false);
        }
        if wanted(new) > self.replicas() {
            return self.scale_to(new, self.replicas());
        }
        let size = self.next_size(wanted(new), sum(old, wanted) + wanted(new));
        self.scale_to(new, size)
    }

    fn shrink(&mut self, new: &Object, old: &mut [Object]) -> Step<()> {
        let old_pods = sum(&*old, wanted);
        if old_pods == 0 {
            return Ok(());
        }
        let least = self.replicas() - self.may_miss();
        let new_missing = wanted(new) - count(new, "availableReplicas");
        let most = old_pods + wanted(new) - least - new_missing;
        if most <= 0 {
            return Ok(());
        }
        // Old pods that are of no use go first: they are missed by nobody.
        let mut gone = 0;
        for set in old.iter_mut() {
            let useless = wanted(set) - count(set, "availableReplicas");
            if gone >= most || wanted(set) == 0 || useless <= 0 {
                continue;
            }
            let fewer = useless.min(most - gone);
            self.scale_to(set, wanted(set) - fewer)?;
            gone += fewer;
        }
        let available = sum(&*old, |set| count(set, "availableReplicas")) + count(new, "availableReplicas");
        let mut left = available - least;
        for set in old.iter_mut() {
            if left <= 0 || wanted(set) == 0 {
                continue;
            }
            let fewer = wanted(set).min(left);
            self.scale_to(set, wanted(set) - fewer)?;
            left -= fewer;
        }
        Ok(())
    }
}
