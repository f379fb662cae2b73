//! What can go wrong with remembering.
//!
//! Callers branch on the first three; the others are reported.

use std::path::{Path, PathBuf};

/// What the store answers.
pub type Result<T> = std::result::Result<T, Error>;

/// Why the store could not do it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing; names it.
    #[error("{0} was not found")]
    NotFound(String),
    /// Somebody else was faster: load again, decide again. Names the thing.
    #[error("{0} has changed since it was read")]
    Conflict(String),
    /// Another row has this value already; names the field.
    #[error("this {0} is already taken")]
    Taken(&'static str),
    /// What was asked for is not allowed; says why.
    #[error("{0}")]
    Refused(String),
    /// The database cannot be opened, or does not answer.
    #[error("the database cannot be used")]
    Unavailable(#[from] sqlx::Error),
    /// What was stored cannot be understood: a bug, a newer AnsFlow or a damaged disk; says where.
    #[error("{0}")]
    Corrupt(String),
    /// A file could not be used.
    #[error("failed to {doing} `{}`", path.display())]
    Io {
        /// A verb: `read`, `write` …
        doing: &'static str,
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

impl Error {
    /// For `map_err`: what was done to which file.
    pub(crate) fn io(doing: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Error {
        move |source| Error::Io { doing, path: path.to_owned(), source }
    }
}

/// A value from outside that cannot be stored; names the field of the request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct Invalid {
    /// The field, with dots where it is inside another.
    pub field: &'static str,
    /// What is wrong with it; never quotes a secret.
    pub why: String,
}

impl Invalid {
    /// This field, for this reason.
    pub fn new(field: &'static str, why: impl Into<String>) -> Invalid {
        Invalid { field, why: why.into() }
    }
}
