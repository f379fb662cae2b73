//! `ansflow plan FILE`: what would run, in which order, with which values, without running it.

mod people;

use std::collections::BTreeMap;

use ansflow_core::plan::{Plan, PlannedStep};
use ansflow_core::preview;
use ansflow_core::run::event::{RunCreated, RunFacts};
use ansflow_core::run::{Input, Run};
use anyhow::{Context, Result};
use jiff::Timestamp;
use serde_json::{Map, Value as Json, json};

use super::print_data;
use crate::cli::{Output, PlanArgs};
use crate::exit::Exit;
use crate::run::prepare::{self, File};
use crate::terminal::out;

/// A step, and what is known of it by now.
struct Shown<'a> {
    step: &'a PlannedStep,
    needs: Vec<&'a str>,
    params: Map<String, Json>,
    env: Vec<(&'a str, String)>,
    directory: Option<String>,
    message: Option<String>,
    skipped: Option<String>,
}

pub(super) fn plan(args: &PlanArgs, output: Output) -> Result<Exit> {
    let file = File::read(&args.file)?;
    let workspace = prepare::workspace(args.dir.as_deref())?;
    let facts = prepare::facts(prepare::variables(&args.vars)?, &workspace);
    let plan = prepare::plan(&file, &facts)?;
    // A run that is made and never stored knows what a real one would know at its start.
    let created = RunCreated {
        run: "run".to_owned(),
        facts: RunFacts {
            workspace: workspace.to_string_lossy().into_owned(),
            git_branch: facts.git_branch.clone(),
            git_commit: facts.git_commit.clone(),
            ..RunFacts::default()
        },
        carried: Vec::new(),
        deselected: Vec::new(),
        concurrency: 1,
        plan,
    };
    let mut run = Run::new();
    run.advance(&Input::Create(Box::new(created)), Timestamp::now()).context("the plan makes no run")?;
    let plan = run.plan();
    let shown: Vec<Shown<'_>> = plan
        .steps
        .iter()
        .enumerate()
        .map(|(index, step)| Shown {
            step,
            needs: step.needs.iter().map(|need| plan.steps[*need].name.as_str()).collect(),
            params: preview::params(&run, index),
            env: plan
                .env
                .iter()
                .chain(&step.env)
                .map(|(name, value)| (name.as_str(), preview::text(&run, index, value)))
                .collect(),
            directory: step.working_directory.as_ref().map(|text| preview::text(&run, index, text)),
            message: step
                .approval
                .as_ref()
                .and_then(|approval| approval.message.as_ref())
                .map(|text| preview::text(&run, index, text)),
            skipped: preview::skip(&run, &facts, index),
        })
        .collect();
    match output {
        Output::Table => out(&people::text(plan, &shown))?,
        Output::Json | Output::Yaml => {
            let steps: Vec<Json> = shown.iter().map(|shown| view(plan, shown)).collect();
            let variables: Map<String, Json> =
                variables(plan).map(|(name, value)| (name.clone(), value.clone())).collect();
            print_data(output, &json!({ "pipeline": plan.pipeline, "variables": variables, "steps": steps }))?;
        }
    }
    Ok(Exit::Success)
}

fn view(plan: &Plan, shown: &Shown<'_>) -> Json {
    let step = shown.step;
    let mut view = json!({
        "name": step.name, "type": step.kind, "needs": shown.needs, "params": shown.params,
        "group": step.group.map(|group| &plan.groups[group].name), "stage": step.stage,
        "conditions": step.conditions, "retry": step.retry, "timeout_ms": step.timeout_ms,
        "approval": step.approval, "skipped": shown.skipped, "working_directory": shown.directory,
        "env": shown.env.iter().cloned().collect::<BTreeMap<_, _>>(), "artifacts": step.artifacts,
        "continue_on_failure": step.continue_on_failure,
    });
    if let (Some(message), Some(approval)) = (&shown.message, view["approval"].as_object_mut()) {
        approval.insert("message".to_owned(), message.as_str().into());
    }
    if let Some(map) = view.as_object_mut() {
        map.retain(|_, value| !value.is_null());
    }
    view
}

/// Those that are known by now, then those that wait for the run.
fn variables(plan: &Plan) -> impl Iterator<Item = (&String, &Json)> {
    plan.variables.iter().chain(&plan.late)
}
