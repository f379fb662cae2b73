//! What the Job of an attempt is called, and what stands on it, by which it is found again.

use std::collections::BTreeMap;

use ansflow_core::run::{Attempt, Run};
use ansflow_core::spec::PodPlace;

use crate::attempt::order::Pod;

pub(super) fn pod(instance: &str, run: &Run, attempt: Attempt, place: &PodPlace) -> Pod {
    let run = label(&run.created().run);
    let instance = label(instance);
    let (step, number) = (attempt.step.to_string(), attempt.number.to_string());
    let labels: BTreeMap<String, String> = [
        ("app.kubernetes.io/managed-by", "ansflow".to_owned()),
        ("ansflow.io/instance", instance.clone()),
        ("ansflow.io/run", run.clone()),
        ("ansflow.io/step", step.clone()),
        ("ansflow.io/attempt", number.clone()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    let siblings = format!("ansflow.io/instance={instance},ansflow.io/run={run},ansflow.io/step={step}");
    // The beginning of a run's id is its time: its end is what tells runs apart.
    let of_run: String = run.chars().rev().take(12).collect::<Vec<_>>().into_iter().rev().collect();
    let of_run = of_run.to_lowercase();
    let name = format!("af-{}-{}-{step}-{number}", instance.get(..6).unwrap_or(&instance).to_lowercase(), of_run);
    Pod { place: place.clone(), name: name.replace(['_', '.'], "-"), labels, siblings }
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
