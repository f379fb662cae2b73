//! Another name for a pipeline, in its text: the one scalar changes and every other byte stays.
//!
//! Several ways to write it are tried, and the first is taken after which the text means what it meant, under the new
//! name. So nothing here needs to know every way in which YAML says a name.

use serde_json::Map;

use super::{Pipeline, Source, parse};
use crate::yaml::{self, Entry, Node, Value};

/// The text with this name in it; without a name in it, with a line that says it. Nothing where the text is no
/// pipeline, the name is none, or the present one cannot be changed by itself, such as one that is repeated elsewhere.
#[must_use]
pub fn renamed(text: &str, name: &str) -> Option<String> {
    let mut wanted = read(text)?;
    name.clone_into(&mut wanted.name.value);
    let (root, _) = yaml::read(text.as_bytes());
    let root = root?;
    let map = root.get("pipeline").unwrap_or(&root);
    let Value::Map(entries) = &map.value else { return None };
    let named = entries.iter().find(|entry| entry.key.text == "name");
    let edits = named.map(|entry| replacements(text, entry)).unwrap_or_default();
    let at_top = root.get("pipeline").is_none();
    let edits = edits.into_iter().chain(additions(text, map, entries, at_top));
    edits.map(|edit| edit.apply(text, &yaml::print_text(name))).find(|edited| read(edited).as_ref() == Some(&wanted))
}

fn read(text: &str) -> Option<Pipeline> {
    parse(&Source { text: text.as_bytes(), file_stem: "a name", variables: &Map::new() }).0
}

/// What is written in place of these bytes: the name, between two texts.
struct Edit {
    from: usize,
    to: usize,
    before: String,
    after: String,
}

impl Edit {
    fn apply(&self, text: &str, name: &str) -> String {
        format!("{}{}{name}{}{}", &text[..self.from], self.before, self.after, &text[self.to..])
    }
}

/// The scalar itself; then all that stands behind the key: an anchor, a tag, an alias, the head of a block.
fn replacements(text: &str, entry: &Entry) -> Vec<Edit> {
    let (key, value) = (entry.key.span.end.offset, entry.value.span);
    // Blanks behind a quoted text are counted among it, and stay.
    let said = text.get(value.start.offset..value.end.offset).unwrap_or_default();
    let end = value.start.offset + said.trim_end().len();
    let Some(behind) = text.get(key..) else { return Vec::new() };
    let Some(colon) = behind.find(':').map(|at| key + at + 1) else { return Vec::new() };
    let mut edits = Vec::new();
    if value.start.offset >= colon {
        // Of a block the head stands between the two, and would stay.
        let block = text[colon..value.start.offset].contains(['|', '>']);
        if !block {
            edits.push(Edit::plain(value.start.offset, end));
        }
        edits.push(Edit { before: " ".to_owned(), ..Edit::plain(colon, end) });
    }
    // An alias: what it repeats stands elsewhere.
    let star = text[colon..].find(|c: char| !matches!(c, ' ' | '\t')).map(|at| colon + at);
    if let Some(star) = star.filter(|star| text[*star..].starts_with('*')) {
        let end = text[star..].find([' ', '\t', '\r', '\n', ',', '}']).map_or(text.len(), |at| star + at);
        edits.push(Edit::plain(star, end));
    }
    edits
}

/// A new first line; else a line, or an entry, in front of the map's first one.
fn additions(text: &str, map: &Node, entries: &[Entry], at_top: bool) -> Vec<Edit> {
    let newline = if text.split('\n').next().is_some_and(|line| line.ends_with('\r')) { "\r\n" } else { "\n" };
    let mut edits = Vec::new();
    let add = |at: usize, before: &str, after: String| Edit { before: before.to_owned(), after, ..Edit::plain(at, at) };
    if at_top {
        let mark = text.len() - text.trim_start_matches('\u{feff}').len();
        edits.push(add(mark, "name: ", newline.to_owned()));
    }
    if let Some(first) = entries.iter().map(|entry| entry.key.span.start).min() {
        let line = text[..first.offset].rfind('\n').map_or(0, |at| at + 1);
        let indent = text[line..first.offset].trim_start_matches('\u{feff}');
        edits.push(add(first.offset, "name: ", format!("{newline}{indent}")));
    }
    let start = map.span.start.offset;
    if text[start..].starts_with('{') {
        edits.push(add(start + 1, "name: ", ", ".to_owned()));
    }
    edits
}

impl Edit {
    fn plain(from: usize, to: usize) -> Edit {
        Edit { from, to, before: String::new(), after: String::new() }
    }
}
