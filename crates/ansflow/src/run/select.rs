//! `--from STEP` and `--only STEP`: which steps are left out, and the reason that their line shows.

use ansflow_core::plan::{Plan, StepIndex};
use anyhow::Result;

use crate::exit::Refused;

/// Which steps run.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Selection<'a> {
    /// All of them.
    All,
    /// This one, what stands after it, and whatever follows it.
    From(&'a str),
    /// This one.
    Only(&'a str),
}

impl Selection<'_> {
    /// The steps that do not run, with the reason.
    pub(crate) fn deselected(self, plan: &Plan) -> Result<Vec<(StepIndex, String)>> {
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

fn step(plan: &Plan, name: &str) -> Result<StepIndex> {
    plan.steps.iter().position(|step| step.name == name).ok_or_else(|| {
        let names = plan.steps.iter().map(|step| step.name.as_str());
        let refused = Refused::invalid(format!("the pipeline has no step `{name}`"));
        match ansflow_core::suggest::nearest(name, names) {
            Some(near) => refused.help(format!("did you mean `{near}`?")).into(),
            None => refused.help("`ansflow plan` lists the steps").into(),
        }
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
