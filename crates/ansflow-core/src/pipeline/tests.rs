//! What a file means, and what is said of a wrong one.

mod advice;
mod any_step;
mod every_parameter;
mod fuzz;
mod messages;
mod mutations;
mod rename;
mod roundtrip;
mod seeds;
mod shapes;
mod size;

use serde_json::Map;

use super::{Pipeline, Source, parse};
use crate::catalog;
use crate::diagnostic::Diagnostic;

/// Reads a text without variables from outside.
fn read(text: &str) -> (Option<Pipeline>, Vec<Diagnostic>) {
    parse(&Source { text: text.as_bytes(), file_stem: "shop", variables: &Map::new() })
}

/// The pipeline in a text that is right.
fn right(text: &str) -> Pipeline {
    let (pipeline, problems) = read(text);
    pipeline.unwrap_or_else(|| panic!("{}in\n{text}", shown(&problems)))
}

/// One line a problem.
fn shown(problems: &[Diagnostic]) -> String {
    let line = |problem: &Diagnostic| {
        let (start, end) = (problem.span.start, problem.span.end);
        let help = problem.help.as_ref().map(|help| format!("\n      {help}")).unwrap_or_default();
        let severity = if problem.is_error() { "" } else { "warning " };
        format!(
            "{}:{}-{}:{} {severity}{}: {}{help}\n",
            start.line, start.column, end.line, end.column, problem.code, problem.message
        )
    };
    problems.iter().map(line).collect()
}
