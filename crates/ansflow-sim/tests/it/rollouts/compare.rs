//! Two stories held against each other. Passing states, which only luck shows, may be missing on either side; what we see
//! close to the end of a recording may have been cut off there.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::recording::Recording;
use super::story::{Facet, Story};

/// What differs, a line each.
pub(crate) fn stories(expected: &Story, got: &Story, recording: &Recording) -> Vec<String> {
    let end = recording.end();
    let late = end - (end / 4).clamp(300, 5_000);
    let mut told = Vec::new();
    for facet in facets(expected, got) {
        let (theirs, mut ours) = (kept(expected, got, facet, expected), kept(expected, got, facet, got));
        ours.retain(|(value, at)| *at < late || theirs.iter().any(|(known, _)| known == value));
        let values = |list: &[(String, i64)]| list.iter().map(|(value, _)| value.clone()).collect::<Vec<_>>();
        if values(&theirs) != values(&ours) {
            let (role, side) = facet;
            let same = theirs.iter().zip(&ours).take_while(|(theirs, ours)| theirs.0 == ours.0).count();
            let (theirs, ours) = (line(&theirs[same..]), line(&ours[same..]));
            told.push(format!("  {role} | {side}, after {same} the same\n    expected {theirs}\n    got      {ours}"));
            continue;
        }
        // The telling signal comes when it came.
        for ((value, theirs), (_, ours)) in theirs.iter().zip(&ours) {
            let decisive = (theirs - recording.decided).abs() <= 60;
            if decisive && (theirs - ours).abs() > (theirs * 3 / 10).max(2_000) {
                let (role, side) = facet;
                told.push(format!("  {role} | {side}: {value} at {theirs} ms, got at {ours} ms"));
            }
        }
    }
    for (role, theirs) in &expected.shapes {
        let ours = got.shapes.get(role).cloned().unwrap_or_default();
        let less: Vec<_> = theirs.keys().filter(|path| !ours.contains_key(*path)).collect();
        let more = ours.iter().filter(|(path, at)| **at < late && !theirs.contains_key(*path));
        let more: Vec<_> = more.map(|(path, _)| path).collect();
        if !less.is_empty() || !more.is_empty() {
            told.push(format!("  {role} | shape\n    missing {less:?}\n    too much {more:?}"));
        }
    }
    told
}

fn facets<'a>(expected: &'a Story, got: &'a Story) -> BTreeSet<&'a Facet> {
    expected.facets.keys().chain(got.facets.keys()).collect()
}

/// What one of the two has to show, without what is only passing.
fn kept(expected: &Story, got: &Story, facet: &Facet, of: &Story) -> Vec<(String, i64)> {
    let list = of.facets.get(facet).cloned().unwrap_or_default();
    let (role, side) = facet;
    let other = |value: &str| {
        let has =
            |story: &Story| story.facets.get(facet).is_some_and(|list| list.iter().any(|one| one.0.starts_with(value)));
        has(expected) || has(got)
    };
    let is_brief = |container: &str| {
        let known = |story: &Story| {
            story.brief.iter().any(|(pod, name)| pod == role && (container.is_empty() || name == container))
        };
        known(expected) || known(got)
    };
    let is_short = |story: &Story, value: &str| {
        let seen = story.facets.get(facet).is_some_and(|list| list.iter().any(|one| one.0 == value));
        seen && !story.lasts(facet, value)
    };
    let (word, rest) = side.split_once(' ').unwrap_or((side, ""));
    let passes = |value: &str| match (word, rest) {
        ("state", container) => {
            value == "waiting ContainerCreating"
                || value == "waiting PodInitializing"
                || (value == "running" && is_brief(container))
        }
        ("ready", container) => (value == "true" && is_brief(container)) || (value == "false" && other("true")),
        ("cond", "PodReadyToStartContainers") => value.starts_with("False"),
        ("cond", "Ready" | "ContainersReady") => {
            (value.starts_with("True") && is_brief("")) || (value.starts_with("False") && other("True"))
        }
        ("count", _) => is_short(expected, value) || is_short(got, value),
        ("cond", "Progressing") => value.starts_with("True NewReplicaSetCreated"),
        _ => false,
    };
    // What stood before anybody watched may have been told between two writes.
    let before = |value: &str, at: i64| at < 0 && rest == "Progressing" && value.starts_with("True ReplicaSetUpdated");
    list.into_iter().filter(|(value, at)| !passes(value) && !before(value, *at)).collect()
}

fn line(list: &[(String, i64)]) -> String {
    let short = |value: &str| value.chars().take(260).collect::<String>();
    let parts: Vec<String> = list.iter().map(|(value, at)| format!("{} @{at}", short(value))).collect();
    if parts.is_empty() { "nothing".to_owned() } else { parts.join(" → ") }
}

/// Both stories whole, side by side.
pub(crate) fn beside(expected: &Story, got: &Story) -> String {
    let mut told = String::new();
    for facet in facets(expected, got) {
        let of = |story: &Story| line(story.facets.get(facet).map_or(&[], Vec::as_slice));
        let _written = writeln!(told, "{} | {}\n    = {}\n    : {}", facet.0, facet.1, of(expected), of(got));
    }
    told
}
