//! The edges: slots in a row, stages in a row.

use std::collections::HashMap;
use std::ops::Range;

use super::{MOST_EDGES, Needs, Why};
use crate::diagnostic::Diagnostic;
use crate::pipeline::{Pipeline, Step};

/// What each place waits for, and why.
pub(super) type Edges = Vec<Vec<(usize, Why)>>;

pub(super) fn edges(pipeline: &Pipeline, shown: &[usize], needs: &Needs, problems: &mut Vec<Diagnostic>) -> Edges {
    let step = |place: usize| &pipeline.steps[shown[place]];
    let mut edges: Edges = vec![Vec::new(); shown.len()];
    let mut count = 0;
    let mut barrier: Vec<usize> = Vec::new();
    let mut groups = HashMap::new();
    for stage in stages(shown.len(), &step) {
        let slots = slots(stage.clone(), &step, &mut groups, problems);
        let mut before: Vec<usize> = Vec::new();
        for slot in &slots {
            for place in slot {
                match &needs[*place] {
                    Some(needs) => edges[*place].extend(needs.iter().map(|(need, entry)| (*need, Why::Needs(*entry)))),
                    None => edges[*place].extend(before.iter().map(|place| (*place, Why::Order))),
                }
                count += edges[*place].len();
            }
            if count > MOST_EDGES {
                problems.push(too_many(step(slot[0])));
                return edges;
            }
            before = after(slot, before, needs);
        }
        for place in stage.clone() {
            let waits_inside = edges[place].iter().any(|(other, _)| stage.contains(other));
            if !waits_inside {
                edges[place].extend(barrier.iter().map(|place| (*place, Why::Stage)));
                count += barrier.len();
            }
            if count > MOST_EDGES {
                problems.push(too_many(step(place)));
                return edges;
            }
        }
        barrier = ends(stage, &edges);
    }
    edges
}

/// What a step without `needs` behind this slot follows: the slot, and what came before it where no member of the slot
/// passes that on. Of the latter only what nothing else in the set waits for.
fn after(slot: &[usize], before: Vec<usize>, needs: &Needs) -> Vec<usize> {
    let mut after = slot.to_vec();
    if slot.iter().all(|place| needs[*place].is_some()) {
        let waited: std::collections::HashSet<usize> =
            slot.iter().filter_map(|place| needs[*place].as_ref()).flatten().map(|(need, _)| *need).collect();
        after.extend(before.into_iter().filter(|place| !waited.contains(place)));
    }
    after
}

/// The runs of places that share a stage; without stages one run.
fn stages<'p>(places: usize, step: &impl Fn(usize) -> &'p Step) -> Vec<Range<usize>> {
    let mut stages: Vec<Range<usize>> = Vec::new();
    for place in 0..places {
        match stages.last_mut() {
            Some(last) if step(last.start).stage == step(place).stage => last.end = place + 1,
            _ => stages.push(place..place + 1),
        }
    }
    stages
}

/// A step alone, or a group at the place of its first member. `groups` holds the first member of each group so far.
fn slots<'p>(
    stage: Range<usize>,
    step: &impl Fn(usize) -> &'p Step,
    groups: &mut HashMap<&'p str, usize>,
    problems: &mut Vec<Diagnostic>,
) -> Vec<Vec<usize>> {
    let mut slots: Vec<Vec<usize>> = Vec::new();
    let mut here: HashMap<&str, usize> = HashMap::new();
    for place in stage.clone() {
        let Some(group) = &step(place).group else {
            slots.push(vec![place]);
            continue;
        };
        let slot = *here.entry(group.as_str()).or_insert(slots.len());
        if slot == slots.len() {
            slots.push(Vec::new());
            let first = *groups.entry(group.as_str()).or_insert(place);
            if first < stage.start {
                let message = format!(
                    "parallel group `{}` has members in two stages; step `{}` on line {} stands in an earlier one",
                    group.value,
                    step(first).name.value,
                    step(first).name.span.start.line
                );
                let problem = Diagnostic::error("group-across-stages", group.span, message);
                problems.push(problem.help("give the group another name in each stage"));
            }
        }
        slots[slot].push(place);
    }
    slots
}

/// The steps of a stage that no other step of it waits for.
fn ends(stage: Range<usize>, edges: &Edges) -> Vec<usize> {
    let mut waited = vec![false; stage.len()];
    for place in stage.clone() {
        for (other, _) in &edges[place] {
            if stage.contains(other) {
                waited[other - stage.start] = true;
            }
        }
    }
    stage.clone().filter(|place| !waited[place - stage.start]).collect()
}

fn too_many(step: &Step) -> Diagnostic {
    let message = format!("up to step `{}` steps wait for each other in more than {MOST_EDGES} ways", step.name.value);
    Diagnostic::error("too-many-edges", step.name.span, message).help("put one step between two wide groups or stages")
}
