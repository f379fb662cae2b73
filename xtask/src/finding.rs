//! One broken rule: where, what, and what to do.

use std::fmt;

/// One broken rule of the house.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    /// Path from the root, with `/`.
    pub(crate) file: String,
    /// From 1.
    pub(crate) line: usize,
    /// The rule's name, as `tidy.allow` writes it.
    pub(crate) rule: &'static str,
    /// What is wrong.
    pub(crate) message: String,
    /// What to do.
    pub(crate) help: &'static str,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {} [{}]\n  help: {}", self.file, self.line, self.message, self.rule, self.help)
    }
}
