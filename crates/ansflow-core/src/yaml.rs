//! YAML as a tree that knows where every piece of it was written.
//!
//! One UTF-8 document, YAML 1.2 with the core schema (`NO` and `yes` are text), anchors and `<<` under a budget. What
//! the user wrote wrong becomes a diagnostic; hostile text is refused cheaply, whatever its shape. Nothing in here
//! knows what a pipeline is.

mod budget;
mod build;
mod documents;
mod input;
mod locate;
mod map;
mod place;
mod print;
mod scalar;
mod syntax;
#[cfg(test)]
mod tests;

pub use self::documents::documents;
pub use self::print::print;
pub(crate) use self::print::text as print_text;

use crate::diagnostic::{Diagnostic, Span};
use scalar::Style;
use serde_json::Value as Json;
use std::ops::Range;

/// Files are no larger than this, in bytes.
pub const LARGEST: usize = 4 * 1024 * 1024;

/// Lists and maps nest no deeper than this, aliases included; walking a tree by recursion is therefore safe.
pub const DEEPEST: usize = 100;

/// A tree has no more values than this, those that aliases repeat included.
pub const MOST_NODES: usize = 500_000;

/// All texts of a tree together are no longer than this, in bytes; only aliases can make more than the file has.
pub const MOST_TEXT: usize = 4 * LARGEST;

/// A value and where it was written. Equal when the values are, wherever they stand.
#[derive(Debug, Clone)]
pub struct Node {
    /// From its first to past its last character; of a block text (`|`) the lines below the header.
    pub span: Span,
    /// What it says.
    pub value: Value,
    style: Style,
    /// Numbers, truth values and null as written: `1.10`, `0777`, `~`.
    written: Option<Box<str>>,
}

/// What a node says, by the core schema.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`, `~` or nothing at all.
    Null,
    /// `true` or `false`, and nothing else.
    Bool(bool),
    /// A whole number, also `0x1f` and `0o17`; `0777` is 777.
    Int(i64),
    /// Any other number, also `.inf` and `.nan`, and whole ones too large for [`Value::Int`].
    Float(f64),
    /// Everything else that is no collection.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A map in the order of the file, each key once; what `<<` brought in comes last.
    Map(Vec<Entry>),
}

/// One entry of a map.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: Key,
    /// The value.
    pub value: Node,
}

/// A key as text, whatever it looks like: `1: x` has the key `1`.
#[derive(Debug, Clone)]
pub struct Key {
    /// The text.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// Reads a file: the tree where there is one, and all that is wrong with it.
///
/// After a syntax error there is no tree. After other errors, such as duplicate keys, there is, so that a caller can go
/// on to find more.
#[must_use]
pub fn read(text: &[u8]) -> (Option<Node>, Vec<Diagnostic>) {
    match input::decode(text) {
        Ok(text) => build::build(&text),
        Err(diagnostic) => (None, vec![diagnostic]),
    }
}

impl Node {
    /// A node that no file contains; [`Node::locate`] answers with the whole span.
    #[must_use]
    pub fn new(span: Span, value: Value) -> Node {
        Node { span, value, style: Style::None, written: None }
    }

    /// The text, if it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::List(_) | Value::Map(_) => None,
        }
    }

    /// A text, number or truth value as written: `1.10` stays `1.10`.
    #[must_use]
    pub fn scalar(&self) -> Option<String> {
        let as_written = |else_say: &dyn Fn() -> String| self.written.as_deref().map_or_else(else_say, str::to_owned);
        match &self.value {
            Value::Text(text) => Some(text.clone()),
            Value::Bool(truth) => Some(as_written(&|| truth.to_string())),
            Value::Int(number) => Some(as_written(&|| number.to_string())),
            Value::Float(number) => Some(as_written(&|| number.to_string())),
            Value::Null | Value::List(_) | Value::Map(_) => None,
        }
    }

    /// The value under a key, if this is a map that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        match &self.value {
            Value::Map(entries) => entries.iter().find(|entry| entry.key.text == key).map(|entry| &entry.value),
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Text(_) | Value::List(_) => None,
        }
    }

    /// As JSON; numbers that JSON does not know (`.inf`) become their text.
    #[must_use]
    pub fn to_json(&self) -> Json {
        match &self.value {
            Value::Null => Json::Null,
            Value::Bool(truth) => Json::Bool(*truth),
            Value::Int(number) => Json::from(*number),
            Value::Float(number) => match serde_json::Number::from_f64(*number) {
                Some(number) => Json::Number(number),
                None => Json::String(self.scalar().unwrap_or_default()),
            },
            Value::Text(text) => Json::String(text.clone()),
            Value::List(items) => Json::Array(items.iter().map(Node::to_json).collect()),
            Value::Map(entries) => {
                Json::Object(entries.iter().map(|entry| (entry.key.text.clone(), entry.value.to_json())).collect())
            }
        }
    }

    /// As JSON, as readers of YAML 1.1 have it: a whole number that begins with 0 is octal. Manifests of Kubernetes are
    /// written for them, and `defaultMode: 0755` must not become another mode.
    #[must_use]
    pub fn to_manifest(&self) -> Json {
        match &self.value {
            Value::Int(_) => self.octal().map_or_else(|| self.to_json(), Json::from),
            Value::List(items) => Json::Array(items.iter().map(Node::to_manifest).collect()),
            Value::Map(entries) => {
                Json::Object(entries.iter().map(|entry| (entry.key.text.clone(), entry.value.to_manifest())).collect())
            }
            Value::Null | Value::Bool(_) | Value::Float(_) | Value::Text(_) => self.to_json(),
        }
    }

    fn octal(&self) -> Option<i64> {
        let digits = self.written.as_deref()?.strip_prefix('0')?;
        let is_octal = !digits.is_empty() && digits.bytes().all(|digit| (b'0'..=b'7').contains(&digit));
        is_octal.then(|| i64::from_str_radix(digits, 8).ok())?
    }

    /// Where a byte range of this scalar's text stands in the source, through quotes, escapes, indentation and folding.
    ///
    /// `source` is the whole file, as given to [`read`]. A range that is none gives the nearest place inside the node;
    /// what is no scalar gives its span. Costs the length of the text.
    #[must_use]
    pub fn locate(&self, source: &str, range: Range<usize>) -> Span {
        match (&self.value, self.written.as_deref()) {
            (Value::Text(text), _) => locate::locate(self.span, self.style, text, source, range),
            (_, Some(written)) => locate::locate(self.span, self.style, written, source, range),
            (_, None) => self.span,
        }
    }

    /// What it is, as a person says it.
    #[must_use]
    pub fn describe(&self) -> &'static str {
        match self.value {
            Value::Null => "nothing",
            Value::Bool(_) => "true or false",
            Value::Int(_) | Value::Float(_) => "a number",
            Value::Text(_) => "text",
            Value::List(_) => "a list",
            Value::Map(_) => "a map",
        }
    }
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

/// What a message quotes of a text that may be megabytes long.
fn short(text: &str) -> std::borrow::Cow<'_, str> {
    match text.char_indices().nth(60) {
        None => text.into(),
        Some((end, _)) => format!("{}…", &text[..end]).into(),
    }
}
