//! What an attempt is told, made from what the run knows. The only place that holds secrets and a run at once.

mod checkout;

use std::path::Path;

use ansflow_core::expr::Lookup;
use ansflow_core::mask::Masker;
use ansflow_core::plan::StepIndex;
use ansflow_core::resolve::{World, resolve};
use ansflow_core::run::event::Report;
use ansflow_core::run::{Attempt, Run};
use ansflow_core::spec::{Destination, Notify, StepSpec};

use crate::attempt::order::{Delivery, Names, Order};
use crate::cluster::KnownCluster;
use crate::docker;
use crate::engine::Engine;
use crate::kube;
use crate::notify::mail::NO_SERVER;
use crate::registry::Registry;

/// What steps may name, as it is when they begin.
#[derive(Default)]
pub(crate) struct Known {
    pub(crate) registries: Vec<Registry>,
    pub(crate) clusters: Vec<KnownCluster>,
}

/// The order for a step as it goes over the pipe, or the report of an attempt that cannot be.
pub(crate) fn make(engine: &Engine, known: &Known, run: &Run, attempt: Attempt) -> Result<Vec<u8>, Box<Report>> {
    let step = attempt.step;
    let world = World { run, env: &*engine.env, secrets: &engine.secrets };
    let mut resolved = resolve(&world, step).map_err(|message| {
        let masker = Masker::new(engine.secrets.values());
        Box::new(Report::Failed { exit_code: None, message: masker.mask(&message).into_owned() })
    })?;
    let refused = |why: String| {
        let masker = Masker::new(engine.secrets.values());
        let message = format!("step `{}`: {why}", run.plan().steps[step].name);
        Box::new(Report::Failed { exit_code: None, message: masker.mask(&message).into_owned() })
    };
    let docker = docker::order(engine, &known.registries, run, attempt, &resolved).map_err(refused)?;
    let kube = kube::order(engine, &known.clusters, run, attempt, &resolved).map_err(refused)?;
    let delivery = delivery(engine, &resolved.spec)?;
    let mark = mark()
        .map_err(|error| Box::new(Report::Broken { message: format!("failed to read random bytes: {error}") }))?;
    let (plan, created) = (run.plan(), run.created());
    let planned = &plan.steps[step];
    let workspace = Path::new(&created.facts.workspace);
    let directory = if resolved.directory.is_empty() { workspace.into() } else { workspace.join(&resolved.directory) };
    if let StepSpec::Git(git) = &mut resolved.spec {
        checkout::complete(git, &created.facts, &engine.git_credentials);
    }
    let folder = engine.folder(attempt);
    let below = folder.path().strip_prefix(engine.spawner.dir()).map_err(|_| {
        let message = format!("the folder `{}` is not one of this engine's", folder.path().display());
        Box::new(Report::Broken { message })
    })?;
    let order = Order {
        folder: below.to_string_lossy().into_owned(),
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
        delivery,
        docker,
        kube,
    };
    order.to_bytes().map_err(|error| Box::new(Report::Failed { exit_code: None, message: error.to_string() }))
}

/// How messages leave, of a step that sends one; nobody else is told a password.
fn delivery(engine: &Engine, spec: &StepSpec) -> Result<Delivery, Box<Report>> {
    let allow_loopback = engine.allow_loopback;
    match spec {
        StepSpec::Notify(Notify { to: Destination::Mail(_), .. }) if engine.mail.is_none() => {
            Err(Box::new(Report::Failed { exit_code: None, message: NO_SERVER.to_owned() }))
        }
        StepSpec::Notify(Notify { to: Destination::Mail(_), .. }) => {
            Ok(Delivery { mail: engine.mail.clone(), allow_loopback })
        }
        StepSpec::Notify(Notify { to: Destination::Hook(_), .. }) => Ok(Delivery { mail: None, allow_loopback }),
        StepSpec::Shell(_)
        | StepSpec::ScriptFile(_)
        | StepSpec::Ansible(_)
        | StepSpec::Git(_)
        | StepSpec::DockerBuild(_)
        | StepSpec::DockerRun(_)
        | StepSpec::DockerPush(_)
        | StepSpec::DockerPull(_)
        | StepSpec::K8sDeploy(_)
        | StepSpec::K8sScale(_)
        | StepSpec::K8sDelete(_)
        | StepSpec::K8sWait(_)
        | StepSpec::K8sExec(_)
        | StepSpec::K8sLogs(_)
        | StepSpec::Approval => Ok(Delivery::default()),
    }
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
