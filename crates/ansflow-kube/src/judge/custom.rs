//! Kinds of others, by what their conditions say, and those of the cluster that have conditions of their own.

use super::{Readiness, conditions, is_true, say};
use crate::facts::condition;
use crate::object::Obj;
use ansflow_core::verdict::Cause;

/// Conditions that say in one word whether an object is well, the most usual first.
const GOOD: [&str; 5] = ["Ready", "Available", "Healthy", "Succeeded", "Synced"];

/// Words of `status.phase` that say the same.
const GOOD_PHASES: [&str; 9] =
    ["Ready", "Active", "Running", "Bound", "Available", "Succeeded", "Complete", "Completed", "Healthy"];
const BAD_PHASES: [&str; 3] = ["Failed", "Error", "Lost"];
const OTHER_PHASES: [&str; 8] =
    ["Pending", "Creating", "Progressing", "Provisioning", "Initializing", "Updating", "Terminating", "Deleting"];

/// An object of a kind that we do not know.
pub(super) fn any(object: &Obj) -> Readiness {
    let all = conditions(object);
    let current = all.iter().filter(|it| it.observed_generation.is_none_or(|seen| seen >= object.generation()));
    let current: Vec<_> = current.cloned().collect();
    if let Some(bad) = is_true(&current, "Stalled").or_else(|| is_true(&current, "Failed")) {
        return Readiness::failed(Cause::unknown(), say(bad));
    }
    if let Some(reconciling) = is_true(&current, "Reconciling") {
        return Readiness::Progressing(say(reconciling));
    }
    if let Some(word) = GOOD.iter().find_map(|word| condition(&all, word)) {
        return match condition(&current, &word.r#type) {
            Some(good) if good.is_true() => Readiness::ready(),
            Some(other) => Readiness::Progressing(say(other)),
            None => Readiness::Progressing(format!("{} speaks of an older version", word.r#type)),
        };
    }
    match object.text(&["status", "phase"]) {
        Some(phase) if GOOD_PHASES.contains(&phase) => Readiness::ready(),
        Some(phase) if BAD_PHASES.contains(&phase) => {
            Readiness::failed(Cause::unknown(), format!("its phase is {phase}"))
        }
        Some(phase) if OTHER_PHASES.contains(&phase) => Readiness::Progressing(format!("its phase is {phase}")),
        Some(_) | None => Readiness::with("it has no conditions to go by"),
    }
}

pub(super) fn definition(object: &Obj) -> Readiness {
    let conditions = conditions(object);
    if let Some(refused) = condition(&conditions, "NamesAccepted").filter(|names| names.is_false()) {
        return Readiness::failed(Cause::InvalidManifest, say(refused));
    }
    match is_true(&conditions, "Established") {
        Some(_) => Readiness::ready(),
        None => Readiness::Progressing("it is not established yet".to_owned()),
    }
}

pub(super) fn api_service(object: &Obj) -> Readiness {
    match condition(&conditions(object), "Available") {
        Some(available) if available.is_true() => Readiness::ready(),
        Some(other) => Readiness::Progressing(say(other)),
        None => Readiness::Progressing("nobody has looked at it yet".to_owned()),
    }
}

pub(super) fn namespace(object: &Obj) -> Readiness {
    if object.text(&["status", "phase"]) != Some("Terminating") {
        return Readiness::ready();
    }
    let held = conditions(object).into_iter().find(|it| it.is_true());
    Readiness::Progressing(held.map_or_else(|| "it is being deleted".to_owned(), |it| say(&it)))
}

pub(super) fn node(object: &Obj) -> Readiness {
    match condition(&conditions(object), "Ready") {
        Some(ready) if ready.is_true() => Readiness::ready(),
        Some(other) => Readiness::Stuck(say(other)),
        None => Readiness::Progressing("nobody has heard of it yet".to_owned()),
    }
}
