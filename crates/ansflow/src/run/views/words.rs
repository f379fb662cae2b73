//! Marks of statuses, and times as people read them.

use ansflow_core::run::event::StepStatus;

use crate::terminal::paint::Paint;

/// A mark for a step's status, readable without colour.
pub(crate) fn mark(status: StepStatus, paint: Paint) -> String {
    match status {
        StepStatus::Pending => paint.dim("·"),
        StepStatus::Waiting => paint.yellow("?"),
        StepStatus::Running => paint.cyan("▶"),
        StepStatus::Retrying => paint.yellow("↻"),
        StepStatus::Success => paint.green("✓"),
        StepStatus::Failed => paint.red("✗"),
        StepStatus::Skipped => paint.dim("↷"),
        StepStatus::Cancelled => paint.yellow("■"),
        StepStatus::TimedOut => paint.red("⏱"),
    }
}

/// The same, by the word of the API, for steps and runs.
pub(crate) fn mark_of(word: &str, paint: Paint) -> String {
    use StepStatus::{Cancelled, Failed, Pending, Retrying, Running, Skipped, Success, TimedOut, Waiting};
    let all = [Pending, Waiting, Running, Retrying, Success, Failed, Skipped, Cancelled, TimedOut];
    all.into_iter().find(|status| status.as_str() == word).map_or_else(String::new, |status| mark(status, paint))
}

/// A time span as people read it: `38ms`, `1.2s`, `2m05s`, `1h02m`.
pub(crate) fn span(ms: u64) -> String {
    match ms {
        0..1_000 => format!("{ms}ms"),
        1_000..60_000 => format!("{}.{}s", ms / 1_000, ms % 1_000 / 100),
        60_000..3_600_000 => format!("{}m{:02}s", ms / 60_000, ms % 60_000 / 1_000),
        _ => format!("{}h{:02}m", ms / 3_600_000, ms % 3_600_000 / 60_000),
    }
}

#[cfg(test)]
mod tests {
    use super::span;

    #[test]
    fn time_spans_have_two_figures_that_matter() {
        let said = [0, 999, 1_000, 59_999, 60_000, 3_599_999, 3_600_000, 90_000_000].map(span);
        assert_eq!(said, ["0ms", "999ms", "1.0s", "59.9s", "1m00s", "59m59s", "1h00m", "25h00m"]);
    }
}
