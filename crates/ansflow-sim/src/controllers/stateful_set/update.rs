//! The order of things: each number waits for the one before it; then the surplus goes from the end; then the old ones do.

use super::pod::ordinal;
use super::{COMPONENT, Look, REVISION};
use crate::api::delete::DeleteOptions;
use crate::controllers::pods::Seen;
use crate::controllers::{Step, tell};
use crate::object::ObjectExt;
use crate::world::controller::Outcome;

impl Look<'_, '_> {
    pub(super) fn bring(&mut self) -> Step<()> {
        let monotonic = self.set.text("/spec/podManagementPolicy") != "Parallel";
        let first = self.set.int("/spec/ordinals/start").unwrap_or_default();
        let last = first + self.replicas();
        self.give_claims(first, last)?;
        for number in first..last {
            let found = self.pods.iter().find(|pod| ordinal(&self.set, pod) == Some(number)).cloned();
            let Some(pod) = found else {
                self.make(number)?;
                if monotonic {
                    return Ok(());
                }
                continue;
            };
            if pod.1.has_ended() && !pod.1.is_deleting() {
                self.replace(&pod)?;
                if monotonic {
                    return Ok(());
                }
                continue;
            }
            if monotonic && !is_healthy(&pod, self) {
                return Ok(());
            }
        }
        if !self.shrink(first, last, monotonic)? {
            return Ok(());
        }
        self.roll(first, last)
    }

    /// Deletes what has a number too high, the highest first. Whether that is done.
    fn shrink(&mut self, first: i64, last: i64, monotonic: bool) -> Step<bool> {
        let mut surplus: Vec<(i64, Seen)> = self
            .pods
            .iter()
            .filter_map(|pod| Some((ordinal(&self.set, pod)?, pod.clone())))
            .filter(|(number, _)| *number >= last || *number < first)
            .collect();
        surplus.sort_by_key(|(number, _)| std::cmp::Reverse(*number));
        let first_sick = surplus.iter().rev().find(|(_, pod)| !is_healthy(pod, self)).map(|(number, _)| *number);
        for (number, pod) in &surplus {
            if pod.1.is_deleting() {
                if monotonic {
                    return Ok(false);
                }
                continue;
            }
            if monotonic && !is_healthy(pod, self) && first_sick != Some(*number) {
                return Ok(false);
            }
            self.delete(pod)?;
            if monotonic {
                return Ok(false);
            }
        }
        Ok(surplus.is_empty())
    }

    /// Replaces pods of an older revision, the highest number first, down to the partition.
    fn roll(&mut self, first: i64, last: i64) -> Step<()> {
        if self.set.text("/spec/updateStrategy/type") == "OnDelete" {
            return Ok(());
        }
        let partition = self.set.int("/spec/updateStrategy/rollingUpdate/partition").unwrap_or_default();
        for number in (first.max(partition)..last).rev() {
            let found = self.pods.iter().find(|pod| ordinal(&self.set, pod) == Some(number)).cloned();
            let Some(pod) = found else { return Ok(()) };
            let is_old = pod.0.label(REVISION) != Some(self.update.name());
            if is_old && !pod.1.is_deleting() {
                return self.delete(&pod);
            }
            if !is_healthy(&pod, self) {
                return Ok(());
            }
        }
        Ok(())
    }

    fn replace(&mut self, pod: &Seen) -> Step<()> {
        let word = if pod.1.status.phase == "Failed" { "Failed" } else { "Completed" };
        let said = format!(
            "StatefulSet {}/{} is recreating {} Pod {}",
            self.set.namespace(),
            self.set.name(),
            word.to_lowercase(),
            pod.0.name()
        );
        let reason = format!("Recreating{word}Pod");
        match word {
            "Failed" => tell::warning(self.cx, &self.stored, COMPONENT, &reason, &said),
            _ => tell::normal(self.cx, &self.stored, COMPONENT, &reason, &said),
        }
        self.delete(pod)
    }

    fn delete(&mut self, (pod, _): &Seen) -> Step<()> {
        let about = format!("delete Pod {} in StatefulSet {}", pod.name(), self.set.name());
        match self.cx.delete(&pod.key, &DeleteOptions::default()) {
            Ok(_) => {
                tell::normal(self.cx, &self.stored, COMPONENT, "SuccessfulDelete", &format!("{about} successful"));
                Ok(())
            }
            Err(status) if status.code == 404 => Ok(()),
            Err(status) => {
                let said = format!("{about} failed error: {}", status.message);
                tell::warning(self.cx, &self.stored, COMPONENT, "FailedDelete", &said);
                Err(Outcome::Retry)
            }
        }
    }
}

fn is_healthy(pod: &Seen, look: &Look<'_, '_>) -> bool {
    let min_ready = look.set.int("/spec/minReadySeconds").unwrap_or_default();
    pod.1.status.phase == "Running"
        && pod.1.is_ready()
        && pod.1.is_available(min_ready, look.cx.now())
        && !pod.1.is_deleting()
}
