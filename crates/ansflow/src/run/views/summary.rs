//! The summary at the end of a run: every step with its status and time, and why, where it did not just succeed.

use ansflow_core::run::Run;
use ansflow_core::run::event::{RunStatus, StepStatus};

use super::words::{mark, span};
use crate::terminal::paint::Paint;
use crate::terminal::table::pad;

/// Steps beyond this number are counted, not listed, where nothing is wrong with them.
const LISTED: usize = 50;

/// The summary of a run that has ended.
pub(crate) fn summary(run: &Run, duration_ms: u64, paint: Paint) -> String {
    let plan = run.plan();
    let width =
        plan.steps.iter().map(|step| unicode_width::UnicodeWidthStr::width(step.name.as_str())).max().unwrap_or(0);
    let mut text = String::from("\n");
    let mut unlisted = 0;
    for (index, planned) in plan.steps.iter().enumerate() {
        let step = run.step(index);
        let status = step.status();
        if index >= LISTED && matches!(status, StepStatus::Success | StepStatus::Skipped) {
            unlisted += 1;
            continue;
        }
        let finished = step.finished();
        let took = finished.map(|last| last.duration_ms).filter(|ms| *ms > 0).map(span).unwrap_or_default();
        let why = finished.and_then(|last| last.why.as_deref()).unwrap_or_default();
        let line = format!(
            "{} {}  {}  {}  {}",
            mark(status, paint),
            pad(&planned.name, width.min(40)),
            pad(&status.as_str().replace('_', " "), 9),
            pad(&took, 6),
            paint.dim(why),
        );
        text += line.trim_end();
        text.push('\n');
    }
    if unlisted > 0 {
        text += &format!("… and {unlisted} more that succeeded or were skipped\n");
    }
    let status = run.status().as_str().replace('_', " ");
    let status = match run.status() {
        RunStatus::Success => paint.green(&status),
        RunStatus::Failed | RunStatus::TimedOut => paint.red(&status),
        RunStatus::Cancelled | RunStatus::Queued | RunStatus::Running | RunStatus::Waiting => paint.yellow(&status),
    };
    let number = run.created().facts.build_number;
    text + &format!("{} #{number} {status} in {}\n", paint.bold(&plan.pipeline), span(duration_ms))
}
