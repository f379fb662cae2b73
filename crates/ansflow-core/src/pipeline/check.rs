//! The meaning of a file: graph, parameters, names. Everything that can be known without running it.

mod baked;
pub(crate) mod images;
pub(crate) mod inherit;
mod rules;
mod texts;

use std::collections::HashSet;

use serde_json::{Map, Value as Json};

use super::names::Names;
use super::read::problems::Problems;
use super::variables::{self, Variables};
use super::{Pipeline, Sequence};
use crate::diagnostic::Diagnostic;

pub(super) fn check(pipeline: &Pipeline, given: &Map<String, Json>, problems: &mut Problems) {
    variables::check_names(&pipeline.variables, problems);
    variables::check_numbers(&pipeline.variables, problems);
    let (variables, circles) = Variables::of(&pipeline.variables, given);
    circles.into_iter().for_each(|problem| problems.add(problem));
    let (sequence, wrong) = Sequence::of(pipeline);
    wrong.into_iter().for_each(|problem| problems.add(problem));
    unused_groups(pipeline, problems);
    rules::check(pipeline, &sequence, problems);
    images::check(pipeline, &sequence, problems);
    baked::check(pipeline, problems);
    let mut names = Names::of(pipeline, &sequence, &variables, given);
    texts::check(pipeline, &sequence, &mut names, problems);
}

fn unused_groups(pipeline: &Pipeline, problems: &mut Problems) {
    let used: HashSet<&str> =
        pipeline.steps.iter().filter_map(|step| step.group.as_ref()).map(|group| group.as_str()).collect();
    for group in &pipeline.groups {
        if !used.contains(group.name.as_str()) {
            let message = format!("no step belongs to parallel group `{}`", group.name.value);
            let problem = Diagnostic::warning("unused-group", group.name.span, message);
            problems.add(problem.help("give its steps `parallel_group`, or take the group away"));
        }
    }
}
