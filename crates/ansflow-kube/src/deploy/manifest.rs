//! A manifest: an object, and where somebody wrote it, so that a message can say which line to look at.

use crate::object::Obj;
use std::fmt;

/// An object that is to be in the cluster.
#[derive(Clone)]
pub struct Manifest {
    /// What it is to be.
    pub object: Obj,
    /// Where it was written.
    pub origin: Origin,
}

/// A place in what was written: `k8s/web.yaml:12`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// The file, relative to the step's directory, or the parameter's name.
    pub file: String,
    /// From 1; 0 where it has no lines.
    pub line: usize,
}

/// Why what was written cannot be deployed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub origin: Origin,
    /// What is wrong; names the thing.
    pub message: String,
    /// What to do, where we know.
    pub help: Option<String>,
}

impl Origin {
    /// A line of a file.
    #[must_use]
    pub fn new(file: &str, line: usize) -> Origin {
        Origin { file: file.to_owned(), line }
    }

    pub(super) fn problem(&self, message: impl Into<String>) -> Problem {
        Problem { origin: self.clone(), message: message.into(), help: None }
    }
}

impl Problem {
    /// What is wrong with a file as a whole.
    pub(super) fn of(file: &str, message: impl Into<String>) -> Problem {
        Origin::new(file, 0).problem(message)
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Problem {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => f.write_str(&self.file),
            line => write!(f, "{}:{line}", self.file),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.origin, self.message)?;
        self.help.iter().try_for_each(|help| write!(f, "; {help}"))
    }
}

impl std::error::Error for Problem {}
