//! What makes a map whole: every key once, and what `<<` brings in.

use super::{Entry, Node, Value, short};
use crate::diagnostic::{Diagnostic, Span};
use std::collections::BTreeSet;

/// More problems than this help nobody, and hostile text has millions.
const MOST_PROBLEMS: usize = 100;

/// What is wrong with a file so far.
#[derive(Debug, Default)]
pub(super) struct Problems {
    found: Vec<Diagnostic>,
}

impl Problems {
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        if self.found.len() < MOST_PROBLEMS {
            self.found.push(diagnostic);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// In the order of the file.
    pub(super) fn sorted(mut self) -> Vec<Diagnostic> {
        self.found.sort_by_key(|diagnostic| diagnostic.span);
        self.found
    }

    /// Reading ended here; what was already said of the very same place is dropped.
    pub(super) fn ended_by(mut self, fatal: Diagnostic) -> Vec<Diagnostic> {
        self.found.retain(|diagnostic| diagnostic.span.start != fatal.span.start);
        self.found.push(fatal);
        self.sorted()
    }
}

/// Refuses keys that stand twice, then brings in what `<<` names: explicit keys win, then earlier maps.
pub(super) fn finish(mut entries: Vec<Entry>, merges: Vec<(Span, Node)>, problems: &mut Problems) -> Vec<Entry> {
    refuse_repeated(&mut entries, problems);
    if let [(first, _), (second, _), ..] = merges.as_slice() {
        problems.report(duplicate("<<", *first, *second));
    }
    if let Some((_, node)) = merges.into_iter().next() {
        let mut known = entries.iter().map(|entry| entry.key.text.clone()).collect();
        merge(node, &mut known, &mut entries, problems);
    }
    entries
}

fn refuse_repeated(entries: &mut Vec<Entry>, problems: &mut Problems) {
    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.sort_by(|&a, &b| entries[a].key.text.cmp(&entries[b].key.text));
    let mut repeated = BTreeSet::new();
    for same in order.chunk_by(|&a, &b| entries[a].key.text == entries[b].key.text) {
        // Sorting is stable: the first of a group is the first of the file.
        for &again in &same[1..] {
            let (first, key) = (&entries[same[0]].key, &entries[again].key);
            problems.report(duplicate(&key.text, first.span, key.span));
            repeated.insert(again);
        }
    }
    if !repeated.is_empty() {
        let mut index = 0..;
        entries.retain(|_| index.next().is_none_or(|index| !repeated.contains(&index)));
    }
}

fn merge(node: Node, known: &mut BTreeSet<String>, entries: &mut Vec<Entry>, problems: &mut Problems) {
    let (span, what) = (node.span, node.describe());
    let maps = match node.value {
        Value::List(items) => items,
        Value::Map(_) => vec![node],
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Text(_) => {
            let message = format!("`<<` takes a map or a list of maps, not {what}");
            return problems.report(Diagnostic::error("merge", span, message).help("write <<: *anchor"));
        }
    };
    for map in maps {
        let (span, what) = (map.span, map.describe());
        match map.value {
            Value::Map(merged) => {
                entries.extend(merged.into_iter().filter(|entry| known.insert(entry.key.text.clone())));
            }
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Text(_) | Value::List(_) => {
                problems.report(Diagnostic::error("merge", span, format!("`<<` takes maps, not {what}")));
            }
        }
    }
}

fn duplicate(key: &str, first: Span, second: Span) -> Diagnostic {
    let (one, two) = (first.start.line, second.start.line);
    let lines =
        if one == two { format!("both times on line {one}") } else { format!("on line {one} and on line {two}") };
    let message = format!("the key `{}` stands twice, {lines}", short(key));
    Diagnostic::error("duplicate-key", second, message).help("keep one of them")
}
