//! What is waited for, in one line: what is missing, and what is suspected.

use super::standing::Standing;
use crate::explain::Finding;
use crate::goal::Goal;
use crate::judge::Readiness;
use crate::patience::PATIENCE;
use crate::text::short;
use ansflow_core::verdict::Waiting;

/// Longer lines are not read.
const LONGEST: usize = 300;

pub(super) fn nothing_yet(goal: &Goal) -> Waiting {
    let objects: Vec<_> = goal.wants.iter().map(|want| want.key.object()).collect();
    let names: Vec<String> = objects.iter().map(ToString::to_string).collect();
    Waiting { r#for: short(&names.join(", "), LONGEST), objects }
}

pub(super) fn waiting(goal: &Goal, readiness: &[Readiness], standing: &Standing) -> Waiting {
    let unready: Vec<_> = goal.wants.iter().zip(readiness).filter(|(_, readiness)| !readiness.is_ready()).collect();
    let mut words = match unready.first() {
        Some((want, readiness)) => {
            let says = readiness.message().unwrap_or_default();
            // "Deployment/web 0 of 2 ready", but "Service/web: it has no address yet".
            let colon = if says.starts_with(|letter: char| letter.is_ascii_digit()) { "" } else { ":" };
            format!("{}{colon} {says}", want.key.object())
        }
        None => String::new(),
    };
    if unready.len() > 1 {
        words.push_str(&format!(" (and {} more)", unready.len() - 1));
    }
    if let Some((finding, stood)) = standing.strongest() {
        words.push_str(&format!(" – {}: {}{}", finding.object, finding.text, of_grace(finding, stood)));
    }
    Waiting { r#for: short(&words, LONGEST), objects: unready.iter().map(|(want, _)| want.key.object()).collect() }
}

/// "(2 s of 4 s grace)".
fn of_grace(finding: &Finding, stood: i64) -> String {
    match PATIENCE.grace(finding.class) {
        Some(grace) if grace > 0 => format!(" ({} s of {} s grace)", stood / 1_000, grace / 1_000),
        Some(_) | None => String::new(),
    }
}
