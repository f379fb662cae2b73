//! How much a tree may hold. Aliases make a lot out of little, so what they repeat is paid for before it is copied.

use super::{MOST_NODES, MOST_TEXT, Node, Value};
use crate::diagnostic::{Diagnostic, Span};

/// What a value takes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Cost {
    nodes: usize,
    bytes: usize,
    /// Levels of lists and maps.
    pub(super) height: usize,
}

impl Cost {
    /// One value or key with this text.
    pub(super) fn of(text: &str) -> Cost {
        Cost { nodes: 1, bytes: text.len(), height: 0 }
    }

    /// A value with all that is in it.
    pub(super) fn measure(node: &Node) -> Cost {
        let mut cost = Cost::of(node.text().unwrap_or_default());
        let mut add = |child: &Node, key: usize| {
            let inner = Cost::measure(child);
            cost.nodes += inner.nodes;
            cost.bytes += inner.bytes + key;
            cost.height = cost.height.max(inner.height);
        };
        match &node.value {
            Value::List(items) => items.iter().for_each(|item| add(item, 0)),
            Value::Map(entries) => entries.iter().for_each(|entry| add(&entry.value, entry.key.text.len())),
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Text(_) => return cost,
        }
        cost.height += 1;
        cost
    }
}

/// What has been spent so far.
#[derive(Debug, Default)]
pub(super) struct Budget {
    nodes: usize,
    bytes: usize,
}

impl Budget {
    pub(super) fn charge(&mut self, cost: Cost, span: Span) -> Result<(), Diagnostic> {
        self.nodes += cost.nodes;
        self.bytes += cost.bytes;
        let what = if self.nodes > MOST_NODES {
            format!("{MOST_NODES} values")
        } else if self.bytes > MOST_TEXT {
            format!("{} MiB of text", MOST_TEXT / 1024 / 1024)
        } else {
            return Ok(());
        };
        let message = format!("the file holds more than {what}, with all that its aliases repeat");
        Err(Diagnostic::error("too-large", span, message).help("aliases multiply; write less, or split the file"))
    }
}
