//! What is wrong with the user's text: where, what, and what to do about it.
//!
//! Plain data. Drawing carets is the terminal's job, underlining in red the browser's.

/// A place in the text. Lines and columns count from 1, columns in characters; `offset` is in bytes from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// Bytes from the start of the text.
    pub offset: usize,
}

/// From `start` up to, not including, `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// First character.
    pub start: Position,
    /// One past the last character.
    pub end: Position,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The pipeline is refused.
    Error,
    /// The pipeline runs, but probably not as its author thinks.
    Warning,
}

impl Severity {
    /// The word of the JSON output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        }
    }
}

/// One problem in the user's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Whether the text is refused for it.
    pub severity: Severity,
    /// A stable word for scripts, such as `unknown-key`.
    pub code: &'static str,
    /// Lower-case fragment that names the thing.
    pub message: String,
    /// What to do, where we know.
    pub help: Option<String>,
    /// Where.
    pub span: Span,
}

impl Diagnostic {
    /// A problem for which the text is refused.
    #[must_use]
    pub fn error(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self { severity: Severity::Error, code, message: message.into(), help: None, span }
    }

    /// A problem that stops nothing.
    #[must_use]
    pub fn warning(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, span, message) }
    }

    /// With a line that says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Whether the text is refused for it.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}
