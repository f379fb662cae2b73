//! Why a build failed: which instruction of the Dockerfile, at which line, with which exit code.

use std::fmt;

/// A build that failed for a reason of its own: not the daemon's, not ours.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BuildFailure {
    /// The instruction; none where the Dockerfile could not be read at all.
    pub step: Option<FailedStep>,
    /// Its line in the Dockerfile.
    pub line: Option<usize>,
    /// What its command exited with.
    pub code: Option<i64>,
    /// The builder's own words.
    pub why: String,
}

/// The instruction that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedStep {
    /// Its place, as the builder counts: `3/7`, or `test 2/4` in a stage of that name.
    pub place: String,
    /// The instruction: `RUN make test`.
    pub instruction: String,
}

impl std::error::Error for BuildFailure {}

impl fmt::Display for BuildFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the build failed")?;
        if let Some(step) = &self.step {
            write!(f, " at step {}", step.place)?;
        }
        if let Some(line) = self.line {
            let comma = if self.step.is_some() { "," } else { " at" };
            write!(f, "{comma} line {line} of the Dockerfile")?;
        }
        if let Some(step) = &self.step {
            write!(f, ", `{}`", short(&step.instruction))?;
        }
        match self.code {
            Some(137) => f.write_str(": its command was killed (exit code 137: out of memory?)"),
            Some(code) => write!(f, ": its command ended with exit code {code}"),
            None => write!(f, ": {}", self.why),
        }
    }
}

fn short(instruction: &str) -> String {
    const LONGEST: usize = 120;
    match instruction.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &instruction[..at]),
        None => instruction.to_owned(),
    }
}

/// The number after these words.
pub(super) fn number_after(text: &str, words: &str) -> Option<i64> {
    let rest = &text[text.rfind(words)? + words.len()..];
    let digits: String = rest.trim_start().chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}
