//! From the bytes of a file to a checked pipeline: syntax, then shape, then meaning.

mod conditions;
pub(super) mod fields;
pub(super) mod params;
pub(super) mod problems;
mod settings;
mod step;
mod top;
mod triggers;
mod values;

use super::{Pipeline, Source, check};
use crate::diagnostic::Diagnostic;
use crate::yaml;
use problems::Problems;

pub(super) fn parse(source: &Source<'_>) -> (Option<Pipeline>, Vec<Diagnostic>) {
    let (node, mut syntax) = yaml::read(source.text);
    // The reader of YAML does not know what a file of ours should hold.
    for empty in syntax.iter_mut().filter(|problem| problem.code == "empty" && problem.help.is_none()) {
        empty.help = Some("a pipeline has at least `steps:`".to_owned());
    }
    let mut problems = Problems::new(source.text, syntax);
    let pipeline = node.and_then(|node| top::read(&node, source.file_stem, &mut problems));
    if let Some(pipeline) = &pipeline {
        check::check(pipeline, source.variables, &mut problems);
    }
    let sound = !problems.any_error();
    (pipeline.filter(|_| sound), problems.finish())
}
