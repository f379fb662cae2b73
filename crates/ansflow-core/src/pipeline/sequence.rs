//! Which step follows which: `order`, stages, parallel groups, `needs` — one graph without circles.
//!
//! The rules. Steps stand in file order, or by `order`; one without `order` stays behind the step it stands behind. A
//! step alone, or a parallel group at the place of its first member, is a *slot*. A step without `needs` follows all
//! of the slot before its own, and whatever that slot would have followed had none of its members `needs` of their
//! own — so giving one step `needs` changes nothing for the others. Stages are barriers: what starts in a stage waits
//! for the ends of the stage before it, that is for the steps in it that no other step in it waits for.
//!
//! No virtual nodes: a barrier between n ends and m starts is n × m edges, of which a pipeline may have [`MOST_EDGES`].

mod circles;
mod slots;

use std::collections::HashMap;

use super::{Pipeline, Step};
use crate::diagnostic::Diagnostic;
use crate::pipeline::read::problems::{did_you_mean, short};

/// So many edges a pipeline may have.
pub(crate) const MOST_EDGES: usize = 2_000_000;

/// The order of a pipeline. A *place* is an index into `shown`.
#[derive(Debug, Clone)]
pub(crate) struct Sequence {
    /// Index of a step in the file, by its place.
    pub(crate) shown: Vec<usize>,
    /// The places that each place waits for, ascending.
    pub(crate) follows: Vec<Vec<usize>>,
    /// All places, each behind what it follows.
    pub(crate) sorted: Vec<usize>,
}

/// Why there is an edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    /// The file says so, with this entry of `needs`.
    Needs(usize),
    /// It is the predecessor.
    Order,
    /// It stands in an earlier stage.
    Stage,
}

impl Sequence {
    /// The order of the pipeline, and what is wrong with it. A wrong edge is left out, so that there is an order.
    pub(crate) fn of(pipeline: &Pipeline) -> (Sequence, Vec<Diagnostic>) {
        let shown = shown(&pipeline.steps);
        let mut problems = Vec::new();
        let needs = needs(pipeline, &shown, &mut problems);
        let mut edges = slots::edges(pipeline, &shown, &needs, &mut problems);
        let sorted = circles::sort(pipeline, &shown, &mut edges, &mut problems);
        let follows = edges
            .into_iter()
            .map(|edges| {
                let mut places: Vec<usize> = edges.into_iter().map(|(place, _)| place).collect();
                places.sort_unstable();
                places.dedup();
                places
            })
            .collect();
        (Sequence { shown, follows, sorted }, problems)
    }
}

/// Places by stage, then by `order`.
fn shown(steps: &[Step]) -> Vec<usize> {
    let mut order = i64::MIN;
    let mut stage = None;
    let mut keys: Vec<(Option<usize>, i64, usize)> = Vec::with_capacity(steps.len());
    for (at, step) in steps.iter().enumerate() {
        if step.stage != stage {
            (stage, order) = (step.stage, i64::MIN);
        }
        order = step.order.unwrap_or(order);
        keys.push((step.stage, order, at));
    }
    keys.sort_unstable();
    keys.into_iter().map(|(_, _, at)| at).collect()
}

/// What `needs` says, as places with the index of the entry; none where there is no `needs`.
pub(super) type Needs = Vec<Option<Vec<(usize, usize)>>>;

fn needs(pipeline: &Pipeline, shown: &[usize], problems: &mut Vec<Diagnostic>) -> Needs {
    let steps = &pipeline.steps;
    let mut places: HashMap<&str, usize> = HashMap::new();
    for (place, at) in shown.iter().enumerate() {
        places.entry(&steps[*at].name).or_insert(place);
    }
    let resolve = |place: usize| {
        let step = &steps[shown[place]];
        let mut found = Vec::new();
        for (entry, need) in step.needs.as_ref()?.iter().enumerate() {
            match places.get(need.as_str()) {
                Some(other) if shown[*other] == shown[place] => {
                    let message = format!("step `{}` needs itself", step.name.value);
                    problems.push(Diagnostic::error("self-need", need.span, message).help("name the steps before it"));
                }
                Some(other) => found.push((*other, entry)),
                None => {
                    let message =
                        format!("step `{}` needs `{}`, and there is no such step", step.name.value, short(need));
                    let mut problem = Diagnostic::error("unknown-step", need.span, message);
                    let group = steps.iter().any(|step| step.group.as_ref().is_some_and(|group| **group == **need));
                    problem.help = match did_you_mean(need, places.keys().copied()) {
                        _ if group => Some("that is a parallel group; name its steps".to_owned()),
                        near => near.map(|near| near.trim_end().to_owned()),
                    };
                    problems.push(problem);
                }
            }
        }
        Some(found)
    };
    (0..shown.len()).map(resolve).collect()
}
