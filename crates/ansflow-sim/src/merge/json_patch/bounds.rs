//! How large and how deep a patch may make an object: operations copy and move, so that a small patch could make a huge one.

use serde_json::Value;

const MOST_COPIED: usize = 3 << 20;
/// As deep as JSON is read.
const DEEPEST: usize = 128;
/// So often the whole object is looked at.
const MOST_LOOKS: usize = 100;

pub(super) struct Bounds {
    copied: usize,
    /// Nothing is deeper than this, as far as is known without looking.
    depth: usize,
    looks: usize,
}

impl Bounds {
    pub(super) fn of(target: &Value) -> Bounds {
        Bounds { copied: 0, depth: depth(target), looks: 0 }
    }

    /// A value of the patch comes to stand so deep.
    pub(super) fn sent(&mut self, value: &Value, at: usize) -> Option<()> {
        let deep = at + depth(value);
        self.depth = self.depth.max(deep);
        (deep <= DEEPEST).then_some(())
    }

    pub(super) fn copied(&mut self, value: &Value) -> Option<()> {
        self.copied += value.to_string().len();
        (self.copied <= MOST_COPIED).then_some(())
    }

    /// A part of the object came to stand so deep in it.
    pub(super) fn moved(&mut self, target: &Value, at: usize) -> Option<()> {
        self.depth += at;
        if self.depth > DEEPEST {
            self.looks += 1;
            self.depth = depth(target);
        }
        (self.depth <= DEEPEST && self.looks <= MOST_LOOKS).then_some(())
    }
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Object(fields) => 1 + fields.values().map(depth).max().unwrap_or(0),
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        _ => 1,
    }
}
