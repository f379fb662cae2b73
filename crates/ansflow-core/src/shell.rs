//! Puts `{{ }}` into shell text so that a value is data wherever it stands.
//!
//! The value never enters the text. Each hole becomes a reference to an environment variable, quoted as the place
//! needs, and the shell that reads the text expands it to one literal piece. Where no quoting can promise that,
//! because the place is code (`eval`, arithmetic, `sh -c "…"`, `ssh host …`), the hole is refused with the way to do it.
//!
//! In three layers: the `lexer` knows where a hole stands, the `rules` know which words of a command are code, and
//! `edits` writes the new text. A wrong guess of the lexer can at worst split or garble a value; only a missing rule
//! could run it. This module must never be handed a value.

mod command;
mod cursor;
mod edits;
mod findings;
mod lexer;
mod rules;
#[cfg(test)]
mod tests;
mod why;

use std::ops::Range;

use crate::spec::Dialect;

/// A hole that stands where a value would be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Which hole, counted from 0.
    pub hole: usize,
    /// What is wrong with the place.
    pub message: String,
    /// How to do it instead.
    pub help: String,
}

/// The names that the values of a text have, in the order of its holes.
pub(crate) fn value_names(count: usize) -> Vec<String> {
    (1..=count).map(|number| format!("ANSFLOW_VALUE_{number}")).collect()
}

/// The text with each hole replaced by a quoted reference to the environment variable of the same index in `names`.
///
/// `holes` are the byte ranges of the `{{ }}` in `text`, rising and apart, on character borders; `names` are names of
/// environment variables, at least as many. Time and memory are linear in the text. Text that no shell could read is
/// not refused: the shell will say so itself.
///
/// # Errors
/// Every hole that stands in code, in the order of the text.
pub fn splice(text: &str, holes: &[Range<usize>], dialect: Dialect, names: &[String]) -> Result<String, Vec<Refusal>> {
    if holes.is_empty() {
        return Ok(text.to_owned());
    }
    let (edits, findings) = lexer::Lexer::new(text, holes, dialect).read();
    let refusals = findings.refusals(text);
    if refusals.is_empty() { Ok(edits.apply(text, holes, names)) } else { Err(refusals) }
}
