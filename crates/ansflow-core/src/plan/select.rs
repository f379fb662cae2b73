//! Which steps of a plan run: all, from one on, or one. The others are left out, with the reason that they show.

use super::{Plan, StepIndex};
use crate::suggest;

/// Which steps run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Selection<'a> {
    /// All of them.
    All,
    /// This one, what stands after it, and whatever follows it.
    From(&'a str),
    /// This one.
    Only(&'a str),
}

/// No step has the name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the pipeline has no step `{name}`")]
pub struct UnknownStep {
    /// What was asked for.
    pub name: String,
    /// A name that looks like it.
    pub near: Option<String>,
}

impl Selection<'_> {
    /// The steps that do not run, with the reason.
    ///
    /// # Errors
    /// When the plan has no step of that name.
    pub fn deselected(self, plan: &Plan) -> Result<Vec<(StepIndex, String)>, UnknownStep> {
        let (chosen, reason) = match self {
            Selection::All => return Ok(Vec::new()),
            Selection::From(name) => (step(plan, name)?, format!("the run begins at `{name}`")),
            Selection::Only(name) => (step(plan, name)?, format!("only `{name}` was asked for")),
        };
        let runs: Vec<bool> = match self {
            Selection::Only(_) => (0..plan.steps.len()).map(|index| index == chosen).collect(),
            Selection::From(_) | Selection::All => {
                let followers = followers(plan, chosen);
                (0..plan.steps.len()).map(|index| index >= chosen || followers[index]).collect()
            }
        };
        Ok(runs.iter().enumerate().filter(|(_, runs)| !**runs).map(|(index, _)| (index, reason.clone())).collect())
    }
}

/// The step of a name.
///
/// # Errors
/// When the plan has none.
pub fn step(plan: &Plan, name: &str) -> Result<StepIndex, UnknownStep> {
    plan.steps.iter().position(|step| step.name == name).ok_or_else(|| {
        let names = plan.steps.iter().map(|step| step.name.as_str());
        UnknownStep { name: name.to_owned(), near: suggest::nearest(name, names).map(str::to_owned) }
    })
}

/// Which steps follow a step, directly or not.
fn followers(plan: &Plan, chosen: StepIndex) -> Vec<bool> {
    let mut following: Vec<Vec<StepIndex>> = vec![Vec::new(); plan.steps.len()];
    for (index, step) in plan.steps.iter().enumerate() {
        for need in &step.needs {
            following[*need].push(index);
        }
    }
    let mut found = vec![false; plan.steps.len()];
    let mut open = vec![chosen];
    while let Some(index) = open.pop() {
        for follower in &following[index] {
            if !std::mem::replace(&mut found[*follower], true) {
                open.push(*follower);
            }
        }
    }
    found
}
