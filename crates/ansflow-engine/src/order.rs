//! What an attempt is told, made from what the run knows. The only place that holds secrets and a run at once.

use std::path::Path;

use ansflow_core::expr::Lookup;
use ansflow_core::mask::Masker;
use ansflow_core::plan::StepIndex;
use ansflow_core::resolve::{World, resolve};
use ansflow_core::run::event::Report;
use ansflow_core::run::{Attempt, Run};

use crate::attempt::order::{Names, Order};
use crate::engine::Engine;

/// The order for a step as it goes over the pipe, or the report of an attempt that cannot be.
pub(crate) fn make(engine: &Engine, run: &Run, attempt: Attempt) -> Result<Vec<u8>, Box<Report>> {
    let step = attempt.step;
    let world = World { run, env: &*engine.env, secrets: &engine.secrets };
    let resolved = resolve(&world, step).map_err(|message| {
        let masker = Masker::new(engine.secrets.values());
        Box::new(Report::Failed { exit_code: None, message: masker.mask(&message).into_owned() })
    })?;
    let mark = mark()
        .map_err(|error| Box::new(Report::Broken { message: format!("failed to read random bytes: {error}") }))?;
    let (plan, created) = (run.plan(), run.created());
    let planned = &plan.steps[step];
    let workspace = Path::new(&created.facts.workspace);
    let directory = if resolved.directory.is_empty() { workspace.into() } else { workspace.join(&resolved.directory) };
    let order = Order {
        folder: Engine::folder_name(attempt),
        mark,
        spec: resolved.spec,
        env: resolved.env,
        directory: directory.to_string_lossy().into_owned(),
        workspace: created.facts.workspace.clone(),
        secrets: engine.secrets.values().cloned().collect(),
        deadline_ms: planned.timeout_ms,
        grace_ms: u64::try_from(engine.grace.as_millis()).unwrap_or(u64::MAX),
        artifacts: resolved.artifacts,
        names: Names {
            run: created.run.clone(),
            build_number: created.facts.build_number,
            pipeline: plan.pipeline.clone(),
            step: planned.name.clone(),
            git_commit: text(run, step, "git_commit"),
            git_branch: text(run, step, "git_branch"),
        },
    };
    order.to_bytes().map_err(|error| Box::new(Report::Failed { exit_code: None, message: error.to_string() }))
}

/// What a name means to the step, where it is a text: a git checkout before it may have changed branch and commit.
fn text(run: &Run, step: StepIndex, name: &str) -> Option<String> {
    match run.lookup(step, &[name.to_owned()]) {
        Lookup::Value(value) => value.as_str().map(str::to_owned),
        Lookup::Absent(_) | Lookup::Unknown(_) | Lookup::Masked(_) => None,
    }
}

/// Unguessable: no process of another attempt carries it by chance, and none can put it on to be spared or ended.
fn mark() -> std::io::Result<String> {
    Ok(std::fs::read_to_string("/proc/sys/kernel/random/uuid")?.trim().to_owned())
}
