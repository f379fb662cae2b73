//! The steps of a run: what was planned, what is, and what happened.

use std::collections::HashMap;

use ansflow_core::plan::{Condition, PlannedStep, StepIndex};
use ansflow_core::preview;

use super::permissions::Permissions;
use super::view::{ApprovalView, AttemptView, DecisionView, StepView};
use super::waiting::{VerdictView, WaitingView};
use crate::access::Actor;
use crate::live::{Decision, Ended, History, StepHistory, Try};

/// All of them, in the order of the plan.
pub(super) fn steps(
    history: &History,
    artifacts: &HashMap<StepIndex, u64>,
    workspace_kept: bool,
    actor: &Actor,
) -> Vec<StepView> {
    let permissions = |index| Permissions::of_step(&history.run, index, workspace_kept, actor);
    let kept = |index| artifacts.get(&index).copied().unwrap_or_default();
    (0..history.steps.len()).map(|index| step(history, index, kept(index), permissions(index))).collect()
}

fn step(history: &History, index: StepIndex, artifacts: u64, permissions: Permissions) -> StepView {
    let run = &history.run;
    let (planned, state, told) = (&run.plan().steps[index], run.step(index), &history.steps[index]);
    let finished = state.finished();
    let gains = finished.map(|finished| finished.gains.clone()).unwrap_or_default();
    StepView {
        index,
        name: planned.name.clone(),
        r#type: planned.kind.clone(),
        step_run: format!("{}.{index}", run.created().run),
        stage: planned.stage.clone(),
        group: planned.group.map(|group| run.plan().groups[group].name.clone()),
        needs: planned.needs.clone(),
        status: state.status(),
        attempts: told.tries.iter().map(attempt).collect(),
        when: when(planned),
        started_at: state.started_at().map(|at| at.to_string()),
        finished_at: told.finished_at.map(|at| at.to_string()),
        duration_ms: finished.map(|finished| finished.duration_ms),
        exit_code: finished.and_then(|finished| finished.exit_code),
        why: finished.and_then(|finished| finished.why.clone()),
        outputs: gains.outputs,
        masked_outputs: gains.masked,
        approval: approval(history, index, told),
        artifacts,
        continue_on_failure: planned.continue_on_failure,
        waiting: told.waiting.as_ref().map(WaitingView::of),
        verdict: told.verdict.as_deref().map(VerdictView::of),
        may: permissions.may,
        why_not: permissions.why_not,
    }
}

fn attempt(made: &Try) -> AttemptView {
    let ended = made.ended.as_ref();
    AttemptView {
        number: made.number,
        started_at: made.started_at.to_string(),
        ended_at: ended.map(|Ended { at, .. }| at.to_string()),
        outcome: ended.map(|ended| ended.outcome),
        message: ended.and_then(|ended| ended.message.clone()),
        retry_at: made.retry_at.map(|at| at.to_string()),
    }
}

fn approval(history: &History, index: StepIndex, told: &StepHistory) -> Option<ApprovalView> {
    let planned = history.run.plan().steps[index].approval.as_ref()?;
    Some(ApprovalView {
        approvers: planned.approvers.clone(),
        required: planned.required,
        message: preview::message(&history.run, index),
        opened_at: told.opened_at.map(|at| at.to_string()),
        deadline: told.deadline.map(|at| at.to_string()),
        decisions: told.decisions.iter().map(decision).collect(),
    })
}

fn decision(said: &Decision) -> DecisionView {
    let Decision { by, at, approved, comment, via } = said.clone();
    DecisionView { by, at: at.to_string(), approved, comment, via }
}

/// The conditions, in the words of the file; the one that every step has is not said.
fn when(step: &PlannedStep) -> Option<String> {
    let said = step.conditions.iter().filter_map(|condition| match condition {
        Condition::Expression(text) => Some(text.clone()),
        Condition::BranchEquals(branch) => Some(format!("git_branch == {branch:?}")),
        Condition::BranchMatches(glob) => Some(format!("git_branch matches {glob:?}")),
        Condition::EnvironmentEquals(environment) => Some(format!("environment == {environment:?}")),
        Condition::OnSuccess => None,
        Condition::OnFailure => Some("on_failure".to_owned()),
        Condition::Always => Some("always".to_owned()),
    });
    let said: Vec<String> = said.collect();
    (!said.is_empty()).then(|| said.join(" and "))
}
