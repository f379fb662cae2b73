//! Jobs whose pods have numbers: how often each number may fail, which of them have to succeed, and when one may be tried again.

use serde_json::Value;

use super::Look;
use super::manage::{delay, ended_at, index};
use super::policy::{Verdict, judge};
use super::tally::{Tally, numbers};
use crate::controllers::part;
use crate::controllers::pods::Seen;
use crate::object::ObjectExt;
use crate::time::Micros;

/// How often the number of a pod had failed before.
pub(super) const FAILURES: &str = "batch.kubernetes.io/job-index-failure-count";

impl Look<'_, '_> {
    pub(super) fn is_indexed(&self) -> bool {
        self.job.text("/spec/completionMode") == "Indexed"
    }

    /// So often may each number fail.
    pub(super) fn limit_per_index(&self) -> Option<i64> {
        self.spec("backoffLimitPerIndex").filter(|_| self.is_indexed())
    }

    /// The numbers that failed for good, with those that are known already.
    pub(super) fn failed_indexes(&self) -> Option<Vec<i64>> {
        let limit = self.limit_per_index()?;
        let rules = self.job.items("/spec/podFailurePolicy/rules");
        let for_good = |pod: &&Seen| match judge(rules, pod) {
            Verdict::FailIndex => true,
            Verdict::Ignore => false,
            Verdict::Count | Verdict::FailJob(_) => failures(pod) >= limit,
        };
        let mut failed = numbers(self.job.text("/status/failedIndexes"));
        failed.extend(self.pods.iter().filter(is_failed).filter(for_good).filter_map(index));
        failed.sort_unstable();
        failed.dedup();
        Some(failed)
    }

    /// The numbers that have no pod, each with how often it failed; those that have to wait are looked at when they may.
    pub(super) fn free_indexes(&mut self, tally: &Tally) -> Vec<(i64, i64)> {
        let taken: Vec<i64> = self
            .pods
            .iter()
            .filter(|(_, pod)| pod.is_active() || pod.status.phase == "Succeeded")
            .filter_map(index)
            .collect();
        let failed = tally.failed_indexes.clone().unwrap_or_default();
        let all = 0..self.spec("completions").unwrap_or_default();
        let mut free = Vec::new();
        for number in all.filter(|at| ![&taken, &tally.completed, &failed].iter().any(|some| some.contains(at))) {
            let (failures, due) = self.history(number);
            match due.filter(|due| tally.failed_indexes.is_some() && *due > self.cx.now()) {
                Some(due) => self.look_at(due),
                None => free.push((number, failures)),
            }
        }
        free
    }

    /// How often a number failed, and from when on it may be tried again.
    fn history(&self, number: i64) -> (i64, Option<Micros>) {
        let rules = self.job.items("/spec/podFailurePolicy/rules");
        let failed = self.pods.iter().filter(is_failed).filter(|pod| index(pod) == Some(number));
        let Some(last) = failed.max_by_key(|pod| failures(pod)) else { return (0, None) };
        let failures = failures(last) + i64::from(judge(rules, last) != Verdict::Ignore);
        (failures, ended_at(last).map(|at| at.plus(delay(failures))))
    }

    /// Which rule of the success policy is met, in words.
    pub(super) fn met(&self, tally: &Tally) -> Option<String> {
        let rules = part(&self.job, "spec")["successPolicy"]["rules"].as_array().filter(|_| self.is_indexed())?;
        let at = rules.iter().position(|rule| is_met(rule, &tally.completed))?;
        Some(format!("Matched rules at index {at}"))
    }
}

fn is_met(rule: &Value, completed: &[i64]) -> bool {
    let count = rule["succeededCount"].as_u64().and_then(|count| usize::try_from(count).ok());
    match (rule["succeededIndexes"].as_str().map(numbers), count) {
        (Some(wanted), count) => {
            let met = wanted.iter().filter(|number| completed.contains(number)).count();
            met >= count.unwrap_or(wanted.len())
        }
        (None, Some(count)) => completed.len() >= count,
        (None, None) => false,
    }
}

fn is_failed(pod: &&Seen) -> bool {
    pod.1.status.phase == "Failed"
}

fn failures((_, pod): &Seen) -> i64 {
    pod.metadata.annotations.get(FAILURES).and_then(|text| text.parse().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_rule_of_the_success_policy_wants_numbers_or_a_count_or_a_count_of_numbers() {
        assert!(is_met(&json!({"succeededIndexes": "0-1"}), &[0, 1, 4]));
        assert!(!is_met(&json!({"succeededIndexes": "0-1"}), &[0, 4]));
        assert!(is_met(&json!({"succeededCount": 2}), &[0, 4]));
        assert!(is_met(&json!({"succeededIndexes": "0-3", "succeededCount": 1}), &[3]));
        assert!(!is_met(&json!({"succeededIndexes": "0-3", "succeededCount": 1}), &[4]));
    }
}
