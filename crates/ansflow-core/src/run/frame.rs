//! What a run is made of from its first event on: the plan turned round, so that rules find in it what they need.
//!
//! Nothing here ever changes, and a frame that was made is sound: its indices point somewhere, its needs go in no
//! circle. `apply` and the rules rely on it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::event::{RunCreated, RunFacts, StepFinished, StepStatus};
use crate::plan::{PipelineKind, Plan, StepIndex};

/// A created run, checked, with what follows from its plan.
#[derive(Debug, PartialEq)]
pub(super) struct Frame {
    pub(super) created: RunCreated,
    /// Who needs whom, the other way round.
    pub(super) followers: Vec<Vec<StepIndex>>,
    /// Steps, each after what it needs.
    pub(super) order: Vec<StepIndex>,
    /// The place of each step in `order`.
    pub(super) rank: Vec<usize>,
    /// Whether all that stands behind a step in `order` follows it, as behind every link of a chain.
    pub(super) waist: Vec<bool>,
    /// Members of each group.
    pub(super) members: Vec<Vec<StepIndex>>,
    pub(super) by_name: HashMap<String, StepIndex>,
    pub(super) deselected: BTreeMap<StepIndex, String>,
}

impl Frame {
    /// Checks what a run is to be made of; the error says what is wrong with it.
    pub(super) fn new(created: RunCreated) -> Result<Frame, String> {
        if created.concurrency == 0 {
            return Err("a run needs a concurrency of at least 1".to_owned());
        }
        let plan = &created.plan;
        let mut followers = vec![Vec::new(); plan.steps.len()];
        let mut members = vec![Vec::new(); plan.groups.len()];
        let mut by_name = HashMap::with_capacity(plan.steps.len());
        for (i, step) in plan.steps.iter().enumerate() {
            let name = &step.name;
            for &need in &step.needs {
                followers
                    .get_mut(need)
                    .ok_or_else(|| format!("step `{name}` needs step {need}, which is not there"))?
                    .push(i);
            }
            if let Some(group) = step.group {
                members
                    .get_mut(group)
                    .ok_or_else(|| format!("step `{name}` is in group {group}, which is not there"))?
                    .push(i);
            }
            if by_name.insert(name.clone(), i).is_some() {
                return Err(format!("two steps have the name `{name}`"));
            }
            if step.retry.attempts == 0 {
                return Err(format!("step `{name}` has no attempts"));
            }
            if step.approval.as_ref().is_some_and(|approval| approval.required == 0) {
                return Err(format!("step `{name}` asks for no approvals"));
            }
            if step.kind == APPROVAL && step.approval.is_none() {
                return Err(format!("step `{name}` is an approval that asks nobody"));
            }
        }
        let order = order(plan, &followers)?;
        let mut rank = vec![0; order.len()];
        for (place, &i) in order.iter().enumerate() {
            rank[i] = place;
        }
        let waist = waist(plan, &order, &rank);
        check_carried(plan, &created.carried)?;
        let deselected: BTreeMap<_, _> = created.deselected.iter().cloned().collect();
        if let Some(i) = deselected.keys().find(|i| **i >= plan.steps.len()) {
            return Err(format!("step {i} is deselected, which is not there"));
        }
        Ok(Frame { followers, order, rank, waist, members, by_name, deselected, created })
    }
}

/// The kind of step that is nothing but its approval.
pub(super) const APPROVAL: &str = "approval";

/// The frame of a run that does not exist yet.
impl Default for Frame {
    fn default() -> Self {
        let plan = Plan {
            kind: PipelineKind::Local,
            late: serde_json::Map::new(),
            pipeline: String::new(),
            variables: serde_json::Map::new(),
            env: Vec::new(),
            timeout_ms: None,
            groups: Vec::new(),
            steps: Vec::new(),
        };
        Frame {
            created: RunCreated {
                run: String::new(),
                plan,
                facts: RunFacts::default(),
                carried: Vec::new(),
                deselected: Vec::new(),
                concurrency: 1,
            },
            followers: Vec::new(),
            order: Vec::new(),
            rank: Vec::new(),
            waist: Vec::new(),
            members: Vec::new(),
            by_name: HashMap::new(),
            deselected: BTreeMap::new(),
        }
    }
}

/// Every step after what it needs; among those that could come next, the first of the plan.
fn order(plan: &Plan, followers: &[Vec<StepIndex>]) -> Result<Vec<StepIndex>, String> {
    let mut unmet: Vec<usize> = plan.steps.iter().map(|step| step.needs.len()).collect();
    let mut next: BTreeSet<StepIndex> = (0..unmet.len()).filter(|&i| unmet[i] == 0).collect();
    let mut order = Vec::with_capacity(unmet.len());
    while let Some(i) = next.pop_first() {
        order.push(i);
        for &follower in &followers[i] {
            unmet[follower] -= 1;
            if unmet[follower] == 0 {
                next.insert(follower);
            }
        }
    }
    match unmet.iter().position(|&count| count > 0) {
        Some(i) => Err(format!("step `{}` is in, or behind, a circle of needs", plan.steps[i].name)),
        None => Ok(order),
    }
}

/// Everything behind a step follows it when each of them needs the step or something that stands behind it.
fn waist(plan: &Plan, order: &[StepIndex], rank: &[usize]) -> Vec<bool> {
    let mut waist = vec![false; order.len()];
    // The least of the latest needs of all that stand behind.
    let mut least = usize::MAX;
    for (place, &i) in order.iter().enumerate().rev() {
        waist[i] = least >= place;
        let latest = plan.steps[i].needs.iter().map(|need| rank[*need]).max();
        match latest {
            Some(latest) => least = least.min(latest),
            // It follows nothing, so nothing before it is a waist.
            None => break,
        }
    }
    waist
}

/// A step whose result is taken over follows only such steps.
fn check_carried(plan: &Plan, carried: &[StepFinished]) -> Result<(), String> {
    let mut seen = BTreeSet::new();
    for result in carried {
        let Some(step) = plan.steps.get(result.step) else {
            return Err(format!("a result is taken over for step {}, which is not there", result.step));
        };
        if !seen.insert(result.step) {
            return Err(format!("two results are taken over for step `{}`", step.name));
        }
        if !is_last(result.status) {
            return Err(format!("the result taken over for step `{}` is not its last word", step.name));
        }
    }
    for &i in &seen {
        if plan.steps[i].needs.iter().any(|need| !seen.contains(need)) {
            return Err(format!(
                "the result of step `{}` is taken over, but not all of what it needs",
                plan.steps[i].name
            ));
        }
    }
    Ok(())
}

/// Whether a status is a last word.
pub(super) fn is_last(status: StepStatus) -> bool {
    match status {
        StepStatus::Pending | StepStatus::Waiting | StepStatus::Running | StepStatus::Retrying => false,
        StepStatus::Success
        | StepStatus::Failed
        | StepStatus::Skipped
        | StepStatus::Cancelled
        | StepStatus::TimedOut => true,
    }
}
