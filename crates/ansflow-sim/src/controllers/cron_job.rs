//! CronJobs: a Job at every time of the schedule, and an eye on how it ends.

use std::sync::Arc;
use std::time::Duration;

use croner::parser::{CronParser, Seconds, Year};
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::known::known;
use super::pods::controlled_by;
use super::replica_set::is_ending;
use super::{Step, job, part, settled, tell};
use crate::api::delete::{DeleteOptions, Propagation};
use crate::object::{Object, ObjectExt};
use crate::store::{Entry, Key, Stored};
use crate::time::Micros;
use crate::world::controller::{Controller, Keys, Outcome};
use crate::world::cx::Cx;

const COMPONENT: &str = "cronjob-controller";
const SCHEDULED: &str = "batch.kubernetes.io/cronjob-scheduled-timestamp";
/// More missed times than this are not looked through.
const MOST_MISSED: usize = 100;

pub(super) struct CronJobs;

impl Controller for CronJobs {
    fn name(&self) -> &'static str {
        COMPONENT
    }

    fn interested(&self, change: &Entry, _cx: &Cx<'_>, queue: &mut Keys) {
        let key = change.key();
        if key.kind == known().cron_job {
            queue.add(key.clone());
        } else if key.kind == known().job
            && let Some(owner) = change.object.controller().filter(|owner| &*owner.kind == "CronJob")
        {
            queue.add(Key::new(known().cron_job, key.namespace.clone(), owner.name.clone()));
        }
    }

    fn reconcile(&mut self, cx: &mut Cx<'_>, key: &Key) -> Outcome {
        let Some(stored) = cx.stored(key) else { return Outcome::Done };
        let Some(cron) = cx.thaw(&stored).filter(|cron| !cron.is_deleting()) else { return Outcome::Done };
        settled(sync(cx, &stored, &cron))
    }
}

fn sync(cx: &mut Cx<'_>, stored: &Arc<Stored>, cron: &Object) -> Step<Outcome> {
    let mut status = part(cron, "status").as_object().cloned().unwrap_or_default();
    let mut jobs: Vec<Object> = cx
        .sim
        .store()
        .owned(cron.uid())
        .iter()
        .filter(|stored| stored.key.kind == known().job)
        .filter_map(|stored| cx.thaw(stored))
        .collect();
    jobs.sort_by_key(|job| job.text("/metadata/creationTimestamp").to_owned());
    settle(cx, stored, &mut status, &jobs);
    forget(cx, stored, cron, &jobs)?;
    let next = start(cx, stored, cron, &mut status, &jobs);
    if *part(cron, "status") != Value::Object(status.clone()) {
        cx.change(&stored.key, Some("status"), &mut |object| {
            object.insert("status".to_owned(), status.clone().into());
        })?;
    }
    next
}

/// Strikes from the list of active jobs what has ended.
fn settle(cx: &mut Cx<'_>, stored: &Stored, status: &mut Object, jobs: &[Object]) {
    let active: Vec<Value> = status.get("active").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut still = Vec::new();
    for reference in active {
        let Some(job) = jobs.iter().find(|job| reference["uid"] == job.uid()) else {
            let name = reference["name"].as_str().unwrap_or_default();
            let said = format!("Active job went missing: {name}");
            tell::normal(cx, stored, COMPONENT, "MissingJob", &said);
            continue;
        };
        let Some(kind) = job::ended(job) else {
            still.push(reference);
            continue;
        };
        let said = format!("Saw completed job: {}, condition: {kind}", job.name());
        tell::normal(cx, stored, COMPONENT, "SawCompletedJob", &said);
        if let Some(at) = job.at("/status/completionTime").filter(|_| kind == "Complete") {
            status.insert("lastSuccessfulTime".to_owned(), at.clone());
        }
    }
    put_active(status, still);
}

fn put_active(status: &mut Object, active: Vec<Value>) {
    match active.is_empty() {
        true => drop(status.shift_remove("active")),
        false => drop(status.insert("active".to_owned(), active.into())),
    }
}

/// Deletes what is older than the history is long.
fn forget(cx: &mut Cx<'_>, stored: &Stored, cron: &Object, jobs: &[Object]) -> Step<()> {
    for (kind, field, usual) in [("Complete", "successfulJobsHistoryLimit", 3), ("Failed", "failedJobsHistoryLimit", 1)]
    {
        let limit = part(cron, "spec")[field].as_u64().unwrap_or(usual);
        let ended: Vec<&Object> = jobs.iter().filter(|job| job::ended(job) == Some(kind)).collect();
        let surplus = ended.len().saturating_sub(usize::try_from(limit).unwrap_or(usize::MAX));
        for job in ended.into_iter().take(surplus).filter(|job| !job.is_deleting()) {
            remove(cx, stored, job)?;
        }
    }
    Ok(())
}

fn remove(cx: &mut Cx<'_>, stored: &Stored, job: &Object) -> Step<()> {
    let options = DeleteOptions { propagation: Some(Propagation::Background), ..DeleteOptions::default() };
    cx.delete(&Key::new(known().job, job.namespace(), job.name()), &options)?;
    tell::normal(cx, stored, COMPONENT, "SuccessfulDelete", &format!("Deleted job {}", job.name()));
    Ok(())
}

/// Starts what is due, and says when the next is.
fn start(cx: &mut Cx<'_>, stored: &Arc<Stored>, cron: &Object, status: &mut Object, jobs: &[Object]) -> Step<Outcome> {
    if cron.flag("/spec/suspend") {
        return Ok(Outcome::Done);
    }
    let now = cx.now();
    let schedule = match Schedule::read(cron.text("/spec/schedule"), cron.text("/spec/timeZone")) {
        Ok(schedule) => schedule,
        Err(why) => {
            let said = format!("Unparseable schedule: {} : {why}", cron.text("/spec/schedule"));
            tell::warning(cx, stored, COMPONENT, "UnparseableSchedule", &said);
            return Ok(Outcome::Done);
        }
    };
    let since = cron.moment("/status/lastScheduleTime").or_else(|| cron.moment("/metadata/creationTimestamp"));
    let next = schedule.next(now).map_or(Outcome::Done, Outcome::At);
    let Some(due) = schedule.last(since.unwrap_or(now), now) else { return Ok(next) };
    let window = cron.int("/spec/startingDeadlineSeconds").and_then(|seconds| u64::try_from(seconds).ok());
    if window.is_some_and(|seconds| due.plus(Duration::from_secs(seconds)) < now) {
        let said = format!("Missed scheduled time to start a job: {}", due.rfc3339());
        tell::warning(cx, stored, COMPONENT, "MissSchedule", &said);
        return Ok(next);
    }
    let running: Vec<&Object> = jobs.iter().filter(|job| job::ended(job).is_none()).collect();
    match cron.text("/spec/concurrencyPolicy") {
        "Forbid" if !running.is_empty() => {
            let said = "Not starting job because prior execution is running and concurrency policy is Forbid";
            tell::normal(cx, stored, COMPONENT, "JobAlreadyActive", said);
            return Ok(next);
        }
        "Replace" => {
            for job in running.into_iter().filter(|job| !job.is_deleting()) {
                remove(cx, stored, job)?;
            }
            put_active(status, Vec::new());
        }
        _ => {}
    }
    let created = match cx.create(next_job(cron, due)) {
        Ok(created) => created,
        Err(refused) if refused.reason == "AlreadyExists" || is_ending(&refused) => return Ok(next),
        Err(refused) => {
            let said = format!("Error creating job: {}", refused.message);
            tell::warning(cx, stored, COMPONENT, "FailedCreate", &said);
            return Err(Outcome::Retry);
        }
    };
    tell::normal(cx, stored, COMPONENT, "SuccessfulCreate", &format!("Created job {}", created.name()));
    let mut active: Vec<Value> = status.get("active").and_then(Value::as_array).cloned().unwrap_or_default();
    active.push(json!({"kind": "Job", "namespace": created.namespace(), "name": created.name(), "uid": &*created.uid,
        "apiVersion": "batch/v1", "resourceVersion": created.revision.to_string()}));
    put_active(status, active);
    status.insert("lastScheduleTime".to_owned(), due.rfc3339().into());
    Ok(next)
}

fn next_job(cron: &Object, due: Micros) -> Object {
    let template = &part(cron, "spec")["jobTemplate"];
    let minutes = due.0.div_euclid(60 * Micros::SECOND);
    let mut annotations = template["metadata"]["annotations"].as_object().cloned().unwrap_or_default();
    annotations.insert(SCHEDULED.to_owned(), due.rfc3339().into());
    let owner = controlled_by("batch/v1", "CronJob", cron.name(), cron.uid());
    let mut job = Object::new();
    job.insert("apiVersion".to_owned(), "batch/v1".into());
    job.insert("kind".to_owned(), "Job".into());
    let mut metadata = json!({"name": format!("{}-{minutes}", cron.name()), "namespace": cron.namespace(),
        "annotations": annotations, "ownerReferences": [owner]});
    if let Some(labels) = template["metadata"].get("labels") {
        metadata["labels"] = labels.clone();
    }
    job.insert("metadata".to_owned(), metadata);
    job.insert("spec".to_owned(), template["spec"].clone());
    job
}

/// Five fields and a time zone.
struct Schedule {
    cron: croner::Cron,
    zone: TimeZone,
}

impl Schedule {
    fn read(text: &str, zone: &str) -> Result<Schedule, String> {
        let zone = match zone {
            "" | "UTC" | "Etc/UTC" => TimeZone::UTC,
            zone => TimeZone::get(zone).map_err(|_| format!("unknown time zone {zone}"))?,
        };
        let parser =
            CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed).sloppy_ranges(true).build();
        let cron = parser.parse(text).map_err(|why| why.to_string())?;
        Ok(Schedule { cron, zone })
    }

    fn next(&self, after: Micros) -> Option<Micros> {
        let after = after.timestamp().to_zoned(self.zone.clone());
        self.cron.find_next_occurrence(&after, false).ok().map(|next| Micros::from(next.timestamp()))
    }

    /// The last time that has come since.
    fn last(&self, since: Micros, now: Micros) -> Option<Micros> {
        let mut last = None;
        let mut at = since;
        for _ in 0..MOST_MISSED {
            match self.next(at).filter(|next| *next <= now) {
                Some(next) => (last, at) = (Some(next), next),
                None => break,
            }
        }
        last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_time_that_has_come_is_the_one_that_is_started() {
        let schedule = Schedule::read("* * * * *", "").unwrap();
        let at = |text: &str| Micros::parse(text).unwrap();
        let last = schedule.last(at("2026-11-21T04:00:30Z"), at("2026-11-21T04:03:10Z"));
        assert_eq!(last, Some(at("2026-11-21T04:03:00Z")));
        assert_eq!(schedule.last(at("2026-11-21T04:00:30Z"), at("2026-11-21T04:00:50Z")), None);
    }
}
