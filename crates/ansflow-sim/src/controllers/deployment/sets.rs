//! What a deployment asks of its ReplicaSets, and the numbers of its strategy.

use serde_json::Value;

use super::Rollout;
use crate::controllers::part;
use crate::object::{Object, ObjectExt};

pub(super) const REVISION: &str = "deployment.kubernetes.io/revision";
pub(super) const HISTORY: &str = "deployment.kubernetes.io/revision-history";
pub(super) const DESIRED: &str = "deployment.kubernetes.io/desired-replicas";
pub(super) const MOST: &str = "deployment.kubernetes.io/max-replicas";
pub(super) const HASH: &str = "pod-template-hash";

/// How many pods a set is to have.
pub(super) fn wanted(set: &Object) -> i64 {
    set.int("/spec/replicas").unwrap_or(1)
}

pub(super) fn count(set: &Object, field: &str) -> i64 {
    part(set, "status")[field].as_i64().unwrap_or_default()
}

pub(super) fn sum<'a>(sets: impl IntoIterator<Item = &'a Object>, of: impl Fn(&Object) -> i64) -> i64 {
    sets.into_iter().map(of).sum()
}

/// Oldest first.
pub(super) fn by_age(sets: &mut [Object]) {
    let age = |set: &Object| (set.text("/metadata/creationTimestamp").to_owned(), set.name().to_owned());
    sets.sort_by_key(age);
}

pub(super) fn revision(object: &Object) -> i64 {
    object.annotations().get(REVISION).and_then(|text| text.parse().ok()).unwrap_or_default()
}

/// Whether a set was made of a template, the label with the hash aside.
pub(super) fn has_template(set: &Object, template: &Value) -> bool {
    let mut own = part(set, "spec")["template"].clone();
    if let Some(Value::Object(labels)) = own.pointer_mut("/metadata/labels") {
        labels.shift_remove(HASH);
    }
    own == *template
}

impl Rollout<'_, '_> {
    /// The set of the template, and all others; oldest first.
    pub(super) fn split(&self, sets: &[Object]) -> (Option<Object>, Vec<Object>) {
        let template = &part(&self.deployment, "spec")["template"];
        let new = sets.iter().find(|set| has_template(set, template)).cloned();
        let uid = new.as_ref().map(|set| set.uid().to_owned());
        let old = sets.iter().filter(|set| Some(set.uid()) != uid.as_deref()).cloned().collect();
        (new, old)
    }

    fn rolls(&self) -> bool {
        self.deployment.text("/spec/strategy/type") != "Recreate"
    }

    /// Pods above the wanted number.
    pub(super) fn surge(&self) -> i64 {
        if self.rolls() { self.fenceposts().0 } else { 0 }
    }

    /// Pods that may be missing.
    pub(super) fn may_miss(&self) -> i64 {
        if !self.rolls() || self.replicas() == 0 {
            return 0;
        }
        self.fenceposts().1.min(self.replicas())
    }

    fn fenceposts(&self) -> (i64, i64) {
        let settings = &part(&self.deployment, "spec")["strategy"]["rollingUpdate"];
        let surge = share(&settings["maxSurge"], self.replicas(), Rounding::Up);
        let missing = share(&settings["maxUnavailable"], self.replicas(), Rounding::Down);
        // Both nothing would never move.
        if surge == 0 && missing == 0 { (0, 1) } else { (surge, missing) }
    }
}

#[derive(Debug, Copy, Clone)]
pub(in crate::controllers) enum Rounding {
    Up,
    Down,
}

/// A number, or a percentage of one.
pub(in crate::controllers) fn share(value: &Value, of: i64, rounding: Rounding) -> i64 {
    if let Some(number) = value.as_i64() {
        return number;
    }
    let percent: i64 = value.as_str().and_then(|text| text.strip_suffix('%')?.parse().ok()).unwrap_or_default();
    let hundredfold = percent.saturating_mul(of);
    match rounding {
        Rounding::Up => hundredfold.saturating_add(99).div_euclid(100),
        Rounding::Down => hundredfold.div_euclid(100),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn percentages_are_rounded_up_for_surge_and_down_for_what_may_be_missing() {
        assert_eq!(share(&json!("25%"), 2, Rounding::Up), 1);
        assert_eq!(share(&json!("25%"), 2, Rounding::Down), 0);
        assert_eq!(share(&json!(3), 2, Rounding::Down), 3);
    }
}
