//! Three kinds: tables of texts, attacks in the real shells, and laws over random texts.

mod attacks;
mod laws;
mod refusals;
mod texts;

use std::ops::Range;

use super::{Refusal, splice};
use crate::spec::Dialect;

/// The `{{…}}` of a text, the way the template finds them.
fn holes(text: &str) -> Vec<Range<usize>> {
    let mut holes = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find("{{").map(|start| at + start) {
        let Some(end) = text[start..].find("}}").map(|end| start + end + 2) else { break };
        holes.push(start..end);
        at = end;
    }
    holes
}

fn run(dialect: Dialect, text: &str) -> Result<String, Vec<Refusal>> {
    let holes = holes(text);
    let names: Vec<String> = (0..holes.len()).map(|hole| format!("V{hole}")).collect();
    splice(text, &holes, dialect, &names)
}
