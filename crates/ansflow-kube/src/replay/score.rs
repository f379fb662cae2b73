//! How well recordings were judged: a line each, and one line for all.

use super::{Expected, Outcome};
use crate::Millis;
use std::fmt;

/// A recording that was judged.
#[derive(Debug, Clone, PartialEq)]
pub struct Scored {
    /// Its name.
    pub name: String,
    /// What was said of it.
    pub outcome: Outcome,
    /// What should have been said; none where nobody says.
    pub expected: Option<Expected>,
}

/// All recordings of a folder.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Score {
    /// Each.
    pub scored: Vec<Scored>,
}

impl Score {
    /// Whether every outcome is right.
    #[must_use]
    pub fn is_right(&self) -> bool {
        self.judged().all(|(expected, outcome)| expected.is_outcome(outcome))
    }

    /// How many outcomes are right.
    #[must_use]
    pub fn outcomes(&self) -> usize {
        self.judged().filter(|(expected, outcome)| expected.is_outcome(outcome)).count()
    }

    /// How many causes are right.
    #[must_use]
    pub fn causes(&self) -> usize {
        self.judged().filter(|(expected, outcome)| expected.is_cause(outcome)).count()
    }

    /// How many healthy ones were called failed.
    #[must_use]
    pub fn false_alarms(&self) -> usize {
        self.judged().filter(|(expected, outcome)| expected.is_false_alarm(outcome)).count()
    }

    /// The lateness in the middle of all.
    #[must_use]
    pub fn median_lateness(&self) -> Millis {
        let mut late: Vec<Millis> =
            self.judged().map(|(expected, outcome)| outcome.at.saturating_sub(expected.decided_ms)).collect();
        late.sort_unstable();
        late.get(late.len() / 2).copied().unwrap_or_default()
    }

    fn judged(&self) -> impl Iterator<Item = (&Expected, &Outcome)> {
        self.scored.iter().filter_map(|it| Some((it.expected.as_ref()?, &it.outcome)))
    }
}

impl fmt::Display for Scored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = &self.outcome.verdict;
        let cause = verdict.cause.as_ref().map_or("-", |cause| cause.as_str());
        let object = verdict.object.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string);
        let end = verdict.outcome.as_str();
        write!(f, "{:36} {end:6}  {cause:25} {object:38} {:>6}  ", self.name, self.outcome.at)?;
        let Some(expected) = &self.expected else { return write!(f, "nothing is expected") };
        let late = self.outcome.at.saturating_sub(expected.decided_ms);
        match (expected.is_outcome(&self.outcome), expected.is_cause(&self.outcome)) {
            (true, true) => write!(f, "right ({late:+})"),
            (true, false) => {
                write!(f, "wrong cause ({late:+}): {}", expected.cause.as_ref().map_or("-", |cause| cause.as_str()))
            }
            (false, _) => write!(f, "wrong ({late:+}): {} was expected", expected.outcome),
        }
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for scored in &self.scored {
            writeln!(f, "{scored}")?;
        }
        let all = self.judged().count();
        write!(
            f,
            "{} of {all} outcomes right, {} of {all} causes right, {} false alarms, median lateness {} ms",
            self.outcomes(),
            self.causes(),
            self.false_alarms(),
            self.median_lateness()
        )
    }
}
