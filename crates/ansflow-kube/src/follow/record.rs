//! What was told of the goal, in order, as a recording has it: `replay` judges it again.

use crate::Millis;
use crate::browse::secrets::hidden;
use crate::object::Obj;
use serde::Serialize;
use serde_json::{Value as Json, json};

/// How much is kept; a rollout of a few pods needs a tenth of it.
const SIZE: usize = 3 * 1024 * 1024;

/// Lines of `watch.jsonl`.
pub(crate) struct Record {
    since: Millis,
    lines: String,
    /// Whether something is missing, because it became too much.
    pub(crate) is_cut: bool,
}

impl Record {
    pub(super) fn new(since: Millis) -> Record {
        Record { since, lines: String::new(), is_cut: false }
    }

    /// Something in its slim form.
    pub(super) fn add(&mut self, at: Millis, what: &str, version: &str, kind: &str, object: &impl Serialize) {
        if self.is_cut {
            return;
        }
        let mut value = serde_json::to_value(object).unwrap_or_default();
        if let Json::Object(map) = &mut value {
            map.insert("apiVersion".to_owned(), version.into());
            map.insert("kind".to_owned(), kind.into());
        }
        self.line(at, what, &value);
    }

    /// A whole object.
    pub(super) fn object(&mut self, at: Millis, what: &str, object: &Obj) {
        if !self.is_cut {
            self.line(at, what, &Json::Object(hidden(object)));
        }
    }

    fn line(&mut self, at: Millis, what: &str, object: &Json) {
        let line = json!({"t_ms": at.saturating_sub(self.since), "type": what, "object": object}).to_string();
        self.is_cut = self.lines.len().saturating_add(line.len()) > SIZE;
        if !self.is_cut {
            self.lines.push_str(&line);
            self.lines.push('\n');
        }
    }

    /// All of it.
    pub(crate) fn text(&self) -> &str {
        &self.lines
    }
}
