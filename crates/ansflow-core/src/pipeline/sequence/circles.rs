//! Sorting the graph, and naming the circles that keep it from being sorted.

use super::Why;
use super::slots::Edges;
use crate::diagnostic::Diagnostic;
use crate::pipeline::Pipeline;

/// Circles that share steps are named one a round; after so many rounds the rest goes unnamed.
const MOST_ROUNDS: usize = 20;

/// All places, each behind what it follows. Circles are named, and one edge of each is dropped.
pub(super) fn sort(
    pipeline: &Pipeline,
    shown: &[usize],
    edges: &mut Edges,
    problems: &mut Vec<Diagnostic>,
) -> Vec<usize> {
    for round in 0.. {
        let sorted = kahn(edges);
        if sorted.len() == shown.len() {
            return sorted;
        }
        let mut done = vec![false; shown.len()];
        sorted.iter().for_each(|place| done[*place] = true);
        if round == MOST_ROUNDS {
            edges.iter_mut().for_each(|edges| edges.retain(|(other, _)| done[*other]));
            continue;
        }
        for circle in circles(edges, &done) {
            let named = circle.iter().position(|(_, _, why)| matches!(why, Why::Needs(_))).unwrap_or_default();
            let (place, other, why) = circle[named];
            problems.push(message(pipeline, shown, &circle, named));
            edges[place].retain(|edge| *edge != (other, why));
        }
    }
    unreachable!("the loop ends when everything is sorted")
}

/// As many places as can be sorted; of those that could come next, the first in the file.
fn kahn(edges: &Edges) -> Vec<usize> {
    let mut followers: Vec<Vec<usize>> = vec![Vec::new(); edges.len()];
    let mut waits: Vec<usize> = vec![0; edges.len()];
    for (place, edges) in edges.iter().enumerate() {
        waits[place] = edges.len();
        edges.iter().for_each(|(other, _)| followers[*other].push(place));
    }
    let mut ready: std::collections::BinaryHeap<std::cmp::Reverse<usize>> =
        (0..edges.len()).filter(|place| waits[*place] == 0).map(std::cmp::Reverse).collect();
    let mut sorted = Vec::with_capacity(edges.len());
    while let Some(std::cmp::Reverse(place)) = ready.pop() {
        sorted.push(place);
        for follower in &followers[place] {
            waits[*follower] -= 1;
            if waits[*follower] == 0 {
                ready.push(std::cmp::Reverse(*follower));
            }
        }
    }
    sorted
}

/// Circles that share no step: each as edges `(place, what it waits for, why)`.
fn circles(edges: &Edges, done: &[bool]) -> Vec<Vec<(usize, usize, Why)>> {
    // Whoever is not done waits for somebody who is not done, so every walk ends in a circle, or where one went before.
    let mut walked: Vec<Option<usize>> = vec![None; edges.len()];
    let mut circles = Vec::new();
    for start in (0..edges.len()).filter(|place| !done[*place]) {
        let mut path: Vec<(usize, usize, Why)> = Vec::new();
        let mut at = start;
        while walked[at].is_none() {
            walked[at] = Some(start);
            let next = edges[at].iter().find(|(other, _)| !done[*other]).expect("a place that is not done waits");
            path.push((at, next.0, next.1));
            at = next.0;
        }
        if walked[at] == Some(start) {
            let from = path.iter().position(|(place, _, _)| *place == at).expect("the walk came by here");
            circles.push(path.split_off(from));
        }
    }
    circles
}

fn message(pipeline: &Pipeline, shown: &[usize], circle: &[(usize, usize, Why)], named: usize) -> Diagnostic {
    const LONGEST: usize = 12;
    let name = |place: usize| format!("`{}`", pipeline.steps[shown[place]].name.value);
    let turned = circle[named..].iter().chain(&circle[..named]);
    let mut words: Vec<String> = turned
        .take(LONGEST)
        .map(|(place, other, why)| {
            let verb = match why {
                Why::Needs(_) => "needs",
                Why::Order => "follows",
                Why::Stage => "stands in a stage after",
            };
            format!("{} {verb} {}", name(*place), name(*other))
        })
        .collect();
    if circle.len() > LONGEST {
        words.push(format!("and {} more", circle.len() - LONGEST));
    }
    let (place, _, why) = circle[named];
    let step = &pipeline.steps[shown[place]];
    let span = match (why, &step.needs) {
        (Why::Needs(entry), Some(needs)) => needs[entry].span,
        _ => step.name.span,
    };
    let any = |wanted: Why| circle.iter().any(|(_, _, why)| *why == wanted);
    let help = match (any(Why::Stage), any(Why::Order)) {
        (true, _) => {
            "a stage starts when the one before it has ended; move a step into another stage, or take the need away"
        }
        (false, true) => "a step without `needs` follows its predecessor; give one of them `needs` of its own",
        (false, false) => "take one of these needs away",
    };
    Diagnostic::error("cycle", span, format!("steps wait for each other in a circle: {}", words.join(", "))).help(help)
}
