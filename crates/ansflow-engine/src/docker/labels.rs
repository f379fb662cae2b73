//! What stands on a container, by which it is found again and its end is known.

use std::collections::BTreeMap;

use ansflow_core::run::{Attempt, Run};
use ansflow_docker::labels::{ATTEMPT, INSTANCE, RUN, STEP};

/// Until when a container is wanted, where that is not the end of its attempt.
pub(crate) const UNTIL: &str = "io.ansflow.until";
/// Until its run ends.
pub(crate) const UNTIL_RUN: &str = "run";

pub(super) fn of(instance: &str, run: &Run, attempt: Attempt) -> BTreeMap<String, String> {
    let step = &run.plan().steps[attempt.step];
    [
        (INSTANCE, instance.to_owned()),
        (RUN, run.created().run.clone()),
        (STEP, step.name.clone()),
        // As its folder is called.
        (ATTEMPT, format!("{}-{}", attempt.step, attempt.number)),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

/// A name that the daemon takes and that is given once.
pub(super) fn name(instance: &str, run: &str, attempt: Attempt) -> String {
    let run: String = run.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let instance = instance.get(..8).unwrap_or(instance);
    format!("ansflow-{instance}-{run}-{}-{}", attempt.step, attempt.number)
}
