//! How a job goes on and ends: with a condition that says what it comes to, and, when its last pod is over, with one that it did.

use std::time::Duration;

use serde_json::{Value, json};

use super::tally::{Tally, ranges};
use super::{COMPONENT, Look, release};
use crate::controllers::pods::Seen;
use crate::controllers::{Step, conditions, tell};
use crate::object::{Object, ObjectExt};
use crate::time::Micros;
use crate::world::controller::Outcome;

/// What a job comes to.
#[derive(Debug, Clone)]
struct End {
    failed: bool,
    reason: String,
    message: String,
}

impl End {
    fn failed(reason: &str, message: impl Into<String>) -> End {
        End { failed: true, reason: reason.to_owned(), message: message.into() }
    }
}

impl Look<'_, '_> {
    pub(super) fn sync(&mut self) -> Step<Outcome> {
        let now = self.cx.now();
        let suspended = self.job.flag("/spec/suspend");
        let mut status = self.job.get("status").and_then(Value::as_object).cloned().unwrap_or_default();
        self.suspend_or_resume(&mut status, suspended, now)?;
        if !suspended && !status.contains_key("startTime") {
            status.insert("startTime".to_owned(), now.rfc3339().into());
        }
        let mut tally = self.tally(false);
        let mut end = self.end(&status, &tally);
        let active: Vec<Seen> = self.pods.iter().filter(|(_, pod)| pod.is_active()).cloned().collect();
        let running;
        if end.is_some() || suspended {
            self.delete(&active)?;
            self.read()?;
            tally = self.tally(end.as_ref().is_some_and(|end| end.failed));
            running = 0;
        } else {
            running = self.manage(&tally)?;
            end = self.completed(&tally, running);
        }
        self.write(status, &tally, end, running)?;
        Ok(self.next.map_or(Outcome::Done, Outcome::At))
    }

    /// Why it does not go on: what was decided before, a fatal pod, too many failures, too long a time.
    fn end(&mut self, status: &Object, tally: &Tally) -> Option<End> {
        let all = conditions::of(&self.job);
        for (kind, failed) in [("FailureTarget", true), ("SuccessCriteriaMet", false)] {
            if let Some(decided) = conditions::find(&all, kind) {
                let text = |field: &str| decided[field].as_str().unwrap_or_default().to_owned();
                return Some(End { failed, reason: text("reason"), message: text("message") });
            }
        }
        if let Some(why) = &tally.fatal {
            return Some(End::failed("PodFailurePolicy", why));
        }
        let limit = self.spec("backoffLimit").unwrap_or(6);
        if tally.failed > limit || self.restarted_too_often(limit) {
            return Some(End::failed("BackoffLimitExceeded", "Job has reached the specified backoff limit"));
        }
        if let Some(end) = self.indexes_end(tally) {
            return Some(end);
        }
        let started = status.get("startTime").and_then(Value::as_str).and_then(Micros::parse)?;
        let deadline = u64::try_from(self.spec("activeDeadlineSeconds")?).unwrap_or_default();
        let due = started.plus(Duration::from_secs(deadline));
        if due <= self.cx.now() {
            return Some(End::failed("DeadlineExceeded", "Job was active longer than specified deadline"));
        }
        self.look_at(due);
        None
    }

    /// Numbers of which too many failed, or which are all over; and success as the policy has it.
    fn indexes_end(&self, tally: &Tally) -> Option<End> {
        let count = |numbers: &[i64]| i64::try_from(numbers.len()).unwrap_or(i64::MAX);
        if let Some(failed) = tally.failed_indexes.as_deref().filter(|failed| !failed.is_empty()) {
            if self.spec("maxFailedIndexes").is_some_and(|most| count(failed) > most) {
                let why = "Job has exceeded the specified maximal number of failed indexes";
                return Some(End::failed("MaxFailedIndexesExceeded", why));
            }
            if self.spec("completions").is_some_and(|all| count(failed) + count(&tally.completed) >= all) {
                return Some(End::failed("FailedIndexes", "Job has failed indexes"));
            }
        }
        let message = self.met(tally)?;
        Some(End { failed: false, reason: "SuccessPolicy".to_owned(), message })
    }

    /// Containers that are started again in their pod count too, where the pod is kept.
    fn restarted_too_often(&self, limit: i64) -> bool {
        if self.job.text("/spec/template/spec/restartPolicy") != "OnFailure" {
            return false;
        }
        let pods = self.pods.iter().filter(|(_, pod)| matches!(&*pod.status.phase, "Running" | "Pending"));
        let restarts: u64 = pods
            .flat_map(|(_, pod)| pod.status.container_statuses.iter().chain(&pod.status.init_container_statuses))
            .map(|status| status.restart_count)
            .sum();
        let restarts = i64::try_from(restarts).unwrap_or(i64::MAX);
        if limit == 0 { restarts > 0 } else { restarts >= limit }
    }

    fn completed(&self, tally: &Tally, running: i64) -> Option<End> {
        let done = match self.spec("completions") {
            None => tally.succeeded > 0,
            Some(completions) => tally.succeeded >= completions,
        };
        (done && running == 0).then(|| End {
            failed: false,
            reason: "CompletionsReached".to_owned(),
            message: "Reached expected number of succeeded pods".to_owned(),
        })
    }

    /// First what is not counted yet, then the pods go, then the counts; the end with them, when no pod is left that ends.
    fn write(&mut self, mut status: Object, tally: &Tally, end: Option<End>, running: i64) -> Step<()> {
        let now = self.cx.now();
        let mut all: Vec<Value> = status.get("conditions").and_then(Value::as_array).cloned().unwrap_or_default();
        if let Some(end) = &end {
            let target = if end.failed { "FailureTarget" } else { "SuccessCriteriaMet" };
            if conditions::find(&all, target).is_none() {
                all.push(condition(target, end, now));
            }
        }
        counted(&mut status, "active", running);
        status.insert("terminating".to_owned(), tally.terminating.into());
        status.insert("ready".to_owned(), self.ready(running).into());
        let mut uncounted = Object::new();
        for (kind, uids) in [("succeeded", &tally.new_succeeded), ("failed", &tally.new_failed)] {
            if !uids.is_empty() {
                uncounted.insert(kind.to_owned(), json!(uids));
            }
        }
        status.insert("uncountedTerminatedPods".to_owned(), uncounted.into());
        if !all.is_empty() {
            status.insert("conditions".to_owned(), json!(all));
        }
        self.write_status(&status)?;

        for (pod, _) in &tally.over {
            release(self.cx, pod)?;
        }
        counted(&mut status, "succeeded", tally.succeeded);
        counted(&mut status, "failed", tally.failed);
        status.insert("uncountedTerminatedPods".to_owned(), json!({}));
        if self.is_indexed() && !tally.completed.is_empty() {
            status.insert("completedIndexes".to_owned(), ranges(&tally.completed).into());
        }
        if let Some(failed) = &tally.failed_indexes {
            status.insert("failedIndexes".to_owned(), ranges(failed).into());
        }
        let end = end.filter(|_| tally.terminating == 0);
        if let Some(end) = &end {
            all.push(condition(if end.failed { "Failed" } else { "Complete" }, end, now));
            status.insert("conditions".to_owned(), json!(all));
            if !end.failed {
                status.insert("completionTime".to_owned(), now.rfc3339().into());
            }
        }
        self.write_status(&status)?;
        match end {
            Some(end) if end.failed => tell::warning(self.cx, &self.stored, COMPONENT, &end.reason, &end.message),
            Some(_) => tell::normal(self.cx, &self.stored, COMPONENT, "Completed", "Job completed"),
            None => {}
        }
        Ok(())
    }

    fn ready(&self, running: i64) -> usize {
        if running == 0 { 0 } else { self.pods.iter().filter(|(_, pod)| pod.is_active() && pod.is_ready()).count() }
    }

    fn write_status(&mut self, status: &Object) -> Step<()> {
        if self.job.get("status").and_then(Value::as_object) == Some(status) {
            return Ok(());
        }
        self.cx.change(&self.stored.key, Some("status"), &mut |object| {
            object.insert("status".to_owned(), status.clone().into());
        })?;
        self.job.insert("status".to_owned(), status.clone().into());
        Ok(())
    }

    fn suspend_or_resume(&mut self, status: &mut Object, suspended: bool, now: Micros) -> Step<()> {
        let mut all: Vec<Value> = status.get("conditions").and_then(Value::as_array).cloned().unwrap_or_default();
        let was = conditions::is_true(&all, "Suspended");
        if was == suspended {
            return Ok(());
        }
        let (is, reason, event, said) = match suspended {
            true => ("True", "JobSuspended", "Suspended", "Job suspended"),
            false => ("False", "JobResumed", "Resumed", "Job resumed"),
        };
        let end = End::failed(reason, said);
        let mut new = condition("Suspended", &end, now);
        new["status"] = is.into();
        conditions::replace(&mut all, new);
        status.insert("conditions".to_owned(), all.into());
        match suspended {
            true => drop(status.shift_remove("startTime")),
            false => drop(status.insert("startTime".to_owned(), now.rfc3339().into())),
        }
        tell::normal(self.cx, &self.stored, COMPONENT, event, said);
        Ok(())
    }
}

fn condition(kind: &str, end: &End, now: Micros) -> Value {
    let now = now.rfc3339();
    json!({"type": kind, "status": "True", "lastProbeTime": now, "lastTransitionTime": now,
        "reason": end.reason, "message": end.message})
}

/// A count that is left out when it is nothing.
fn counted(status: &mut Object, field: &str, number: i64) {
    match number {
        0 => drop(status.shift_remove(field)),
        _ => drop(status.insert(field.to_owned(), number.into())),
    }
}
