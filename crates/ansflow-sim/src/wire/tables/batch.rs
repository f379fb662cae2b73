//! Jobs and CronJobs.

use serde_json::Value;

use super::{age, containers, name, selector, text_or};
use crate::object::{Object, ObjectExt};
use crate::time::Micros;

pub(super) fn job(job: &Object, now: Micros) -> Vec<Value> {
    let [names, images] = containers(job, "/spec/template/spec/containers");
    vec![
        name(job),
        status(job).into(),
        completions(job).into(),
        duration(job, now).into(),
        age::age(job, now),
        names,
        images,
        selector(job, "/spec/selector"),
    ]
}

fn status(job: &Object) -> &'static str {
    let is = |ty: &str| {
        job.items("/status/conditions").iter().any(|condition| condition["type"] == ty && condition["status"] == "True")
    };
    match () {
        () if is("Complete") => "Complete",
        () if is("Failed") => "Failed",
        () if job.is_deleting() => "Terminating",
        () if is("Suspended") => "Suspended",
        () if is("FailureTarget") => "FailureTarget",
        () if is("SuccessCriteriaMet") => "SuccessCriteriaMet",
        () => "Running",
    }
}

fn completions(job: &Object) -> String {
    let succeeded = job.int("/status/succeeded").unwrap_or(0);
    match (job.int("/spec/completions"), job.int("/spec/parallelism").unwrap_or(0)) {
        (Some(completions), _) => format!("{succeeded}/{completions}"),
        (None, parallelism @ 2..) => format!("{succeeded}/1 of {parallelism}"),
        (None, _) => format!("{succeeded}/1"),
    }
}

fn duration(job: &Object, now: Micros) -> String {
    match (job.moment("/status/startTime"), job.moment("/status/completionTime")) {
        (None, _) => String::new(),
        (Some(start), end) => age::between(start, end.unwrap_or(now)),
    }
}

pub(super) fn cron_job(object: &Object, now: Micros) -> Vec<Value> {
    let [names, images] = containers(object, "/spec/jobTemplate/spec/template/spec/containers");
    let suspend = match object.at("/spec/suspend").and_then(Value::as_bool) {
        Some(true) => "True",
        Some(false) => "False",
        None => "<unset>",
    };
    let last =
        object.moment("/status/lastScheduleTime").map_or_else(|| "<none>".to_owned(), |last| age::between(last, now));
    vec![
        name(object),
        object.text("/spec/schedule").into(),
        text_or(object, "/spec/timeZone", "<none>"),
        suspend.into(),
        object.items("/status/active").len().into(),
        last.into(),
        age::age(object, now),
        names,
        images,
        selector(object, "/spec/jobTemplate/spec/selector"),
    ]
}
