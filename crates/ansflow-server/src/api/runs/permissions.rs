//! What may be done to a run and its steps, by who asks, and why not. The rules are the core's and the store's; here
//! they are only asked.

use std::collections::BTreeMap;

use ansflow_core::plan::StepIndex;
use ansflow_core::run::event::RunStatus;
use ansflow_core::run::{self, Input, Refusal, RetryFrom, Run};
use ansflow_store::launch::RelaunchError;
use ansflow_store::runs::RemoveError;
use ansflow_store::runs::list::Listed;

use crate::access::{Action, Actor, Via};

/// What may be done, and why not the rest.
#[derive(Debug, Default)]
pub(super) struct Permissions {
    pub(super) may: Vec<&'static str>,
    pub(super) why_not: BTreeMap<&'static str, String>,
}

impl Permissions {
    fn add(&mut self, what: &'static str, actor: &Actor, rule: Result<(), String>) {
        match actor.may(Action::Operate).map_err(|refused| refused.detail().to_owned()).and(rule) {
            Ok(()) => self.may.push(what),
            Err(why) => drop(self.why_not.insert(what, why)),
        }
    }

    /// Of a run in a list, by its status alone.
    pub(super) fn of_listed(run: &Listed, actor: &Actor) -> Permissions {
        let has_ended = has_ended(run.status);
        let cancel = if has_ended { Err(Refusal::Ended(run.status).to_string()) } else { Ok(()) };
        let ended = if has_ended { Ok(()) } else { Err(Refusal::NotEnded(run.status).to_string()) };
        let failed = match run.status {
            RunStatus::Success => Err(Refusal::NothingFailed.to_string()),
            RunStatus::Failed
            | RunStatus::Cancelled
            | RunStatus::TimedOut
            | RunStatus::Queued
            | RunStatus::Running
            | RunStatus::Waiting => ended.clone(),
        };
        let delete = if has_ended { Ok(()) } else { Err(RemoveError::NotEnded.to_string()) };
        let mut permissions = Permissions::default();
        for (what, rule) in [("cancel", cancel), ("retry", ended), ("retry_failed", failed), ("delete", delete)] {
            permissions.add(what, actor, rule);
        }
        permissions
    }

    /// Of a run with its history.
    pub(super) fn of_run(run: &Run, workspace_kept: bool, actor: &Actor) -> Permissions {
        let text = |refusal: Refusal| refusal.to_string();
        let cancel = run.allows(&Input::Cancel { by: actor.name.clone() }).map_err(text);
        let all = retry(run, RetryFrom::All, workspace_kept);
        let failed = retry(run, RetryFrom::Failed, workspace_kept);
        let delete = if run.is_ended() { Ok(()) } else { Err(RemoveError::NotEnded.to_string()) };
        let mut permissions = Permissions::default();
        for (what, rule) in [("cancel", cancel), ("retry", all), ("retry_failed", failed), ("delete", delete)] {
            permissions.add(what, actor, rule);
        }
        permissions
    }

    /// Of a step: to run again from it, and to decide where people are asked.
    pub(super) fn of_step(run: &Run, step: StepIndex, workspace_kept: bool, actor: &Actor) -> Permissions {
        let mut permissions = Permissions::default();
        permissions.add("retry", actor, retry(run, RetryFrom::Step(step), workspace_kept));
        if run.plan().steps[step].approval.is_some() {
            for (what, input) in [("approve", approve(step, actor, None)), ("reject", reject(step, actor, None))] {
                permissions.add(what, actor, run.allows(&input).map_err(|refusal| refusal.to_string()));
            }
        }
        permissions
    }
}

/// Whether a new run may take over what stands; its files must still be there.
fn retry(run: &Run, from: RetryFrom, workspace_kept: bool) -> Result<(), String> {
    let rerun = run::retry(run, from).map_err(|refusal| refusal.to_string())?;
    let gone = !rerun.carried.is_empty() && !workspace_kept;
    if gone { Err(RelaunchError::WorkspaceGone.to_string()) } else { Ok(()) }
}

/// Somebody says yes. How they came is never what the person at the machine has, whose yes is not checked.
pub(super) fn approve(step: StepIndex, actor: &Actor, comment: Option<String>) -> Input {
    let via = match actor.via {
        Via::Session(_) => "web",
        Via::Token { .. } => "api",
    };
    Input::Approve { step, by: actor.name.clone(), via: via.to_owned(), comment }
}

/// Somebody says no.
pub(super) fn reject(step: StepIndex, actor: &Actor, comment: Option<String>) -> Input {
    Input::Reject { step, by: actor.name.clone(), comment }
}

fn has_ended(status: RunStatus) -> bool {
    match status {
        RunStatus::Queued | RunStatus::Running | RunStatus::Waiting => false,
        RunStatus::Success | RunStatus::Failed | RunStatus::Cancelled | RunStatus::TimedOut => true,
    }
}
