//! Why a credential is not taken, and how to do it right. Never quotes what was given, but names in it.

use std::fmt;

/// Why a credential is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Which part of it: `text`, `context`, `token`, `certificate`, `key`, `ca`, `server`, `proxy`.
    pub field: &'static str,
    /// Why, in one sentence.
    pub why: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Refused {
    pub(super) fn new(field: &'static str, why: impl Into<String>) -> Refused {
        Refused { field, why: why.into(), help: None }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Refused {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)?;
        match &self.help {
            Some(help) => write!(f, "; {help}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Refused {}

/// A name of somebody's file, short and on one line.
pub(super) fn shown(name: &str) -> String {
    let cut: String = name.chars().take(80).collect();
    let mark = if cut.len() < name.len() { "…" } else { "" };
    format!("`{}{mark}`", cut.escape_debug())
}
