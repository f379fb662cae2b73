//! Whether a step is skipped by a condition whose value is known before the run starts.

use globset::Glob;
use serde_json::Value as Json;

use super::PlanFacts;
use crate::expr::{Expr, Lookup};
use crate::plan::{Condition, Plan, PlannedStep};
use crate::variables;

/// What is known of a plan before its run.
pub(super) struct ByNow<'a> {
    plan: &'a Plan,
    facts: &'a PlanFacts,
    /// A checkout may change branch and commit while the run goes on.
    checks_out: bool,
}

impl<'a> ByNow<'a> {
    pub(super) fn of(plan: &'a Plan, facts: &'a PlanFacts) -> Self {
        Self { plan, facts, checks_out: plan.steps.iter().any(|step| step.kind == "git") }
    }

    /// Whether it is certain that the step will not run.
    pub(super) fn skips(&self, step: &PlannedStep) -> bool {
        step.conditions.iter().any(|condition| match condition {
            Condition::BranchEquals(wanted) => self.fails("git_branch", |is| is == wanted),
            Condition::BranchMatches(glob) => {
                self.fails("git_branch", |is| Glob::new(glob).is_ok_and(|glob| glob.compile_matcher().is_match(is)))
            }
            Condition::EnvironmentEquals(wanted) => self.fails("environment", |is| is == wanted),
            Condition::Expression(text) => {
                let scope = |path: &[String]| self.lookup(path);
                Expr::parse(text).and_then(|expr| expr.holds(&scope)) == Ok(false)
            }
            Condition::OnSuccess | Condition::OnFailure | Condition::Always => false,
        })
    }

    fn fails(&self, name: &str, holds: impl Fn(&str) -> bool) -> bool {
        match self.lookup(&[name.to_owned()]) {
            Lookup::Value(Json::String(is)) => !holds(&is),
            Lookup::Value(is) => !holds(&is.to_string()),
            Lookup::Absent(_) | Lookup::Unknown(_) => true,
            Lookup::Masked(_) => false,
        }
    }

    fn lookup(&self, path: &[String]) -> Lookup {
        variables::lookup(self.plan, path, &|path| self.fact(path))
    }

    /// `Masked` stands for what only the run knows: nothing covers it, so an expression that needs it has no value yet.
    fn fact(&self, path: &[String]) -> Lookup {
        let not_yet = || Lookup::Masked("not known before the run".to_owned());
        let known = |value: &Option<String>| match value {
            _ if self.checks_out => not_yet(),
            Some(value) => Lookup::Value(Json::String(value.clone())),
            None => Lookup::Absent("not inside a git checkout".to_owned()),
        };
        match path {
            [first, ..] if self.plan.variables.contains_key(first) => variables::inside(&self.plan.variables, path),
            [only] if only == "git_branch" => known(&self.facts.git_branch),
            [only] if only == "git_commit" => known(&self.facts.git_commit),
            [first, ..] if first == "environment" => {
                Lookup::Absent("the variable `environment` has no value".to_owned())
            }
            [pipeline, name] if pipeline == "pipeline" && name == "name" => {
                Lookup::Value(Json::String(self.plan.pipeline.clone()))
            }
            _ => not_yet(),
        }
    }
}
