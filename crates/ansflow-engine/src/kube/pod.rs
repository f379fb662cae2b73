//! What the Job of an attempt is called, and what stands on it, by which it is found again.

use std::collections::BTreeMap;

use ansflow_core::run::{Attempt, Run};
use ansflow_core::spec::PodPlace;

use crate::attempt::order::Pod;

/// Whose it is: of which data directory.
const INSTANCE: &str = "ansflow.io/instance";
pub(super) const RUN: &str = "ansflow.io/run";
pub(super) const STEP: &str = "ansflow.io/step";
pub(super) const ATTEMPT: &str = "ansflow.io/attempt";

pub(super) fn pod(instance: &str, run: &Run, attempt: Attempt, place: &PodPlace) -> Pod {
    let siblings = format!("{},{STEP}={}", of_run(instance, &run.created().run), attempt.step);
    let (run, instance) = (label(&run.created().run), label(instance));
    let (step, number) = (attempt.step.to_string(), attempt.number.to_string());
    let labels: BTreeMap<String, String> = [
        ("app.kubernetes.io/managed-by", "ansflow".to_owned()),
        (INSTANCE, instance.clone()),
        (RUN, run.clone()),
        (STEP, step.clone()),
        (ATTEMPT, number.clone()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    // The beginning of a run's id is its time: its end is what tells runs apart.
    let of_run: String = run.chars().rev().take(12).collect::<Vec<_>>().into_iter().rev().collect();
    let of_run = of_run.to_lowercase();
    let name = format!("af-{}-{}-{step}-{number}", instance.get(..6).unwrap_or(&instance).to_lowercase(), of_run);
    Pod { place: place.clone(), name: name.replace(['_', '.'], "-"), labels, siblings }
}

/// By which everything of one instance is found.
pub(super) fn of_instance(instance: &str) -> String {
    format!("{INSTANCE}={}", label(instance))
}

/// By which everything of a run is found.
pub(super) fn of_run(instance: &str, run: &str) -> String {
    format!("{},{RUN}={}", of_instance(instance), label(run))
}

/// By which everything of an attempt is found.
pub(super) fn of_attempt(instance: &str, run: &str, attempt: Attempt) -> String {
    format!("{},{STEP}={},{ATTEMPT}={}", of_run(instance, run), attempt.step, attempt.number)
}

/// As the value of a label: letters, digits, `-`, `_` and `.` in between, no more than 63.
fn label(text: &str) -> String {
    let kept = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '-' };
    let text: String = text.chars().map(kept).take(63).collect();
    text.trim_matches(['-', '_', '.']).to_owned()
}

#[cfg(test)]
mod tests {
    //! Values of labels.

    use super::label;

    #[test]
    fn a_label_has_no_sign_that_a_cluster_refuses() {
        assert_eq!(label("run_0198/c1 x-"), "run_0198-c1-x");
        assert_eq!(label(&"a".repeat(80)).len(), 63);
    }
}
