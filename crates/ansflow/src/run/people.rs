//! Approvals on a laptop: `--yes`, a question on the terminal, or a refusal before anything starts.

use std::io::{BufRead, IsTerminal};

use ansflow_core::plan::Plan;
use anyhow::Result;

use crate::exit::Refused;

/// Who answers when a step asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answers {
    /// `--yes` did, beforehand.
    Yes,
    /// Whoever sits at the terminal.
    Terminal,
    /// Nobody, and no step asks.
    Nobody,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    /// Yes or no.
    pub(crate) approved: bool,
    /// What was added.
    pub(crate) comment: Option<String>,
}

impl Answers {
    /// Who answers the questions of a plan; refused where nobody could.
    pub(crate) fn of(plan: &Plan, deselected: &[usize], yes: bool) -> Result<Self> {
        let asking = |(index, step): (usize, &ansflow_core::plan::PlannedStep)| {
            (step.approval.is_some() && !deselected.contains(&index)).then(|| format!("`{}`", step.name))
        };
        let asking: Vec<String> = plan.steps.iter().enumerate().filter_map(asking).collect();
        if yes {
            return Ok(Answers::Yes);
        }
        if asking.is_empty() {
            return Ok(Answers::Nobody);
        }
        if std::io::stdin().is_terminal() && std::io::stderr().is_terminal() {
            return Ok(Answers::Terminal);
        }
        let (noun, verb) = if asking.len() == 1 { ("step", "waits") } else { ("steps", "wait") };
        Err(Refused::invalid(format!(
            "{noun} {} {verb} for approval, and there is no terminal to ask on",
            asking.join(", ")
        ))
        .help("approve beforehand with --yes; it is recorded under your name")
        .into())
    }
}

/// Reads one answer from the terminal: `y`, `n`, each with a comment behind it if one is wanted.
pub(crate) fn read_answer() -> Option<Answer> {
    let mut line = String::new();
    if std::io::stdin().lock().read_line(&mut line).ok()? == 0 {
        return None;
    }
    parse_answer(&line)
}

fn parse_answer(line: &str) -> Option<Answer> {
    let (word, comment) = line.trim().split_once(char::is_whitespace).unwrap_or((line.trim(), ""));
    let comment = Some(comment.trim().to_owned()).filter(|comment| !comment.is_empty());
    match word.to_lowercase().as_str() {
        "y" | "yes" | "是" => Some(Answer { approved: true, comment }),
        "n" | "no" | "否" => Some(Answer { approved: false, comment }),
        _ => None,
    }
}

/// The user of the operating system, under whose name a yes is recorded.
pub(crate) fn user() -> String {
    nix::unistd::User::from_uid(nix::unistd::getuid())
        .ok()
        .flatten()
        .map_or_else(|| format!("uid {}", nix::unistd::getuid()), |user| user.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_a_word_and_perhaps_a_comment() {
        let answer = |approved, comment: Option<&str>| Some(Answer { approved, comment: comment.map(str::to_owned) });
        assert_eq!(parse_answer("y\n"), answer(true, None));
        assert_eq!(parse_answer("No  too late today\n"), answer(false, Some("too late today")));
        assert_eq!(parse_answer("是\n"), answer(true, None));
        assert_eq!(parse_answer("maybe\n"), None);
    }
}
