//! How many pods of a job run, and when the next one may.

use std::time::Duration;

use serde_json::{Value, json};

use super::indexed::FAILURES;
use super::tally::Tally;
use super::{COMPONENT, Look, TRACKING};
use crate::api::delete::DeleteOptions;
use crate::controllers::pods::{Seen, from_template};
use crate::controllers::replica_set::is_ending;
use crate::controllers::{Step, part, tell};
use crate::object::{Object, ObjectExt};
use crate::time::Micros;
use crate::world::controller::Outcome;

const FIRST_DELAY: u64 = 10;
const LONGEST_DELAY: u64 = 600;
const INDEX: &str = "batch.kubernetes.io/job-completion-index";

impl Look<'_, '_> {
    /// Makes pods that are missing and deletes those that are too many; says how many are active then.
    pub(super) fn manage(&mut self, tally: &Tally) -> Step<i64> {
        let active: Vec<Seen> = self.pods.iter().filter(|(_, pod)| pod.is_active()).cloned().collect();
        let running = i64::try_from(active.len()).unwrap_or(i64::MAX);
        let parallel = self.spec("parallelism").unwrap_or(1);
        let wanted = match self.spec("completions") {
            None if tally.succeeded > 0 => running,
            None => parallel,
            Some(completions) => {
                let failed = tally.failed_indexes.as_ref().map_or(0, Vec::len);
                let failed = i64::try_from(failed).unwrap_or(i64::MAX);
                parallel.min(completions - tally.succeeded - failed).max(0)
            }
        };
        if running > wanted {
            let surplus = usize::try_from(running - wanted).unwrap_or_default();
            let mut doomed = active;
            doomed.sort_by(|a, b| crate::controllers::pods::first_to_go(a, b, &std::collections::HashMap::new()));
            doomed.truncate(surplus);
            self.delete(&doomed)?;
            return Ok(wanted);
        }
        let ending = if self.replaces_when_failed_only() { tally.terminating } else { 0 };
        let missing = wanted - running - ending;
        if missing <= 0 {
            return Ok(running);
        }
        // Numbers that have a limit of their own wait each for itself.
        let waits = self.may_start_at(tally).filter(|at| tally.failed_indexes.is_none() && *at > self.cx.now());
        if let Some(at) = waits {
            self.look_at(at);
            return Ok(running);
        }
        let mut made = 0;
        let mut free = if self.is_indexed() { self.free_indexes(tally) } else { Vec::new() }.into_iter();
        while made < missing {
            let index = if self.is_indexed() { free.next() } else { None };
            if self.is_indexed() && index.is_none() {
                break;
            }
            let pod = self.pod(index);
            match self.cx.create(pod) {
                Ok(pod) => {
                    let said = format!("Created pod: {}", pod.name());
                    tell::normal(self.cx, &self.stored, COMPONENT, "SuccessfulCreate", &said);
                    made += 1;
                }
                Err(status) if is_ending(&status) => break,
                Err(status) => {
                    let said = format!("Error creating: {}", status.message);
                    tell::warning(self.cx, &self.stored, COMPONENT, "FailedCreate", &said);
                    return Err(Outcome::Retry);
                }
            }
        }
        Ok(running + made)
    }

    pub(super) fn delete(&mut self, pods: &[Seen]) -> Step<()> {
        for (pod, _) in pods {
            match self.cx.delete(&pod.key, &DeleteOptions::default()) {
                Ok(_) => {
                    let said = format!("Deleted pod: {}", pod.name());
                    tell::normal(self.cx, &self.stored, COMPONENT, "SuccessfulDelete", &said);
                }
                Err(status) if status.code == 404 => {}
                Err(status) => return Err(status.into()),
            }
        }
        Ok(())
    }

    /// After a failure the next pod waits: 10 s, and twice as long each time, counted from the end of the last.
    fn may_start_at(&self, tally: &Tally) -> Option<Micros> {
        let last = self.pods.iter().filter(|(_, pod)| pod.status.phase == "Failed").filter_map(ended_at).max()?;
        let succeeded = self.pods.iter().filter(|(_, pod)| pod.status.phase == "Succeeded").filter_map(ended_at).max();
        if tally.failed == 0 || succeeded.is_some_and(|at| at > last) {
            return None;
        }
        Some(last.plus(delay(tally.failed)))
    }

    /// A pod; of a number that failed so often before.
    fn pod(&self, index: Option<(i64, i64)>) -> Object {
        let mut pod = from_template(&self.job, &part(&self.job, "spec")["template"]);
        let mut held = pod.finalizers().to_vec();
        held.push(TRACKING.into());
        pod.set_meta("finalizers", held.into());
        let Some((index, failures)) = index else { return pod };
        let number = index.to_string();
        pod.set_meta("generateName", format!("{}-{number}-", self.job.name()).into());
        pod.put(&["metadata", "annotations", INDEX], number.as_str().into());
        pod.put(&["metadata", "labels", INDEX], number.as_str().into());
        if self.limit_per_index().is_some() {
            pod.put(&["metadata", "annotations", FAILURES], failures.to_string().into());
        }
        pod.put(&["spec", "hostname"], format!("{}-{number}", self.job.name()).into());
        let variable = json!({"name": "JOB_COMPLETION_INDEX", "valueFrom": {"fieldRef": {"apiVersion": "v1",
            "fieldPath": format!("metadata.labels['{INDEX}']")}}});
        for list in ["containers", "initContainers"] {
            let containers = pod.get_mut("spec").and_then(|spec| spec.get_mut(list)).and_then(Value::as_array_mut);
            for container in containers.into_iter().flatten() {
                match container["env"].as_array_mut() {
                    Some(env) => env.push(variable.clone()),
                    None => container["env"] = json!([variable]),
                }
            }
        }
        pod
    }
}

pub(super) fn index((_, pod): &Seen) -> Option<i64> {
    pod.metadata.annotations.get(INDEX).and_then(|text| text.parse().ok())
}

/// How long the next waits after so many failures.
pub(super) fn delay(failures: i64) -> Duration {
    let doublings = u32::try_from(failures - 1).unwrap_or_default().min(10);
    Duration::from_secs((FIRST_DELAY << doublings).min(LONGEST_DELAY))
}

/// When its last container ended; when it was deleted, where none tells.
pub(super) fn ended_at((_, pod): &Seen) -> Option<Micros> {
    let told = pod
        .status
        .container_statuses
        .iter()
        .filter_map(|status| status.state.terminated.as_ref()?.finished_at.as_deref().and_then(Micros::parse));
    told.max().or_else(|| pod.metadata.deletion_timestamp.as_deref().and_then(Micros::parse))
}
