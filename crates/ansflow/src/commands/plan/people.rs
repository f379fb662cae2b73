//! A plan as people read it: what runs when, under which conditions, with which values.

use ansflow_core::duration;
use ansflow_core::plan::{Approval, Backoff, Condition, GroupPolicy, Plan, PlannedGroup, PlannedStep, Retry};
use serde_json::Value as Json;

use super::{Shown, variables};
use crate::terminal::paint::Paint;

pub(super) fn text(plan: &Plan, shown: &[Shown<'_>]) -> String {
    let paint = Paint::stdout();
    let mut text = format!("{}\n", paint.bold(&plan.pipeline));
    for (name, value) in variables(plan) {
        text += &format!("  {name} = {}\n", short(value));
    }
    for (number, shown) in shown.iter().enumerate() {
        let step = shown.step;
        let mut about = vec![step.kind.clone()];
        about.extend(step.stage.iter().map(|stage| format!("stage {stage}")));
        about.extend(step.group.map(|index| group(&plan.groups[index])));
        text += &format!("\n{}. {} ({})\n", number + 1, paint.bold(&step.name), about.join(", "));
        for line in when_it_runs(shown, paint) {
            text += &format!("   {line}\n");
        }
        // An approval starts no process, and its parameters are in the line that asks.
        if step.kind == "approval" {
            continue;
        }
        for line in settings(shown).into_iter().chain(shown.params.iter().map(|(key, value)| pair(key, value))) {
            text += &format!("   {line}\n");
        }
    }
    text
}

fn when_it_runs(shown: &Shown<'_>, paint: Paint) -> Vec<String> {
    let mut lines = vec![match shown.needs.as_slice() {
        [] => "starts at once".to_owned(),
        needs => format!("after {}", needs.join(", ")),
    }];
    lines.extend(shown.step.conditions.iter().map(when));
    lines.extend(shown.skipped.iter().map(|why| paint.yellow(&format!("will be skipped: {why}"))));
    lines.extend(shown.step.approval.as_ref().map(|approval| asked(approval, shown.message.as_deref())));
    lines
}

fn settings(shown: &Shown<'_>) -> Vec<String> {
    let PlannedStep { retry, timeout_ms, continue_on_failure, artifacts, .. } = shown.step;
    let mut lines = Vec::new();
    lines.extend((retry.attempts > 1).then(|| tries(retry)));
    lines.extend(timeout_ms.map(|ms| format!("times out after {}", duration::print(ms))));
    lines.extend(continue_on_failure.then(|| "the run goes on when it fails".to_owned()));
    lines.extend(shown.directory.as_ref().map(|directory| format!("working_directory: {directory}")));
    lines.extend(shown.env.iter().map(|(name, value)| pair(&format!("env {name}"), &Json::from(value.as_str()))));
    lines.extend((!artifacts.is_empty()).then(|| format!("keeps {}", artifacts.join(", "))));
    lines
}

fn group(group: &PlannedGroup) -> String {
    let policy = match group.policy {
        GroupPolicy::WaitAll => "",
        GroupPolicy::WaitAny => ", which the first success ends",
        GroupPolicy::FailFast => ", which the first failure ends",
    };
    let timeout = group.timeout_ms.map(|ms| format!(", at most {}", duration::print(ms))).unwrap_or_default();
    format!("parallel in {}{policy}{timeout}", group.name)
}

fn when(condition: &Condition) -> String {
    match condition {
        Condition::BranchEquals(branch) => format!("when the branch is `{branch}`"),
        Condition::BranchMatches(glob) => format!("when the branch matches `{glob}`"),
        Condition::EnvironmentEquals(environment) => format!("when the environment is `{environment}`"),
        Condition::Expression(text) => format!("when {text}"),
        Condition::OnSuccess => "when nothing before it has failed".to_owned(),
        Condition::OnFailure => "when something before it has failed".to_owned(),
        Condition::Always => "always".to_owned(),
    }
}

fn asked(approval: &Approval, message: Option<&str>) -> String {
    let people = if approval.approvers.is_empty() { "anybody".to_owned() } else { approval.approvers.join(", ") };
    let limit = approval.timeout_ms.map(|ms| format!(", within {}", duration::print(ms))).unwrap_or_default();
    let message = message.map(|message| format!(": {}", message.trim_end())).unwrap_or_default();
    format!("waits for approval ({} of {people}{limit}){message}", approval.required)
}

fn tries(retry: &Retry) -> String {
    let growth = match retry.backoff {
        Backoff::Fixed => "",
        Backoff::Linear => ", then linearly more",
        Backoff::Exponential => ", then twice as long each time",
    };
    let most = retry.max_delay_ms.map(|ms| format!(", at most {}", duration::print(ms))).unwrap_or_default();
    format!("up to {} tries, {} apart{growth}{most}", retry.attempts, duration::print(retry.delay_ms))
}

/// `key: value`, a value of several lines below the key.
fn pair(key: &str, value: &Json) -> String {
    let value = short(value);
    let space = if value.starts_with('\n') { "" } else { " " };
    format!("{key}:{space}{value}")
}

/// A value as one line, or as an indented block.
fn short(value: &Json) -> String {
    match value {
        Json::String(text) if text.trim_end().contains('\n') => {
            let lines: Vec<String> = text.trim_end().lines().map(|line| format!("\n      {line}")).collect();
            lines.concat()
        }
        Json::String(text) => text.trim_end().to_owned(),
        other => other.to_string(),
    }
}
