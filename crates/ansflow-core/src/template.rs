//! Text with holes: `registry/{{ image }}:{{ default(tag, "latest") }}`.
//!
//! A hole is an expression of [`crate::expr`]. What comes out of a hole is never looked at again: a value that contains
//! `{{` stays as it is. A literal `{{` is written `{{ '{{' }}`.

#[cfg(test)]
mod tests;

use crate::expr::{Expr, ExprError, Scope};
use serde_json::Value as Json;
use std::ops::Range;

/// A rendered text is no larger than this, in bytes: a few holes must not fill the memory.
pub const LARGEST: usize = 16 * 1024 * 1024;

/// More errors than this help nobody, and hostile text has many.
const MOST_ERRORS: usize = 100;

/// A parsed text. Its ranges, those of its expressions included, are bytes of that text.
#[derive(Debug, Clone)]
pub struct Template {
    parts: Vec<Part>,
}

#[derive(Debug, Clone)]
enum Part {
    Text(String),
    Hole(Range<usize>, Expr),
}

impl Template {
    /// Finds and parses all holes.
    ///
    /// # Errors
    /// What is wrong with each bad hole, in the order of the text.
    pub fn parse(text: &str) -> Result<Template, Vec<ExprError>> {
        let mut parts = Vec::new();
        let mut errors = Vec::new();
        let mut at = 0;
        while let Some(open) = text[at..].find("{{").map(|found| at + found) {
            if open > at {
                parts.push(Part::Text(text[at..open].to_owned()));
            }
            let Some(close) = closing(text, open + 2) else {
                errors.push(
                    ExprError::new(open..open + 2, "the `{{` is never closed")
                        .help("close it with }}, or write {{ '{{' }} for the braces themselves"),
                );
                return Err(errors);
            };
            match Expr::parse_within(text, open + 2..close) {
                Ok(expr) => parts.push(Part::Hole(open..close + 2, expr)),
                Err(error) => errors.push(explain(text, open..close + 2, error)),
            }
            if errors.len() >= MOST_ERRORS {
                return Err(errors);
            }
            at = close + 2;
        }
        if at < text.len() {
            parts.push(Part::Text(text[at..].to_owned()));
        }
        if errors.is_empty() { Ok(Template { parts }) } else { Err(errors) }
    }

    /// Whether the text has no holes.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.parts.iter().all(|part| matches!(part, Part::Text(_)))
    }

    /// The holes with their braces, in the order of the text.
    pub fn holes(&self) -> impl Iterator<Item = (Range<usize>, &Expr)> {
        self.parts.iter().filter_map(|part| match part {
            Part::Text(_) => None,
            Part::Hole(range, expr) => Some((range.clone(), expr)),
        })
    }

    /// The text with every hole filled. Lists and maps are written as JSON.
    ///
    /// # Errors
    /// A hole without a value, a hole that is null, or a text that outgrows [`LARGEST`].
    pub fn render(&self, scope: &Scope<'_>) -> Result<String, ExprError> {
        let mut out = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Hole(range, expr) => {
                    out.push_str(&as_text(expr.eval(scope)?, range)?);
                    if out.len() > LARGEST {
                        return Err(ExprError::new(range.clone(), format!("the text grows beyond {LARGEST} bytes")));
                    }
                }
            }
        }
        Ok(out)
    }

    /// As [`Template::render`], but one hole and nothing else keeps its type, null included.
    ///
    /// # Errors
    /// As [`Template::render`].
    pub fn render_value(&self, scope: &Scope<'_>) -> Result<Json, ExprError> {
        match self.parts.as_slice() {
            [Part::Hole(_, expr)] => expr.eval(scope),
            _ => self.render(scope).map(Json::String),
        }
    }
}

fn as_text(value: Json, range: &Range<usize>) -> Result<String, ExprError> {
    match value {
        Json::String(text) => Ok(text),
        Json::Null => Err(ExprError::new(range.clone(), "null cannot be put into text")
            .help("write {{ default(x, \"…\") }} for what should stand there")),
        other => Ok(other.to_string()),
    }
}

/// The `}}` that ends the hole whose inside starts at `from`. Braces within quotes do not count, unless the quote is
/// never closed: then the nearest `}}` is taken, so that the expression can say what is wrong with it.
fn closing(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    while at < bytes.len() {
        match bytes[at] {
            b'}' if bytes.get(at + 1) == Some(&b'}') => return Some(at),
            quote @ (b'"' | b'\'') => match end_of_quote(bytes, at + 1, quote) {
                Some(end) => at = end,
                None => return text[at..].find("}}").map(|found| at + found),
            },
            _ => at += 1,
        }
    }
    None
}

/// One past the closing quote; texts do not go beyond their line.
fn end_of_quote(bytes: &[u8], mut at: usize, quote: u8) -> Option<usize> {
    loop {
        match *bytes.get(at)? {
            b'\n' => return None,
            b'\\' => at += 2,
            b if b == quote => return Some(at + 1),
            _ => at += 1,
        }
    }
}

/// Braces of Go templates (`docker --format`, Helm) get the way to write them down.
fn explain(text: &str, hole: Range<usize>, error: ExprError) -> ExprError {
    let written = &text[hole.clone()];
    let inside = written.trim_start_matches("{{").trim_start_matches('-').trim_start();
    let first = inside.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let keyword = matches!(
        first,
        "range" | "if" | "with" | "end" | "else" | "define" | "template" | "block" | "json" | "index" | "printf"
    );
    let dotted = inside.starts_with(['.', '$']) || inside.contains(" .") || inside.contains("(.");
    if !(dotted || keyword) {
        return error;
    }
    let quoted = if !written.contains('"') {
        format!("\"{written}\"")
    } else if !written.contains('\'') {
        format!("'{written}'")
    } else {
        format!("\"{}\"", written.replace('\\', "\\\\").replace('"', "\\\""))
    };
    ExprError::new(hole, format!("`{written}` is no expression; it looks like a Go template"))
        .help(format!("to keep it as it is, write {{{{ {quoted} }}}}"))
}
