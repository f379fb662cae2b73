//! How the program ends: the exit codes that scripts hold on to.

use std::process::ExitCode;

use ansflow_core::run::event::RunStatus;

/// An exit code of `interfaces.md`, by its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// 0
    Success,
    /// 1: the work said no.
    Failed,
    /// 2: wrong usage or invalid input; nothing was started.
    Invalid,
    /// 3: cancelled by other means than a signal.
    Cancelled,
    /// 4: it took too long.
    TimedOut,
    /// 5: nobody is signed in, or may not do it.
    NotAllowed,
    /// 6: no such thing.
    NotFound,
    /// 7: somebody else is at it.
    Conflict,
    /// What a command that ran elsewhere ended with.
    Code(u8),
    /// 128 + n: signal n ended it.
    Signal(u8),
}

impl Exit {
    /// What a run's last word means to the shell.
    pub(crate) fn of_run(status: RunStatus) -> Self {
        match status {
            RunStatus::Success => Exit::Success,
            RunStatus::Failed => Exit::Failed,
            RunStatus::Cancelled => Exit::Cancelled,
            RunStatus::TimedOut => Exit::TimedOut,
            // A run that has no last word yet was left alone, and that is no success.
            RunStatus::Queued | RunStatus::Running | RunStatus::Waiting => Exit::Failed,
        }
    }

    /// The same, by the word of the API.
    pub(crate) fn of_status(status: &str) -> Self {
        match status {
            "success" => Exit::Success,
            "cancelled" => Exit::Cancelled,
            "timed_out" => Exit::TimedOut,
            _ => Exit::Failed,
        }
    }

    /// The code that a problem carries, 1 where it carries none.
    pub(crate) fn of(problem: &anyhow::Error) -> Self {
        Refused::within(problem).map_or(Exit::Failed, |refused| refused.exit)
    }

    fn code(self) -> u8 {
        match self {
            Exit::Success => 0,
            Exit::Failed => 1,
            Exit::Invalid => 2,
            Exit::Cancelled => 3,
            Exit::TimedOut => 4,
            Exit::NotAllowed => 5,
            Exit::NotFound => 6,
            Exit::Conflict => 7,
            Exit::Code(code) => code,
            Exit::Signal(number) => 128u8.saturating_add(number),
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit.code())
    }
}

/// A refusal: what is refused and why, what to do about it, and the exit code.
#[derive(Debug)]
pub(crate) struct Refused {
    exit: Exit,
    message: String,
    help: Option<String>,
}

impl Refused {
    /// Invalid input: exit code 2, and nothing was started.
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self { exit: Exit::Invalid, message: message.into(), help: None }
    }

    /// With another exit code.
    pub(crate) fn exit(mut self, exit: Exit) -> Self {
        self.exit = exit;
        self
    }

    /// With a line that says what to do.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The refusal that a problem is, that was said of it as its context, or that caused it.
    pub(crate) fn within(problem: &anyhow::Error) -> Option<&Refused> {
        // A context stands in no chain by its own type: anyhow alone finds it.
        problem.downcast_ref().or_else(|| problem.chain().find_map(|cause| cause.downcast_ref()))
    }

    /// What to do.
    pub(crate) fn advice(&self) -> Option<&str> {
        self.help.as_deref()
    }
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refused {}

#[cfg(test)]
mod tests {
    use anyhow::Context as _;

    use super::*;

    #[test]
    fn a_refusal_gives_its_code_wherever_it_stands() {
        let refused = || Refused::invalid("no").exit(Exit::Conflict);
        let broken = || std::io::Error::other("broken");
        let code = |problem: anyhow::Error| Exit::of(&problem);
        assert_eq!(code(refused().into()), Exit::Conflict);
        assert_eq!(code(anyhow::Error::from(refused()).context("while trying")), Exit::Conflict);
        assert_eq!(code(anyhow::Error::from(broken()).context(refused())), Exit::Conflict);
        assert_eq!(
            code(Err::<(), _>(broken()).with_context(refused).context("while trying").unwrap_err()),
            Exit::Conflict
        );
        assert_eq!(code(broken().into()), Exit::Failed);
    }
}
