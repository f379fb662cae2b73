//! Sets of another size: one at a time in a rollout, all in proportion when a deployment itself is scaled.

use super::sets::{DESIRED, MOST, by_age, count, sum, wanted};
use super::{COMPONENT, Rollout};
use crate::controllers::known::known;
use crate::controllers::{Step, tell};
use crate::object::{Object, ObjectExt};
use crate::store::Key;
use crate::world::controller::Outcome;

impl Rollout<'_, '_> {
    /// Gives a set another size, and says so. Whether its size changed.
    pub(super) fn scale_to(&mut self, set: &mut Object, size: i64) -> Step<bool> {
        if wanted(set) == size {
            return Ok(false);
        }
        self.resize(set, size)
    }

    fn resize(&mut self, set: &mut Object, size: i64) -> Step<bool> {
        let (desired, most) = (self.replicas().to_string(), (self.replicas() + self.surge()).to_string());
        let annotated = |set: &Object| {
            set.annotations().get(DESIRED) == Some(&desired) && set.annotations().get(MOST) == Some(&most)
        };
        let before = wanted(set);
        if before == size && annotated(set) {
            return Ok(false);
        }
        let change = |object: &mut Object| {
            object.put(&["spec", "replicas"], size.into());
            object.put(&["metadata", "annotations", DESIRED], desired.as_str().into());
            object.put(&["metadata", "annotations", MOST], most.as_str().into());
        };
        self.cx.change(&self.key_of(set), None, &mut |object| change(object))?;
        change(set);
        if before != size {
            let way = if size > before { "up" } else { "down" };
            let said = format!("Scaled {way} replica set {} from {before} to {size}", set.name());
            tell::normal(self.cx, &self.stored, COMPONENT, "ScalingReplicaSet", &said);
        }
        Ok(before != size)
    }

    pub(super) fn key_of(&self, set: &Object) -> Key {
        Key::new(known().replica_set, self.deployment.namespace(), set.name())
    }

    /// Whether the deployment has another size than its sets were made for.
    pub(super) fn is_scaled(&self, sets: &[Object]) -> bool {
        let made_for = |set: &Object| set.annotations().get(DESIRED).and_then(|text| text.parse::<i64>().ok());
        let mut active = sets.iter().filter(|set| wanted(set) > 0);
        active.any(|set| made_for(set).is_some_and(|size| size != self.replicas()))
    }

    /// What is done for a deployment that is paused, or whose size was changed.
    pub(super) fn sync_scale(&mut self, sets: &[Object]) -> Step<Outcome> {
        let (new, old) = self.existing(sets)?;
        // The status is made of the sets as they were read: what this round writes comes back with the next.
        self.scale(&mut new.clone(), &mut old.clone())?;
        if self.deployment.flag("/spec/paused") {
            self.forget_old(&old)?;
        }
        self.status_only(new.as_ref(), &old)
    }

    fn scale(&mut self, new: &mut Option<Object>, old: &mut [Object]) -> Step<()> {
        let wanted_now = self.replicas();
        let active = old.iter().chain(new.iter()).filter(|set| wanted(set) > 0).count();
        if active == 0 {
            // Nothing runs: the newest gets it all.
            return match new.as_mut().or_else(|| old.last_mut()) {
                Some(set) => self.scale_to(set, wanted_now).map(drop),
                None => Ok(()),
            };
        }
        if active == 1 {
            return match old.iter_mut().chain(new.iter_mut()).find(|set| wanted(set) > 0) {
                Some(set) => self.scale_to(set, wanted_now).map(drop),
                None => Ok(()),
            };
        }
        if new.as_ref().is_some_and(|new| self.is_saturated(new)) {
            for set in old.iter_mut().filter(|set| wanted(set) > 0) {
                self.scale_to(set, 0)?;
            }
            return Ok(());
        }
        if self.deployment.text("/spec/strategy/type") == "Recreate" {
            return Ok(());
        }
        self.scale_in_proportion(new, old)
    }

    fn is_saturated(&self, new: &Object) -> bool {
        let desired = new.annotations().get(DESIRED).and_then(|text| text.parse::<i64>().ok());
        let size = self.replicas();
        wanted(new) == size && desired == Some(size) && count(new, "availableReplicas") == size
    }

    fn scale_in_proportion(&mut self, new: &mut Option<Object>, old: &mut [Object]) -> Step<()> {
        let mut sets: Vec<Object> = old.iter().chain(new.iter()).filter(|set| wanted(set) > 0).cloned().collect();
        let allowed = if self.replicas() > 0 { self.replicas() + self.surge() } else { 0 };
        let missing = allowed - sum(&sets, wanted);
        // The greatest first; of equals the newest where there is more, the oldest where there is less.
        by_age(&mut sets);
        if missing > 0 {
            sets.reverse();
        }
        sets.sort_by_key(|set| std::cmp::Reverse(wanted(set)));
        let mut given = 0;
        let mut sizes: Vec<i64> = Vec::new();
        for set in &sets {
            let part = self.part(set, missing, given);
            sizes.push(wanted(set) + part);
            given += part;
        }
        if missing != 0
            && let Some(first) = sizes.first_mut()
        {
            *first = (*first + missing - given).max(0);
        }
        for (set, size) in sets.iter_mut().zip(sizes) {
            self.resize(set, size)?;
            if let Some(same) = old.iter_mut().chain(new.iter_mut()).find(|other| other.uid() == set.uid()) {
                *same = set.clone();
            }
        }
        Ok(())
    }

    /// How much of what is missing (or too much) a set takes on.
    fn part(&self, set: &Object, missing: i64, given: i64) -> i64 {
        if wanted(set) == 0 || missing == 0 || missing == given {
            return 0;
        }
        let made_for = set.annotations().get(MOST).and_then(|text| text.parse::<i64>().ok());
        let made_for = made_for.unwrap_or_else(|| count(&self.deployment, "replicas")).max(1);
        let share = match self.replicas() {
            0 => -wanted(set),
            replicas => {
                let whole = wanted(set) * (replicas + self.surge());
                // Rounded half up, as these are not negative.
                (2 * whole + made_for).div_euclid(2 * made_for) - wanted(set)
            }
        };
        let left = missing - given;
        if missing > 0 { share.min(left) } else { share.max(left) }
    }
}
