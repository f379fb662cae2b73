//! Whether a step runs, once all that it needs has ended; and if not, why, in one sentence.

use std::cell::RefCell;

use serde_json::Value as Json;

use super::Run;

use crate::expr::{Expr, Lookup};
use crate::plan::{Condition, StepIndex};

/// What the conditions of a step say.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Verdict {
    Holds,
    Skip(String),
    /// A condition means nothing, such as `1 < "a"`: the step fails.
    Broken(String),
}

impl Run {
    /// What a step's conditions say. Fixed from the moment at which its needs have ended, so that asking again is free
    /// of surprises.
    pub(crate) fn verdict(&self, i: StepIndex) -> Verdict {
        if let Some(why) = self.frame.deselected.get(&i) {
            return Verdict::Skip(why.clone());
        }
        let conditions = &self.plan().steps[i].conditions;
        let asks_no_success = |condition: &Condition| matches!(condition, Condition::Always | Condition::OnFailure);
        if let (Some(cause), false) = (self.steps[i].came, conditions.iter().any(asks_no_success)) {
            return Verdict::Skip(self.why_failed(cause));
        }
        let verdicts = conditions.iter().map(|condition| self.verdict_of(i, condition));
        verdicts.into_iter().find(|verdict| *verdict != Verdict::Holds).unwrap_or(Verdict::Holds)
    }

    fn verdict_of(&self, i: StepIndex, condition: &Condition) -> Verdict {
        match condition {
            Condition::Always => Verdict::Holds,
            Condition::OnSuccess => match self.steps[i].came {
                Some(cause) => Verdict::Skip(self.why_failed(cause)),
                None => Verdict::Holds,
            },
            Condition::OnFailure => match self.steps[i].came {
                Some(_) => Verdict::Holds,
                None => Verdict::Skip("nothing before it has failed".to_owned()),
            },
            Condition::BranchEquals(wanted) => self.compare(i, "git_branch", "branch", wanted, "is", |is| is == wanted),
            Condition::EnvironmentEquals(wanted) => {
                self.compare(i, "environment", "environment", wanted, "is", |is| is == wanted)
            }
            Condition::BranchMatches(pattern) => match globset::Glob::new(pattern) {
                Ok(glob) => {
                    let glob = glob.compile_matcher();
                    self.compare(i, "git_branch", "branch", pattern, "matches", |is| glob.is_match(is))
                }
                Err(error) => Verdict::Broken(format!("condition `{pattern}` is no glob: {}", error.kind())),
            },
            Condition::Expression(text) => self.verdict_of_expression(i, text),
        }
    }

    /// Whether a text of the run's world is what a condition wants.
    fn compare(
        &self,
        i: StepIndex,
        name: &str,
        title: &str,
        wanted: &str,
        verb: &str,
        holds: impl Fn(&str) -> bool,
    ) -> Verdict {
        match self.lookup(i, &[name.to_owned()]) {
            Lookup::Value(value) => {
                let is = match value {
                    Json::String(text) => text,
                    other => other.to_string(),
                };
                match (holds(&is), verb) {
                    (true, _) => Verdict::Holds,
                    (false, "is") => Verdict::Skip(format!("{title} is `{is}`, not `{wanted}`")),
                    (false, _) => Verdict::Skip(format!("{title} `{is}` does not match `{wanted}`")),
                }
            }
            Lookup::Absent(_) | Lookup::Unknown(_) => Verdict::Skip(format!("{name} has no value")),
            Lookup::Masked(advice) => Verdict::Broken(advice),
        }
    }

    fn verdict_of_expression(&self, i: StepIndex, text: &str) -> Verdict {
        // A name that was asked for and has no value makes the condition false.
        let absent = RefCell::new(Vec::new());
        let scope = |path: &[String]| {
            let lookup = self.lookup(i, path);
            if matches!(lookup, Lookup::Absent(_)) {
                absent.borrow_mut().push(path.to_vec());
            }
            lookup
        };
        match Expr::parse(text).and_then(|expr| Ok((expr.holds(&scope)?, expr.names()))) {
            Ok((true, _)) => Verdict::Holds,
            Ok((false, names)) => {
                let needed = |path: &&Vec<String>| names.iter().any(|name| !name.optional && name.path == **path);
                let why = absent.borrow().iter().find(needed).map(|path| format!(": {} has no value", path.join(".")));
                Verdict::Skip(format!("condition `{text}` is false{}", why.unwrap_or_default()))
            }
            Err(error) => {
                let help = error.help.map(|help| format!("; {help}")).unwrap_or_default();
                Verdict::Broken(format!("condition `{text}`: {}{help}", error.message))
            }
        }
    }
}
