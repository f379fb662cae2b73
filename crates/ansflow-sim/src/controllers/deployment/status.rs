//! What a deployment says of itself: counts, whether enough is available, whether it gets on.

use std::time::Duration;

use serde_json::{Value, json};

use super::Rollout;
use super::sets::{REVISION, count, sum, wanted};
use crate::controllers::{Step, conditions};
use crate::object::{Object, ObjectExt};
use crate::time::Micros;
use crate::world::controller::Outcome;

/// What stands for "no deadline".
const NEVER: i64 = i32::MAX as i64;

impl Rollout<'_, '_> {
    /// Seconds without progress after which it counts as stuck.
    pub(super) fn deadline(&self) -> Option<i64> {
        self.deployment.int("/spec/progressDeadlineSeconds").filter(|seconds| *seconds != NEVER)
    }

    /// Puts a condition into the copy that this round works on.
    pub(super) fn note(&mut self, condition: Value) {
        let mut all = conditions::of(&self.deployment);
        conditions::set(&mut all, condition);
        self.deployment.put(&["status", "conditions"], all.into());
    }

    /// Writes revision and conditions of that copy, and nothing else: the counts follow in a round of their own.
    pub(super) fn write_noted(&mut self) -> Step<()> {
        let all = conditions::of(&self.deployment);
        let number = self.deployment.annotations().get(REVISION).map(str::to_owned);
        self.cx.change(&self.stored.key, Some("status"), &mut |object| {
            if !all.is_empty() {
                object.put(&["status", "conditions"], all.clone().into());
            }
            if let Some(number) = &number {
                object.put(&["metadata", "annotations", REVISION], number.as_str().into());
            }
        })?;
        self.outdated = true;
        Ok(())
    }

    pub(super) fn pause_or_resume(&mut self) -> Step<()> {
        let all = conditions::of(&self.deployment);
        let reason = conditions::find(&all, "Progressing").map(|condition| condition["reason"].clone());
        if self.deadline().is_none() || reason == Some(json!("ProgressDeadlineExceeded")) {
            return Ok(());
        }
        let was_paused = reason == Some(json!("DeploymentPaused"));
        let (reason, said) = match (self.deployment.flag("/spec/paused"), was_paused) {
            (true, false) => ("DeploymentPaused", "Deployment is paused"),
            (false, true) => ("DeploymentResumed", "Deployment is resumed"),
            (true, true) | (false, false) => return Ok(()),
        };
        self.note(conditions::updated("Progressing", "Unknown", reason, said, self.cx.now()));
        self.write_noted()
    }

    /// Writes the counts, and nothing about progress.
    pub(super) fn status_only(&mut self, new: Option<&Object>, old: &[Object]) -> Step<Outcome> {
        let status = self.counted(new, old);
        self.write_status(&status)?;
        Ok(Outcome::Done)
    }

    /// Writes the counts, and how far the rollout is.
    pub(super) fn rollout_status(&mut self, new: Option<&Object>, old: &[Object]) -> Step<Outcome> {
        let mut status = self.counted(new, old);
        let mut all: Vec<Value> = status["conditions"].as_array().cloned().unwrap_or_default();
        self.tell_progress(&status, &mut all, new);
        match failure(new, old) {
            Some(failed) => conditions::set(&mut all, failed),
            None => conditions::remove(&mut all, "ReplicaFailure"),
        }
        status.insert("conditions".to_owned(), all.into());
        if self.write_status(&status)? {
            return Ok(Outcome::Done);
        }
        Ok(self.next_look(&status))
    }

    fn tell_progress(&self, status: &Object, all: &mut Vec<Value>, new: Option<&Object>) {
        let Some(deadline) = self.deadline() else { return conditions::remove(all, "Progressing") };
        let current = conditions::find(&conditions::of(&self.deployment), "Progressing").cloned();
        let reason = current.as_ref().map(|condition| condition["reason"].clone()).unwrap_or_default();
        let number = |field: &str| status.get(field).and_then(Value::as_i64).unwrap_or_default();
        if number("replicas") == number("updatedReplicas") && reason == "NewReplicaSetAvailable" {
            return;
        }
        let who = match new {
            Some(set) => format!("ReplicaSet \"{}\"", set.name()),
            None => format!("Deployment \"{}\"", self.deployment.name()),
        };
        let now = self.cx.now();
        let condition = |status: &str, reason: &str, said: &str| {
            conditions::updated("Progressing", status, reason, &format!("{who} {said}"), now)
        };
        if self.is_complete(status) {
            conditions::set(all, condition("True", "NewReplicaSetAvailable", "has successfully progressed."));
        } else if self.gets_on(status) {
            let mut progressing = condition("True", "ReplicaSetUpdated", "is progressing.");
            // With the same reason, too, it says when it got on last.
            if let Some(current) = current.filter(|current| current["status"] == "True") {
                progressing["lastTransitionTime"] = current["lastTransitionTime"].clone();
            }
            conditions::remove(all, "Progressing");
            all.push(progressing);
        } else if is_late(current.as_ref(), deadline, now) {
            conditions::set(all, condition("False", "ProgressDeadlineExceeded", "has timed out progressing."));
        }
    }

    /// When to look whether it is stuck.
    fn next_look(&self, status: &Object) -> Outcome {
        let all = conditions::of(&self.deployment);
        let (Some(deadline), Some(current)) = (self.deadline(), conditions::find(&all, "Progressing")) else {
            return Outcome::Done;
        };
        if self.is_complete(status) || current["reason"] == "ProgressDeadlineExceeded" {
            return Outcome::Done;
        }
        let Some(since) = current["lastUpdateTime"].as_str().and_then(Micros::parse) else { return Outcome::Done };
        let due = since.plus(Duration::from_secs(u64::try_from(deadline).unwrap_or_default()));
        Outcome::At(due.max(self.cx.now()).plus(Duration::from_secs(1)))
    }

    fn counted(&self, new: Option<&Object>, old: &[Object]) -> Object {
        let all = || old.iter().chain(new);
        let available = sum(all(), |set| count(set, "availableReplicas"));
        let counts = [
            ("observedGeneration", self.deployment.generation()),
            ("replicas", sum(all(), |set| count(set, "replicas"))),
            ("updatedReplicas", new.map_or(0, |set| count(set, "replicas"))),
            ("readyReplicas", sum(all(), |set| count(set, "readyReplicas"))),
            ("availableReplicas", available),
            ("unavailableReplicas", (sum(all(), wanted) - available).max(0)),
        ];
        let mut status = Object::new();
        for (field, number) in counts.into_iter().filter(|(_, number)| *number != 0) {
            status.insert(field.to_owned(), number.into());
        }
        let mut conditions = conditions::of(&self.deployment);
        let enough = available >= self.replicas() - self.may_miss();
        let (is, reason, said) = match enough {
            true => ("True", "MinimumReplicasAvailable", "Deployment has minimum availability."),
            false => ("False", "MinimumReplicasUnavailable", "Deployment does not have minimum availability."),
        };
        conditions::set(&mut conditions, conditions::updated("Available", is, reason, said, self.cx.now()));
        status.insert("conditions".to_owned(), conditions.into());
        if let Some(collisions) = self.deployment.at("/status/collisionCount") {
            status.insert("collisionCount".to_owned(), collisions.clone());
        }
        status
    }

    /// Whether there was something to write.
    fn write_status(&mut self, status: &Object) -> Step<bool> {
        let mut status = status.clone();
        if status.get("conditions").is_some_and(|all| all.as_array().is_some_and(Vec::is_empty)) {
            status.shift_remove("conditions");
        }
        if self.deployment.get("status").and_then(Value::as_object) == Some(&status) {
            return Ok(false);
        }
        if self.outdated {
            return Err(Outcome::Retry);
        }
        self.cx.change(&self.stored.key, Some("status"), &mut |object| {
            object.insert("status".to_owned(), status.clone().into());
        })?;
        Ok(true)
    }

    pub(super) fn is_complete_now(&self) -> bool {
        self.deployment.get("status").and_then(Value::as_object).is_some_and(|status| self.is_complete(status))
    }

    fn is_complete(&self, status: &Object) -> bool {
        let number = |field: &str| status.get(field).and_then(Value::as_i64).unwrap_or_default();
        let counts = ["updatedReplicas", "replicas", "availableReplicas"];
        counts.iter().all(|field| number(field) == self.replicas())
            && number("observedGeneration") >= self.deployment.generation()
    }

    fn gets_on(&self, status: &Object) -> bool {
        let new = |field: &str| status.get(field).and_then(Value::as_i64).unwrap_or_default();
        let old = |field: &str| count(&self.deployment, field);
        new("updatedReplicas") > old("updatedReplicas")
            || new("replicas") - new("updatedReplicas") < old("replicas") - old("updatedReplicas")
            || new("readyReplicas") > old("readyReplicas")
            || new("availableReplicas") > old("availableReplicas")
    }
}

fn is_late(current: Option<&Value>, deadline: i64, now: Micros) -> bool {
    let Some(current) = current else { return false };
    match current["reason"].as_str() {
        Some("NewReplicaSetAvailable") => false,
        Some("ProgressDeadlineExceeded") => true,
        _ => {
            let since = current["lastUpdateTime"].as_str().and_then(Micros::parse);
            let span = Duration::from_secs(u64::try_from(deadline).unwrap_or_default());
            since.is_some_and(|since| since.plus(span) < now)
        }
    }
}

/// Why a set cannot make its pods; the new set's reason before that of the old.
fn failure(new: Option<&Object>, old: &[Object]) -> Option<Value> {
    let failed = |set: &Object| conditions::find(&conditions::of(set), "ReplicaFailure").cloned();
    let found = new.and_then(failed).or_else(|| old.iter().find_map(failed))?;
    Some(json!({"type": "ReplicaFailure", "status": found["status"], "lastUpdateTime": found["lastTransitionTime"],
        "lastTransitionTime": found["lastTransitionTime"], "reason": found["reason"], "message": found["message"]}))
}
