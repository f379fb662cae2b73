//! The counts of a job: what its pods came to, each counted once.

use serde_json::Value;

use super::policy::{Verdict, judge};
use super::{Look, TRACKING, manage};
use crate::controllers::part;
use crate::controllers::pods::Seen;
use crate::object::ObjectExt;

/// What the pods came to, with those that are not in the job's counts yet.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) succeeded: i64,
    pub(super) failed: i64,
    pub(super) terminating: i64,
    pub(super) new_succeeded: Vec<String>,
    pub(super) new_failed: Vec<String>,
    /// Pods that may go, now that they are counted.
    pub(super) over: Vec<Seen>,
    /// A pod that fails the whole job, and why.
    pub(super) fatal: Option<String>,
    /// Of indexed jobs: the indexes that are done.
    pub(super) completed: Vec<i64>,
    /// And those that failed for good, where each has a limit of its own.
    pub(super) failed_indexes: Option<Vec<i64>>,
}

impl Look<'_, '_> {
    /// Counts. Where the job is failing, a pod that is being deleted has failed already.
    pub(super) fn tally(&self, failing: bool) -> Tally {
        let status = part(&self.job, "status");
        let uncounted = |kind: &str| -> Vec<String> {
            let uids = status["uncountedTerminatedPods"][kind].as_array().map(Vec::as_slice).unwrap_or_default();
            uids.iter().filter_map(Value::as_str).map(str::to_owned).collect()
        };
        let mut tally = Tally {
            new_succeeded: uncounted("succeeded"),
            new_failed: uncounted("failed"),
            completed: numbers(self.job.text("/status/completedIndexes")),
            failed_indexes: self.failed_indexes(),
            ..Tally::default()
        };
        let rules = self.job.items("/spec/podFailurePolicy/rules");
        let deleted_failed = failing || !self.replaces_when_failed_only();
        for seen in &self.pods {
            let (stored, pod) = seen;
            if pod.is_deleting() && !pod.has_ended() {
                tally.terminating += 1;
            }
            let failed = pod.status.phase == "Failed"
                || (pod.is_deleting() && pod.status.phase != "Succeeded" && deleted_failed);
            let succeeded = pod.status.phase == "Succeeded";
            if !pod.metadata.finalizers.iter().any(|held| held == TRACKING) || !(failed || succeeded) {
                continue;
            }
            tally.over.push(seen.clone());
            let uid = stored.uid.to_string();
            if succeeded {
                tally.completed.extend(manage::index(seen));
                note(&mut tally.new_succeeded, uid);
                continue;
            }
            match judge(rules, seen) {
                Verdict::Ignore => {}
                Verdict::Count | Verdict::FailIndex => note(&mut tally.new_failed, uid),
                Verdict::FailJob(why) => {
                    note(&mut tally.new_failed, uid);
                    tally.fatal.get_or_insert(why);
                }
            }
        }
        tally.completed.sort_unstable();
        tally.completed.dedup();
        let length = |uids: &[String]| i64::try_from(uids.len()).unwrap_or(i64::MAX);
        tally.succeeded = status["succeeded"].as_i64().unwrap_or_default() + length(&tally.new_succeeded);
        tally.failed = status["failed"].as_i64().unwrap_or_default() + length(&tally.new_failed);
        tally
    }
}

fn note(uids: &mut Vec<String>, uid: String) {
    if !uids.contains(&uid) {
        uids.push(uid);
    }
}

/// Reads `0-2,5`.
pub(super) fn numbers(text: &str) -> Vec<i64> {
    let range = |part: &str| -> Option<Vec<i64>> {
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        Some((from.parse().ok()?..=to.parse().ok()?).collect())
    };
    text.split(',').filter_map(range).flatten().collect()
}

/// Writes `0-2,5`.
pub(super) fn ranges(numbers: &[i64]) -> String {
    let mut out: Vec<(i64, i64)> = Vec::new();
    for number in numbers {
        match out.last_mut() {
            Some((_, to)) if *to + 1 == *number => *to = *number,
            _ => out.push((*number, *number)),
        }
    }
    let written = out.into_iter().map(|(from, to)| match to - from {
        0 => from.to_string(),
        1 => format!("{from},{to}"),
        _ => format!("{from}-{to}"),
    });
    written.collect::<Vec<String>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn completed_indexes_are_written_as_ranges() {
        assert_eq!(ranges(&[0, 1, 2, 5, 7, 8]), "0-2,5,7,8");
        assert_eq!(numbers("0-2,5"), [0, 1, 2, 5]);
        assert!(numbers("").is_empty());
    }
}
