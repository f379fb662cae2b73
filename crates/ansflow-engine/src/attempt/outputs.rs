//! The outputs of a step: what it wrote to `$ANSFLOW_OUTPUT`.
//!
//! Data of the user's programs, so everything about it is checked; what is wrong is named by its line.

use ansflow_core::mask::Masker;
use serde_json::{Map, Value as Json};

/// A step may hand over so many bytes.
pub(crate) const LARGEST: u64 = 1024 * 1024;

/// The outputs of a step, and which of them held a secret.
#[derive(Debug, PartialEq)]
pub(crate) struct Outputs {
    pub(crate) values: Map<String, Json>,
    pub(crate) masked: Vec<String>,
}

/// Reads `KEY=VALUE` lines and `KEY<<EOF` blocks; a key that stands twice keeps its last value.
pub(crate) fn parse(text: &str, masker: &Masker) -> Result<Outputs, String> {
    let mut outputs = Outputs { values: Map::new(), masked: Vec::new() };
    let mut lines = text.lines().zip(1..);
    while let Some((line, number)) = lines.next() {
        if line.trim().is_empty() {
            continue;
        }
        let place = line.find(['=', '<']).filter(|&at| line[at..].starts_with('=') || line[at..].starts_with("<<"));
        let Some(place) = place else {
            return Err(wrong(number, "is neither `KEY=VALUE` nor `KEY<<EOF`"));
        };
        let key = &line[..place];
        if !is_key(key) {
            return Err(wrong(number, &format!("has the key `{}`", masker.mask(key))));
        }
        let value = match line[place..].strip_prefix("<<") {
            None => line[place + 1..].to_owned(),
            Some(end) => block(&mut lines, end.trim(), number)?,
        };
        let shown = masker.mask(&value);
        outputs.masked.retain(|masked| masked != key);
        if shown != value {
            outputs.masked.push(key.to_owned());
        }
        outputs.values.insert(key.to_owned(), Json::String(shown.into_owned()));
    }
    Ok(outputs)
}

fn block<'t>(lines: &mut impl Iterator<Item = (&'t str, usize)>, end: &str, number: usize) -> Result<String, String> {
    if end.is_empty() {
        return Err(wrong(number, "names no word that ends its block"));
    }
    let mut value = Vec::new();
    for (line, _) in lines {
        if line == end {
            return Ok(value.join("\n"));
        }
        value.push(line);
    }
    Err(wrong(number, &format!("begins a block that no line `{end}` ends")))
}

fn is_key(key: &str) -> bool {
    let mut letters = key.chars();
    letters.next().is_some_and(|first| first.is_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_alphanumeric() || letter == '_' || letter == '-')
}

fn wrong(line: usize, what: &str) -> String {
    format!(
        "line {line} of $ANSFLOW_OUTPUT {what}: write `KEY=VALUE`, or `KEY<<EOF`, the lines and `EOF`; \
         a key is letters, digits, `_` and `-`, and begins with a letter or `_`"
    )
}

#[cfg(test)]
mod tests;
