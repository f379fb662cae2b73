//! A map whose keys are known: each is taken once, under one of its spellings, and what is left is unknown.

use crate::diagnostic::Diagnostic;
use crate::yaml::{Entry, Node, Value};

use super::problems::{Problems, did_you_mean, short};

/// A map while it is read.
#[derive(Debug)]
pub(super) struct Fields<'n> {
    left: Vec<&'n Entry>,
    known: Vec<&'static str>,
    what: String,
}

impl<'n> Fields<'n> {
    /// `what` names the map in messages, such as "step `build`". Nothing at all is an empty map.
    pub(super) fn of(node: &'n Node, what: impl Into<String>, problems: &mut Problems) -> Option<Self> {
        let what = what.into();
        let left = match &node.value {
            Value::Map(entries) => entries.iter().collect(),
            Value::Null => Vec::new(),
            Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Text(_) | Value::List(_) => {
                problems.wrong_type(node, &what, "a map");
                return None;
            }
        };
        Some(Self { left, known: Vec::new(), what })
    }

    /// Says from now on that the map is this.
    pub(super) fn rename(&mut self, what: impl Into<String>) {
        self.what = what.into();
    }

    /// The value under one of these spellings. Two of them at once are an error that names both places; the same one
    /// twice is the reader's business, and has been named.
    pub(super) fn take(&mut self, spellings: &[&'static str], problems: &mut Problems) -> Option<&'n Entry> {
        self.known.extend_from_slice(spellings);
        let mut found: Option<&'n Entry> = None;
        self.left.retain(|entry| {
            if !spellings.contains(&entry.key.text.as_str()) {
                return true;
            }
            match found {
                None => found = Some(entry),
                Some(first) if first.key.text == entry.key.text => {}
                Some(first) => given_twice(&first.key, &entry.key, problems),
            }
            false
        });
        found
    }

    /// Everything that is left and of which this holds.
    pub(super) fn take_all(&mut self, wanted: impl Fn(&str) -> bool) -> Vec<&'n Entry> {
        let (taken, left) = self.left.iter().partition(|entry| wanted(&entry.key.text));
        self.left = left;
        taken
    }

    /// Names every key that nobody took.
    pub(super) fn finish(self, problems: &mut Problems) {
        for entry in &self.left {
            problems.add(unknown_key(&entry.key, &self.what, &self.known));
        }
    }
}

/// A key that nobody knows, with the nearest that somebody does.
pub(super) fn unknown_key(key: &crate::yaml::Key, what: &str, known: &[&'static str]) -> Diagnostic {
    let problem = Diagnostic::error("unknown-key", key.span, format!("{what} has no key `{}`", short(&key.text)));
    let foreign = FOREIGN.iter().find(|(word, ours)| *word == key.text && known.contains(ours));
    if let Some((_, ours)) = foreign {
        return problem.help(format!("did you mean `{ours}`?"));
    }
    if let Some(near) = did_you_mean(&key.text, known.iter().copied()) {
        return problem.help(near.trim_end());
    }
    let mut names = known.to_vec();
    names.sort_unstable();
    names.dedup();
    match names.is_empty() {
        true => problem,
        false => problem.help(format!("known keys: {}", names.join(", "))),
    }
}

pub(super) fn given_twice(first: &crate::yaml::Key, second: &crate::yaml::Key, problems: &mut Problems) {
    let (a, b) = (&first.text, &second.text);
    let place = format!("line {}, column {}", first.span.start.line, first.span.start.column);
    let message = match a == b {
        true => format!("`{b}` is already given on {place}"),
        false => format!("`{b}` means the same as `{a}`, which is already given on {place}"),
    };
    problems.add(Diagnostic::error("given-twice", second.span, message).help("keep one of the two"));
}

/// What other systems call our keys.
const FOREIGN: &[(&str, &str)] = &[
    ("depends_on", "needs"),
    ("dependencies", "needs"),
    ("dependsOn", "needs"),
    ("after", "needs"),
    ("run", "command"),
    ("cmd", "command"),
    ("commands", "script"),
    ("shell_script", "script"),
    ("if", "when"),
    ("condition", "when"),
    ("only", "when"),
    ("uses", "type"),
    ("kind", "type"),
    ("step_type", "type"),
    ("jobs", "steps"),
    ("on", "triggers"),
    ("vars", "variables"),
    ("parameters", "variables"),
    ("with", "config"),
    ("params", "config"),
    ("allow_failure", "continue_on_failure"),
    ("continue_on_error", "continue_on_failure"),
    ("ignore_errors", "continue_on_failure"),
    ("retries", "retry"),
    ("group", "parallel_group"),
    ("parallel", "parallel_group"),
    ("cwd", "working_directory"),
    ("workdir", "working_directory"),
    ("working_dir", "working_directory"),
    ("title", "name"),
];
