//! The list of what is wrong, and the readers of single values that add to it.

use crate::diagnostic::{Diagnostic, Span};
use crate::duration;
use crate::pipeline::{Origin, Spanned, Text};
use crate::suggest;
use crate::yaml::{Node, Value};

/// What is wrong so far. More than [`Problems::MOST`] help nobody.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    list: Vec<Diagnostic>,
    source: String,
}

impl Problems {
    /// So many problems are shown.
    const MOST: usize = 100;

    pub(super) fn new(source: &[u8], list: Vec<Diagnostic>) -> Self {
        Self { list, source: String::from_utf8_lossy(source).into_owned() }
    }

    pub(crate) fn add(&mut self, problem: Diagnostic) {
        self.list.push(problem);
    }

    pub(crate) fn error(&mut self, code: &'static str, span: Span, message: impl Into<String>) {
        self.add(Diagnostic::error(code, span, message));
    }

    pub(super) fn any_error(&self) -> bool {
        self.list.iter().any(Diagnostic::is_error)
    }

    pub(super) fn origin(&self) -> Origin {
        Origin(self.source.as_str().into())
    }

    /// A place inside a text of the file.
    pub(crate) fn locate(&self, node: &Node, range: std::ops::Range<usize>) -> Span {
        node.locate(&self.source, range)
    }

    /// All of them, sorted by place; the last one says how many were left out.
    pub(super) fn finish(mut self) -> Vec<Diagnostic> {
        self.list.sort_by(|a, b| (a.span, a.code, &a.message).cmp(&(b.span, b.code, &b.message)));
        self.list.dedup();
        let left_out = self.list.split_off(self.list.len().min(Self::MOST));
        if let Some(first) = left_out.first() {
            // A cut that hides the only errors would read as if there were warnings only.
            let rest = format!("{} more problems", left_out.len());
            self.list.push(match left_out.iter().any(Diagnostic::is_error) {
                true => Diagnostic::error("more-problems", first.span, rest),
                false => Diagnostic::warning("more-problems", first.span, rest),
            });
        }
        self.list
    }
}

/// Readers of single values. `what` names the value in messages, such as "`timeout`".
impl Problems {
    pub(crate) fn wrong_type(&mut self, node: &Node, what: &str, wanted: &str) {
        self.error("wrong-type", node.span, format!("{what} must be {wanted}, and is {}", node.describe()));
    }

    pub(super) fn wrong_type_with(&mut self, node: &Node, what: &str, wanted: &str, help: &str) {
        let message = format!("{what} must be {wanted}, and is {}", node.describe());
        self.add(Diagnostic::error("wrong-type", node.span, message).help(help));
    }

    /// A text; a number or a Boolean is its text as written.
    pub(crate) fn text(&mut self, node: &Node, what: &str) -> Option<String> {
        let text = node.scalar();
        if text.is_none() {
            self.wrong_type(node, what, "a text");
        }
        text
    }

    pub(crate) fn spanned(&mut self, node: &Node, what: &str) -> Option<Spanned<String>> {
        Some(Spanned::new(self.text(node, what)?, node.span))
    }

    pub(crate) fn text_node(&mut self, node: &Node, what: &str) -> Option<Text> {
        Some(Text { text: self.text(node, what)?, node: node.clone(), offset: 0 })
    }

    /// A text that is not blank.
    pub(crate) fn name(&mut self, node: &Node, what: &str) -> Option<Spanned<String>> {
        let name = self.spanned(node, what)?;
        if name.trim().is_empty() {
            self.error("empty-name", node.span, format!("{what} is empty"));
            return None;
        }
        if name.contains(char::is_control) {
            self.error("bad-name", node.span, format!("{what} holds a control character"));
            return None;
        }
        Some(name)
    }

    pub(crate) fn boolean(&mut self, node: &Node, what: &str) -> Option<bool> {
        if let Value::Bool(value) = node.value {
            return Some(value);
        }
        let text = node.text().unwrap_or_default();
        let help = match text.to_ascii_lowercase().as_str() {
            "yes" | "on" | "y" | "true" => Some("write `true`, without quotes"),
            "no" | "off" | "n" | "false" => Some("write `false`, without quotes"),
            _ => None,
        };
        let message = format!("{what} must be `true` or `false`, and is {}", node.describe());
        let mut problem = Diagnostic::error("wrong-type", node.span, message);
        problem.help = help.map(str::to_owned);
        self.add(problem);
        None
    }

    pub(crate) fn integer(&mut self, node: &Node, what: &str, min: i64, max: i64) -> Option<i64> {
        let Value::Int(value) = node.value else {
            self.wrong_type(node, what, "a whole number");
            return None;
        };
        if (min..=max).contains(&value) {
            return Some(value);
        }
        let range = match (min, max) {
            (i64::MIN, max) => format!("at most {max}"),
            (min, i64::MAX) => format!("at least {min}"),
            (min, max) => format!("between {min} and {max}"),
        };
        self.error("out-of-range", node.span, format!("{what} must be {range}, and is {value}"));
        None
    }

    /// A length of time, in milliseconds.
    pub(crate) fn duration(&mut self, node: &Node, what: &str) -> Option<u64> {
        let text = match node.value {
            Value::Int(_) | Value::Float(_) | Value::Text(_) => node.scalar()?,
            Value::Null | Value::Bool(_) | Value::List(_) | Value::Map(_) => {
                self.wrong_type(node, what, "a duration");
                return None;
            }
        };
        match duration::parse(&text) {
            Ok(0) if what.contains("timeout") => {
                self.error("bad-duration", node.span, format!("{what} of zero would end it before it starts"));
                None
            }
            Ok(ms) => Some(ms),
            Err(why) => {
                let (why, help) = why.split_once("; ").unwrap_or((&why, "write 90s, 5m, 1h30m or a number of seconds"));
                self.add(Diagnostic::error("bad-duration", node.span, format!("{what}: {why}")).help(help));
                None
            }
        }
    }

    /// One of a closed set of words.
    pub(crate) fn choice<T: Copy>(&mut self, node: &Node, what: &str, words: &[(&'static str, T)]) -> Option<T> {
        let word = self.text(node, what)?;
        if let Some((_, value)) = words.iter().find(|(known, _)| *known == word) {
            return Some(*value);
        }
        let all = words.iter().map(|(word, _)| format!("`{word}`")).collect::<Vec<_>>().join(", ");
        let message = format!("{what} has no choice `{}`", short(&word));
        let problem = Diagnostic::error("unknown-choice", node.span, message);
        let near = did_you_mean(&word, words.iter().map(|(word, _)| *word)).unwrap_or_default();
        self.add(problem.help(format!("{near}known words: {all}")));
        None
    }

    /// The members of a list. Nothing at all is an empty list.
    pub(crate) fn list<'n>(&mut self, node: &'n Node, what: &str, of: &str) -> &'n [Node] {
        match &node.value {
            Value::List(items) => items,
            Value::Null => &[],
            Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Text(_) | Value::Map(_) => {
                self.wrong_type(node, what, &format!("a list of {of}"));
                &[]
            }
        }
    }

    /// A list of texts; one text is a list of one.
    pub(crate) fn texts(&mut self, node: &Node, what: &str) -> Vec<Text> {
        let items = match &node.value {
            Value::Text(_) | Value::Int(_) | Value::Float(_) | Value::Bool(_) => std::slice::from_ref(node),
            Value::Null | Value::List(_) | Value::Map(_) => self.list(node, what, "texts"),
        };
        items.iter().filter_map(|item| self.text_node(item, what)).collect()
    }
}

/// "did you mean `x`? " for the nearest known word.
pub(crate) fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    suggest::nearest(word, known).map(|near| format!("did you mean `{near}`? "))
}

/// A word of the user, cut where it would drown the message.
pub(crate) fn short(word: &str) -> String {
    let mut cut: String = word.chars().take(60).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if cut.len() < word.len() {
        cut.push('…');
    }
    cut
}
