//! What ends: Jobs, and the CronJobs that make them.

use super::{Readiness, is_true, say};
use crate::facts::Job;
use crate::object::Obj;
use ansflow_core::verdict::Cause;

pub(super) fn job(job: &Job) -> Readiness {
    let (spec, status) = (&job.spec, &job.status);
    if is_true(&status.conditions, "Complete").is_some() {
        return Readiness::ready();
    }
    if let Some(failed) = is_true(&status.conditions, "Failed") {
        let cause = if failed.reason == "DeadlineExceeded" { Cause::JobDeadline } else { Cause::JobFailed };
        return Readiness::failed(cause, say(failed));
    }
    if spec.suspend {
        return Readiness::with("suspended: it runs when somebody resumes it");
    }
    if let Some(target) = is_true(&status.conditions, "FailureTarget") {
        return Readiness::Stuck(say(target));
    }
    Readiness::Progressing(format!(
        "{} running, {} succeeded, {} failed",
        status.active, status.succeeded, status.failed
    ))
}

pub(super) fn cron_job(object: &Obj) -> Readiness {
    match object.at(&["spec", "suspend"]).and_then(serde_json::Value::as_bool) {
        Some(true) => Readiness::with("suspended: it makes no Jobs until somebody resumes it"),
        Some(false) | None => Readiness::ready(),
    }
}
